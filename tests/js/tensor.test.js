import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import test from 'node:test';
import { Embedding, Tensor, arange, enableGrad, full, functional, keep, memory, noGrad, ones, tensor, zeros } from 'nn-embedding';
import { assertSameBits } from './golden.js';
import { assertRefused } from './support.js';

const matrix = () => tensor([[1, 2, 3], [4, 5, 6]]);

/* ---- What a tensor tells of itself ---- */

test('shape, dtype, ndim and numel describe the tensor', () => {
  for (const [value, shape, ndim, numel] of [[3, [], 0, 1], [[1, 2], [2], 1, 2], [[[1], [2]], [2, 1], 2, 2], [[], [0], 1, 0], [[[], []], [2, 0], 2, 0]]) {
    const t = tensor(value);
    assert.deepEqual([t.shape, t.ndim, t.numel, t.dtype], [shape, ndim, numel, 'float32']);
    assert.equal(t.isSparse, false);
    assert.equal(t.data.length, numel);
  }
  assert.equal(tensor(Int32Array.of(1)).dtype, 'int32');
});

test('the constructor is the package’s own', () => {
  assert.throws(() => new Tensor(), TypeError);
  assert.throws(() => new Tensor([1, 2]), TypeError);
});

test('a shape cannot be written so that the tensor reaches beyond its block', () => {
  const t = matrix();
  const alias = t.detach();
  for (const write of [() => (t.shape[0] = 1000), () => t.shape.push(1000), () => (t.shape = [1000, 1000]), () => (t.shape.length = 0)]) {
    try {
      write();
    } catch (error) {
      assert.equal(error.constructor, TypeError);
    }
  }
  assert.deepEqual(alias.shape, [2, 3]);
  assert.equal(t.data.length, 6);
  assert.deepEqual(matrix().shape, [2, 3]);
});

test('the array that gave a shape stays the caller’s', () => {
  const shape = [2, 3];
  const made = [zeros(shape), matrix().reshape(shape), tensor(new Float32Array(6), { shape })];
  shape[0] = 100;
  shape.push(7);
  for (const t of made) assert.deepEqual(t.shape, [2, 3]);
});

/* ---- Views ---- */

test('data is a view: what is written through it is there, untracked', () => {
  const t = matrix();
  t.data[4] = -1;
  t.data.set([9, 8], 0);
  assert.deepEqual(t.toArray(), [[9, 8, 3], [4, -1, 6]]);
  assert.equal(t._version, 0);
  assert.ok(t.data instanceof Float32Array);
  assert.ok(zeros(2, { dtype: 'int32' }).data instanceof Int32Array);
  assert.ok(t.data.buffer instanceof ArrayBuffer);
});

test('row is a view of one row, counted from the end if negative', () => {
  const t = matrix();
  assert.deepEqual(Array.from(t.row(1)), [4, 5, 6]);
  assert.deepEqual(Array.from(t.row(-2)), [1, 2, 3]);
  t.row(0).set([7, 7, 7]);
  assert.deepEqual(t.toArray()[0], [7, 7, 7]);
  assert.ok(tensor(Int32Array.of(1, 2), { shape: [1, 2] }).row(0) instanceof Int32Array);
  assert.equal(zeros([2, 0]).row(1).length, 0);
});

test('row refuses what is no row, and names it', () => {
  const t = matrix();
  for (const i of [2, -3, 2 ** 40]) assertRefused(() => t.row(i), { type: RangeError, says: [`${i}`, '[-2, 2)'] }, [t]);
  for (const i of [0.5, '0', null, undefined, NaN, true]) assertRefused(() => t.row(i), { type: TypeError, says: [inspect(i).replaceAll('"', "'")] }, [t]);
  assert.throws(() => zeros([0, 3]).row(0), RangeError);
  for (const other of [zeros(3), zeros([]), zeros([1, 2, 3])]) assert.throws(() => other.row(0), { constructor: Error, message: /2-dimensional.*\[/ });
});

/* ---- Numbers out ---- */

test('item gives the one element of a tensor of any rank', () => {
  assert.equal(tensor(2.5).item(), 2.5);
  assert.equal(tensor([[[-0]]]).item(), -0);
  assert.equal(tensor(Int32Array.of(7)).item(), 7);
  for (const size of [0, 6]) assert.throws(() => zeros(size).item(), { constructor: Error, message: new RegExp(`^a Tensor with ${size} elements cannot be converted to Scalar`) });
});

test('toArray gives ordinary nested arrays that are copies', () => {
  const t = tensor([[[1, 2]], [[3, -0]]]);
  const array = t.toArray();
  assert.deepEqual(array, [[[1, 2]], [[3, -0]]]);
  array[0][0][0] = 99;
  assert.equal(t.data[0], 1);
  assert.ok(Array.isArray(array[0][0]));
  for (const [shape, nested] of [[[0], []], [[2, 0], [[], []]], [[0, 3], []], [[2, 0, 3], [[], []]], [[], 0]]) assert.deepEqual(zeros(shape).toArray(), nested);
});

test('equal compares shapes and numbers, not dtypes', () => {
  const t = matrix();
  assert.equal(t.equal(matrix()), true);
  assert.equal(t.equal(t), true);
  assert.equal(t.equal(t.reshape([3, 2])), false);
  assert.equal(t.equal(t.to('int32')), true);
  assert.equal(tensor([0]).equal(tensor([-0])), true);
  assert.equal(tensor([NaN]).equal(tensor([NaN])), false);
  const nan = tensor([NaN]);
  assert.equal(nan.equal(nan), false);
  assert.equal(zeros([2, 0]).equal(zeros([2, 0])), true);
  assert.equal(zeros([2, 0]).equal(zeros([0, 2])), false);
  assert.equal(tensor([16777216]).equal(tensor(Int32Array.of(16777217))), true, 'int32 is promoted to float32');
  for (let size = 1; size < 70; size++) {
    const [a, b] = [full(size, 2), full(size, 2)];
    assert.equal(a.equal(b), true);
    b.data[size - 1] = 3;
    assert.equal(a.equal(b), false, `${size}`);
  }
  const before = memory();
  t.equal(tensor([1]));
  for (const value of [[[1, 2, 3], [4, 5, 6]], null, 3, new Float32Array(6)]) assert.throws(() => t.equal(value), TypeError);
  assert.equal(memory().bytes, before.bytes + 4);
});

/* ---- Handles ---- */

test('detach, reshape, squeeze and unsqueeze are handles on one storage with one version', () => {
  const t = tensor([[1, 2, 3]]);
  const before = memory();
  const handles = [t.detach(), t.reshape([3]), t.reshape(-1), t.squeeze(), t.squeeze(0), t.unsqueeze(0), t.unsqueeze(-1)];
  assert.deepEqual(memory(), before);
  assert.deepEqual(handles.map(({ shape }) => shape), [[1, 3], [3], [3], [3], [3], [1, 1, 3], [1, 3, 1]]);
  handles[3].fill_(5);
  for (const handle of [t, ...handles]) {
    assert.deepEqual(Array.from(handle.data), [5, 5, 5]);
    assert.equal(handle._version, 1);
  }
  t.dispose();
  for (const handle of handles) assert.equal(handle.data[2], 5);
  assert.deepEqual(memory(), before);
  for (const handle of handles) handle.dispose();
  assert.deepEqual(memory(), { ...before, bytes: before.bytes - 12, tensors: before.tensors - 1 });
});

test('clone, t and to another dtype are copies; clone and to with a version of their own', () => {
  const t = matrix();
  t.fill_(2);
  for (const copy of [t.clone(), t.t(), t.to('int32')]) {
    assert.equal(copy._version, copy.shape[0] === t.shape[0] ? 0 : 1, 'the version of a transposed matrix is its source’s');
    copy.data[0] = 9;
    assert.equal(t.data[0], 2);
  }
  assert.deepEqual(matrix().t().toArray(), [[1, 4], [2, 5], [3, 6]]);
  assert.equal(t.to('float32'), t, 'to its own dtype is the tensor itself');
});

test('t transposes every size around a block, and leaves fewer dimensions as they are', () => {
  for (const [rows, columns] of [[1, 1], [1, 9], [9, 1], [3, 4], [4, 4], [5, 17], [33, 31], [64, 65], [0, 3], [3, 0]]) {
    const t = arange(rows * columns).reshape([rows, columns]);
    const transposed = t.t();
    assert.deepEqual(transposed.shape, [columns, rows]);
    for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) assert.equal(transposed.data[c * rows + r], r * columns + c);
  }
  assert.deepEqual(tensor([1, 2]).t().toArray(), [1, 2]);
  assert.equal(tensor(3).t().item(), 3);
  assert.throws(() => zeros([2, 3, 4]).t(), /^Error: t\(\) expects a tensor with <= 2 dimensions, but self is 3D/);
});

test('copies keep every bit', () => {
  const bits = Uint32Array.of(0x7fc00001, 0xff800001, 0x80000000, 1, 0xffffffff, 0x7f800000);
  const t = tensor(new Float32Array(bits.buffer), { shape: [2, 3] });
  assertSameBits(t.clone().data, bits);
  assertSameBits(t.t().t().data, bits);
  assertSameBits(zeros([2, 3]).copy_(t).data, bits);
  assertSameBits(tensor(t).data, bits);
  assertSameBits(t.reshape(-1).data, bits);
});

test('to int32 cuts fractions off, and gives the smallest number for what does not fit', () => {
  const t = tensor([1.9, -1.9, -0, NaN, Infinity, -Infinity, 3e9, -3e9, 2147483520, 0.5]);
  assert.deepEqual(Array.from(t.to('int32').data), [1, -1, 0, -(2 ** 31), -(2 ** 31), -(2 ** 31), -(2 ** 31), -(2 ** 31), 2147483520, 0]);
  assert.deepEqual(Array.from(tensor(Int32Array.of(2 ** 31 - 1, -5)).to('float32').data), [2 ** 31, -5]);
  for (const dtype of ['int64', 'float64', undefined, null, 3]) assert.throws(() => t.to(dtype), { constructor: TypeError, message: /float32.*int32/ });
});

/* ---- Shapes ---- */

test('reshape takes an array, numbers, and one -1', () => {
  const t = arange(6);
  for (const [args, shape] of [[[[2, 3]], [2, 3]], [[3, 2], [3, 2]], [[-1], [6]], [[[-1, 2]], [3, 2]], [[6], [6]], [[[1, 6, 1]], [1, 6, 1]]]) assert.deepEqual(t.reshape(...args).shape, shape);
  assert.deepEqual(tensor([5]).reshape([]).shape, []);
  assert.deepEqual(zeros([0, 3]).reshape([3, 0]).shape, [3, 0]);
  assert.deepEqual(zeros([0, 3]).reshape([2, 0, -1, 4].slice(0, 2)).shape, [2, 0]);
});

test('reshape that does not fit is refused, and holds nothing', () => {
  const before = memory();
  const t = zeros(6);
  for (const [args, error] of [
    [[[4]], { says: ["shape '[4]' is invalid for input of size 6"] }],
    [[[-1, 4]], { says: ["shape '[-1, 4]' is invalid for input of size 6"] }],
    [[[-1, -1]], { says: ['only one dimension can be inferred'] }],
    [[[-2, 3]], { says: ['invalid shape dimension -2 at index 0 of shape [-2, 3]'] }],
    [[[0, -1]], { says: ["'[0, -1]'"] }],
    [[[2.5, 3]], { type: TypeError, says: ['2.5'] }],
    [[['6']], { type: TypeError, says: ["'6'"] }],
    [['6'], { type: TypeError, says: ["'6'"] }],
    [[null], { type: TypeError, says: ['None'] }],
    [[], { type: TypeError, says: ['undefined'] }],
    [[[6, NaN]], { type: TypeError, says: ['NaN'] }],
    [[[2 ** 33, 2 ** 33]], {}],
    [[[6, , 1]], { type: TypeError }], // eslint-disable-line no-sparse-arrays
  ]) {
    assertRefused(() => t.reshape(...args), error, [t], inspect(args));
  }
  t.dispose();
  assert.deepEqual(memory(), before, 'a refused reshape is no holder');
});

test('squeeze and unsqueeze count dimensions from either end, and name the range', () => {
  const t = zeros([1, 2, 1]);
  for (const [dim, shape] of [[undefined, [2]], [0, [2, 1]], [1, [1, 2, 1]], [2, [1, 2]], [-1, [1, 2]], [-3, [2, 1]]]) assert.deepEqual(t.squeeze(dim).shape, shape);
  for (const [dim, shape] of [[0, [1, 2, 3]], [1, [2, 1, 3]], [2, [2, 3, 1]], [-1, [2, 3, 1]], [-3, [1, 2, 3]]]) assert.deepEqual(matrix().unsqueeze(dim).shape, shape);
  assert.deepEqual(tensor(1).unsqueeze(0).shape, [1]);
  assert.deepEqual(tensor(1).squeeze(-1).shape, []);
  for (const dim of [3, -4]) assertRefused(() => t.squeeze(dim), { type: RangeError, says: [`Dimension out of range (expected to be in range of [-3, 2], but got ${dim})`] }, [t]);
  for (const dim of [4, -5]) assertRefused(() => t.unsqueeze(dim), { type: RangeError, says: [`Dimension out of range (expected to be in range of [-4, 3], but got ${dim})`] }, [t]);
  for (const dim of [0.5, '0', NaN]) assertRefused(() => t.unsqueeze(dim), { type: TypeError, says: ["'dim'"] }, [t]);
  assert.throws(() => t.unsqueeze(), TypeError);
});

test('a tensor of many dimensions is refused or right, never wrong', () => {
  const sizes = Array(18).fill(2);
  let a;
  try {
    a = arange(2 ** 18).reshape(sizes);
  } catch (error) {
    assert.match(error.message, /16|dimensions/);
    return;
  }
  const alternating = sizes.map((size, i) => (i % 2 ? 1 : size));
  const b = arange(2 ** 9).reshape(alternating);
  let sum;
  try {
    sum = a.add(b);
  } catch (error) {
    assert.match(error.message, /16|dimensions/);
    return;
  }
  for (let n = 0; n < 2 ** 18; n += 977) {
    let other = 0;
    for (let bit = 17; bit >= 0; bit -= 2) other = 2 * other + ((n >> bit) & 1);
    assert.equal(sum.data[n], n + other);
  }
});

test('unsqueeze beyond the most dimensions there can be is refused or works', () => {
  let t = zeros(Array(16).fill(1));
  try {
    for (let i = 0; i < 5; i++) t = t.unsqueeze(0);
  } catch (error) {
    assert.match(error.message, /16|dimensions/);
    return;
  }
  assert.equal(t.add(1).clone().t === undefined, false);
});

/* ---- requiresGrad and gradFn ---- */

test('requiresGrad of a leaf can be changed, of an int32 tensor it cannot be set', () => {
  const t = matrix();
  t.requiresGrad = true;
  assert.equal(t.requiresGrad, true);
  assert.equal(t.isLeaf, true);
  t.requiresGrad = false;
  assert.equal(t.requiresGrad, false);
  const whole = tensor(Int32Array.of(1));
  assertRefused(() => (whole.requiresGrad = true), { says: [/^only Tensors of floating point( and complex)? dtype can require gradients/] }, [whole]);
  whole.requiresGrad = false;
  for (const value of [1, 'true', null, undefined]) assertRefused(() => (t.requiresGrad = value), { type: TypeError, says: ['requiresGrad'] }, [t]);
});

test('requiresGrad of a computed tensor cannot be taken away', () => {
  const computed = tensor([1], { requiresGrad: true }).mul(2);
  assert.equal(computed.requiresGrad, true);
  assert.equal(computed.isLeaf, false);
  computed.requiresGrad = true;
  assertRefused(() => (computed.requiresGrad = false), { says: [/^you can only change requires_grad flags of leaf variables\./] }, [computed]);
});

test('every operation on a tensor that requires grad is recorded under PyTorch’s name, and not under noGrad', () => {
  const t = tensor([[1, 2]], { requiresGrad: true });
  const operations = {
    AddBackward0: () => t.add(1),
    SubBackward0: () => t.sub(t),
    MulBackward0: () => t.mul([1, 2]),
    LinalgVectorNormBackward0: () => t.norm(),
    CloneBackward0: () => t.clone(),
    TBackward0: () => t.t(),
    ViewBackward0: () => t.reshape(-1),
    UnsqueezeBackward0: () => t.unsqueeze(0),
    SqueezeBackward0: () => t.squeeze(),
    SqueezeBackward1: () => t.squeeze(0),
    EmbeddingBackward0: () => functional.embedding([0], t),
  };
  for (const [name, run] of Object.entries(operations)) {
    const output = run();
    assert.deepEqual([output.gradFn, output.requiresGrad, output.isLeaf], [name, true, false]);
    const free = noGrad(run);
    assert.deepEqual([free.gradFn, free.requiresGrad, free.isLeaf], [null, false, true], name);
  }
  assert.equal(tensor([1]).add(t).gradFn, 'AddBackward0', 'the second operand counts');
  assert.equal(t.to('int32').requiresGrad, false);
  assert.deepEqual([t.detach().requiresGrad, t.detach().gradFn], [false, null]);
  assert.deepEqual([tensor(t).requiresGrad, tensor(t).gradFn], [false, null]);
  assert.equal(t.mul(2).add(1).gradFn, 'AddBackward0');
});

/* ---- In place ---- */

test('in-place operations change the tensor, return it, and raise the version by 1', () => {
  const t = matrix();
  assert.equal(t.fill_(7), t);
  assert.equal(t.zero_(), t);
  assert.equal(t.copy_([1, 2, 3]), t);
  assert.equal(t._version, 3);
  assert.deepEqual(t.toArray(), [[1, 2, 3], [1, 2, 3]]);
  assert.deepEqual(zeros([2, 2]).copy_(tensor([[1], [2]])).toArray(), [[1, 1], [2, 2]]);
  assert.deepEqual(zeros([2]).copy_(5).toArray(), [5, 5]);
  assert.deepEqual(zeros([2]).copy_(Float64Array.of(1, 2)).toArray(), [1, 2]);
  assert.deepEqual(zeros([2]).copy_(tensor(Int32Array.of(3, 4))).toArray(), [3, 4]);
  assert.deepEqual(zeros([2], { dtype: 'int32' }).copy_(tensor([1.7, -1.7])).toArray(), [1, -1]);
  assert.equal(zeros([]).copy_(tensor([[4]]).squeeze()).item(), 4);
  const same = matrix();
  assert.deepEqual(same.copy_(same.detach()).toArray(), [[1, 2, 3], [4, 5, 6]]);
  assert.deepEqual(same.copy_(same.data.subarray(0, 3)).toArray(), [[1, 2, 3], [1, 2, 3]]);
});

test('fill_ takes every number that fits', () => {
  for (const value of [NaN, Infinity, -Infinity, -0, 3.4028234663852886e38, 1e-50]) {
    assert.ok(Object.is(zeros(3).fill_(value).data[2], Math.fround(value)), `${value}`);
  }
  assert.deepEqual(zeros(2, { dtype: 'int32' }).fill_(1.7).toArray(), [1, 1]);
  const [t, whole] = [zeros(2), zeros(2, { dtype: 'int32' })];
  for (const value of [1e300, -1e39]) assertRefused(() => t.fill_(value), { says: [/^value cannot be converted to type float without overflow/, String(value)] }, [t]);
  for (const value of [3e9, -3e9, NaN, Infinity]) assertRefused(() => whole.fill_(value), { says: [/^value cannot be converted to type int without overflow/, String(value)] }, [whole]);
  for (const value of ['1', null, undefined, true, 1n, [1], t]) assertRefused(() => t.fill_(value), { type: TypeError, says: ["'value'"] }, [t]);
});

test('copy_ that does not fit is refused and writes nothing', () => {
  const t = matrix();
  for (const [src, error] of [
    [[1, 2], { says: ['The size of tensor a (3) must match the size of tensor b (2) at non-singleton dimension 1'] }],
    [[[[1, 2, 3], [4, 5, 6]]], { says: ["output with shape [2, 3] doesn't match the broadcast shape [1, 2, 3]"] }],
    ['x', { type: TypeError }],
    [null, { type: TypeError }],
    [undefined, { type: TypeError }],
    [[[1, 2, 3], [4, 5, 'x']], { type: TypeError, says: ["'x'", '[1, 2]'] }],
    [[[1, 2, 3], [4, 5]], { says: ['[1]'] }],
  ]) {
    assertRefused(() => t.copy_(src), error, [t], inspect(src));
  }
  const small = zeros([1]);
  assertRefused(() => small.copy_([]), {}, [small]);
});

test('a leaf that requires grad is not written in place while gradients are recorded, nor through a view', () => {
  const leaf = tensor([[1, 2, 3]], { requiresGrad: true });
  const words = 'a leaf Variable that requires grad is being used in an in-place operation.';
  for (const write of [() => leaf.fill_(1), () => leaf.zero_(), () => leaf.copy_([1, 2, 3]), () => noGrad(() => enableGrad(() => leaf.zero_()))]) {
    assertRefused(write, { says: [new RegExp(`^${words}`)] }, [leaf], String(write));
  }
  for (const view of [leaf.reshape(-1), leaf.squeeze(), leaf.unsqueeze(0)]) {
    assertRefused(() => view.fill_(1), { says: [`a view of ${words}`] }, [leaf], view.gradFn);
  }
  noGrad(() => leaf.fill_(4));
  assert.equal(leaf._version, 1);
  leaf.detach().fill_(5);
  assert.deepEqual(leaf.toArray(), [[5, 5, 5]]);
  leaf.requiresGrad = false;
  leaf.zero_();
});

/* ---- Disposal ---- */

test('a tensor is disposed of once, and using it afterwards says so', () => {
  const before = memory();
  const t = matrix();
  assert.equal(t.isDisposed, false);
  t.dispose();
  t.dispose();
  assert.equal(t.isDisposed, true);
  assert.deepEqual(memory(), before);
  const other = matrix();
  const layer = Embedding.fromPretrained([[1, 2], [3, 4]]);
  const withNothing = zeros(0);
  withNothing.dispose();
  const uses = {
    data: () => t.data,
    row: () => t.row(0),
    item: () => t.item(),
    toArray: () => t.toArray(),
    toString: () => t.toString(),
    'a template': () => `${t}`,
    'toString of an empty tensor': () => withNothing.toString(),
    equal: () => t.equal(other),
    'equal to it': () => other.equal(t),
    'equal to it, with another shape': () => zeros(1).equal(t),
    detach: () => t.detach(),
    clone: () => t.clone(),
    to: () => t.to('int32'),
    'to its dtype': () => t.to('float32'),
    t: () => t.t(),
    reshape: () => t.reshape(-1),
    squeeze: () => t.squeeze(),
    unsqueeze: () => t.unsqueeze(0),
    add: () => t.add(1),
    'add to another': () => other.add(t),
    sub: () => t.sub(1),
    mul: () => t.mul(1),
    'mul with another': () => other.mul(t),
    norm: () => t.norm(),
    fill_: () => t.fill_(1),
    zero_: () => t.zero_(),
    copy_: () => t.copy_(1),
    'copy_ from it': () => other.copy_(t),
    requiresGrad: () => (t.requiresGrad = true),
    _version: () => t._version,
    keep: () => keep(t),
    tensor: () => tensor(t),
    'tensor of an array': () => tensor([t]),
    'a weight': () => new Embedding(2, 3, { weight: t }),
    fromPretrained: () => Embedding.fromPretrained(t),
    functional: () => functional.embedding([0], t),
    embeddingRenorm: () => functional.embeddingRenorm(t, [0], 1),
    indices: () => layer.forward(t),
    out: () => layer.forward([0], { out: t }),
  };
  const live = memory();
  for (const [name, use] of Object.entries(uses)) assert.throws(use, { constructor: Error, message: /^tensor was disposed/ }, name);
  assert.deepEqual(memory().bytes, live.bytes + 4, 'but for zeros(1)');
  assert.deepEqual(other.toArray(), [[1, 2, 3], [4, 5, 6]]);
  assert.doesNotThrow(() => inspect(t), 'logging a disposed tensor must not throw');
});

test('a tensor can be made with using', () => {
  if (!Symbol.dispose) return;
  const before = memory();
  zeros(5)[Symbol.dispose]();
  assert.deepEqual(memory(), before);
  let run;
  try {
    run = new Function('zeros', '{ using t = zeros(5); if (t.numel !== 5) throw new Error(); }');
  } catch {
    return; // this engine does not parse it yet
  }
  run(zeros);
  assert.deepEqual(memory(), before);
});

test('disposing of an input leaves the output alone', () => {
  const t = matrix();
  const views = [t.reshape(-1), t.add(1), t.t()];
  t.dispose();
  assert.deepEqual(views.map((view) => view.data[5]), [6, 7, 6]);
  ones(1000);
  assert.deepEqual(views.map((view) => view.data[0]), [1, 2, 1]);
});
