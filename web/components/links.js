/**
 * Arrows between rows of two tables that stand side by side: measured after each drawing, redrawn when the tables change size. Those
 * of the row under the pointer, or with the focus, stand out.
 */
import { html, svg } from 'lit-html';
import { ref } from 'lit-html/directives/ref.js';

/**
 * @typedef {object} Link
 * @property {string} from selector of an element, inside the place
 * @property {string} to
 */

/**
 * An overlay for a place of `position: relative`. An arrow leaves `from` on the side where `to` is.
 * @param {string} id
 */
export function createLinks(id) {
  let overlay = null;
  let pointed = null;
  const sizes = new ResizeObserver(() => place(overlay));
  const point = (target) => {
    pointed = target;
    emphasize(overlay, pointed);
  };
  const watch = (element) => {
    if (element) requestAnimationFrame(() => show(element));
  };

  function show(element) {
    if (element !== overlay && element.isConnected) {
      sizes.disconnect();
      sizes.observe(element.parentElement);
      overlay = element;
      for (const type of ['pointerover', 'focusin']) element.parentElement.addEventListener(type, (event) => point(event.target));
      for (const type of ['pointerleave', 'focusout']) element.parentElement.addEventListener(type, () => point(null));
    }
    place(element);
    emphasize(element, pointed);
  }

  /** @param {Link[]} links */
  const template = (links) => html`
    <svg class="links" aria-hidden="true" ${ref((element) => watch(element))}>
      <defs><marker id="${id}-head" viewBox="0 0 10 10" refX="8" refY="5" markerWidth="12" markerHeight="12" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 1 L9 5 L0 9 Z" /></marker></defs>
      ${links.map(({ from, to }) => svg`<path class="link" data-from=${from} data-to=${to} marker-end="url(#${id}-head)" />`)}
    </svg>`;
  return { template };
}

function emphasize(overlay, target) {
  const paths = [...overlay.querySelectorAll('.link')];
  const isNear = ({ dataset }) => target !== null && [dataset.from, dataset.to].some((selector) => overlay.parentElement.querySelector(selector)?.closest('tr, li').contains(target));
  const near = paths.filter(isNear);
  for (const path of paths) path.classList.toggle('far', near.length > 0 && !near.includes(path));
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
