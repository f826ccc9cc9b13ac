/** How wide a drawing is, so that one unit of it is one pixel at every width and its text keeps its size. */
import { signal } from '@preact/signals-core';

/** @param {number} initial @returns {{ width: import('@preact/signals-core').Signal<number>, watch: (element?: Element) => void }} watch is for lit's `ref` */
export function createWidth(initial) {
  const width = signal(initial);
  const sizes = new ResizeObserver(([entry]) => {
    const now = Math.round(entry.contentRect.width);
    if (now > 0) width.value = now;
  });
  return {
    width,
    watch(element) {
      sizes.disconnect();
      if (element) sizes.observe(element);
    },
  };
}
