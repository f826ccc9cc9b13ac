/** How a signed number becomes a colour: orange below zero, blue above, the surface's own at zero. The colours are style.css's. */
import { clamp } from '../frame/fields.js';

/**
 * @param {number} value
 * @param {number} reach the size at which the tint is full
 * @returns {{ sign: 'negative' | 'positive', percent: number }}
 */
export function tint(value, reach) {
  const part = Number.isNaN(value) ? 0 : clamp(Math.abs(value) / reach, 0, 1);
  return { sign: value < 0 ? 'negative' : 'positive', percent: Math.round(part * 100) };
}
