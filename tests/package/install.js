/**
 * The package as a stranger gets it: packed, and installed into an empty folder.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/**
 * @returns {{ folder: string, tarball: string, remove: () => void }} folder: a project with the package in its node_modules
 */
export function install() {
  const folder = mkdtempSync(join(tmpdir(), 'nn-embedding-'));
  const npm = (...args) => execFileSync('npm', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  const [{ filename }] = JSON.parse(npm('pack', ROOT, '--json'));
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  npm('install', '--offline', '--no-audit', '--no-fund', `./${filename}`);
  return { folder, tarball: join(folder, filename), remove: () => rmSync(folder, { recursive: true }) };
}
