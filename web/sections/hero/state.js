/** What the reader chooses in the first figure: a sentence, which row each word has, and the random numbers of the table. */
import { integer, text } from '../../frame/fields.js';

/** The words that have a row. A word keeps its vector for good; `order` says in which row it stands. */
export const WORDS = ['a', 'the', 'cat', 'dog', 'sat', 'ran'];
export const EMBEDDING_DIM = 4;
export const LONGEST_TEXT = 60;
export const MOST_WORDS = 12;
export const MOST_SEED = 9999;
/** The size at which the tint of a cell is full. */
export const REACH = 2.5;

const FIRST_ORDER = WORDS.map((_, word) => word);

/** Every kind of blank, and what cannot be printed, becomes a space. */
export const cleaned = (given) => given.replace(/[\p{C}\p{Z}]/gu, ' ');

const sentence = text('the cat sat', LONGEST_TEXT);

export const FIELDS = {
  text: { ...sentence, read: (given) => cleaned(sentence.read(given)) },
  /** order[row] is the word that stands there. */
  order: {
    initial: FIRST_ORDER,
    read(given) {
      const order = given.split(',').map(Number);
      return order.length === WORDS.length && FIRST_ORDER.every((word) => order.includes(word)) ? order : undefined;
    },
    write: (order) => order.join(','),
  },
  seed: integer(0, 0, MOST_SEED),
};

/** @param {string} sentence @returns {{ tokens: string[], left: number }} its words, and how many were too many */
export function tokensOf(sentence) {
  const tokens = sentence.split(' ').filter((token) => token !== '');
  return { tokens: tokens.slice(0, MOST_WORDS), left: Math.max(0, tokens.length - MOST_WORDS) };
}

/** The row of each token; undefined where the vocabulary has none. */
export function idsOf(tokens, order) {
  return tokens.map((token) => {
    const row = order.findIndex((word) => WORDS[word] === token);
    return row < 0 ? undefined : row;
  });
}

/** Another order, in which no word stands where it stood. */
export function shuffled(order) {
  for (;;) {
    const next = order.map((word) => ({ word, place: Math.random() })).sort((a, b) => a.place - b.place).map(({ word }) => word);
    if (next.every((word, row) => word !== order[row])) return next;
  }
}

export const isShuffled = (order) => order.some((word, row) => word !== row);
