/** The figure for the gradient: rows that arrive at the output go back to the rows of the table that they were copied from. */
import { tensor } from 'nn-embedding';
import { computed } from '@preact/signals-core';
import { html, nothing } from 'lit-html';
import { checkbox, errorNote, indexChips, segments } from '../../components/controls.js';
import { createGrid, strip } from '../../components/grid.js';
import { createLinks } from '../../components/links.js';
import { initialState } from '../../frame/store.js';
import { strings } from '../../strings/index.js';
import { programs } from './code.js';
import { runBackward } from './run.js';
import { EMBEDDING_DIM, FIELDS, LIMITS, NUM_EMBEDDINGS, PRESETS, STEPS_PER_UNIT, presetOf, upstreamOf } from './state.js';
import { words } from './words.js';

/** Where the tint of both tables is full: the sum of three ones. */
const TINT_REACH = 3;
const COLUMNS = Array.from({ length: EMBEDDING_DIM }, (_, column) => String(column));
const ROWS = Array.from({ length: NUM_EMBEDDINGS }, (_, row) => row);

/** @type {import('../../frame/section.js').Section} */
export const gradient = { id: 'gradient', fields: FIELDS, create };

/** @param {import('../../frame/section.js').Context} context */
function create({ store, announce }) {
  const choice = computed(() => ({ ...store.state.value, upstream: upstreamOf(store.state.value) }));
  const backward = computed(() => runBackward(choice.value));
  /** The rows of the output that each row of the table was copied to. */
  const senders = computed(() => ROWS.map((row) => (backward.value.error !== null ? [] : choice.value.indices.flatMap((index, position) => (index === row ? [position] : [])))));
  /** The same with the option switched, to compare. */
  const both = computed(() => [false, true].map((frequency) => (frequency === choice.value.frequency ? backward.value : runBackward({ ...choice.value, frequency }))));
  const tableGrid = createGrid('gradient-table', announce);
  const arrivesGrid = createGrid('gradient-arrives', announce);
  const links = createLinks('gradient-links');

  const status = () => {
    if (backward.value.error !== null) return words().failed;
    return words().status({
      repeated: ROWS.filter((row) => senders.value[row].length > 1).map((row) => ({ row, count: senders.value[row].length })),
      unused: ROWS.filter((row) => senders.value[row].length === 0),
      total: choice.value.indices.length,
      scaled: choice.value.frequency,
    });
  };

  function edit(patch, gesture) {
    store.edit(patch, gesture);
    if (!gesture) announce(backward.value.error === null ? status() : `${status()} ${backward.value.error.message}`);
  }

  const editUpstream = (position, column, value, gesture) =>
    edit({ upstream: choice.value.upstream.map((row, p) => (p === position ? row.map((old, c) => (c === column ? value : old)) : row)) }, gesture);

  const setIndices = (indices, removed) => edit({ indices, upstream: choice.value.upstream.filter((_, position) => position !== removed) });

  function settle() {
    store.endGesture();
    announce(status());
  }

  /** A row that no index names is hatched, as long as the package says that it holds zeros. */
  const isEmpty = (row) => senders.value[row].length === 0 && (backward.value.rows[row] ?? []).every((value) => value === 0);

  const tableTemplate = () => tableGrid.template({
    caption: html`<code>embedding.weight.grad</code>`,
    columns: COLUMNS,
    moreColumns: [words().picture.from],
    reach: TINT_REACH,
    rows: ROWS.map((row) => ({
      name: String(row),
      values: backward.value.rows[row] ?? [],
      texts: backward.value.texts[row] ?? [],
      count: senders.value[row].length,
      hatched: backward.value.error !== null || isEmpty(row),
      more: [words().picture.sum(senders.value[row], choice.value.frequency)],
    })),
  });

  const arrivesTemplate = () => (choice.value.indices.length === 0 ? html`<p class="hint">${words().picture.nothing}</p>` : arrivesGrid.template({
    caption: html`<code>output.grad</code> ${words().picture.arrives}`,
    columns: COLUMNS,
    reach: TINT_REACH,
    rowHeading: words().picture.position,
    rows: choice.value.indices.map((index, position) => ({
      name: words().picture.output(position, index),
      values: choice.value.upstream[position],
      texts: backward.value.arrives[position],
    })),
    onEdit: editUpstream,
    onSettle: settle,
    limits: LIMITS,
    stepsPerUnit: STEPS_PER_UNIT,
  }));

  const arrows = () => (backward.value.error !== null ? [] : choice.value.indices.map((index, position) => ({
    from: `#gradient-arrives tr[data-row="${position}"] th`,
    to: `#gradient-table tr[data-row="${index}"] td:last-child`,
  })));

  const compareTemplate = () => {
    const used = ROWS.filter((row) => senders.value[row].length > 0);
    const shown = (run, row) => html`<td>${strip(run.rows[row], run.texts[row], TINT_REACH)}</td><td class="number">${run.norms[row]}</td>`;
    const [plain, scaled] = both.value;
    const { compare } = words();
    return html`
      <div class="scroll" tabindex="0" role="region" aria-label=${compare.heading}>
        <table class="compare">
          <thead><tr><th scope="col">${strings.grid.row}</th><th scope="col">${compare.count}</th><th scope="col"><code>scale_grad_by_freq=False</code></th><th scope="col">${compare.norm}</th><th scope="col"><code>scale_grad_by_freq=True</code></th><th scope="col">${compare.norm}</th></tr></thead>
          <tbody>${used.map((row) => html`<tr><th scope="row">${row}</th><td class="number">${senders.value[row].length}</td>${shown(plain, row)}${shown(scaled, row)}</tr>`)}</tbody>
        </table>
      </div>`;
  };

  function template() {
    const { indices, upstream, frequency, sparse } = choice.value;
    const { error } = backward.value;
    const position = error?.message.match(/position \[(\d+)\]/);
    const unused = ROWS.find((row) => senders.value[row].length === 0);
    return html`
      <div class="picture backward card">
        <div class="scroll" tabindex="0" role="region" aria-label=${words().picture.table}>${tableTemplate()}</div>
        <div class="scroll" tabindex="0" role="region" aria-label=${words().picture.upstream}>${arrivesTemplate()}</div>
        ${links.template(arrows())}
        <p id="gradient-status" class="caption">${status()}</p>
        <p class="hint">${words().picture.hint}</p>
      </div>
      <div class="panel card">
        <div>
          ${indexChips({ id: 'gradient-index', before: 'embedding([', after: '])', indices, badPosition: position ? Number(position[1]) : null, describedBy: 'gradient-error', suggestion: unused ?? 0, store, onChange: setIndices })}
          ${errorNote('gradient-error', strings.call.errorLead, error)}
        </div>
        ${segments({
          id: 'gradient-upstream', name: 'upstream', label: words().controls.upstream, value: presetOf(upstream),
          choices: Object.keys(PRESETS).map((name) => [name, words().controls.presets[name]]),
          onChange: (name) => edit({ upstream: PRESETS[name](indices.length) }),
        })}
        ${checkbox({ id: 'gradient-frequency', name: 'frequency', label: html`<code>scale_grad_by_freq=True</code>`, checked: frequency, onChange: (checked) => edit({ frequency: checked }) })}
        <details>
          <summary>${words().controls.more}</summary>
          ${checkbox({ id: 'gradient-sparse', name: 'sparse', label: html`<code>sparse=True</code> ${words().controls.sparse}`, checked: sparse, onChange: (checked) => edit({ sparse: checked }) })}
          <div class="buttons">
            <button id="gradient-undo" type="button" aria-disabled=${store.past.value.length === 0 ? 'true' : nothing} @click=${() => { if (store.undo()) announce(status()); }}>${words().controls.undo}</button>
            <button id="gradient-reset" type="button" @click=${() => edit(initialState(FIELDS))}>${words().controls.reset}</button>
          </div>
          ${error === null && indices.length > 0 ? html`<h3>${words().compare.heading}</h3>${compareTemplate()}` : nothing}
        </details>
      </div>`;
  }

  return {
    template,
    code: () => programs({ ...choice.value, backward: backward.value }),
    values: () => (backward.value.error !== null ? [] : [
      { name: 'embedding.weight.grad', tensor: tensor(backward.value.rows) },
      ...(choice.value.upstream.length === 0 ? [] : [{ name: 'output.grad', tensor: tensor(choice.value.upstream) }]),
    ]),
    lab: () => ({ indices: [...choice.value.indices], upstream: choice.value.upstream.map((row) => [...row]), grad: backward.value.rows.map((row) => [...row]), counts: senders.value.map((list) => list.length), error: backward.value.error }),
  };
}
