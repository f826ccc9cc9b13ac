/** Rows of four numbers: no plane to draw them in, but each has a norm, and that is all that max_norm looks at. */
import { computed } from '@preact/signals-core';
import { html, nothing } from 'lit-html';
import { errorNote, indexChips, segments, slider } from '../../components/controls.js';
import { createGrid } from '../../components/grid.js';
import { codeDetails } from '../../frame/code-panel.js';
import { strings } from '../../strings/index.js';
import { runCall } from '../layer.js';
import { callPrograms } from './code.js';
import { MAX_NORM_LIMIT, NORM_TYPES, normLabel } from './state.js';
import { words } from './words.js';

const ROWS = [[1.5, -2, 0.5, 1], [0.5, 0.5, -1, 0.5], [-2.5, 1, 2, -0.5], [1, 1, 1, 1.5], [0.2, -0.4, 0.1, 0.3]];
const REACH = 3;
const TENTHS = { to: (value) => Math.round(value * 10), from: (place) => Math.max(place, 1) / 10, places: 10 * MAX_NORM_LIMIT };

/** @param {{ store: any, announce: (text: string) => void }} context */
export function createWide({ store, announce }) {
  const indices = computed(() => store.state.value.wideindices);
  const maxNorm = computed(() => store.state.value.widelimit);
  const normType = computed(() => store.state.value.widep);
  const choice = computed(() => ({ rows: ROWS, indices: indices.value, paddingIdx: null, maxNorm: maxNorm.value, normType: normType.value }));
  const call = computed(() => runCall(choice.value));
  /** The slider sees no other field, so that it is drawn only when its own changes. */
  const limitStore = { ...store, state: computed(() => ({ widelimit: maxNorm.value })) };
  const cells = createGrid('max-norm-wide', announce);
  const say = () => announce(summary());
  const summary = () => {
    const { error, rescaled, after } = call.value;
    return error === null ? words().wide.summary(rescaled, after.outside.filter((row) => !indices.value.includes(row))) : words().status.failed(error.message);
  };

  /** Lengths of all bars share one scale; the longest of the table fills it. */
  function barTemplate(row, reach) {
    const { before, after, rescaled } = call.value;
    const part = (value) => `${Math.min(100, (100 * value) / reach)}%`;
    const used = indices.value.includes(row);
    const beyond = after.outside.includes(row);
    return html`
      <li class="${used ? 'used' : ''} ${beyond ? 'outside' : ''}" data-row=${row}>
        <span class="bar-row"><span class="arrow" aria-hidden="true">${used ? '▸' : ''}</span>${words().plane.row(row)}</span>
        <span class="bar" style="--limit: ${part(maxNorm.value)}">
          ${rescaled.includes(row) ? html`<span class="bar-before" style="width: ${part(before.norms[row])}"></span>` : nothing}
          <span class="bar-after" style="width: ${part(after.norms[row])}"></span>
          <span class="bar-limit"></span>
        </span>
        <span class="norm">${rescaled.includes(row) ? html`<span class="was">${before.norms[row]}</span><span aria-label=${words().table.arrow} role="img"> → </span>` : nothing}${after.norms[row]}</span>
        <span class="fate">${fate(row)}</span>
      </li>`;
  }

  function fate(row) {
    const { after, rescaled, error } = call.value;
    const { table } = words();
    if (!indices.value.includes(row)) return after.outside.includes(row) ? table.stays : table.idle;
    if (error !== null) return table.failed;
    return rescaled.includes(row) ? table.rescaled : table.copied;
  }

  function template() {
    const own = words().wide;
    const { before, after, error } = call.value;
    const reach = Math.max(...before.norms.map(Number), maxNorm.value);
    const position = error?.message.match(/position \[(\d+)\]/);
    return html`
      <div class="card">
        <div class="table-and-bars">
          <div class="scroll" tabindex="0" role="region" aria-label=${own.label}>
            ${cells.template({
              caption: html`<code>embedding.weight</code>`,
              columns: ['0', '1', '2', '3'],
              reach: REACH,
              rows: after.rows.map((values, row) => ({ name: String(row), values, texts: after.texts[row], count: indices.value.filter((index) => index === row).length })),
            })}
          </div>
          <div>
            <p class="bars-name">${own.bars(normLabel(normType.value))}</p>
            <ol class="bars">${before.norms.map((_, row) => barTemplate(row, reach))}</ol>
          </div>
        </div>
        <div class="row-of-controls">
          ${indexChips({
            id: 'max-norm-wide-index', before: 'embedding([', after: '])', indices: indices.value, badPosition: position ? Number(position[1]) : null, describedBy: 'max-norm-wide-error',
            suggestion: after.outside[0] ?? 0, store, onChange: (next) => { store.edit({ wideindices: next }); say(); },
          })}
          ${slider({ store: limitStore, id: 'max-norm-widelimit', name: 'widelimit', label: html`<code>max_norm</code>`, min: 0.1, max: MAX_NORM_LIMIT, step: 'any', scale: TENTHS, say: words().options.maxNormValue, settled: say })}
          ${segments({
            id: 'max-norm-widep', name: 'widep', label: html`<code>norm_type</code>`, value: normType.value, choices: NORM_TYPES.map((p) => [p, normLabel(p)]),
            onChange: (p) => { store.edit({ widep: p }); say(); },
          })}
        </div>
        ${errorNote('max-norm-wide-error', strings.call.errorLead, error)}
        <p class="status" id="max-norm-wide-status" ?hidden=${error !== null}>${summary()}</p>
      </div>
      <p class="caption">${own.caption}</p>
      ${codeDetails('max-norm-wide', callPrograms({ ...choice.value, call: call.value, error, called: error === null, table: after }))}`;
  }

  return { template, lab: () => ({ rows: after().rows, norms: after().norms, rescaled: call.value.rescaled }) };

  function after() {
    return call.value.after;
  }
}
