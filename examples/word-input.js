// Words as people type them, for the example words.js.
import { distance } from 'fastest-levenshtein';

export const isOperator = (token) => token === '+' || token === '-';

/** The words of a text, and + and - between them: in small letters, without the marks around them, and king-man+woman in its parts. */
export function readWords(text, known) {
  return text.toLowerCase().split(/\s+/).filter(Boolean).flatMap((token) => {
    const bare = token.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '');
    const parts = token.split(/([+-])/).filter(Boolean);
    const isSum = parts.length > 1 && parts.every((part) => isOperator(part) || known.has(part));
    if (known.has(token) || isOperator(token)) return [token];
    return known.has(bare) || !isSum ? [bare].filter(Boolean) : parts;
  });
}

/** The five known words that are spelled most like this one, by edit distance; of the same, the more frequent first. */
export function spelledLike(word, words) {
  const edits = words.map((known) => (/\p{L}/u.test(known) ? distance(word, known) : Infinity));
  return [...edits.keys()].sort((a, b) => edits[a] - edits[b] || a - b).slice(0, 5).map((row) => words[row]);
}
