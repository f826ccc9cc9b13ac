/** The sections, in the order of the page. */
import { check } from './check/section.js';
import { maxNorm } from './max-norm/section.js';
import { realWords } from './words/section.js';

export const sections = [maxNorm, realWords, check];
