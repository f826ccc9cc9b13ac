/** The sections, in the order of the page. */
import { maxNorm } from './max-norm/section.js';
import { paddingIdx } from './padding-idx/section.js';

export const sections = [paddingIdx, maxNorm];
