/** numpy's file format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html, version 1.0. */

const ALIGNMENT = 64;
const PREFIX = 10; // magic, version, length of the header

/** @param {import('nn-embedding').Tensor} tensor @returns {Uint8Array} */
export function npyOf(tensor) {
  const shape = `(${tensor.shape.join(', ')}${tensor.ndim === 1 ? ',' : ''})`;
  const text = `{'descr': '${tensor.dtype === 'int32' ? '<i4' : '<f4'}', 'fortran_order': False, 'shape': ${shape}, }`;
  const length = Math.ceil((PREFIX + text.length + 1) / ALIGNMENT) * ALIGNMENT - PREFIX;
  const values = new Uint8Array(tensor.data.slice().buffer);
  const bytes = new Uint8Array(PREFIX + length + values.length);
  bytes.set([0x93, ...new TextEncoder().encode('NUMPY'), 1, 0, length & 255, length >> 8]);
  bytes.set(new TextEncoder().encode(`${text.padEnd(length - 1)}\n`), PREFIX);
  bytes.set(values, PREFIX + length);
  return bytes;
}
