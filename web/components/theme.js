/** Colours of style.css for a canvas, which knows no custom properties. */
import { signal } from '@preact/signals-core';

const COLORS = 256;

/** Rises when the theme, or the colours that the reader forces, change. */
export const themeChanges = signal(0);

const change = () => { themeChanges.value++; };
new MutationObserver(change).observe(document.documentElement, { attributeFilter: ['data-theme'] });
for (const query of ['(prefers-color-scheme: dark)', '(forced-colors: active)']) matchMedia(query).addEventListener('change', change);

const known = { version: -1, /** @type {Map<string, string>} */ colors: new Map(), /** @type {Uint8ClampedArray | null} */ table: null };

/** Forgets the colours of another theme. */
function current() {
  if (known.version !== themeChanges.peek()) Object.assign(known, { version: themeChanges.peek(), colors: new Map(), table: null });
  return known;
}

/**
 * A token's colour, as a canvas takes it.
 * @param {string} token such as '--muted'
 * @returns {string}
 */
export function colorOf(token) {
  const { colors } = current();
  if (!colors.has(token)) {
    const probe = document.createElement('span');
    probe.style.cssText = `forced-color-adjust: none; color: var(${token})`;
    document.body.append(probe);
    colors.set(token, getComputedStyle(probe).color);
    probe.remove();
  }
  return colors.get(token);
}

/** The 256 colours of signed numbers, for `paint`: entries 127 and 128, on both sides of zero, are the surface's own. */
export function colorTable() {
  const state = current();
  if (state.table) return state.table;
  const canvas = Object.assign(document.createElement('canvas'), { width: COLORS, height: 1 });
  const context = canvas.getContext('2d', { willReadFrequently: true });
  const half = COLORS / 2;
  for (let n = 0; n < half; n++) {
    for (const [token, x] of [['--positive', half + n], ['--negative', half - 1 - n]]) {
      context.fillStyle = `color-mix(in oklab, ${colorOf(token)} ${(100 * n) / (half - 1)}%, ${colorOf('--zero')})`;
      context.fillRect(x, 0, 1, 1);
    }
  }
  state.table = context.getImageData(0, 0, COLORS, 1).data;
  return state.table;
}
