/**
 * The word table, and every question that the figures ask it. The answers are the package's; here they are given words.
 * Nothing leaves a tensor behind but the layer itself.
 */
import { distance } from 'fastest-levenshtein';
import { Embedding, functional, tensor, tidy, zeros } from 'nn-embedding';
import { covariance, histogram, project } from 'nn-embedding/lab';
import { numberTexts } from '../../components/numbers.js';
import { DIMENSIONS } from './state.js';

/** @typedef {{ row: number, word: string, score: number, text: string }} Neighbor */

const element = (name) => {
  const found = document.getElementById(`word-table-${name}`);
  if (found === null) throw new Error(`the file has no word-table-${name}`);
  return found.textContent.trim();
};

function bytesOf(name) {
  const text = atob(element(name));
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < bytes.length; at++) bytes[at] = text.charCodeAt(at);
  return bytes;
}

/** Reads the table from the page that holds it. */
export function readTable() {
  const list = element('words').split('\n');
  const rows = new Int8Array(bytesOf('rows').buffer);
  const scales = new Float32Array(bytesOf('scales').buffer);
  if (scales.length !== list.length) throw new Error(`${list.length} words, and ${scales.length} rows`);
  return { list, rows, scales };
}

/** The three files, as the programs of the code panel read them. */
export const tableFiles = () => [
  ['words.txt', `${element('words')}\n`], ['rows.int8', bytesOf('rows')], ['scales.float32', bytesOf('scales')],
];

/** @param {ReturnType<typeof readTable>} parts */
export function createTable({ list, rows, scales }) {
  const weight = functional.dequantize(rows, scales, { shape: [list.length, DIMENSIONS] });
  const layer = Embedding.fromPretrained(weight);
  weight.dispose();
  const rowsByWord = new Map(list.map((word, row) => [word, row]));
  const rowOf = (word) => rowsByWord.get(word);
  const textOf = (value) => numberTexts(tensor([value]))[0];
  const axis = (column) => {
    const unit = zeros([DIMENSIONS, 1]);
    unit.data[column] = 1;
    return unit;
  };
  const ranked = ({ indices, scores }) => {
    const texts = indices.length === 0 ? [] : numberTexts(tensor(scores));
    return Array.from(indices, (row, n) => ({ row, word: list[row], score: scores[n], text: texts[n] }));
  };

  return {
    list, layer, rowOf,
    size: list.length,
    has: (word) => rowsByWord.has(word),

    /** The most frequent words that begin so. */
    beginning(start, most) {
      const found = [];
      for (const word of list) {
        if (word.startsWith(start)) found.push(word);
        if (found.length === most) break;
      }
      return found;
    },

    /** The words of nearly the same spelling, the nearest first and of these the most frequent; none that shares no letter. */
    spelledNearly(word, most) {
      const edits = list.map((known) => distance(word, known));
      const alike = [...edits.keys()].filter((row) => edits[row] < word.length);
      return alike.sort((a, b) => edits[a] - edits[b] || a - b).slice(0, most).map((row) => list[row]);
    },

    /** @returns {number[][]} the rows of these words */
    rows: (chosen) => tidy(() => chosen.map((word) => Array.from(layer.forward(rowOf(word)).data))),

    /** The numbers of one column in these words' rows, and of the column as a whole. */
    column: (chosen, column) => tidy(() => {
      const whole = layer.weight.matmul(axis(column));
      return {
        texts: chosen.map((word) => textOf(layer.forward(rowOf(word)).data[column])),
        negative: histogram(whole, { bins: 1, min: 0, max: 1000 }).below,
        mean: numberTexts(whole.mean())[0],
      };
    }),

    /** The columns, the one first in which these rows differ the most. */
    byVariance: (chosen) => tidy(() => {
      const columns = Array.from({ length: DIMENSIONS }, (_, column) => column);
      if (chosen.length < 2) return columns;
      const spread = covariance(layer.forward(chosen.map(rowOf)));
      const variance = (column) => spread[column * (DIMENSIONS + 1)];
      return columns.sort((a, b) => variance(b) - variance(a) || a - b);
    }),

    /** @returns {Neighbor[]} */
    nearest: (word, { k, metric }) => tidy(() => ranked(layer.nearest(layer.forward(rowOf(word)), { k, metric, exclude: rowOf(word) }))),

    /**
     * b - a + c: the rows nearest to it, the input words among them, and the first one that is none of them.
     * @returns {{ ranked: Neighbor[], answer: Neighbor }}
     */
    analogy: (three, { k, metric }) => tidy(() => {
      const [a, b, c] = three.map((word) => layer.forward(rowOf(word)));
      const target = b.sub(a).add(c);
      return {
        ranked: ranked(layer.nearest(target, { k, metric })),
        answer: ranked(layer.nearest(target, { k: 1, metric, exclude: three.map(rowOf) }))[0],
      };
    }),

    /** The rows nearest to b - a + c, as the programs ask for them. */
    sum: (three, { k, metric, exclude }) => tidy(() => {
      const [a, b, c] = three.map((word) => layer.forward(rowOf(word)));
      return ranked(layer.nearest(b.sub(a).add(c), { k, metric, exclude: exclude ? three.map(rowOf) : [] }));
    }),

    /**
     * The plane in which a, b and c lie, and b - a + c with them: the places of all four and of the answer's shadow, and how far the answer
     * is from the plane. Null if the three span none.
     */
    plane: (three, answer) => (new Set(three).size < 3 ? null : tidy(() => {
      const [a, b, c, d] = [...three, answer].map((word) => layer.forward(rowOf(word)));
      const along = b.sub(a);
      const first = along.div(along.norm());
      const beside = c.sub(a);
      const second = beside.sub(first.mul(beside.mul(first).sum()));
      const axes = { mean: a.data.slice(), components: Float32Array.from([...first.data, ...second.div(second.norm()).data]) };
      const points = [a, b, c, b.sub(a).add(c), d];
      const places = project({ data: Float32Array.from(points.flatMap((point) => [...point.data])), shape: [points.length, DIMENSIONS] }, axes);
      const inPlane = tensor(places.slice(8)).reshape(1, 2).matmul(tensor(axes.components, { shape: [2, DIMENSIONS] })).reshape(DIMENSIONS).add(a);
      const off = d.sub(inPlane).norm();
      return {
        places: points.map((_, n) => Array.from(places.subarray(2 * n, 2 * n + 2))),
        arrow: { size: along.norm().item(), text: numberTexts(along.norm())[0] },
        off: { size: off.item(), text: numberTexts(off)[0] },
      };
    })),

    /** Those nearest on the map, by the places of all words on it. */
    nearestOnMap: (places, word, k) => {
      const layout = Embedding.fromPretrained(places, { shape: [list.length, 2] });
      try {
        return tidy(() => ranked(layout.nearest(layout.forward(rowOf(word)), { k, metric: 'euclidean', exclude: rowOf(word) })));
      } finally {
        layout.dispose();
      }
    },

    /** The whole table as one array, for the worker. */
    copy: () => tidy(() => layer.weight.clone().data.slice()),

    /** What these words' programs print, line by line. */
    printed: (neighbors) => tidy(() => `${tensor(neighbors.map(({ score }) => score))}\n${neighbors.map(({ word }) => word).join(' ')}`),

    /** What CSV and .npy hold. */
    values: (chosen) => layer.forward(chosen.map(rowOf)),
  };
}
