/**
 * Losses and similarities of torch.nn.functional.
 */
import { sameShape, shapeText } from '../errors.js';
import { Saved } from '../tensor/autograd.js';
import { Gradient } from '../tensor/gradient.js';
import { clampMin } from '../tensor/ops/elementwise.js';
import { broadcastShape } from '../tensor/ops/operand.js';
import { expand } from '../tensor/ops/shape.js';
import { isRecorded, record } from '../tensor/ops/record.js';
import { tidy } from '../tensor/scope.js';
import { Tensor, checkTensor, storageOf } from '../tensor/tensor.js';
import * as kernels from '../wasm/kernels.js';
import { scratchBegin, scratchRelease } from '../wasm/memory.js';
import { Storage } from '../wasm/storage.js';
import { indexInput, keptIndices } from './lookup.js';

/** @typedef {import('./lookup.js').Indices} Indices */

/**
 * The mean over rows of -log(softmax(logits))[target]: torch.nn.functional.cross_entropy.
 * @param {Tensor} logits (N, C), or (C)
 * @param {Indices} targets (N), or one number: the class of each row
 * @returns {Tensor} 0-d
 * @throws {RangeError} if a target is outside [0, C)
 */
export function crossEntropy(logits, targets) {
  checkTensor('cross_entropy_loss', 'logits', logits);
  if (logits.ndim !== 1 && logits.ndim !== 2) throw new Error(`crossEntropy() takes logits of shape (N, C) or (C), not ${shapeText(logits.shape)}`);
  storageOf(logits);
  const classes = logits.shape[logits.ndim - 1];
  const rows = logits.ndim === 2 ? logits.shape[0] : 1;
  /** @type {{ release(): void }[]} */
  const held = [];
  scratchBegin();
  try {
    const input = indexInput(targets, classes, 'targets');
    if (input.shape.length !== logits.ndim - 1 || input.length !== rows) {
      throw new Error(
        `Expected input batch_size (${rows}) to match target batch_size (${input.shape[0] ?? 1}). Targets: ${shapeText(input.shape)}`,
      );
    }
    kernels.checkIndices(input, classes, 'targets');
    const kept = keptIndices(targets, input);
    held.push(kept.storage);
    const logProbabilities = logits.logSoftmax(-1);
    held.push({ release: () => logProbabilities.dispose() });
    const output = new Storage(4);
    output.view('float32', 1)[0] = kernels.nllMean(storageOf(logProbabilities), kept.storage, rows, classes);
    const { shape } = logProbabilities;
    return record(output, [], 'float32', [logProbabilities], {
      name: 'NllLossBackward0',
      saves: isRecorded(logProbabilities) ? [new Saved(kept.storage.retain(), input.shape, 'int32', null)] : [],
      backward: (grad, [{ storage }]) => {
        const gradInput = Gradient.dense(shape);
        const [gradOutput] = /** @type {Storage} */ (grad.storage).view('float32', 1);
        kernels.nllMeanBackward(gradInput.storage, gradOutput, storage, rows, classes);
        return [gradInput];
      },
    });
  } finally {
    for (const item of held) item.release();
    scratchRelease();
  }
}

const EPS = 1e-8; // torch.nn.functional.cosine_similarity's

/**
 * The cosine of the angle between vectors along a dimension: torch.nn.functional.cosine_similarity.
 * @param {Tensor} a
 * @param {Tensor} b of a's shape, or one that broadcasts with it
 * @param {number} [dim] 1 unless given
 * @returns {Tensor} without that dimension
 */
export function cosineSimilarity(a, b, dim = 1) {
  checkTensor('cosine_similarity', 'a', a);
  checkTensor('cosine_similarity', 'b', b);
  return tidy(() => {
    const shape = broadcastShape(a.shape, b.shape);
    const unit = (/** @type {Tensor} */ given) => {
      const x = sameShape(given.shape, shape) ? given : expand(given, shape);
      return x.div(clampMin(x.norm(2, dim).unsqueeze(dim), EPS));
    };
    return unit(a).mul(unit(b)).sum(dim);
  });
}
