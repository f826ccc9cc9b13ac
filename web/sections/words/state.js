/** What the reader chooses in the figures about real words. */
import { choice, flag, integer, text } from '../../frame/fields.js';

export const MOST_WORDS = 8;
export const LONGEST_WORD = 30;
export const MOST_NEIGHBORS = 20;
export const METRICS = ['cosine', 'dot', 'euclidean'];
export const DIMENSIONS = 100;

export const FIELDS = {
  /** The word that is looked up, known or not. */
  word: text('king', LONGEST_WORD),
  /** The words whose rows are shown. */
  chosen: wordList(['king', 'queen', 'man', 'woman', 'paris', 'france', 'apple', 'java'], MOST_WORDS),
  /** The column that is pointed at. */
  column: integer(55, 0, DIMENSIONS - 1),
  sorted: flag(false),
  strokes: flag(false),
  metric: choice('cosine', METRICS),
  k: integer(10, 1, MOST_NEIGHBORS),
  /** a is to b as c is to what the table finds. */
  analogy: wordList(['man', 'king', 'woman'], 3, 3),
  exclude: flag(true),
  /** What the axes of the map are computed from. */
  axes: choice('all', ['all', 'chosen']),
};

/** Words with ~ between them, which stands in no other word of the table than "~". */
function wordList(initial, most, fewest = 0) {
  return {
    initial,
    read(given) {
      const words = given.split('~').map((word) => word.slice(0, LONGEST_WORD)).filter((word) => word !== '').slice(0, most);
      return words.length >= fewest ? words : undefined;
    },
    write: (words) => words.map(encodeURIComponent).join('~'),
  };
}
