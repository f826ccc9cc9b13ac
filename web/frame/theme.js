/** When the colours change: a canvas that reads this signal is painted again. */
import { signal } from '@preact/signals-core';

/** Counts the changes. */
export const themeChanges = signal(0);

const note = () => { themeChanges.value = themeChanges.peek() + 1; };
new MutationObserver(note).observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
for (const query of ['(prefers-color-scheme: dark)', '(forced-colors: active)']) matchMedia(query).addEventListener('change', note);
