import assert from 'node:assert/strict';
import test from 'node:test';
import { Embedding, enableGrad, isGradEnabled, memory, noGrad, tensor, tidy, zeros } from 'nn-embedding';

test('gradients are recorded unless noGrad says otherwise', () => {
  assert.equal(isGradEnabled(), true);
  assert.equal(noGrad(() => isGradEnabled()), false);
  assert.equal(enableGrad(() => isGradEnabled()), true);
  assert.equal(isGradEnabled(), true);
});

test('noGrad and enableGrad return what their function returns', () => {
  const value = { a: 1 };
  assert.equal(noGrad(() => value), value);
  assert.equal(enableGrad(() => value), value);
  assert.equal(noGrad(() => undefined), undefined);
  const t = zeros(1);
  assert.equal(noGrad(() => t), t);
  assert.equal(t.isDisposed, false);
});

test('they nest, and each restores what was before it', () => {
  const seen = [];
  noGrad(() => {
    seen.push(isGradEnabled());
    enableGrad(() => {
      seen.push(isGradEnabled());
      noGrad(() => seen.push(isGradEnabled()));
      seen.push(isGradEnabled());
    });
    seen.push(isGradEnabled());
    noGrad(() => {});
    seen.push(isGradEnabled());
  });
  seen.push(isGradEnabled());
  assert.deepEqual(seen, [false, true, false, true, false, false, true]);
});

test('an exception passes through and restores the mode', () => {
  const error = new Error('mine');
  assert.throws(() => noGrad(() => enableGrad(() => noGrad(() => { throw error; }))), (caught) => caught === error);
  assert.equal(isGradEnabled(), true);
  noGrad(() => {
    assert.throws(() => enableGrad(() => { throw error; }));
    assert.equal(isGradEnabled(), false);
  });
});

test('a function that returns a promise is refused, and the mode restored', async () => {
  for (const scope of [noGrad, enableGrad]) {
    assert.throws(() => scope(async () => 1), { constructor: TypeError, message: new RegExp(`^${scope.name}\\(\\).*synchronous.*promise`) });
    assert.throws(() => scope(() => ({ then() {} })), TypeError);
    assert.equal(isGradEnabled(), true);
  }
  assert.deepEqual(noGrad(() => ({ then: 3 })), { then: 3 }, 'what is no promise passes');
});

test('what is no function is refused', () => {
  for (const value of [undefined, null, 3, 'x', {}, Promise.resolve(), zeros(1)]) {
    for (const scope of [noGrad, enableGrad]) assert.throws(() => scope(value), { constructor: TypeError, message: new RegExp(`^${scope.name}\\(\\).*function`) });
  }
  assert.equal(isGradEnabled(), true);
});

test('the mode decides when the operation runs, not when its input was made', () => {
  const weight = noGrad(() => tensor([[1]], { requiresGrad: true }));
  assert.equal(weight.requiresGrad, true);
  assert.equal(weight.mul(2).gradFn, 'MulBackward0');
  const layer = noGrad(() => new Embedding(2, 1));
  assert.equal(layer.weight.requiresGrad, true);
  assert.equal(layer.forward([0]).gradFn, 'EmbeddingBackward0');
});

test('the scopes of gradients and of tidy are independent', () => {
  const before = memory();
  const t = tidy(() => noGrad(() => tidy(() => tensor([1]).add(1))));
  assert.equal(t.item(), 2);
  t.dispose();
  assert.throws(() => noGrad(() => tidy(() => { zeros(3); throw new Error('mine'); })), /mine/);
  assert.equal(isGradEnabled(), true);
  assert.deepEqual(memory(), before);
});
