/**
 * Error texts: they begin with PyTorch's words and go on to name the value, its place and what is valid.
 */

/** @param {object} value @returns {string} its class; a minifier may have renamed ours */
function className(value) {
  return 'dtype' in value && 'shape' in value ? 'Tensor' : (value.constructor?.name ?? 'object');
}

/**
 * The name that Python would give a value's type; JavaScript's where Python has none.
 * @param {unknown} value
 * @returns {string}
 */
export function typeName(value) {
  if (value === null) return 'NoneType';
  if (Array.isArray(value)) return 'list';
  switch (typeof value) {
    case 'string':
      return 'str';
    case 'boolean':
      return 'bool';
    case 'bigint':
      return 'int';
    case 'number':
      return Number.isInteger(value) ? 'int' : 'float';
    case 'object':
      return className(/** @type {object} */ (value));
    default:
      return typeof value; // undefined, function, symbol
  }
}

const MOST_SHOWN = 80; // characters

/**
 * A value as an error text shows it: a line at most.
 * @param {unknown} value
 * @returns {string}
 */
export function show(value) {
  const text = whole(value, 0);
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}...` : text;
}

/** @param {unknown} value @param {number} depth of arrays around it @returns {string} */
function whole(value, depth) {
  if (typeof value === 'string') return `'${value.slice(0, MOST_SHOWN)}'`;
  if (typeof value === 'bigint') return `${value}n`;
  if (Array.isArray(value)) {
    if (depth === 2) return '[...]';
    const shown = Array.from({ length: Math.min(value.length, 8) }, (_, i) => whole(value[i], depth + 1));
    return `[${shown.join(', ')}${value.length > 8 ? ', ...' : ''}]`;
  }
  if (typeof value === 'object' && value !== null) return className(value);
  if (typeof value === 'function') return `function ${value.name}`;
  return Object.is(value, -0) ? '-0' : String(value);
}

/**
 * @param {string} text what the value must be
 * @param {unknown} value
 * @returns {TypeError} that also says what it is
 */
export function wrongType(text, value) {
  return new TypeError(`${text}, not ${typeName(value)}: ${show(value)}`);
}

/**
 * Refuses an argument that is no number.
 * @param {string} callee
 * @param {string} name
 * @param {unknown} value
 * @returns {void}
 */
export function checkNumber(callee, name, value) {
  if (typeof value !== 'number') throw wrongType(`${callee}(): argument '${name}' must be Number`, value);
}

/**
 * Refuses an argument that is no whole number.
 * @param {string} callee
 * @param {string} name
 * @param {unknown} value
 * @returns {void}
 */
export function checkInteger(callee, name, value) {
  if (!Number.isInteger(value)) throw wrongType(`${callee}(): argument '${name}' must be int`, value);
}

/**
 * The place of element n of a tensor, as [i, j].
 * @param {number} n position in row-major order
 * @param {readonly number[]} shape
 * @returns {number[]}
 */
export function unravel(n, shape) {
  const position = new Array(shape.length);
  for (let dim = shape.length - 1; dim >= 0; dim--) {
    position[dim] = n % shape[dim];
    n = Math.floor(n / shape[dim]);
  }
  return position;
}

/**
 * @param {unknown} list found among numbers
 * @param {readonly number[]} position
 * @returns {Error}
 */
export function unexpectedList(list, position) {
  return new Error(`expected a number at position ${shapeText(position)} as at the positions before, got list: ${show(list)}`);
}

/** @param {readonly number[]} a @param {readonly number[]} b @returns {boolean} */
export function sameShape(a, b) {
  if (a.length !== b.length) return false;
  for (let dim = 0; dim < a.length; dim++) {
    if (a[dim] !== b[dim]) return false;
  }
  return true;
}

/** @param {readonly number[]} shape @returns {string} "[2, 3]" */
export function shapeText(shape) {
  return `[${shape.join(', ')}]`;
}

/** The largest size of a dimension: indices are int32. */
const MAX_SIZE = 2 ** 31 - 1;

/** The most dimensions a tensor has. */
export const MAX_DIMS = 16;

/** @param {readonly number[]} shape @returns {void} */
export function checkLimits(shape) {
  if (shape.length > MAX_DIMS) throw new Error(`a tensor has at most ${MAX_DIMS} dimensions, not ${shape.length}: shape ${shapeText(shape)}`);
  const at = shape.findIndex((size) => size > MAX_SIZE);
  if (at >= 0) throw new Error(`a dimension has at most 2**31 - 1 elements, not ${shape[at]}: shape ${shapeText(shape)}`);
}

/* ---- Options ---- */

/**
 * The known name with the most pairs of neighbouring letters of `name`, letter case and underscores aside.
 * @param {string} name
 * @param {readonly string[]} known
 * @returns {string}
 */
function nearestName(name, known) {
  const plain = (/** @type {string} */ text) => text.toLowerCase().replaceAll('_', '');
  const shared = (/** @type {string} */ candidate) =>
    [...plain(name)].filter((letter, i, letters) => plain(candidate).includes(letter + letters[i + 1])).length;
  return known.reduce((best, candidate) => (shared(candidate) > shared(best) ? candidate : best));
}

/**
 * Refuses what is no object and names that are not known.
 * @param {string} callee the function, for the text
 * @param {unknown} options undefined stands for no options
 * @param {readonly string[]} known
 * @returns {void}
 */
export function checkOptions(callee, options, known) {
  if (options === undefined) return;
  if (typeof options !== 'object' || options === null || Array.isArray(options) || ArrayBuffer.isView(options)) {
    throw wrongType(`${callee}: options must be an object such as { ${known[0]}: ... }`, options);
  }
  for (const name in options) {
    if (name !== known[0] && !known.includes(name)) { // the first by itself: includes() takes a twentieth of a small lookup
      throw new TypeError(
        `${callee} got an unexpected keyword argument '${name}'; did you mean '${nearestName(name, known)}'? Known: ${known.join(', ')}`,
      );
    }
  }
}

/**
 * @param {string} callee
 * @param {string} name
 * @param {unknown} value
 * @returns {void}
 */
export function checkBoolean(callee, name, value) {
  if (typeof value !== 'boolean') {
    throw wrongType(`${callee}: argument '${name}' must be bool`, value);
  }
}
