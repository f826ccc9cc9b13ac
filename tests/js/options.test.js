import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import test from 'node:test';
import { Embedding, functional, tensor } from 'nn-embedding';
import { assertRefused } from './support.js';

/** The ways in which options come in: each gives a call that takes them, and the weight that they are for, of 3 rows. */
const PLACES = {
  'the constructor': (weight) => (options) => new Embedding(3, 2, { weight, ...options }).dispose(),
  fromPretrained: (weight) => (options) => Embedding.fromPretrained(weight, options).dispose(),
  'functional.embedding': (weight) => (options) => functional.embedding([0], weight, options).dispose(),
};

for (const [name, place] of Object.entries(PLACES)) {
  const weight = tensor([[3, 4], [0.3, 0.4], [6, 8]]);
  const call = place(weight);
  const refused = (options, error) => assertRefused(() => call(options), error, [weight], `${name} ${inspect(options)}`);

  test(`${name} takes a paddingIdx from -V to V - 1`, () => {
    for (const paddingIdx of [0, 1, 2, -1, -3, -0, null, undefined]) call({ paddingIdx });
    for (const paddingIdx of [3, -4, 100, -100, 2 ** 53, 1e300]) {
      refused({ paddingIdx }, { type: RangeError, says: [/^Padding_idx must be within num_embeddings/, 'paddingIdx', String(paddingIdx), '[-3, 3)'] });
    }
    for (const [paddingIdx, text] of [[1.5, '1.5'], ['1', "'1'"], [true, 'true'], [false, 'false'], [NaN, 'NaN'], [Infinity, 'Infinity'], [1n, '1n'], [[1], '[1]'], [{}, 'Object']]) {
      refused({ paddingIdx }, { type: TypeError, says: ['paddingIdx', text] });
    }
  });

  test(`${name} takes every number as maxNorm, and true, but not false`, () => {
    for (const maxNorm of [1e9, Infinity, NaN, null, undefined]) call({ maxNorm });
    refused({ maxNorm: false }, { type: TypeError, says: ['maxNorm', 'false'] });
    for (const [maxNorm, type, text] of [['x', 'str', "'x'"], ['1', 'str', "'1'"], [1n, 'int', '1n'], [[1], 'list', '[1]'], [{}, 'Object', 'Object'], [() => 1, 'function', '']]) {
      refused({ maxNorm }, { type: TypeError, says: [`embedding_renorm_(): argument 'max_norm' (position 3) must be float, not ${type}`, text] });
    }
  });

  test(`${name} takes every number as normType`, () => {
    for (const normType of [2, 1, 0, 0.5, -1, Infinity, -Infinity, NaN, undefined]) call({ normType, maxNorm: 1e9 });
    for (const [normType, type] of [['2', 'str'], [null, 'NoneType'], [true, 'bool'], [2n, 'int'], [[2], 'list']]) {
      refused({ normType, maxNorm: 0.1 }, { type: TypeError, says: [`embedding_renorm_(): argument 'norm_type' (position 4) must be float, not ${type}`] });
      refused({ normType }, { type: TypeError, says: ['norm_type'] });
    }
  });

  test(`${name} takes booleans only for scaleGradByFreq and sparse`, () => {
    for (const value of [true, false, undefined]) call({ scaleGradByFreq: value, sparse: value });
    for (const [value, type] of [[1, 'int'], [0, 'int'], ['true', 'str'], [null, 'NoneType'], [[], 'list']]) {
      refused({ scaleGradByFreq: value, maxNorm: 0.1 }, { type: TypeError, says: [`embedding(): argument 'scale_grad_by_freq' (position 4) must be bool, not ${type}`] });
      refused({ sparse: value, maxNorm: 0.1 }, { type: TypeError, says: [`embedding(): argument 'sparse' (position 5) must be bool, not ${type}`] });
    }
  });

  test(`${name} refuses an option that it does not know, and names the nearest that it does`, () => {
    for (const [wrong, nearest] of [['padding_idx', 'paddingIdx'], ['paddingidx', 'paddingIdx'], ['PaddingIdx', 'paddingIdx'], ['padIdx', 'paddingIdx'], ['max_norm', 'maxNorm'], ['maxnorm', 'maxNorm'], ['norm', 'maxNorm|normType'], ['norm_type', 'normType'], ['scale_grad_by_freq', 'scaleGradByFreq'], ['sparce', 'sparse'], ['mode', ''], ['', '']]) {
      refused({ maxNorm: 0.1, [wrong]: undefined }, { type: TypeError, says: [`'${wrong}'`, new RegExp(`'(${nearest || '\\w+'})'`)] });
    }
  });
}

test('the sizes of a table are whole numbers from 0', () => {
  for (const [args, says] of [[[], 'numEmbeddings'], [[3], 'embeddingDim'], [['3', 2], "'3'"], [[3, null], 'embeddingDim'], [[-1, 2], '-1'], [[2, -1], '-1'], [[1.5, 2], '1.5']]) {
    assertRefused(() => new Embedding(...args), { type: says === '-1' ? Error : TypeError, says: [says] }, [], inspect(args));
  }
});

test('freeze is a boolean', () => {
  for (const freeze of [1, 'no', null]) {
    assertRefused(() => new Embedding(3, 2, { freeze }), { type: TypeError, says: ["'freeze'"] });
    assertRefused(() => Embedding.fromPretrained([[1]], { freeze }), { type: TypeError, says: ["'freeze'"] });
  }
});

test('options in the place of a size, and a call without new, are refused', () => {
  assert.throws(() => new Embedding({ numEmbeddings: 3 }), TypeError);
  assert.throws(() => Embedding(3, 2), TypeError);
  for (const options of [null, 0, 3, 'x', true, [], new Float32Array(1), tensor([1])]) {
    assert.throws(() => new Embedding(3, 2, options), TypeError, inspect(options));
    assert.throws(() => Embedding.fromPretrained([[1]], options), TypeError, inspect(options));
  }
});

test('the shape of fromPretrained is checked', () => {
  const flat = Float32Array.of(1, 2, 3, 4, 5, 6);
  for (const [shape, type] of [[[4, 2], Error], [[7], Error], [[6], Error], [[1, 2, 3], Error], [6, TypeError], ['x', TypeError], [[1.5, 4], TypeError], [null, TypeError]]) {
    assertRefused(() => Embedding.fromPretrained(flat, { shape }), { type }, [], inspect(shape));
  }
});

test('the weight option is refused where it is no table', () => {
  for (const weight of ['x', 3n, true, {}, [['a', 'b']], [[1, 2], [3]], [[null, null]]]) {
    assertRefused(() => new Embedding(1, 2, { weight }), { type: inspect(weight).includes('[ 3 ]') ? Error : TypeError }, [], inspect(weight));
  }
});
