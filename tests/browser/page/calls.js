/** The page built on a package that logs its calls: what a control shows has to come from them. */
import assert from 'node:assert/strict';
import * as lab from '../../../js/entry/lab-node.js';
import * as real from '../../../js/entry/node.js';
import { open } from '../launch.js';
import { withChangedPackage } from './changed-package.js';
import { settled, site } from './visit.js';

/** Runs in the page. Counts the calls that the page makes, by name; those that the package makes of itself are its own affair. */
function createLog() {
  const log = { counts: {}, depth: 0 };
  const wrap = (name, called) => function (...args) {
    // tidy and noGrad only run what the page gives them.
    if (args.some((arg) => typeof arg === 'function')) return called.call(this, args, new.target);
    if (log.depth === 0) log.counts[name] = (log.counts[name] ?? 0) + 1;
    log.depth++;
    try {
      return called.call(this, args, new.target);
    } finally {
      log.depth--;
    }
  };
  const isClass = (value) => typeof value === 'function' && /^class\b/.test(Function.prototype.toString.call(value));
  const logged = (name, value) => {
    if (isClass(value)) {
      // Also what it inherits: an optimiser has its step() from a class that is not exported.
      const wrapped = {};
      for (let from = value.prototype; from !== Object.prototype; from = Object.getPrototypeOf(from)) {
        for (const [method, { value: body, writable }] of Object.entries(Object.getOwnPropertyDescriptors(from))) {
          if (method !== 'constructor' && writable && typeof body === 'function') wrapped[method] ??= wrap(`${name}.${method}`, function (args) { return body.apply(this, args); });
        }
      }
      for (const [method, body] of Object.entries(wrapped)) Object.defineProperty(value.prototype, method, { value: body, writable: true, configurable: true });
      return new Proxy(value, {
        construct: (target, args, newTarget) => wrap(`new ${name}`, (given) => Reflect.construct(target, given, newTarget))(...args),
        get: (target, key) => (typeof target[key] === 'function' && key !== 'prototype' ? wrap(`${name}.${String(key)}`, (args) => target[key](...args)) : target[key]),
      });
    }
    if (typeof value === 'function') return wrap(name, (args) => value(...args));
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, logged(`${name}.${key}`, inner)]));
  };
  return { log, logged };
}

const logging = (exports) => `
  const { log, logged } = globalThis.__calls ??= (${createLog})();
  ${Object.keys(exports).map((name) => `export const ${name} = logged('${name}', real.${name});`).join('\n')}`;

/**
 * Checks that each control of a section makes the page call the package.
 * @param {string} hash
 * @param {[string, (page: any) => Promise<void>, Record<string, number>][]} controls what is done, by whom, and how often it calls what
 */
export async function assertCalls(hash, controls) {
  await withChangedPackage({ 'nn-embedding': logging(real), 'nn-embedding/lab': logging(lab) }, async (url) => {
    const page = await open(site.browser, `${url}${hash}&embed=1`);
    await page.waitForFunction(() => globalThis.__lab);
    for (const [name, act, expected] of controls) {
      await page.evaluate(() => { globalThis.__calls.log.counts = {}; });
      await act(page);
      await settled(page);
      const counts = await page.evaluate(() => globalThis.__calls.log.counts);
      const found = Object.fromEntries(Object.keys(expected).map((call) => [call, counts[call] ?? 0]));
      assert.deepEqual(found, expected, `${name} made these calls: ${JSON.stringify(counts)}`);
    }
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  });
}
