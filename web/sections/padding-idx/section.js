/**
 * The figures for padding_idx. The reader's choice is a list of events; a layer of the package lives through them from the first one
 * each time, and every number comes out of it.
 */
import { computed, signal } from '@preact/signals-core';
import { html, nothing } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import { tensor } from 'nn-embedding';
import { errorNote, onNumber } from '../../components/controls.js';
import { createGrid, strip } from '../../components/grid.js';
import { literal } from '../../components/numbers.js';
import { programs } from './code.js';
import { liveThrough } from './life.js';
import { meanTemplate, reduceBoth } from './mean.js';
import { FIELDS, FIRST_EVENTS, MOST_EVENTS, NUM_EMBEDDINGS, PADDING_RANGE, WRITTEN_LIMIT } from './state.js';
import { GRADIENT_REACH, VALUE_REACH, lockTag, timelineTemplate, verdictOf } from './timeline.js';
import { language } from '../../strings/index.js';
import { words } from './words.js';

/** @type {import('../../frame/section.js').Section} */
export const paddingIdx = { id: 'padding-idx', fields: FIELDS, create };

/** The buttons, in groups: first what everybody should press, then what the curious ask next. */
const GROUPS = [['layer', ['construct', 'pretrained']], ['write', ['write']], ['train', ['train', 'decay']], ['lookup', ['lookup']]];
const MORE = ['init', 'zero', 'adamw', 'tied'];
const COLUMNS = ['0', '1', '2', '3'];

/** @param {import('../../frame/section.js').Context} context */
function create({ store, announce }) {
  // One signal for each choice: the second figure's leave the first one alone.
  const events = computed(() => store.state.value.events);
  const pad = computed(() => store.state.value.pad);
  const written = computed(() => store.state.value.row[0]);
  const told = computed(() => {
    const choice = { events: events.value, pad: pad.value, written: written.value };
    return { ...choice, life: liveThrough(choice) };
  });
  const mode = computed(() => store.state.value.mode);
  const pads = computed(() => store.state.value.pads);
  const zeros = computed(() => store.state.value.zeros);
  const both = computed(() => reduceBoth({ mode: mode.value, pads: pads.value, zeros: zeros.value }));
  /** The event that the reader has just added: it alone comes in with a motion. */
  const fresh = signal(-1);
  const weightGrid = createGrid('padding-idx-weight', announce);
  const gradGrid = createGrid('padding-idx-grad', announce);

  const full = () => events.value.length >= MOST_EVENTS;

  const actions = {
    happen(event) {
      if (told.value.life.error !== null) document.getElementById('padding-idx-error').focus();
      else if (full()) announce(words().full(MOST_EVENTS));
      else {
        fresh.value = events.value.length;
        store.edit({ events: [...events.value, event] });
        const { steps, row, padded } = told.value.life;
        announce(words().happened({ n: steps.length, row, ...steps.at(-1), verdict: verdictOf(steps.at(-1), padded) }));
      }
    },
    takeBack() {
      if (events.value.length === 1) return;
      fresh.value = -1;
      store.edit({ events: events.value.slice(0, -1) });
      announce(words().takenBack(events.value.length));
    },
    startOver() {
      fresh.value = -1;
      store.edit({ events: FIRST_EVENTS });
      announce(words().startedOver);
    },
    choosePad(pad) {
      fresh.value = -1;
      store.edit({ pad });
      const { error, row, padded } = told.value.life;
      announce(error === null ? words().chosen(row, padded) : words().failed(error.message));
    },
    write(column, value) {
      store.edit({ row: [written.value.map((old, c) => (c === column ? value : old))] });
      announce(words().willWrite(written.value.map(literal)));
    },
    settled() {
      const { mode, pads, zeros } = store.state.value;
      announce(words().mean.status({ mode, pads, zeros, equal: both.value.equal, all: both.value.all.texts, without: both.value.without.texts }));
    },
  };

  const figure = { store, told, fresh, both, actions, full, weightGrid, gradGrid, settled: actions.settled };
  return {
    template() {
      language.value; // the verdicts are sentences
      const { error, padded } = told.value.life;
      return html`
        <div class="padding">
          ${error === null ? html`<div class="picture past">${timelineTemplate(figure)}</div><p class="caption">${padded ? words().caption : words().captionNone}</p>` :
        html`<div class="past">${errorNote('padding-idx-error', words().errorLead, error)}<p class="hint">${words().errorHint}</p></div>`}
          ${controlsTemplate(figure)}
          ${error === null ? tablesTemplate(figure) : nothing}
        </div>`;
    },
    code: () => programs(told.value),
    further: () => meanTemplate(figure),
    values() {
      const { table, gradient } = told.value.life;
      return [
        ...(table === null ? [] : [{ name: 'weight', tensor: tensor(table.rows) }]),
        ...(gradient === null ? [] : [{ name: 'grad', tensor: tensor(gradient.rows) }]),
      ];
    },
    lab: () => ({ ...told.value.life, mean: both.value }),
  };
}

function controlsTemplate({ store, told, actions, full }) {
  const own = words().controls;
  const { pad, written, life } = told.value;
  const off = full() || life.error !== null ? 'true' : nothing;
  const button = (event) => html`<button type="button" data-do=${event} aria-disabled=${off} @click=${() => actions.happen(event)}>${own.events[event](written.map(literal))}</button>`;
  const rows = Array.from({ length: PADDING_RANGE[1] - PADDING_RANGE[0] + 1 }, (_, n) => n + PADDING_RANGE[0]);
  const option = (row) => html`<option value=${row} .selected=${live(pad === row)}>${own.padRow(row, NUM_EMBEDDINGS)}</option>`;
  return html`
    <section class="card happen" aria-labelledby="padding-idx-controls">
      <div class="happen-head">
        <h3 id="padding-idx-controls">${own.heading}</h3>
        <button id="padding-idx-back" type="button" aria-disabled=${told.value.events.length === 1 ? 'true' : nothing} @click=${actions.takeBack}>${own.takeBack}</button>
        <button id="padding-idx-over" type="button" @click=${actions.startOver}>${own.startOver}</button>
      </div>
      <div class="events">
        <div class="control" data-control="pad">
          <label for="padding-idx-pad"><code>padding_idx</code></label>
          <select id="padding-idx-pad" @change=${(event) => actions.choosePad(event.target.value === 'none' ? null : Number(event.target.value))}>
            <option value="none" .selected=${live(pad === null)}>None</option>
            <optgroup label=${own.fromFront}>${rows.filter((row) => row >= 0).map(option)}</optgroup>
            <optgroup label=${own.fromBack}>${rows.filter((row) => row < 0).reverse().map(option)}</optgroup>
          </select>
        </div>
        ${GROUPS.map(([name, events]) => html`
          <div class="control" role="group" aria-labelledby="padding-idx-${name}" data-control="events">
            <span id="padding-idx-${name}">${own.groups[name]}</span>
            <div class="segments">${events.map(button)}</div>
          </div>`)}
      </div>
      ${full() ? html`<p class="hint">${words().full(MOST_EVENTS)}</p>` : nothing}
      <details>
        <summary>${own.more}</summary>
        <div class="events">
          <div class="control" data-control="events"><div class="segments">${MORE.map(button)}</div></div>
          <div class="control" role="group" aria-labelledby="padding-idx-written" data-control="row">
            <span id="padding-idx-written">${own.written}</span>
            <div class="written">${written.map((value, column) => html`
              <input type="number" step="any" min=${-WRITTEN_LIMIT} max=${WRITTEN_LIMIT} .value=${live(literal(value))} aria-label=${own.writtenAt(column)}
                @change=${onNumber(store, -WRITTEN_LIMIT, WRITTEN_LIMIT, (next) => actions.write(column, next))} />`)}</div>
          </div>
        </div>
      </details>
    </section>`;
}

/** The whole table as it stands, and the gradient of the last training step. */
function tablesTemplate({ told, weightGrid, gradGrid }) {
  const own = words().tables;
  const { row, padded, table, gradient, output, steps, batch } = told.value.life;
  const rowsOf = ({ rows, texts }, used, tag) => rows.map((values, r) => ({
    name: String(r), values, texts: texts[r], count: used.includes(r) ? 1 : 0, tag: padded && r === row ? tag : undefined,
  }));
  /** A row that no index named is hatched, as long as the package says that it holds zeros: it has no gradient for another reason. */
  const hatched = (shown) => ({ ...shown, hatched: shown.count === 0 && shown.values.every((value) => value === 0), none: own.notLookedUp });
  return html`
    <div class="tables">
      <div class="card">
        ${weightGrid.template({ caption: html`<code>embedding.weight</code>${own.now}`, columns: COLUMNS, rows: rowsOf(table, steps.at(-1).indices, words().pad), reach: VALUE_REACH })}
        <p class="returns"><code>embedding([${row}])</code> ${own.returns} ${strip(output.values, output.texts, VALUE_REACH)}</p>
      </div>
      <div class="card">
        ${gradient === null ? html`<p class="none">${own.noGradient}</p>` :
    gradGrid.template({ caption: html`<code>embedding.weight.grad</code>${own.last}`, columns: COLUMNS, rows: rowsOf(gradient, batch, lockTag()).map(hatched), reach: GRADIENT_REACH })}
      </div>
    </div>`;
}
