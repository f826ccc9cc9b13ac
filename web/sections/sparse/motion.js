/** Cards that glide from where they were to where they are, once, after a button. */
const GLIDE_MS = 400;

/**
 * Call before the change that moves them.
 * @param {string} selector of the list of cards, which have their row in data-row
 */
export function glideCards(selector) {
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
  const before = places(selector);
  requestAnimationFrame(() => requestAnimationFrame(() => {
    const used = new Map();
    for (const [row, card, top] of places(selector)) {
      const tops = before.filter(([old]) => old === row).map(([, , at]) => at);
      if (tops.length === 0) continue;
      const turn = used.get(row) ?? 0;
      used.set(row, turn + 1);
      const from = tops[Math.min(turn, tops.length - 1)];
      card.animate([{ transform: `translateY(${from - top}px)` }, { transform: 'none' }], { duration: GLIDE_MS, easing: 'cubic-bezier(0.3, 0, 0.2, 1)' });
    }
  }));
}

const places = (selector) => [...document.querySelectorAll(`${selector} > li`)].map((card) => [card.dataset.row, card, card.getBoundingClientRect().top]);
