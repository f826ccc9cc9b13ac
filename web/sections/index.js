/** The sections, in the order of the page. */
import { lookup } from './lookup/section.js';
import { maxNorm } from './max-norm/section.js';
import { oneHot } from './one-hot/section.js';

export const sections = [lookup, oneHot, maxNorm];
