/** The sections, in the order of the page. */
import { maxNorm } from './max-norm/section.js';
import { optimizers } from './optimizers/section.js';

export const sections = [maxNorm, optimizers];
