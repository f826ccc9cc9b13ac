/** The sections, in the order of the page. */
import { check } from './check/section.js';
import { gradient } from './gradient/section.js';
import { hero } from './hero/section.js';
import { lookup } from './lookup/section.js';
import { maxNorm } from './max-norm/section.js';
import { oneHot } from './one-hot/section.js';
import { optimizers } from './optimizers/section.js';
import { paddingIdx } from './padding-idx/section.js';
import { sparse } from './sparse/section.js';
import { weight } from './weight/section.js';
import { realWords } from './words/section.js';

export const sections = [hero, weight, lookup, oneHot, gradient, paddingIdx, maxNorm, sparse, optimizers, realWords, check];
