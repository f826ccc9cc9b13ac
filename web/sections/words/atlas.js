/** The state of the map: which is drawn, what it has lost, and the work under way. */
import { batch, effect, signal } from '@preact/signals-core';
import { tensor, tidy } from 'nn-embedding';
import { numberTexts } from '../../components/numbers.js';
import { themeChanges } from '../../components/theme.js';
import { createWidth } from '../../components/width.js';
import { dotAt, fit, splat } from './cloud.js';
import { Stopped, createMapClient } from './map-client.js';
import { DIMENSIONS } from './state.js';

const MARGIN = 28;
const REACH_PX = 9;

/**
 * @param {object} parts
 * @param {import('@preact/signals-core').ReadonlySignal<any>} parts.table
 * @param {() => { key: string, axes: number[] | null }} parts.wanted which map, by the rows that its axes come from
 * @param {() => { rows: number[] }} parts.asked the rows whose loss is told
 * @param {(word: string) => void} parts.choose
 * @param {(mean: number) => void} parts.onMeasured
 */
export function createAtlas({ table, wanted, asked, choose, onMeasured }) {
  const raw = signal(null);
  const layout = signal(null);
  const loss = signal(null);
  const job = signal(null);
  const measured = signal(null);
  const failed = signal(null);
  const { width, watch: watchSize } = createWidth(560);
  const hovered = signal(null);
  const canvas = signal(null);
  /** Counts the stops: what they took along is asked again. */
  const round = signal(0);
  let client = null;
  let stopped = false;

  const height = (w) => Math.round(w * (w < 460 ? 1 : 0.8));
  const ask = (name, question, onProgress) => (client ??= createMapClient(table.value.copy, DIMENSIONS)).ask(name, question, onProgress);

  /** A question whose answer may come too late: `keep` says whether it is still wanted. */
  async function follow(kind, promise, keep, take) {
    try {
      const answer = await promise;
      if (keep()) batch(() => take(answer));
    } catch (error) {
      if (!(error instanceof Stopped)) failed.value = String(error.message);
    } finally {
      if (kind && job.value?.kind === kind) job.value = null;
    }
  }

  function draw() {
    const { key, axes } = wanted();
    stopped = false;
    failed.value = null;
    job.value = { kind: 'map', progress: 0 };
    const keep = () => wanted().key === key;
    follow('map', ask('map', { key, axes }, (progress) => { if (keep()) job.value = { kind: 'map', progress }; }), keep, ({ places, explained }) => {
      raw.value = { key, places, explained: tidy(() => tensor(explained).sum().item()), text: tidy(() => numberTexts(tensor(explained).sum())[0]) };
      loss.value = null;
    });
  }

  effect(() => {
    if (table.value === null || stopped) return;
    const { key } = wanted();
    if (raw.peek()?.key !== key) draw();
  });

  effect(() => {
    round.value;
    if (raw.value === null || raw.value.key !== wanted().key) return;
    const { key, axes } = wanted();
    const { rows } = asked();
    if (rows.length === 0) {
      loss.value = { rows, shares: [], mean: null };
      return;
    }
    const keep = () => raw.value?.key === key && asked().rows.join() === rows.join();
    follow(null, ask('overlap', { key, axes, rows }), keep, ({ shares, mean }) => { loss.value = { rows, shares: Array.from(shares), mean }; });
  });

  effect(() => {
    if (raw.value) layout.value = { ...raw.value, scale: fit(raw.value.places, width.value, height(width.value), MARGIN) };
  });

  effect(() => {
    themeChanges.value;
    if (canvas.value && layout.value) splat(canvas.value, layout.value.places, layout.value.scale, Math.min(globalThis.devicePixelRatio ?? 1, 2));
  });

  const underPointer = (event) => {
    const box = event.currentTarget.getBoundingClientRect();
    return dotAt(layout.value.places, layout.value.scale, event.clientX - box.left, event.clientY - box.top, REACH_PX);
  };

  return {
    layout, loss, job, measured, failed, width, hovered, height, draw,
    where: () => client?.where() ?? null,
    watchSize,
    attach(element) {
      canvas.value = element ?? null;
    },
    measure() {
      const { key, axes } = wanted();
      job.value = { kind: 'overlap', progress: 0 };
      const size = table.value.size;
      follow('overlap', ask('overlap', { key, axes, size }, (progress) => { job.value = { kind: 'overlap', progress }; }), () => true, ({ mean }) => {
        measured.value = { key, mean };
        onMeasured(mean);
      });
    },
    stop() {
      stopped = job.value?.kind === 'map';
      client?.stop();
      round.value++;
    },
    hover(event) {
      const row = underPointer(event);
      hovered.value = row < 0 ? null : row;
    },
    leave() {
      hovered.value = null;
    },
    /** What is named under the pointer is what a click takes. */
    pick(event) {
      const row = hovered.value ?? underPointer(event);
      if (row >= 0) choose(table.value.list[row]);
    },
  };
}
