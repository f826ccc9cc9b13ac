/** Arrows between rows of two tables that stand side by side: measured after each drawing, redrawn when the tables change size. */
import { html, svg } from 'lit-html';
import { ref } from 'lit-html/directives/ref.js';

/**
 * @typedef {object} Link
 * @property {string} from selector of an element, inside the place
 * @property {string} to
 * @property {string} [className]
 */

/**
 * An overlay for a place of `position: relative`. An arrow leaves `from` on the side where `to` is.
 * @param {string} id
 */
export function createLinks(id) {
  let overlay = null;
  const sizes = new ResizeObserver(() => place(overlay));
  const watch = (element) => {
    if (element) requestAnimationFrame(() => show(element));
  };

  function show(element) {
    if (element !== overlay && element.isConnected) {
      sizes.disconnect();
      sizes.observe(element.parentElement);
      overlay = element;
    }
    place(element);
  }

  /** @param {Link[]} links */
  const template = (links) => html`
    <svg class="links" aria-hidden="true" ${ref((element) => watch(element))}>
      <defs><marker id="${id}-head" viewBox="0 0 10 10" refX="8" refY="5" markerWidth="12" markerHeight="12" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 1 L9 5 L0 9 Z" /></marker></defs>
      ${links.map(({ from, to, className = '' }) => svg`<path class="link ${className}" data-from=${from} data-to=${to} marker-end="url(#${id}-head)" />`)}
    </svg>`;
  return { template };
}

function place(overlay) {
  if (!overlay?.isConnected) return;
  const frame = overlay.getBoundingClientRect();
  for (const path of overlay.querySelectorAll('.link')) {
    const [from, to] = [path.dataset.from, path.dataset.to].map((selector) => overlay.parentElement.querySelector(selector)?.getBoundingClientRect());
    if (!from || !to) continue;
    const isBackward = to.left < from.left;
    const [x1, x2] = [(isBackward ? from.left : from.right) - frame.left, (isBackward ? to.right : to.left) - frame.left];
    const [y1, y2] = [from, to].map((box) => Math.round(box.top + box.height / 2 - frame.top));
    const bend = Math.round((x2 - x1) / 2);
    path.setAttribute('d', `M${Math.round(x1)} ${y1}C${Math.round(x1) + bend} ${y1} ${Math.round(x2) - bend} ${y2} ${Math.round(x2)} ${y2}`);
  }
}
