/** When things are drawn and said: at most once per frame, and only the last of a quick series. */
import { effect } from '@preact/signals-core';
import { render } from 'lit-html';

const ANNOUNCE_AFTER_MS = 500;

/** One frame for all that is due. `idle` resolves when nothing is. */
export function createFrames() {
  const due = new Set();
  let waiting = [];
  let count = 0;
  const draw = () => {
    const now = [...due];
    due.clear();
    count++;
    for (const job of now) job();
    if (due.size > 0) return requestAnimationFrame(draw);
    for (const resolve of waiting) resolve();
    waiting = [];
  };
  return {
    request(job) {
      if (due.size === 0) requestAnimationFrame(draw);
      due.add(job);
    },
    idle: () => (due.size > 0 ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve()),
    /** How many frames have been drawn. */
    count: () => count,
  };
}

/**
 * Draws a template, and again in the next frame after a signal that it has read changes.
 * @param {() => unknown} template
 * @param {HTMLElement} place
 * @param {ReturnType<typeof createFrames>} frames
 */
export function drawOnChange(template, place, frames) {
  let stop = () => {};
  place.replaceChildren();
  const draw = () => {
    stop();
    let isFirst = true;
    stop = effect(() => {
      if (isFirst) render(template(), place);
      else frames.request(draw);
      isFirst = false;
    });
  };
  draw();
}

/** @param {HTMLElement} region a polite live region */
export function createAnnouncer(region) {
  let timer;
  return (text) => {
    clearTimeout(timer);
    timer = setTimeout(() => { region.textContent = text; }, ANNOUNCE_AFTER_MS);
  };
}
