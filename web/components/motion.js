/** Motion that shows where something came from: 400 ms, only after the reader asked, never where motion is unwanted. */

const EASING = 'cubic-bezier(0.3, 0, 0.2, 1)';
export const MOVE_MS = 400;

export const wantsMotion = () => !matchMedia('(prefers-reduced-motion: reduce)').matches;

/**
 * Lets elements glide from where they were to where they stand.
 * @param {Element} element
 * @param {number} down how many pixels further down it was
 */
export function glideFrom(element, down) {
  if (down === 0 || !wantsMotion()) return;
  element.animate([{ transform: `translateY(${down}px)` }, { transform: 'none' }], { duration: MOVE_MS, easing: EASING });
}

/** Runs once the page has been drawn. */
export const afterDrawing = (body) => requestAnimationFrame(() => requestAnimationFrame(body));
