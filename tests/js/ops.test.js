import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import test from 'node:test';
import { arange, functional, memory, tensor, tidy, zeros } from 'nn-embedding';
import { assertClose, assertSameBits, assertSameNumbers, elements, golden, nest, option, toTensor } from './golden.js';
import { assertRefused } from './support.js';

/* ---- PyTorch ---- */

const EXACT_NORMS = [0, Infinity, -Infinity];

/** The first input of a golden case, which requires grad if it is floating point. */
function first(one) {
  return toTensor(one.inputs[0], one.inputs[0].float32 === undefined ? {} : { requiresGrad: true });
}

/** The JavaScript call of a golden case. */
function run(one) {
  const [, b] = one.inputs;
  const other = typeof b === 'object' ? toTensor(b) : b;
  switch (one.op) {
    case 'add':
      return one.arguments.alpha === undefined ? first(one).add(other) : first(one).add(other, { alpha: one.arguments.alpha });
    case 'sub':
      return first(one).sub(other);
    case 'mul':
      return first(one).mul(other);
    case 'norm':
      return one.arguments.dim === null ? first(one).norm(option(one.arguments.p)) : first(one).norm(option(one.arguments.p), one.arguments.dim);
    case 'one_hot':
      return functional.oneHot(nest(elements(one.inputs[0]), one.inputs[0].shape), one.arguments.num_classes);
    default:
      throw new Error(`no such operation: ${one.op}`);
  }
}

test('every operation gives PyTorch’s numbers, shapes and node names', () => {
  for (const one of golden('operations').cases) {
    tidy(() => {
      const message = `${one.op} ${inspect(one.inputs.map((input) => input.shape ?? input))} ${inspect(one.arguments)}`;
      const output = run(one);
      assert.deepEqual(output.shape, one.output.shape, message);
      assert.equal(output.dtype, one.output.float32 === undefined ? 'int32' : 'float32', message);
      assert.equal(output.gradFn, one.grad_fn, message);
      const isExact = one.op !== 'norm' || EXACT_NORMS.includes(option(one.arguments.p));
      (isExact ? assertSameNumbers : assertClose)(output.data, elements(one.output), message);
    });
  }
});

test('operations give the same through data, views and tensors as the second operand', () => {
  for (const one of golden('operations').cases.filter(({ op, inputs }) => ['add', 'sub', 'mul'].includes(op) && typeof inputs[1] === 'object' && inputs[1].float32 !== undefined)) {
    tidy(() => {
      const values = elements(one.inputs[1]);
      const { shape } = one.inputs[1];
      const options = one.op === 'mul' ? undefined : one.arguments;
      const call = (b) => first(one)[one.op](b, options);
      const expected = call(toTensor(one.inputs[1]));
      if (shape.length === 1) {
        assertSameNumbers(call(values).data, expected.data);
        assertSameNumbers(call(tensor(values).data).data, expected.data);
      }
      if (!shape.includes(0)) assertSameNumbers(call(nest(values, shape)).data, expected.data);
    });
  }
});

/* ---- Broadcasting ---- */

test('shapes broadcast as in PyTorch, for every pair of up to four dimensions of 1, 2 and 3', () => {
  const shapes = [[], [1], [2], [3], [1, 3], [2, 1], [2, 3], [3, 1], [1, 1], [1, 2, 3], [2, 1, 3], [2, 2, 1], [3, 1, 1], [1, 1, 2, 3], [3, 2, 1, 3], [3, 1, 2, 1], [0], [0, 3], [2, 0], [1, 0]];
  const at = (shape, values, position) => {
    const own = position.slice(position.length - shape.length);
    return values[own.reduce((index, place, dim) => index * shape[dim] + (shape[dim] === 1 ? 0 : place), 0)];
  };
  for (const a of shapes) {
    for (const b of shapes) {
      tidy(() => {
        const ndim = Math.max(a.length, b.length);
        const padded = (shape) => [...Array(ndim - shape.length).fill(1), ...shape];
        const [pa, pb] = [padded(a), padded(b)];
        const fits = pa.every((size, dim) => size === pb[dim] || size === 1 || pb[dim] === 1);
        const count = (shape) => shape.reduce((product, size) => product * size, 1);
        const [x, y] = [arange(count(a)).reshape(a), arange(100, 100 + count(b)).to('float32').reshape(b)];
        if (!fits) {
          assert.throws(() => x.add(y), /^Error: The size of tensor a \(\d\) must match the size of tensor b \(\d\) at non-singleton dimension \d/, `${inspect(a)} ${inspect(b)}`);
          return;
        }
        const shape = pa.map((size, dim) => (size === 1 ? pb[dim] : size));
        const sum = x.add(y);
        assert.deepEqual(sum.shape, shape, `${inspect(a)} ${inspect(b)}`);
        for (let n = 0; n < count(shape); n++) {
          let rest = n;
          const position = [];
          for (let dim = ndim - 1; dim >= 0; dim--) {
            position[dim] = rest % shape[dim];
            rest = Math.floor(rest / shape[dim]);
          }
          assert.equal(sum.data[n], at(a, x.data, position) + at(b, y.data, position), `${inspect(a)} ${inspect(b)} at ${position}`);
        }
      });
    }
  }
});

test('sizes that do not broadcast are refused, and leak nothing', () => {
  const [a, b] = [zeros([2, 3]), zeros([2])];
  for (const call of [() => a.add(b), () => a.add([1, 2]), () => a.mul(Float32Array.of(1, 2)), () => a.sub([[1, 2], [3, 4]]), () => a.add(Int32Array.of(1, 2))]) {
    assertRefused(call, { says: [/^The size of tensor a \(3\) must match the size of tensor b \(2\) at non-singleton dimension 1/] }, [a, b], String(call));
  }
});

/* ---- Kinds of numbers ---- */

test('int32 stays int32 beside whole numbers, and becomes float32 beside others', () => {
  const whole = tensor(Int32Array.of(1, -2));
  for (const [output, values, dtype] of [
    [whole.add(3), [4, 1], 'int32'],
    [whole.add(Int32Array.of(1, 1)), [2, -1], 'int32'],
    [whole.add(BigInt64Array.of(1n, 1n)), [2, -1], 'int32'],
    [whole.mul(1.5), [1.5, -3], 'float32'],
    [whole.add(tensor([0.5])), [1.5, -1.5], 'float32'],
    [whole.sub(whole), [0, 0], 'int32'],
    [whole.sub(1, { alpha: 3 }), [-2, -5], 'int32'],
    [tensor([0.5]).add(whole), [1.5, -1.5], 'float32'],
    [whole.mul(2 ** 31 - 1).mul(2), [-2, 4], 'int32'],
  ]) {
    assert.deepEqual([output.toArray(), output.dtype], [values, dtype]);
  }
  assertRefused(() => whole.add(whole, { alpha: 1.5 }), { says: ['For integral input tensors, argument alpha must not be a floating point number.'] }, [whole]);
  assertRefused(() => whole.add(3e9), { says: ['overflow', '3000000000'] }, [whole]);
});

test('operands and options of a wrong kind are refused', () => {
  const t = tensor([1, 2]);
  for (const value of ['1', null, undefined, true, 1n, {}, new Map(), new ArrayBuffer(8)]) {
    for (const op of ['add', 'sub', 'mul']) assertRefused(() => t[op](value), { type: TypeError, says: [`${op}()`] }, [t], `${op} ${inspect(value)}`);
  }
  for (const value of [[1, 'x'], [[1], null]]) assertRefused(() => t.add(value), { type: TypeError }, [t], inspect(value));
  assertRefused(() => t.add([[1, 2], [3]]), { says: ['[1]'] }, [t]);
  assertRefused(() => t.add(new DataView(new ArrayBuffer(8))), { type: TypeError }, [t]);
  for (const alpha of ['2', true, 1n, [1]]) assertRefused(() => t.add(1, { alpha }), { type: TypeError, says: ["'alpha'"] }, [t], inspect(alpha));
  assertRefused(() => t.add(1, { Alpha: 2 }), { type: TypeError, says: ["'Alpha'", "'alpha'"] }, [t]);
  assertRefused(() => t.add(1, 2), { type: TypeError }, [t]);
});

test('an operation changes none of its operands', () => {
  const [a, b] = [tensor([[1, 2], [3, 4]]), tensor([5, 6])];
  for (const output of [a.add(b), a.sub(b), a.mul(b), a.norm(), a.add(a)]) output.fill_(0);
  assert.deepEqual([a.toArray(), b.toArray(), a._version, b._version], [[[1, 2], [3, 4]], [5, 6], 0, 0]);
});

test('an operation leaves one block behind: its result', () => {
  const whole = tensor(Int32Array.of(1, 2));
  const t = tensor([1, 2]);
  for (const call of [() => t.add(1), () => t.add([1, 2]), () => t.add(whole), () => whole.mul(1.5), () => whole.add(t), () => t.mul(Float64Array.of(1, 2)), () => t.norm(), () => t.to('int32'), () => t.clone(), () => t.t()]) {
    const before = memory();
    call().dispose();
    assert.deepEqual(memory(), before, String(call));
  }
});

/* ---- norm ---- */

test('norm takes a power and a dimension', () => {
  const t = tensor([[3, 4], [-6, 8]]);
  assert.deepEqual(t.norm(2, 1).toArray(), [5, 10]);
  assert.deepEqual(t.norm(Infinity, 0).toArray(), [6, 8]);
  assert.deepEqual(t.norm(1, -1).toArray(), [7, 14]);
  assert.deepEqual(t.norm(0).item(), 4);
  assertClose([t.norm().item()], [Math.sqrt(125)]);
  assertClose([t.norm(undefined, null).item()], [Math.sqrt(125)]);
  assert.deepEqual(t.norm(2, 1).shape, [2]);
  assert.deepEqual(t.norm().shape, []);
  assert.ok(Number.isNaN(t.norm(NaN).item()));
});

test('norm refuses what is no power, no dimension, and nothing without an identity', () => {
  const t = tensor([[3, 4]]);
  for (const p of ['2', null, 'fro', true, 2n]) assertRefused(() => t.norm(p), { type: TypeError, says: ["'p'"] }, [t], inspect(p));
  for (const dim of [2, -3]) assertRefused(() => t.norm(2, dim), { type: RangeError, says: [`Dimension out of range (expected to be in range of [-2, 1], but got ${dim})`] }, [t]);
  for (const dim of ['1', 0.5, [0], true]) assertRefused(() => t.norm(2, dim), { type: TypeError, says: ["'dim'"] }, [t], inspect(dim));
  const [nothing, whole] = [zeros(0), tensor(Int32Array.of(1))];
  for (const p of [Infinity, -Infinity, -1]) assertRefused(() => nothing.norm(p), { says: ['on an empty tensor because the operation does not have an identity'] });
  assert.equal(zeros(0).norm().item(), 0);
  assertRefused(() => whole.norm(), { says: [/^linalg\.vector_norm: Expected a floating point or complex tensor as input\. Got Int/] });
});

test('long sums stay accurate', () => {
  const size = 1000003;
  const t = tensor(Float32Array.from({ length: size }, (_, n) => Math.sin(n)));
  let expected = 0;
  for (const value of t.data) expected += value * value;
  assertClose([t.norm().item()], [Math.sqrt(expected)]);
});

test('every length around a vector is added, multiplied and measured to its end', () => {
  for (let size = 0; size < 70; size++) {
    tidy(() => {
      const a = Float32Array.from({ length: size }, (_, n) => n + 0.5);
      const b = Float32Array.from({ length: size }, (_, n) => 3 * n - 1);
      const [x, y] = [tensor(a), tensor(b)];
      assertSameBits(x.add(y).data, a.map((value, n) => value + b[n]), `add ${size}`);
      assertSameBits(x.sub(y, { alpha: 2 }).data, a.map((value, n) => value - 2 * b[n]), `sub ${size}`);
      assertSameBits(x.mul(y).data, a.map((value, n) => value * b[n]), `mul ${size}`);
      assertClose([x.norm(1).item()], [a.reduce((sum, value) => sum + value, 0)], `norm ${size}`);
      if (size > 0) assert.equal(x.norm(Infinity).item(), size - 0.5);
    });
  }
});
