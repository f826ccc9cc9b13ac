/**
 * What the optimisers share: parameter groups, the step over them, and state dicts.
 */
import { checkBoolean, checkOptions, sameShape, shapeText, show, typeName, wrongType } from '../errors.js';
import { SparseTensor } from '../tensor/sparse-tensor.js';
import { Tensor, leafOf, storageOf } from '../tensor/tensor.js';
import { floatText, numberText } from '../tensor/print.js';
import { Storage } from '../wasm/storage.js';

/** @typedef {Record<string, any>} State of one parameter: tensors and numbers, by torch.optim's names */
/** @typedef {Record<string, any> & { params: Tensor[] }} ParamGroup parameters and the options for them; change options here */
/** @typedef {Tensor[] | ({ params: Tensor[] } & Record<string, any>)[]} Params */
/** @typedef {Record<string, any>} Defaults an optimiser's options with their defaults, in the order in which they are checked */

export class Optimizer {
  /** @type {Map<Tensor, State>} */
  #states = new Map();
  #defaults;

  /**
   * @internal
   * @param {string} name
   * @param {Params} params
   * @param {Record<string, unknown> | undefined} options
   * @param {Defaults} defaults
   */
  constructor(name, params, options, defaults) {
    checkOptions(`${name}()`, options, Object.keys(defaults));
    /** @internal */
    this._name = name;
    this.#defaults = defaults;
    const given = { ...defaults, ...copied(options) };
    this._checkOptions(given);
    /** Groups of parameters with their options, which may be changed: paramGroups[0].lr = 0.01. @type {ParamGroup[]} */
    this.paramGroups = groupsOf(name, params, given, Object.keys(defaults), (group) => this._checkOptions(group));
  }

  /** @internal @param {Tensor} param @param {() => State} make @returns {State} */
  _stateOf(param, make) {
    let state = this.#states.get(param);
    if (state === undefined) this.#states.set(param, (state = make()));
    return state;
  }

  /**
   * What the optimiser remembers of a parameter: {} before the first step, for most.
   * @param {Tensor} param
   * @returns {State}
   */
  state(param) {
    return this.#states.get(param) ?? {};
  }

  /**
   * Updates every parameter that has a gradient. All are checked before the first is changed.
   * @returns {void}
   */
  step() {
    const work = this.paramGroups.flatMap((group) => {
      this._checkOptions(group);
      return group.params.flatMap((param) => {
        const grad = leafOf(param)?.grad ?? null;
        storageOf(param);
        if (grad === null) return [];
        grad._held; // throws if it was disposed of
        this._check(param, grad, group);
        return [{ param, grad, group }];
      });
    });
    for (const { param, grad, group } of work) {
      this._update(param, grad, group);
      for (const written of [param, ...Object.values(this.state(param))]) {
        if (written instanceof Tensor) storageOf(written).version++;
      }
    }
  }

  /**
   * Refuses options that are not valid; they may be changed at any time.
   * @internal
   * @param {Record<string, any>} options
   * @returns {void}
   */
  _checkOptions(options) {
    for (const [name, byDefault] of Object.entries(this.#defaults)) {
      const value = options[name];
      if (typeof byDefault === 'boolean') checkBoolean(`${this._name}()`, name, value);
      else if (Array.isArray(byDefault)) checkBetas(value);
      else this._checkRate(name === 'lr' ? 'learning rate' : `${name === 'eps' ? 'epsilon' : snakeCase(name)} value`, value);
    }
  }

  /** @internal @param {string} name in PyTorch's words @param {unknown} value must be a finite number from 0 up @returns {void} */
  _checkRate(name, value) {
    if (typeof value !== 'number') throw new TypeError(`Invalid ${name}: ${show(value)} is no number`);
    if (!(value >= 0 && value < Infinity)) refuseRate(name, value);
  }

  /**
   * Refuses gradients that the optimiser does not take.
   * @internal
   * @param {Tensor} param
   * @param {Tensor | SparseTensor} grad
   * @param {ParamGroup} group
   * @returns {void}
   */
  _check(param, grad, group) {
    void param, grad, group;
  }

  /**
   * @internal
   * @param {Tensor} param
   * @param {Tensor | SparseTensor} grad
   * @param {ParamGroup} group
   * @returns {void}
   */
  _update(param, grad, group) {
    void param, grad, group;
  }

  /**
   * Forgets the gradients, which move out of wasm memory where nobody has a view of them.
   * @param {{ setToNone?: boolean }} [options] setToNone: false zeroes them instead
   * @returns {void}
   */
  zeroGrad(options) {
    checkOptions('zeroGrad()', options, ['setToNone']);
    const { setToNone = true } = options ?? {};
    checkBoolean('zeroGrad()', 'setToNone', setToNone);
    for (const { params } of this.paramGroups) {
      for (const param of params) zeroGradOf(param, setToNone);
    }
  }

  /**
   * What to save: the state of every parameter by its number, and the groups with numbers in place of parameters. Tensors are handles
   * on the optimiser's own.
   * @returns {{ state: Record<number, State>, paramGroups: Record<string, any>[] }}
   */
  stateDict() {
    let next = 0;
    /** @type {Record<number, State>} */
    const state = {};
    const paramGroups = this.paramGroups.map(({ params, ...options }) => ({
      ...copied(options),
      params: params.map((param) => {
        const known = this.#states.get(param);
        if (known) state[next] = mapTensors(known, (tensor) => tensor.detach());
        return next++;
      }),
    }));
    return { state, paramGroups };
  }

  /**
   * Takes over a saved state, copied, and the groups' options.
   * @param {{ state: Record<number, State>, paramGroups: Record<string, any>[] }} dict
   * @returns {void}
   */
  loadStateDict(dict) {
    const isPlain = (/** @type {any} */ value) => typeof value === 'object' && value !== null;
    if (!isPlain(dict) || !isPlain(dict.state) || !Array.isArray(dict.paramGroups) || !dict.paramGroups.every((group) => Array.isArray(group?.params))) {
      throw new TypeError(`Expected state_dict to be dict-like, got <class '${typeName(dict)}'>: it needs { state, paramGroups: [{ params }] }`);
    }
    if (dict.paramGroups.length !== this.paramGroups.length) throw new Error('loaded state dict has a different number of parameter groups');
    dict.paramGroups.forEach((group, i) => {
      if (group.params.length !== this.paramGroups[i].params.length) {
        throw new Error("loaded state dict contains a parameter group that doesn't match the size of optimizer's group");
      }
      this._checkOptions({ ...this.paramGroups[i], ...group });
    });
    const params = this.paramGroups.flatMap((group) => group.params);
    params.forEach((param, i) => {
      for (const value of Object.values(dict.state[i] ?? {})) {
        if (value instanceof Tensor && value.ndim > 0 && !sameShape(value.shape, param.shape)) {
          throw new Error(`loaded state of parameter ${i} has shape ${shapeText(value.shape)}, expected ${shapeText(param.shape)}`);
        }
      }
    });
    this.#states = new Map(
      params.flatMap((param, i) => (dict.state[i] ? [[param, mapTensors(dict.state[i], (tensor) => kept(copyOf(tensor), tensor.shape))]] : [])),
    );
    dict.paramGroups.forEach(({ params: _, ...options }, i) => Object.assign(this.paramGroups[i], copied(options)));
  }

  /**
   * What Python's print shows.
   * @returns {string}
   */
  toString() {
    const groups = this.paramGroups.map(({ params, ...options }, i) => {
      const lines = Object.entries(this._printed(options))
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, value]) => `    ${key}: ${valueText(value)}\n`);
      return `Parameter Group ${i}\n${lines.join('')}`;
    });
    return `${this._name} (\n${groups.join('\n')})`;
  }

  /** @internal The options as PyTorch prints them, with those that only PyTorch has. @param {Record<string, any>} options @returns {Record<string, any>} */
  _printed(options) {
    return { ...snakeCased(options), differentiable: false, foreach: null, fused: null };
  }

  /** What Node's console.log shows. @internal @returns {string} */
  [Symbol.for('nodejs.util.inspect.custom')]() {
    return this.toString();
  }
}

/** @param {string} name @returns {string} */
function snakeCase(name) {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** @param {Record<string, any>} options @returns {Record<string, any>} */
export function snakeCased(options) {
  return Object.fromEntries(Object.entries(options).map(([key, value]) => [snakeCase(key), value]));
}

/** @param {any} value @returns {string} as Python prints it */
function valueText(value) {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return Array.isArray(value) ? `(${value.map(floatText).join(', ')})` : numberText(value);
}

/** Options without those that are undefined, and with arrays of their own. @param {Record<string, unknown> | undefined} options */
function copied(options) {
  const entries = Object.entries(options ?? {}).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries.map(([name, value]) => [name, Array.isArray(value) ? [...value] : value]));
}

/**
 * @param {string} name
 * @param {any} params
 * @param {Record<string, any>} options
 * @param {string[]} known
 * @param {(options: Record<string, any>) => void} check
 * @returns {ParamGroup[]}
 */
function groupsOf(name, params, options, known, check) {
  if (params instanceof Tensor || !Array.isArray(params)) {
    throw new TypeError(
      `params argument given to the optimizer should be an iterable of Tensors or dicts, but got ${params instanceof Tensor ? 'torch.FloatTensor' : typeName(params)}`,
    );
  }
  if (params.length === 0) throw new Error('optimizer got an empty parameter list');
  const isPlain = (/** @type {any} */ item) => typeof item === 'object' && item !== null && !(item instanceof Tensor) && 'params' in item;
  const groups = isPlain(params[0]) ? params : [{ params }];
  const seen = new Set();
  return groups.map((/** @type {any} */ group) => {
    const { params: own, ...rest } = group;
    checkOptions(`${name}(): parameter group`, rest, known);
    if (!(own instanceof Tensor) && !Array.isArray(own)) throw wrongType(`${name}(): params must be an array of Tensors`, own);
    const list = own instanceof Tensor ? [own] : [...own];
    for (const param of list) {
      if (!(param instanceof Tensor)) throw new TypeError(`optimizer can only optimize Tensors, but one of the params is ${typeName(param)}`);
      storageOf(param);
      if (!param.isLeaf) throw new Error("can't optimize a non-leaf Tensor");
      if (param.dtype !== 'float32') throw new Error(`optimizer can only optimize float32 tensors, but one of the params is int32: ${show(param)}`);
      if (seen.has(param)) throw new Error('some parameters appear in more than one parameter group');
      seen.add(param);
    }
    const merged = copied({ ...options, ...copied(rest) });
    check(merged);
    return { params: list, ...merged };
  });
}

/**
 * @param {Tensor} param
 * @param {boolean} setToNone
 * @returns {void}
 */
function zeroGradOf(param, setToNone) {
  const leaf = leafOf(param);
  const grad = leaf?.grad ?? null;
  if (leaf === null || grad === null) return;
  if (setToNone || grad.isDisposed) {
    leaf.forget();
  } else if (grad instanceof SparseTensor) {
    grad._rows.clear();
  } else {
    storageOf(grad).view('float32', grad.numel).fill(0);
    storageOf(grad).version++;
  }
}

/** @param {State} state @param {(tensor: Tensor) => any} map @returns {State} */
function mapTensors(state, map) {
  return Object.fromEntries(Object.entries(state).map(([key, value]) => [key, value instanceof Tensor ? map(value) : value]));
}

/** @param {Tensor} tensor @returns {Storage} */
function copyOf(tensor) {
  const storage = new Storage(4 * tensor.numel);
  storage.view('float32', tensor.numel).set(storageOf(tensor).view('float32', tensor.numel));
  return storage;
}

/**
 * A tensor of the optimiser's: it outlives the `tidy` that it is made in.
 * @param {Storage} storage
 * @param {readonly number[]} shape
 * @returns {Tensor}
 */
function kept(storage, shape) {
  return new Tensor(storage, shape, 'float32', { isKept: true });
}

/**
 * @param {Tensor} param
 * @param {number} [value]
 * @returns {Tensor} of the parameter's shape
 */
export function filledLike(param, value = 0) {
  const storage = new Storage(4 * param.numel);
  storage.view('float32', param.numel).fill(value);
  return kept(storage, param.shape);
}

/** @param {string} name @param {number} value @returns {never} */
export function refuseRate(name, value) {
  throw new Error(`Invalid ${name}: ${numberText(value)}`);
}

/** @param {unknown} betas @returns {void} */
function checkBetas(betas) {
  if (!Array.isArray(betas) || betas.length !== 2) throw new TypeError(`betas must be two numbers, not ${show(betas)}`);
  betas.forEach((beta, i) => {
    if (typeof beta !== 'number') throw wrongType(`betas[${i}] must be Number`, beta);
    if (!(beta >= 0 && beta < 1)) throw new Error(`Invalid beta parameter at index ${i}: ${floatText(beta)}`);
  });
}
