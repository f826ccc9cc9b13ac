/**
 * The tape: nodes remember how results were made, `backward` walks them from the last to the first and adds gradients up.
 *
 * Nodes are counted like storages: the handle of a result holds its node, and a node holds those of its inputs. What a node has
 * saved is freed with its last holder, or by `backward`.
 */
import { sameShape, shapeText } from '../errors.js';
import { Storage } from '../wasm/storage.js';
import { Gradient } from './gradient.js';

/** @typedef {import('./tensor.js').Tensor} Tensor */
/** @typedef {Node | Leaf} Target where a gradient goes */
/**
 * @callback Backward
 * @param {Gradient} grad of the node's result, dense
 * @param {any[]} saved what the operation saved, as Saved; null stays null
 * @param {(input: number) => boolean} needs whether an input's gradient is wanted
 * @returns {(Gradient | null)[]} one for each input: the engine's from now on
 */

/** The end of the tape: a tensor that the user made, with the gradient that has arrived there. */
export class Leaf {
  /** @type {import('./tensor.js').Tensor | import('./sparse-tensor.js').SparseTensor | null} */
  grad = null;
  /** Whether the user has been given the gradient; if not, it is freed as soon as it is forgotten. */
  isShown = false;
  /** Set when the tensor is disposed of: then nobody can ask for its gradient. */
  isDisposed = false;

  /**
   * Forgets the gradient: freed if the user has never seen it, else moved out of linear memory where nobody has a view of it.
   * @returns {void}
   */
  forget() {
    const { grad } = this;
    this.grad = null;
    if (grad === null || grad.isDisposed) return;
    if (!this.isShown) grad.dispose();
    else for (const storage of grad._storages) storage.moveOut();
    this.isShown = false;
  }
}

/** A storage that a backward needs, with the version that it had. */
export class Saved {
  /**
   * @param {Storage} storage one holder is this
   * @param {readonly number[]} shape
   * @param {'float32' | 'int32'} dtype
   * @param {string | null} madeBy name of the node whose result it is; null for a leaf
   */
  constructor(storage, shape, dtype, madeBy) {
    this.storage = storage;
    this.shape = shape;
    this.version = storage.version;
    this.type = dtype === 'float32' ? 'torch.FloatTensor' : 'torch.IntTensor';
    this.madeBy = madeBy;
  }

  /** @returns {void} */
  check() {
    if (this.storage.version === this.version) return;
    const by = this.madeBy === null ? '' : `, which is output 0 of ${this.madeBy.replace(/Backward0?/, '')},`;
    throw new Error(
      `one of the variables needed for gradient computation has been modified by an inplace operation: [${this.type} ` +
        `${shapeText(this.shape)}]${by} is at version ${this.storage.version}; expected version ${this.version} instead. Hint: enable ` +
        'anomaly detection to find the operation that failed to compute its gradient, with ' +
        'torch.autograd.set_detect_anomaly(True, check_nan=False).',
    );
  }
}

let sequence = 0;

export class Node {
  /**
   * @param {string} name as PyTorch prints it
   * @param {(Target | null)[]} inputs null where no gradient is wanted
   * @param {(Saved | null)[]} saved
   * @param {Backward} backward
   * @param {Storage | null} result null if an input has the same storage
   * @param {readonly number[]} shape of the result
   * @param {boolean} isView whether the result is a view of its input, in PyTorch
   */
  constructor(name, inputs, saved, backward, result, shape, isView) {
    this.name = name;
    this.inputs = inputs;
    this.saved = saved;
    this.backward = backward;
    this.result = result;
    this.shape = shape;
    this.isView = isView;
    this.sequence = sequence++;
    this.holders = 0;
    /** Whether what it had saved is gone. */
    this.isFreed = false;
    for (const input of inputs) {
      if (input instanceof Node) input.holders++;
    }
  }

  /** @returns {this} */
  retain() {
    this.holders++;
    return this;
  }

  /** One holder less; with the last one what is saved is freed, and so on down the tape. @returns {void} */
  release() {
    /** @type {Node[]} */
    const unheld = [];
    if (--this.holders === 0) unheld.push(this);
    for (let node = unheld.pop(); node; node = unheld.pop()) {
      node.free();
      for (const input of node.inputs) {
        if (input instanceof Node && --input.holders === 0) unheld.push(input);
      }
      node.inputs = [];
    }
  }

  /** Lets go of what was saved. @returns {void} */
  free() {
    for (const saved of this.saved) {
      saved?.storage.release();
      if (saved) this.isFreed = true;
    }
    this.saved = [];
  }
}

/**
 * The nodes that a gradient passes on its way down, the latest first: PyTorch's order.
 * @param {Node} root
 * @returns {Node[]}
 */
function nodesBelow(root) {
  const seen = new Set([root]);
  const stack = [root];
  for (let node = stack.pop(); node; node = stack.pop()) {
    for (const input of node.inputs) {
      if (input instanceof Node && !seen.has(input)) {
        seen.add(input);
        stack.push(input);
      }
    }
  }
  return [...seen].sort((a, b) => b.sequence - a.sequence);
}

/**
 * Computes gradients and adds them to the leaves. Everything that can be wrong is checked first, and the leaves change last.
 * @param {Target} target of the tensor that backward was called on
 * @param {Gradient} gradOutput the engine's from now on
 * @param {boolean} retainGraph
 * @param {boolean} mayMoveOut whether results that nobody has viewed move out of linear memory
 * @returns {void}
 */
export function runBackward(target, gradOutput, retainGraph, mayMoveOut) {
  /** @type {Map<Target, Gradient>} */
  const arrived = new Map([[target, gradOutput]]);
  const nodes = target instanceof Node ? nodesBelow(target) : [];
  try {
    for (const node of nodes) {
      if (node.isFreed) {
        throw new Error(
          'Trying to backward through the graph a second time (or directly access saved tensors after they have already been ' +
            'freed). Saved intermediate values of the graph are freed when you call .backward() or autograd.grad(). Specify ' +
            'retain_graph=True if you need to backward through the graph a second time or if you need to access saved tensors ' +
            `after calling backward. (retainGraph; ${node.name})`,
        );
      }
      for (const saved of node.saved) saved?.check();
    }
    for (const node of nodes) {
      const grad = arrived.get(node);
      if (!grad) continue;
      const dense = grad.toDense();
      arrived.set(node, dense);
      const grads = node.backward(dense, node.saved, (input) => node.inputs[input] !== null);
      node.inputs.forEach((input, i) => {
        const contribution = grads[i];
        if (!contribution) return;
        if (input === null) return contribution.release();
        const before = arrived.get(input);
        arrived.set(input, before ? contribution.plus(before) : contribution);
      });
      arrived.delete(node);
      dense.release();
    }
    for (const [leaf, grad] of arrived) {
      if (!(leaf instanceof Leaf) || leaf.isDisposed) continue;
      leaf.grad = grad.accumulateInto(leaf.grad);
      arrived.delete(leaf);
    }
  } finally {
    for (const grad of arrived.values()) grad.release();
  }
  if (retainGraph) return;
  for (const node of nodes) {
    node.free();
    if (mayMoveOut) node.result?.moveOut();
  }
}

/**
 * @param {readonly number[]} found
 * @param {readonly number[]} expected
 * @returns {void}
 */
export function checkGradientShape(found, expected) {
  if (sameShape(found, expected)) return;
  throw new Error(
    `Mismatch in shape: grad_output[0] has a shape of torch.Size(${shapeText(found)}) and output[0] has a shape of ` +
      `torch.Size(${shapeText(expected)}).`,
  );
}
