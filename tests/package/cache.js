/**
 * Packages from npm that are no part of the project, in a cache folder of the user's.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Installs what a folder's package-lock.json has, once; a lock file that changed gets a folder of its own.
 * @param {string} name of the cached folder
 * @param {string} from folder of package.json and package-lock.json
 * @param {string} what is installed, and how large, for the line that says so
 * @returns {string} its node_modules
 */
export function cached(name, from, what) {
  const lock = readFileSync(join(from, 'package-lock.json'));
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'nn-embedding');
  const folder = join(cache, `${name}-${createHash('sha256').update(lock).digest('hex').slice(0, 12)}`);
  if (!existsSync(folder)) {
    console.log(`installing ${what} into ${folder}`);
    mkdirSync(cache, { recursive: true });
    const making = mkdtempSync(join(cache, 'installing-'));
    try {
      for (const file of ['package.json', 'package-lock.json']) copyFileSync(join(from, file), join(making, file));
      execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: making, stdio: ['ignore', 'ignore', 'inherit'] });
      renameSync(making, folder);
    } finally {
      rmSync(making, { recursive: true, force: true });
    }
  }
  return join(folder, 'node_modules');
}
