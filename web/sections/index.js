/** The sections, in the order of the page. */
import { lookup } from './lookup/section.js';
import { maxNorm } from './max-norm/section.js';

export const sections = [lookup, maxNorm];
