/**
 * Nested arrays: their shape, and a walk over their innermost rows. A row may also be a typed array or a tensor.
 */
import { MAX_DIMS, sameShape, shapeText, show, typeName } from '../errors.js';

/**
 * @param {any} value
 * @returns {readonly number[] | null} the shape of a typed array or a tensor, which has one by itself; null for everything else
 */
function ownShape(value) {
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return [/** @type {any} */ (value).length];
  if (typeof value === 'object' && value !== null && Array.isArray(value.shape) && ArrayBuffer.isView(value.data)) return value.shape;
  return null;
}

/**
 * The shape of nested arrays, read off the first element at every depth; `forEachRow` checks the others against it.
 * @param {unknown} data
 * @returns {number[]}
 */
export function nestedShape(data) {
  const shape = [];
  let value = data;
  while (Array.isArray(value)) {
    if (shape.length === MAX_DIMS) throw new Error(`too many dimensions: nested arrays have at most ${MAX_DIMS}`);
    shape.push(value.length);
    value = value[0];
  }
  return [...shape, ...(ownShape(value) ?? [])];
}

/**
 * Calls visit(row, start) for each innermost row, in order; start counts the elements before it.
 * @param {unknown} data arrays nested as deep as shape, which has at least one dimension
 * @param {readonly number[]} shape of nestedShape
 * @param {(row: ArrayLike<unknown>, start: number) => void} visit
 * @returns {void}
 */
export function forEachRow(data, shape, visit) {
  let start = 0;
  const path = /** @type {number[]} */ ([]);
  const walk = (/** @type {any} */ value) => {
    const dim = path.length;
    const own = ownShape(value);
    if (own || Array.isArray(value)) {
      const found = own ?? [value.length];
      const expected = own ? shape.slice(dim) : [shape[dim]];
      if (dim === shape.length || !sameShape(found, expected)) {
        throw new Error(
          dim === shape.length
            ? `expected a number at position ${shapeText(path)} as at the positions before, got ${typeName(value)}: ${show(value)}`
            : `expected sequence of length ${expected.join(' x ')} at dim ${dim} (got ${found.join(' x ')}): row ${shapeText(path)} differs from the first`,
        );
      }
    } else {
      throw new (value === null || typeof value !== 'number' ? TypeError : Error)(
        `expected sequence of length ${shape[dim]} at dim ${dim} (got ${typeName(value)}: ${show(value)} at position ${shapeText(path)})`,
      );
    }
    if (own || dim === shape.length - 1) {
      const row = own && !ArrayBuffer.isView(value) ? value.data : value;
      visit(row, start);
      start += row.length;
      return;
    }
    for (let i = 0; i < value.length; i++) {
      path.push(i);
      walk(value[i]);
      path.pop();
    }
  };
  walk(data);
}

/**
 * Element n of nested arrays in row-major order, for an error text.
 * @param {unknown} data
 * @param {readonly number[]} shape
 * @param {number} n
 * @returns {unknown}
 */
export function elementAt(data, shape, n) {
  if (shape.length === 0) return data;
  /** @type {unknown} */
  let found;
  forEachRow(data, shape, (row, start) => {
    if (n >= start && n < start + row.length) found = row[n - start];
  });
  return found;
}
