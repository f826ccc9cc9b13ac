/**
 * Fields of a section's state: each has a default, and reads from and writes to one value of the URL's hash. `read` gets any text and
 * gives something valid, or undefined for the default. Nothing here knows what an embedding computes.
 */
import { literal } from '../components/numbers.js';

export const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

/** A finite number from text, clamped; `fallback` if the text is none. */
export function readNumber(text, low, high, fallback) {
  const value = text.trim() === '' ? NaN : Number(text);
  return Number.isFinite(value) ? clamp(value, low, high) : fallback;
}

export const number = (initial, low, high) => ({
  initial,
  read: (text) => readNumber(text, low, high, undefined),
  write: String,
});

export const integer = (initial, low, high) => ({
  initial,
  read(text) {
    const value = readNumber(text, low, high, undefined);
    return value === undefined ? undefined : Math.round(value);
  },
  write: String,
});

/** true is '1' and false '0'. */
export const flag = (initial) => ({
  initial,
  read: (text) => (text === '1' ? true : text === '0' ? false : undefined),
  write: (value) => (value ? '1' : '0'),
});

export const choice = (initial, choices) => ({
  initial,
  read: (text) => choices.find((value) => String(value) === text),
  write: String,
});

/** Some of a few names, at least one, in the order of `choices`. */
export const some = (initial, choices) => ({
  initial,
  read(given) {
    const named = given.split(',');
    const kept = choices.filter((name) => named.includes(name));
    return kept.length > 0 ? kept : undefined;
  },
  write: (names) => names.join(','),
});

/** A short text. */
export const text = (initial, longest) => ({
  initial,
  read: (given) => given.slice(0, longest).toWellFormed(),
  write: (value) => encodeURIComponent(value),
});

/** Numbers with commas between them; what is no number is left out. */
export const list = (initial, { low, high, most }) => ({
  initial,
  read: (given) => given.split(',').slice(0, most).map((part) => readNumber(part, low, high, null)).filter((value) => value !== null),
  write: (values) => values.join(','),
});

/** Rows of numbers, 1,2;3,4, of a fixed shape. */
export const table = (initial, low, high) => ({
  initial,
  read(given) {
    const rows = given.split(';').map((row) => row.split(',').map((part) => readNumber(part, low, high, 0)));
    return rows.length === initial.length && rows.every((row) => row.length === initial[0].length) ? rows : undefined;
  },
  write: (rows) => rows.map((row) => row.map((value) => literal(value)).join(',')).join(';'),
});
