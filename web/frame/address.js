/**
 * The URL's hash: #v=2&s=lookup&lookup.indices=2,0&theme=dark. It holds what differs from the default, so that a link restores the
 * exact state, and it works from file:// and in a sandboxed frame. Keys that this version does not know are kept.
 */
import { effect } from '@preact/signals-core';
import { initialState } from './store.js';

const VERSION = '2';
const WRITE_INTERVAL_MS = 250;

/** Version 1 was about max_norm alone. */
const FROM_VERSION_1 = { m: 'max-norm.limit', p: 'max-norm.p', pad: 'max-norm.pad', ix: 'max-norm.indices', w: 'max-norm.rows', call: 'max-norm.called' };

/** @param {string} hash @returns {Map<string, string>} */
export function readPairs(hash) {
  const pairs = new Map();
  for (const pair of hash.replace(/^#/, '').split('&')) {
    const [key, ...value] = pair.split('=');
    if (key && value.length > 0) pairs.set(key, decode(value.join('=')));
  }
  if (pairs.get('v') === VERSION) return pairs;
  return pairs.get('v') === '1' ? new Map([...pairs].map(([key, value]) => [FROM_VERSION_1[key] ?? key, value])) : new Map();
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

/**
 * The state of fields that a hash describes.
 * @param {Map<string, string>} pairs
 * @param {Record<string, any>} fields
 * @param {string} prefix '' for the page, 'lookup.' for a section
 */
export function readState(pairs, fields, prefix) {
  const state = initialState(fields);
  for (const [name, field] of Object.entries(fields)) {
    const text = pairs.get(prefix + name);
    const value = text === undefined ? undefined : field.read(text);
    if (value !== undefined) state[name] = value; // null is a value: padding_idx=None
  }
  return state;
}

/** The pairs of a state that differ from the default. */
export function writeState(state, fields, prefix) {
  return Object.entries(fields).flatMap(([name, field]) => {
    const text = field.write(state[name]);
    return text === field.write(field.initial) ? [] : [`${prefix}${name}=${text}`];
  });
}

/**
 * @param {{ fields: Record<string, any>, prefix: string, store: any }[]} parts
 * @returns {{ link: () => string }} link: the hash of what is shown, now, for the page as a whole
 */
export function syncAddress(parts) {
  const known = new Set(['v', ...parts.flatMap(({ fields, prefix }) => Object.keys(fields).map((name) => prefix + name))]);
  const foreign = () => [...readPairs(location.hash)].filter(([key]) => !known.has(key) && key !== 'v').map(([key, value]) => `${key}=${encodeURIComponent(value)}`);
  const text = () => `#${[`v=${VERSION}`, ...parts.flatMap(({ fields, prefix, store }) => writeState(store.state.value, fields, prefix)), ...foreign()].join('&')}`;
  let [timer, current, first] = [null, location.hash, true];
  const write = () => {
    timer = null;
    const hash = text();
    // One that is not ours is about to be followed.
    if (hash === location.hash || location.hash !== current) return;
    try {
      history.replaceState(null, '', hash);
      current = location.hash;
    } catch {
      // Some sandboxes refuse; the page works without an address.
    }
  };
  effect(() => {
    for (const { store } of parts) store.state.value;
    if (first) first = false;
    else timer ??= setTimeout(write, WRITE_INTERVAL_MS);
  });
  addEventListener('hashchange', () => {
    if (location.hash === current) return;
    current = location.hash;
    const pairs = readPairs(location.hash);
    if (pairs.size === 0) return;
    for (const { fields, prefix, store } of parts) store.restore(readState(pairs, fields, prefix));
  });
  return { link: () => text().replace(/&(embed|present)=1/g, '') };
}
