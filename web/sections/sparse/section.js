/** The figure for sparse gradients: the dense gradient beside the cards that hold the same numbers, their sizes, and who takes which. */
import { tensor } from 'nn-embedding';
import { computed } from '@preact/signals-core';
import { html, nothing } from 'lit-html';
import { errorNote, indexChips, slider } from '../../components/controls.js';
import { createGrid, strip } from '../../components/grid.js';
import { createLinks } from '../../components/links.js';
import { initialState } from '../../frame/store.js';
import { language, strings } from '../../strings/index.js';
import { programs, pythonOptions } from './code.js';
import { glideCards } from './motion.js';
import { runGradients, runOptimizer } from './run.js';
import { EMBEDDING_DIM, FIELDS, NUM_EMBEDDINGS, OPTIMIZERS, STOPS, bytesOf, cellOf, isSparseCell, optimizerOf } from './state.js';
import { words } from './words.js';

const TINT_REACH = 3;
const COLUMNS = Array.from({ length: EMBEDDING_DIM }, (_, column) => String(column));
const ROWS = Array.from({ length: NUM_EMBEDDINGS }, (_, row) => row);

/** @type {import('../../frame/section.js').Section} */
export const sparse = { id: 'sparse', fields: FIELDS, create };

/** @param {import('../../frame/section.js').Context} context */
function create({ store, announce }) {
  // One signal for each choice: the sizes and the form that is shown leave the gradients alone.
  const [indices, pad, optimizer] = ['indices', 'pad', 'optimizer'].map((name) => computed(() => store.state.value[name]));
  const call = computed(() => ({ indices: indices.value, pad: pad.value }));
  const gradients = computed(() => runGradients(call.value));
  const outcome = computed(() => (optimizer.value === 'none' ? null : runOptimizer(call.value, optimizer.value)));
  /** What each optimiser says to each kind of gradient does not depend on the call. */
  const verdicts = computed(() => Object.fromEntries(Object.keys(OPTIMIZERS).flatMap((key) => [false, true].map((isSparse) => {
    const cell = cellOf(key, isSparse);
    return [cell, runOptimizer({ indices: FIELDS.indices.initial, pad: null }, cell).error];
  }))));
  const grid = createGrid('sparse-dense', announce);
  const links = createLinks('sparse-links');

  const cards = () => gradients.value[store.state.value.coalesced ? 'coalesced' : 'arrived'];

  function status() {
    const { error, arrived, coalesced } = gradients.value;
    const { indices, pad } = call.value;
    if (error !== null) return words().failed;
    return words().status({
      stored: arrived.indices.length, distinct: coalesced.indices.length, isCoalesced: store.state.value.coalesced,
      dropped: indices.length - arrived.indices.length, pad, zeros: NUM_EMBEDDINGS - coalesced.indices.length,
      repeated: coalesced.indices.filter((row) => arrived.indices.filter((index) => index === row).length > 1),
    });
  }

  function edit(patch) {
    store.edit(patch);
    announce(gradients.value.error === null ? status() : `${status()} ${gradients.value.error.message}`);
  }

  function coalesce() {
    glideCards('#sparse-cards');
    edit({ coalesced: !store.state.value.coalesced });
  }

  const pressCell = (cell) => {
    store.edit({ optimizer: store.state.value.optimizer === cell ? 'none' : cell });
    if (outcome.value !== null) announce(verdictText());
  };

  function verdictText() {
    const { error, moved, called } = outcome.value;
    if (error !== null) return called ? `${words().matrix.refused} ${error.message}` : words().failed;
    return words().matrix.moved(moved, NUM_EMBEDDINGS, gradients.value.coalesced.indices);
  }

  const denseTemplate = () => {
    const { error, dense, arrived } = gradients.value;
    const counts = ROWS.map((row) => (error === null ? arrived.indices.filter((index) => index === row).length : 0));
    return grid.template({
      caption: words().picture.dense,
      columns: COLUMNS,
      reach: TINT_REACH,
      rows: ROWS.map((row) => ({
        name: String(row),
        values: dense?.rows[row] ?? [],
        texts: dense?.texts[row] ?? [],
        count: counts[row],
        tag: row === call.value.pad ? words().picture.pad : undefined,
        hatched: error !== null || (counts[row] === 0 && dense.rows[row].every((value) => value === 0)),
        none: error === null ? words().picture.zeros : strings.grid.none,
      })),
    });
  };

  function cardTemplate({ indices, values, texts }, n) {
    const { arrived } = gradients.value;
    const { coalesced } = store.state.value;
    const row = indices[n];
    const count = arrived.indices.filter((index) => index === row).length;
    const isAgain = !coalesced && indices.indexOf(row) < n;
    return html`
      <li class="sparse-card ${isAgain ? 'again' : ''}" data-row=${row}>
        <span class="index"><span class="index-name">${words().picture.index}</span> ${row}${coalesced && count > 1 ? html` <span class="times">${words().picture.merged(count)}</span>` : isAgain ? html` <span class="times">${words().picture.again}</span>` : nothing}</span>
        ${strip(values[n], texts[n], TINT_REACH, words().picture.card(row))}
      </li>`;
  }

  function cardsTemplate() {
    const { error, equal, coalesced, arrived } = gradients.value;
    if (error !== null) return html`<p class="hint">${words().failed}</p>`;
    const shown = cards();
    return html`
      <div class="stack-head">
        <h3>${words().picture.sparse(shown.indices.length)}</h3>
        <button id="sparse-coalesce" class="primary" type="button" data-control="coalesced" aria-pressed=${store.state.value.coalesced ? 'true' : 'false'} @click=${coalesce}>${store.state.value.coalesced ? words().controls.uncoalesce : words().controls.coalesce}</button>
      </div>
      ${shown.indices.length === 0 ? html`<p class="hint">${words().picture.noCards}</p>` : nothing}
      <ol id="sparse-cards" class="cards">${shown.indices.map((_, n) => cardTemplate(shown, n))}</ol>
      <p class="hint"><code>torch.equal(sparse.to_dense(), dense)</code> → <code id="sparse-equal">${equal ? 'True' : 'False'}</code></p>`;
  }

  const arrows = () => (gradients.value.error !== null ? [] : cards().indices.map((row, n) => ({ from: `#sparse-cards li:nth-child(${n + 1})`, to: `#sparse-dense tr[data-row="${row}"] td:last-child` })));

  /** A length for each form, on one scale, and the bytes as they are. */
  function bars(sizes, id) {
    const most = Math.max(sizes.dense, sizes.sparse, sizes.coalesced, 1);
    const number = new Intl.NumberFormat(language.value);
    return html`
      <dl class="bars" id=${id}>
        ${['dense', 'sparse', 'coalesced'].map((form) => html`
          <dt>${words().bytes[form]}</dt>
          <dd data-form=${form}><span class="bar" style="--part: ${sizes[form] / most}" aria-hidden="true"></span><span class="bytes">${words().bytes.count(number.format(sizes[form]), inUnits(sizes[form]))}</span></dd>`)}
      </dl>`;
  }

  function realSizes() {
    const { rows, dim, batch, repeats } = store.state.value;
    return bytesOf({ rows, dim, stored: batch, distinct: Math.min(rows, Math.ceil(batch / repeats)) });
  }

  const summary = ({ dense, sparse: stored }) => words().bytes.summary(inUnits(dense), inUnits(stored), dense >= stored);

  function bytesTemplate() {
    const { rows, dim, batch } = store.state.value;
    const { error, arrived, coalesced } = gradients.value;
    const sizes = realSizes();
    const number = new Intl.NumberFormat(language.value);
    const control = (name, min, max) => slider({
      store, id: `sparse-${name}`, name, label: words().bytes.sliders[name], min, max, scale: STOPS[name],
      say: (value) => number.format(value), settled: () => announce(summary(realSizes())),
    });
    return html`
      <section class="card sizes" aria-labelledby="sparse-sizes">
        <h3 id="sparse-sizes">${words().bytes.heading}</h3>
        <div class="two">
          <div>
            <h4>${words().bytes.here(NUM_EMBEDDINGS, EMBEDDING_DIM)}</h4>
            ${error === null ? bars(bytesOf({ rows: NUM_EMBEDDINGS, dim: EMBEDDING_DIM, stored: arrived.indices.length, distinct: coalesced.indices.length }), 'sparse-bytes-here') : nothing}
            <p class="hint">${words().bytes.formula}</p>
          </div>
          <div>
            <h4>${words().bytes.real(number.format(rows), number.format(dim), number.format(batch))}</h4>
            ${bars(sizes, 'sparse-bytes-real')}
            <p class="bytes-summary">${summary(sizes)}</p>
            ${control('rows', 1, 10_000_000)}
            ${control('batch', 1, 1_000_000)}
            <details><summary>${words().bytes.more}</summary>
              ${control('dim', 1, 16384)}
              ${slider({ store, id: 'sparse-repeats', name: 'repeats', label: words().bytes.sliders.repeats, min: 1, max: 100, say: String })}
            </details>
          </div>
        </div>
      </section>`;
  }

  function matrixTemplate() {
    const { optimizer } = store.state.value;
    const own = words().matrix;
    const cell = (key, isSparse) => {
      const name = cellOf(key, isSparse);
      const error = verdicts.value[name];
      return html`<td><button type="button" id="sparse-try-${name}" class="verdict-cell ${error === null ? 'takes' : 'refuses'}" aria-pressed=${optimizer === name ? 'true' : 'false'}
        @click=${() => pressCell(name)}><span aria-hidden="true">${error === null ? '✔' : '✘'}</span> ${error === null ? own.takes : own.refuses}<span class="sr">: ${label(key)}, ${isSparse ? own.sparse : own.dense}</span></button></td>`;
    };
    return html`
      <section class="card matrix" aria-labelledby="sparse-matrix" data-control="optimizer">
        <h3 id="sparse-matrix">${own.heading}</h3>
        <div class="two">
        <div class="scroll" tabindex="0" role="region" aria-label="torch.optim">
          <table aria-labelledby="sparse-matrix">
            <thead><tr><th scope="col">torch.optim</th><th scope="col">${own.dense} <code>sparse=False</code></th><th scope="col">${own.sparse} <code>sparse=True</code></th></tr></thead>
            <tbody>${Object.keys(OPTIMIZERS).map((key) => html`<tr><th scope="row"><code>${label(key)}</code></th>${cell(key, false)}${cell(key, true)}</tr>`)}</tbody>
          </table>
        </div>
        <div id="sparse-outcome">${outcomeTemplate(optimizer)}</div>
        </div>
      </section>`;
  }

  function outcomeTemplate(optimizer) {
    const own = words().matrix;
    if (outcome.value === null) return html`<p class="hint">${own.press}</p>`;
    const { error, called } = outcome.value;
    const { name, options } = optimizerOf(optimizer);
    const said = html`<code>optim.${name}(…, ${pythonOptions(options)})</code>, ${isSparseCell(optimizer) ? own.sparse : own.dense}`;
    if (error !== null && called) return errorNote('sparse-refusal', html`${own.refused} ${said}`, error);
    return html`<p class="ran">${said}: ${verdictText()}</p>`;
  }

  function template() {
    const { indices, pad } = call.value;
    const { error } = gradients.value;
    const position = error?.message.match(/position \[(\d+)\]/);
    return html`
      <div class="picture backward two-forms card">
        <div class="scroll" tabindex="0" role="region" aria-label=${words().picture.dense}>${denseTemplate()}</div>
        <div class="stack">${cardsTemplate()}</div>
        ${links.template(arrows())}
        <p id="sparse-status" class="caption">${status()}</p>
      </div>
      <div class="panel card">
        <div>
          ${indexChips({ id: 'sparse-index', before: 'embedding([', after: '])', indices, badPosition: position ? Number(position[1]) : null, describedBy: 'sparse-error', suggestion: indices.at(-1) ?? 0, store, onChange: (next) => edit({ indices: next }) })}
          ${errorNote('sparse-error', strings.call.errorLead, error)}
        </div>
        <details><summary>${words().controls.more}</summary>
        <div class="buttons"><label class="pad-choice" data-control="pad"><code>padding_idx</code>
          <select id="sparse-pad" @change=${(event) => edit({ pad: event.target.value === '' ? null : Number(event.target.value) })}>
            <option value="" .selected=${pad === null}>None</option>
            ${ROWS.map((row) => html`<option value=${row} .selected=${pad === row}>${row}</option>`)}
          </select></label>
        <button id="sparse-reset" type="button" @click=${() => edit(initialState(FIELDS))}>${words().controls.reset}</button></div>
        </details>
      </div>
      ${bytesTemplate()}
      ${matrixTemplate()}`;
  }

  return {
    template,
    code: () => programs({ ...store.state.value, gradients: gradients.value, outcome: outcome.value }),
    values: () => (gradients.value.error !== null || cards().indices.length === 0 ? [] : [
      { name: 'gradient.indices', tensor: tensor(Int32Array.from(cards().indices)) },
      { name: 'gradient.values', tensor: tensor(cards().values) },
    ]),
    lab: () => ({ error: gradients.value.error, dense: gradients.value.dense?.rows, cards: gradients.value.error === null ? { indices: cards().indices, values: cards().values } : null, equal: gradients.value.equal, verdicts: verdicts.value, outcome: outcome.value }),
  };
}

const label = (key) => {
  const { name, options: { lr, ...others } } = OPTIMIZERS[key];
  return Object.keys(others).length === 0 ? name : `${name}, ${pythonOptions(others)}`;
};

const UNITS = [[1e9, 'gigabyte'], [1e6, 'megabyte'], [1e3, 'kilobyte'], [1, 'byte']];

/** 154,389,504 is '154 MB'. */
function inUnits(bytes) {
  const [size, unit] = UNITS.find(([size]) => bytes >= size) ?? UNITS.at(-1);
  return new Intl.NumberFormat(language.value, { style: 'unit', unit, unitDisplay: unit === 'byte' ? 'long' : 'short', maximumSignificantDigits: 3 }).format(bytes / size);
}
