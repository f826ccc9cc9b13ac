/** How wide an element is, so that the unit of a drawing stays one pixel. */
import { signal } from '@preact/signals-core';

/** @param {number} first the width until it is known @returns `watch` is for lit's `ref` */
export function createWidth(first) {
  const width = signal(first);
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
