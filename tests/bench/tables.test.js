import { test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describeContenders } from './contenders.js';
import { TABLES } from './tables.js';
import { TELL } from './tell.js';

const contenders = describeContenders({ python: 'python3', modules: '/modules', nodes: {} });
const source = (name) => readFileSync(new URL(`contenders/${name}`, import.meta.url), 'utf8');

for (const [name, table] of Object.entries(TABLES)) {
  test(`${name}: contenders are known, ours come first, and goals are of contenders`, () => {
    assert.equal(table.contenders[0], 'ours');
    for (const key of table.contenders) assert.ok(key in contenders, key);
    for (const row of table.rows) for (const key of Object.keys(table.goals?.(row) ?? {})) assert.ok(table.contenders.includes(key), key);
    assert.ok(table.kind in TELL);
  });

  test(`${name}: every kernel is in JavaScript, in C and in Python`, () => {
    for (const kernel of new Set(table.rows.map((row) => row.kernel))) {
      assert.match(source('ours.js'), new RegExp(`^  '?${kernel}'?[:(]`, 'm'));
      assert.match(source('native.h'), new RegExp(`KERNEL\\(${kernel.replaceAll('-', '_')},`));
      assert.match(source('pytorch.py'), new RegExp(`^    '${kernel}': `, 'm'));
    }
  });

  test(`${name}: no index set is larger than its table allows, and bags are of one size`, () => {
    for (const { shape } of table.rows) {
      assert.ok(shape.law !== 'distinct' || shape.n <= shape.V);
      assert.ok(!shape.bags || Number.isInteger(shape.n / shape.bags));
    }
  });
}
