import assert from 'node:assert/strict';
import test from 'node:test';
import { Embedding, functional, keep, memory, noGrad, ones, tensor, tidy, zeros } from 'nn-embedding';

/** How many more blocks live after fn than before it. */
function growth(fn) {
  const before = memory().tensors;
  fn();
  return memory().tensors - before;
}

test('memory() counts the bytes and blocks that live, not the handles', () => {
  const before = memory();
  assert.deepEqual(Object.keys(before).sort(), ['bytes', 'heapBytes', 'tensors']);
  const t = zeros([10, 3]);
  assert.deepEqual(memory(), { ...before, bytes: before.bytes + 120, tensors: before.tensors + 1 });
  const view = t.detach();
  assert.equal(memory().tensors, before.tensors + 1);
  t.dispose();
  assert.equal(memory().bytes, before.bytes + 120);
  view.dispose();
  assert.deepEqual(memory(), before);
  assert.ok(before.heapBytes > 0 && before.heapBytes % 65536 === 0);
});

test('tidy disposes of every tensor made inside', () => {
  const made = [];
  assert.equal(growth(() => tidy(() => {
    const weight = zeros([4, 2]);
    made.push(weight, weight.add(1), weight.t(), weight.reshape(-1), weight.detach(), weight.clone(), weight.norm(2, 1), functional.embedding([1], weight), functional.oneHot([1], 3), tensor(weight));
  })), 0);
  for (const t of made) assert.equal(t.isDisposed, true);
});

test('tidy returns what its function returns', () => {
  assert.equal(tidy(() => 5), 5);
  assert.equal(tidy(() => undefined), undefined);
  assert.equal(tidy(() => null), null);
  const array = [1, 'x'];
  assert.equal(tidy(() => array), array);
});

test('tidy spares a tensor that is returned', () => {
  let other;
  const t = tidy(() => {
    other = ones(2);
    return other.add(1);
  });
  assert.deepEqual(t.toArray(), [2, 2]);
  assert.equal(other.isDisposed, true);
  assert.equal(growth(() => t.dispose()), -1);
});

test('tidy spares tensors in arrays and plain objects, however deep, and in cycles', () => {
  const result = tidy(() => {
    zeros(1);
    const value = { list: [zeros(1), [zeros(2)]], deep: { inner: { t: zeros(3) } }, plain: 3, none: null };
    value.self = value;
    value.list.push(value.list);
    value.again = value.deep.inner.t;
    return value;
  });
  assert.deepEqual([result.list[0].numel, result.list[1][0].numel, result.deep.inner.t.numel], [1, 2, 3]);
  for (const t of [result.list[0], result.list[1][0], result.deep.inner.t]) {
    assert.equal(t.isDisposed, false);
    t.data;
    t.dispose();
  }
  const bare = tidy(() => Object.assign(Object.create(null), { t: zeros(1) }));
  assert.equal(bare.t.isDisposed, false);
});

test('tidy does not search instances of classes, maps or closures', () => {
  class Holder {
    constructor(t) {
      this.t = t;
    }
  }
  const [holder, map] = tidy(() => [new Holder(zeros(1)), new Map([['t', zeros(1)]])]);
  assert.equal(holder.t.isDisposed, true);
  assert.equal(map.get('t').isDisposed, true);
});

test('an inner tidy hands what it returns to the outer one', () => {
  let inner;
  assert.equal(growth(() => tidy(() => {
    inner = tidy(() => zeros(2).add(1));
    assert.equal(inner.isDisposed, false);
    assert.deepEqual(inner.toArray(), [1, 1]);
  })), 0);
  assert.equal(inner.isDisposed, true);
});

test('an inner tidy leaves the tensors of the outer one alone', () => {
  tidy(() => {
    const outer = zeros(1);
    const same = tidy(() => outer);
    assert.equal(same, outer);
    assert.equal(outer.isDisposed, false);
    tidy(() => [outer, zeros(1)]);
    assert.equal(outer.isDisposed, false);
  });
});

test('a tensor made before tidy is not disposed of, also when it is not returned', () => {
  const t = zeros(3);
  tidy(() => {
    t.add(1);
    t.fill_(2);
  });
  assert.deepEqual(t.toArray(), [2, 2, 2]);
  const view = tidy(() => t.reshape(-1));
  t.dispose();
  assert.deepEqual(view.toArray(), [2, 2, 2]);
});

test('when the function throws, tidy disposes of everything and passes the error on', () => {
  const error = new Error('mine');
  let kept;
  assert.equal(growth(() => {
    assert.throws(() => tidy(() => {
      zeros(1);
      kept = keep(zeros(1));
      tidy(() => {
        zeros(1);
        throw error;
      });
    }), (caught) => caught === error);
  }), 1);
  assert.equal(kept.isDisposed, false);
  kept.dispose();
  assert.equal(growth(() => tidy(() => zeros(1))), 1, 'the next tidy works');
});

test('a call that fails inside tidy is no reason for a leak', () => {
  assert.equal(growth(() => tidy(() => {
    const layer = Embedding.fromPretrained(zeros([2, 2]));
    assert.throws(() => layer.forward([0, 5]), RangeError);
    assert.throws(() => tensor([[1], [2, 3]]));
    layer.dispose();
  })), 0);
});

test('tidy refuses a function that returns a promise, and disposes of what it made', async () => {
  let made;
  assert.throws(() => tidy(async () => {
    made = zeros(1);
  }), { constructor: TypeError, message: /^tidy\(\).*synchronous.*promise/ });
  assert.equal(made.isDisposed, true);
  assert.throws(() => tidy(() => ({ then() {} })), TypeError);
  for (const value of [undefined, null, 3, {}, zeros(1)]) assert.throws(() => tidy(value), { constructor: TypeError, message: /^tidy\(\).*function/ });
  assert.equal(growth(() => tidy(() => void zeros(1))), 0);
});

test('keep takes a tensor out of every tidy around it, and returns it', () => {
  let kept;
  tidy(() => {
    let early;
    tidy(() => {
      const t = zeros(1);
      kept = keep(t);
      assert.equal(kept, t);
    });
    assert.equal(kept.isDisposed, false);
    early = zeros(1);
    tidy(() => keep(early));
    assert.equal(early.isDisposed, false);
  });
  assert.equal(kept.isDisposed, false);
  assert.equal(growth(() => kept.dispose()), -1);
  assert.equal(keep(zeros(1)).isDisposed, false, 'keep outside of a tidy does nothing');
});

test('a kept tensor may be returned, kept twice, and disposed of', () => {
  const t = tidy(() => keep(keep(zeros(1))));
  assert.equal(t.isDisposed, false);
  assert.equal(growth(() => t.dispose()), -1);
  assert.equal(growth(() => tidy(() => keep(zeros(1)).dispose())), 0);
  assert.throws(() => keep(t), /^Error: tensor was disposed/);
  for (const value of [null, undefined, 3, [zeros(1)], new Float32Array(1)]) assert.throws(() => keep(value), { constructor: TypeError, message: /^keep\(\)/ }, String(value));
});

test('a tensor disposed of inside tidy may be returned, it just is disposed of', () => {
  const t = tidy(() => {
    const made = zeros(1);
    made.dispose();
    return made;
  });
  assert.equal(t.isDisposed, true);
});

test('the weight of a layer made inside tidy lives as long as the layer', () => {
  const before = memory();
  const layers = tidy(() => {
    const weight = ones([2, 2]);
    const shared = new Embedding(2, 2, { weight });
    const assigned = new Embedding(1, 1);
    assigned.weight = zeros([3, 1]);
    return { drawn: new Embedding(2, 2), shared, pretrained: Embedding.fromPretrained([[1, 2]]), assigned };
  });
  assert.deepEqual(layers.shared.forward([1]).toArray(), [[1, 1]]);
  assert.deepEqual(layers.pretrained.forward(0).toArray(), [1, 2]);
  assert.deepEqual(layers.assigned.forward(2).toArray(), [0]);
  layers.drawn.forward([0]);
  assert.equal(memory().tensors, before.tensors + 10, 'four weights, four results, and the indices that the two layers that train have kept');
  for (const layer of Object.values(layers)) layer.dispose();
  assert.equal(memory().tensors, before.tensors + 6);
});

test('a layer used inside tidy keeps its weight, also when the weight is returned', () => {
  const layer = new Embedding(2, 2);
  assert.equal(growth(() => tidy(() => {
    layer.forward([0, 1]);
    layer.stateDict();
    layer.resetParameters();
    layer.loadStateDict({ weight: zeros([2, 2]) });
  })), 0);
  assert.equal(tidy(() => layer.weight), layer.weight);
  assert.equal(tidy(() => layer.parameters())[0].isDisposed, false);
  const dict = tidy(() => layer.stateDict());
  assert.equal(dict.weight.isDisposed, false);
  layer.dispose();
  assert.deepEqual(dict.weight.toArray(), [[0, 0], [0, 0]]);
});

test('a layer made and disposed of inside tidy leaves nothing', () => {
  assert.equal(growth(() => tidy(() => new Embedding(3, 3).dispose())), 0);
  assert.equal(growth(() => tidy(() => {
    const layer = new Embedding(3, 3);
    layer.weight = zeros([2, 2]);
    layer.dispose();
  })), 0);
});

test('out inside tidy is the caller’s', () => {
  const layer = Embedding.fromPretrained(ones([2, 2]));
  const out = zeros([1, 2]);
  const same = tidy(() => noGrad(() => layer.forward([0], { out })));
  assert.equal(same, out);
  tidy(() => void layer.forward([1], { out }));
  assert.equal(out.isDisposed, false);
});

test('disposing of a tensor of the outer tidy in the inner one is fine', () => {
  assert.equal(growth(() => tidy(() => {
    const t = zeros(1);
    tidy(() => t.dispose());
    assert.equal(t.isDisposed, true);
  })), 0);
});

test('a large result of ordinary values passes through tidy', () => {
  const result = tidy(() => {
    zeros(1);
    return Array.from({ length: 100000 }, (_, n) => ({ n }));
  });
  assert.equal(result.length, 100000);
});

test('a result that cannot be searched does not make tidy leak', () => {
  let deep = [];
  for (let depth = 0; depth < 100000; depth++) deep = [deep];
  const throwing = {
    get bad() {
      throw new Error('mine');
    },
  };
  for (const result of [deep, throwing]) {
    assert.equal(growth(() => {
      try {
        tidy(() => {
          zeros(1);
          return result;
        });
      } catch (error) {
        assert.match(error.message, /mine|call stack/);
      }
    }), 0);
  }
});
