/** The sections, in the order of the page. */
import { maxNorm } from './max-norm/section.js';

export const sections = [maxNorm];
