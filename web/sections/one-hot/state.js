/** What the reader chooses in the figure for one-hot: how long the table is, and how many indices there are. */
import { integer } from '../../frame/fields.js';

export const EMBEDDING_DIM = 4;
/** 50,257 is the vocabulary of GPT-2. */
export const ROW_STOPS = [10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50257];
export const MOST_ROWS = 50257;
export const MOST_INDICES = 32;

export const FIELDS = {
  n: integer(10, 10, MOST_ROWS),
  b: integer(4, 1, MOST_INDICES),
};

/** Where in the table the indices point, in hundredths of its length, so that the picture keeps its look as the table grows. */
const PLACES = [
  27, 3, 58, 27, 91, 44, 72, 15, 66, 8, 83, 39, 51, 97, 21, 76, 34, 3, 62, 88, 12, 47, 70, 30, 95, 55, 18, 80, 41, 58, 6, 86,
];

/** @param {{ n: number, b: number }} choice @returns {number[]} */
export const indicesOf = ({ n, b }) => PLACES.slice(0, b).map((place) => Math.floor((place * n) / 100));

/** What both ways cost: nothing but shapes. @param {{ n: number, b: number }} choice */
export function costsOf({ n, b }) {
  const bytes = 4;
  return {
    multiplyAdds: { matmul: b * n * EMBEDDING_DIM, gather: 0 },
    withZero: b * (n - 1) * EMBEDDING_DIM,
    bytesRead: { matmul: bytes * (b * n + n * EMBEDDING_DIM), gather: bytes * (b + b * EMBEDDING_DIM) },
  };
}
