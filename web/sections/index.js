/** The sections, in the order of the page. */
import { gradient } from './gradient/section.js';
import { hero } from './hero/section.js';
import { lookup } from './lookup/section.js';
import { maxNorm } from './max-norm/section.js';
import { sparse } from './sparse/section.js';
import { oneHot } from './one-hot/section.js';

export const sections = [hero, lookup, gradient, maxNorm, sparse];
export const sections = [lookup, oneHot, maxNorm];
