/** The figure for lookup: an index tensor goes in, rows come out, in its order and shape. */
import { computed, signal } from '@preact/signals-core';
import { html } from 'lit-html';
import { focusSoon, segments } from '../../components/controls.js';
import { createGrid } from '../../components/grid.js';
import { language } from '../../strings/index.js';
import { errorLines, programs } from './code.js';
import { createLinks } from './links.js';
import { pictureTemplate } from './picture.js';
import { lookUp, tensorsOf } from './run.js';
import { FIELDS, PRESETS, heightened, isFloat, lowered, narrowed, widened } from './state.js';
import { words } from './words.js';

const FIRST_FOCUS = [0];

/** @type {import('../../frame/section.js').Section} */
export const lookup = { id: 'lookup', fields: FIELDS, create };

/** @param {import('../../frame/section.js').Context} context */
function create({ store, announce }) {
  const answer = computed(() => lookUp(store.state.value.indices));
  /** What the pointer is over wins over what has the focus; at first it is the first index. */
  const pointed = signal(null);
  const focused = signal(null);

  const view = computed(() => {
    language.value; // the view holds sentences
    const { indices } = store.state.value;
    const [found, size] = [answer.value, answer.value.weight.rows.length];
    const isRow = (text) => !isFloat(indices) && Number(text) >= 0 && Number(text) < size;
    const rowOf = indices.texts.map((text) => (isRow(text) ? Number(text) : null));
    const bad = found.error === null ? [] : indices.texts.flatMap((text, n) => ((isFloat(indices) ? isFloat({ texts: [text] }) : rowOf[n] === null) ? [n] : []));
    return {
      indices, lookup: found, rowOf, bad,
      counts: found.weight.rows.map((_, row) => rowOf.filter((named) => named === row).length),
      focused: (pointed.value ?? focused.value ?? (bad.length > 0 ? bad : FIRST_FOCUS)).filter((n) => n < indices.texts.length),
      errorTexts: found.error === null ? [] : errorLines(found.error),
      status: found.error === null ? words().status({ rows: rowOf, bytes: found.bytes, embeddingDim: found.weight.shape[1] }) : words().failed,
    };
  });

  const links = createLinks(() => view.value.rowOf);
  const positionsOf = (row) => view.value.rowOf.flatMap((named, n) => (named === Number(row) ? [n] : []));
  const orNull = (positions) => (positions.length === 0 ? null : positions);

  /** Edits, says what came of it, and lets the rows that changed fly. */
  function setIndices(indices) {
    const before = view.value.indices.texts;
    const sameShape = String(indices.shape) === String(view.value.indices.shape);
    pointed.value = null;
    store.edit({ indices });
    const { error } = answer.value;
    announce(error === null ? view.value.status : words().failedWith(error.message));
    if (error === null) requestAnimationFrame(() => links.fly(indices.texts.flatMap((text, n) => (sameShape && text === before[n] ? [] : [n]))));
    return error;
  }

  /** What a new index holds: the row after that of its neighbour. */
  const next = (row) => {
    const last = Number(row.at(-1) ?? -1);
    return String(last >= 0 && Number.isInteger(last) ? (last + 1) % view.value.counts.length : 0);
  };

  const actions = {
    setIndex(n, text) {
      setIndices({ ...view.value.indices, texts: view.value.indices.texts.map((old, k) => (k === n ? text : old)) });
    },
    setPreset(preset) {
      if (setIndices(FIELDS.indices.read(preset)) !== null) focusSoon('#lookup-error');
    },
    reshape(change) {
      const changed = change(view.value.indices, next);
      if (changed !== null) setIndices(changed);
    },
  };

  function focus(positions) {
    pointed.value = null;
    focused.value = positions;
  }

  const figure = {
    store, view, actions, links: links.ref,
    grid: createGrid('lookup-weight', announce),
    point: (positions) => { pointed.value = positions; },
    pointRow: (row) => { pointed.value = row === undefined ? null : orNull(positionsOf(row)); },
    focus,
    focusRow: (row) => focus(row === undefined ? null : orNull(positionsOf(row))),
  };

  return {
    template: () => html`
      ${presetsTemplate(figure)}
      <div class="lookup-place">
        ${pictureTemplate(figure)}
        ${shapeTemplate(figure)}
        <p class="status">${view.value.status}</p>
      </div>
      <p class="hint">${words().caption}</p>`,
    code: () => programs(view.value.indices, view.value.lookup),
    values: () => tensorsOf(view.value.indices),
    lab: () => ({ weight: answer.value.weight.rows, output: answer.value.output && { shape: answer.value.output.shape, rows: answer.value.output.rows }, error: answer.value.error }),
  };
}

const presetsTemplate = ({ store, actions }) => segments({
  id: 'lookup-presets', name: 'presets', label: words().presets, value: FIELDS.indices.write(store.state.value.indices),
  choices: PRESETS.map((preset) => [preset, html`<code>${words().presetNames[preset]}</code>`]), onChange: actions.setPreset,
});

/** Buttons that add and take away rows and columns of the index tensor. */
function shapeTemplate({ view, actions }) {
  const { indices } = view.value;
  const isTwo = indices.shape.length === 2;
  const button = (id, label, change) => html`<button id="lookup-${id}" type="button" aria-disabled=${change(indices, () => '0') === null ? 'true' : 'false'} @click=${() => actions.reshape(change)}>${label}</button>`;
  return html`
    <div class="control shape-buttons" data-control="shape">
      <span id="lookup-shape">${words().shape}</span>
      <div class="segments" role="group" aria-labelledby="lookup-shape">
        ${button('wider', isTwo ? words().addColumn : words().addIndex, widened)}
        ${button('narrower', isTwo ? words().removeColumn : words().removeIndex, narrowed)}
        ${button('higher', words().addRow, heightened)}
        ${button('lower', words().removeRow, lowered)}
      </div>
    </div>`;
}
