/**
 * The program that every runtime runs: one line for each part, with a digest of every bit and character of it. The lines must be the same
 * everywhere. The function uses nothing from outside, so that it can be sent as text.
 * @param {typeof import('nn-embedding')} library
 * @returns {string}
 */
export function conformance({ Embedding, EmbeddingBag, functional, manualSeed, memory, nearest, optim, randn, tensor, tidy, zeros }) {
  const lines = [];

  /** FNV-1a over the bytes of tensors, arrays and texts. */
  function part(name, run) {
    let hash = 0x811c9dc5;
    const add = (value) => {
      const view = typeof value === 'string' ? new TextEncoder().encode(value) : (value.data ?? value);
      for (const byte of new Uint8Array(view.buffer, view.byteOffset, view.byteLength)) hash = Math.imul(hash ^ byte, 0x01000193);
    };
    manualSeed(7);
    tidy(() => run(add));
    lines.push(`${name} ${(hash >>> 0).toString(16).padStart(8, '0')}`);
  }

  const check = (condition, message) => {
    if (!condition) throw new Error(message);
  };

  part('lookup', (add) => {
    for (const columns of [1, 3, 16, 50, 67]) {
      const embedding = new Embedding(20, columns, { paddingIdx: 2 });
      for (const indices of [[[1, 2], [19, 0]], Int32Array.of(5, 5, 7), BigInt64Array.of(3n, 18n), Uint8Array.of(4), 11]) add(embedding.forward(indices));
    }
  });

  part('renorm', (add) => {
    for (const normType of [2, 1, Infinity, 0, 3, 0.5]) {
      const weight = randn([12, 37]).mul(3);
      add(functional.embeddingRenorm(weight, [11, 0, 0, 5], 1.5, normType).rescaled);
      add(weight);
    }
  });

  part('bag', (add) => {
    for (const mode of ['sum', 'mean', 'max']) {
      const bag = new EmbeddingBag(30, 21, { mode, paddingIdx: 4 });
      add(bag.forward([1, 2, 4, 29, 7, 7], { offsets: [0, 2, 2, 5] }));
      add(bag.forward([[1, 2, 3], [4, 4, 4]], mode === 'sum' ? { perSampleWeights: [[0.5, -1, 2], [1, 1, 1]] } : {}));
    }
  });

  part('training', (add) => {
    const makers = [
      [true, (weight) => new optim.SparseAdam([weight], { lr: 0.1 })],
      [true, (weight) => new optim.Adagrad([weight], { lr: 0.1 })],
      [false, (weight) => new optim.AdamW([weight], { lr: 0.1 })],
      [false, (weight) => new optim.SGD([weight], { lr: 0.1, momentum: 0.9, nesterov: true })],
    ];
    for (const [sparse, make] of makers) {
      const embedding = new Embedding(15, 10, { sparse });
      const optimizer = make(embedding.weight);
      for (let step = 0; step < 3; step++) {
        const loss = embedding.forward([3, 1, 3]).mul(embedding.forward([4, 9, 14])).sum(1).logSigmoid().mean().neg();
        optimizer.zeroGrad();
        loss.backward();
        optimizer.step();
        add(loss);
      }
      add(embedding.weight);
    }
  });

  part('nearest', (add) => {
    const table = randn([500, 40]);
    for (const metric of ['cosine', 'dot', 'euclidean']) {
      const { indices, scores } = nearest(table, table.row(17).slice(), { k: 9, metric, exclude: 17 });
      add(indices);
      add(scores);
    }
  });

  part('printing', (add) => {
    for (const power of [1e-6, 1, 1e6]) add(`${randn([3, 4]).mul(power)}`);
    add(`${tensor([NaN, Infinity, -0, 1e-45])} ${new Embedding(4, 2, { sparse: true, maxNorm: 1 })}`);
    const embedding = new Embedding(4, 2, { sparse: true });
    embedding.forward([1, 1]).sum().backward();
    add(`${embedding.weight.grad} ${embedding.weight}`);
  });

  part('errors', (add) => {
    const embedding = new Embedding(10, 3);
    for (const call of [() => embedding.forward([[1, 2], [3, 12]]), () => embedding.forward([1.5]), () => tensor([[1], [2, 3]]), () => new Embedding(3, 2, { paddingidx: 1 })]) {
      try {
        call();
        check(false, 'did not throw');
      } catch (error) {
        add(`${error.name}: ${error.message}`);
      }
    }
  });

  part('growth', (add) => {
    const held = randn([100, 10]);
    const { data } = held;
    const before = data.slice();
    const { heapBytes } = memory();
    const blocks = [];
    while (memory().heapBytes === heapBytes) blocks.push(zeros(2 ** 18));
    check(data.length === 0, 'a view outlived the growth of memory');
    check(held.data.every((value, i) => Object.is(value, before[i])), 'growth changed a tensor');
    add(held.add(1));
    check(blocks.at(-1).data.every((value) => value === 0), 'a new tensor is not zero');
  });

  return lines.join('\n');
}
