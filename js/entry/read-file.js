/**
 * Reads files in Node.js. An import of node:fs would have Node.js load its streams too, which takes 3 ms, and createRequire, which Node.js
 * before 20.16 needs, takes 1: together more than all the rest of importing.
 */
import { createRequire } from 'node:module';

const { readFileSync } = process.getBuiltinModule?.('node:fs') ?? createRequire(import.meta.url)('node:fs');

/** @param {URL} url @returns {BufferSource} */
export const readFile = (url) => readFileSync(url);
