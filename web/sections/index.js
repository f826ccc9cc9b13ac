/** The sections, in the order of the page. */
import { hero } from './hero/section.js';
import { maxNorm } from './max-norm/section.js';
import { weight } from './weight/section.js';

export const sections = [hero, weight, maxNorm];
