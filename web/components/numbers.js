/**
 * Numbers as text. What the package computed is shown in the package's own words, cut out of `toString()`;
 * what the reader chose is written as the shortest literal that gives the same float32 again.
 */

const NUMBER = /-?(?:\d+\.?\d*(?:e[+-]\d+)?|inf)|nan/g;

/**
 * The numbers of a tensor, one text each, as PyTorch prints them: '0.6000', '3', '1.2000e-05'.
 * @param {{ numel: number, toString(): string }} tensor one or two dimensions, at most 1000 numbers
 * @returns {string[]} in row-major order
 */
export function numberTexts(tensor) {
  const inside = tensor.toString().replace(/^Parameter containing:\n/, '').replace(/^tensor\(/, '');
  return (inside.match(NUMBER) ?? []).slice(0, tensor.numel).map((text) => text.replace(/\.$/, ''));
}

/** Cuts a flat list into rows of `width`. */
export function rowsOf(list, width) {
  return Array.from({ length: Math.floor(list.length / width) }, (_, row) => Array.from(list.slice(row * width, (row + 1) * width)));
}

/** The shortest decimal that reads back as the same float32. */
export function literal(value) {
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === Math.fround(value)) return String(short);
  }
  return String(Number(value.toPrecision(9)));
}

/** A literal that Python reads as a float: 3 is '3.0', infinity is `float('inf')`. */
export function pythonFloat(value) {
  if (value === Infinity) return 'float(\'inf\')';
  const text = literal(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

/** A text as Python writes it, which JavaScript reads as well. */
export function pythonString(text) {
  const quote = text.includes('\'') && !text.includes('"') ? '"' : '\'';
  return quote + text.replace(/\\/g, '\\\\').replaceAll(quote, `\\${quote}`) + quote;
}
