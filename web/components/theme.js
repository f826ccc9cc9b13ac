/** Colours of style.css for a canvas, which knows no custom properties. */
import { signal } from '@preact/signals-core';

const COLORS = 256;

/** Rises when the theme, or the colours that the reader forces, change. */
export const themeChanges = signal(0);

const change = () => { themeChanges.value++; };
new MutationObserver(change).observe(document.documentElement, { attributeFilter: ['data-theme'] });
for (const query of ['(prefers-color-scheme: dark)', '(forced-colors: active)']) matchMedia(query).addEventListener('change', change);

/**
 * A token's colour where an element stands, as a canvas takes it.
 * @param {Element} place
 * @param {string} token such as '--muted'
 */
export function colorOf(place, token) {
  const probe = document.createElement('span');
  probe.style.cssText = `position: absolute; forced-color-adjust: none; color: var(${token})`;
  place.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

let made = { key: '', /** @type {Uint8ClampedArray | null} */ table: null };

/**
 * The 256 colours of signed numbers, for `paint`: entries 127 and 128, on both sides of zero, are the surface's own.
 * @param {Element} place
 */
export function colorTable(place) {
  const [negative, zero, positive] = ['--negative', '--zero', '--positive'].map((token) => colorOf(place, token));
  const key = [negative, zero, positive].join();
  if (made.key === key) return made.table;
  const canvas = Object.assign(document.createElement('canvas'), { width: COLORS, height: 1 });
  const context = canvas.getContext('2d', { willReadFrequently: true });
  const half = COLORS / 2;
  for (let n = 0; n < half; n++) {
    for (const [end, x] of [[positive, half + n], [negative, half - 1 - n]]) {
      context.fillStyle = `color-mix(in oklab, ${end} ${(100 * n) / (half - 1)}%, ${zero})`;
      context.fillRect(x, 0, 1, 1);
    }
  }
  made = { key, table: context.getImageData(0, 0, COLORS, 1).data };
  return made.table;
}
