/** The sentences of this section. */
import { strings } from '../../strings/index.js';

export const words = () => strings.sections.optimizers;
