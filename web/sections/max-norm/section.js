/**
 * The figure for max_norm: a choice becomes a state, `runCall` turns the state into values, the templates draw them.
 *
 * Options redo the last call from the table it began with, so that a slider shows every landing place. Editing a row
 * or an index starts from the table as it stands, and waits for the next lookup.
 */
import { computed, signal } from '@preact/signals-core';
import { tensor } from 'nn-embedding';
import { html } from 'lit-html';
import { guard } from 'lit-html/directives/guard.js';
import { initialState } from '../../frame/store.js';
import { ballOutline, runCall } from '../layer.js';
import { createMover } from '../../components/plane.js';
import { createWidth } from '../../components/width.js';
import { callPrograms } from './code.js';
import { NORM_CHOICES, badgePath, callTemplate, optionsTemplate } from './controls.js';
import { legendTemplate, planeTemplate } from './plane.js';
import { createGradient } from './gradient.js';
import { createInPlace } from './in-place.js';
import { createOdd } from './odd.js';
import { createRadial } from './radial.js';
import { createSteps } from './steps.js';
import { tableTemplate } from './table.js';
import { createWide } from './wide.js';
import { FIELDS, MAIN_FIELDS } from './state.js';
import { viewOf } from './view.js';
import { words } from './words.js';
import { language } from '../../strings/index.js';

const FIRST_PLANE_SIZE = 560;

/** @type {import('../../frame/section.js').Section} */
export const maxNorm = { id: 'max-norm', fields: FIELDS, create };

/** @param {import('../../frame/section.js').Context} context */
function create({ store, announce }) {
  // One signal for each choice: those of the smaller figures leave the call alone.
  const { rows, called, indices, pad, limit, p } = Object.fromEntries(Object.keys(MAIN_FIELDS).map((name) => [name, computed(() => store.state.value[name])]));
  const choice = computed(() => ({ rows: rows.value, indices: indices.value, paddingIdx: pad.value, maxNorm: limit.value, normType: p.value }));
  const call = computed(() => runCall(choice.value));
  const view = computed(() => {
    language.value; // the view holds sentences
    return viewOf(call.value, choice.value, called.value);
  });
  const maxNorm = computed(() => choice.value.maxNorm);
  const normType = computed(() => choice.value.normType);
  let wasOff = false;
  /** Then the options stay unfolded: one sees how to switch it on. */
  const hasBeenOff = computed(() => (wasOff ||= limit.value === null));
  const ball = computed(() => (maxNorm.value === null ? null : ballOutline(maxNorm.value, normType.value)));
  const gallery = NORM_CHOICES.map((normType) => ({ normType, path: badgePath(ballOutline(1, normType)) }));
  const plane = createWidth(FIRST_PLANE_SIZE);
  /** Rows glide after a button, and follow at once while a hand is on a control. */
  const glide = signal(false);

  const table = () => view.value.table;
  const sayStatus = () => announce(view.value.status);
  const sayRow = (row) => announce(words().status.moved(row, table().texts[row], table().norms[row]));

  function edit(patch, { gesture = null, glides = false } = {}) {
    glide.value = glides;
    store.edit(patch, gesture);
  }

  function editTable(patch, options) {
    edit({ rows: table().rows, called: false, ...patch }, options);
  }

  const replaceRow = (row, values, options) => editTable({ rows: table().rows.map((old, r) => (r === row ? values : old)) }, options);

  let lastLimit = store.state.value.limit ?? FIELDS.limit.initial;

  const actions = {
    edit,
    /** One finished change of an option. */
    settle(patch) {
      edit(patch);
      sayStatus();
    },
    /** The end of a drag on a slider. */
    release() {
      store.endGesture();
      sayStatus();
    },
    placeRow(row, values) {
      replaceRow(row, values);
      sayRow(row);
    },
    setIndices(indices) {
      editTable({ indices });
      const { error } = view.value;
      announce(error === null ? view.value.status : words().status.failed(error.message));
    },
    lookUp() {
      if (view.value.error !== null) {
        document.getElementById('call-error').focus();
        return;
      }
      edit({ rows: table().rows, called: true }, { glides: true });
      sayStatus();
    },
    undo() {
      glide.value = true;
      if (store.undo()) announce(`${words().status.undone} ${view.value.status}`);
    },
    reset() {
      edit(initialState(MAIN_FIELDS), { glides: true });
      announce(`${words().status.reset} ${view.value.status}`);
    },
    /** Switched on again, max_norm is what it was. */
    switchLimit(on) {
      if (!on) lastLimit = store.state.value.limit;
      actions.settle({ limit: on ? lastLimit : null });
    },
    lastLimit: () => lastLimit,
    /** A page that opens without max_norm shows where to switch it on. */
    hasBeenOff: () => hasBeenOff.value,
  };

  const points = createMover({
    valuesOf: (row) => table().rows[row],
    move: (row, values, gesture) => replaceRow(row, values, { gesture }),
    moved(row) {
      store.endGesture();
      sayRow(row);
    },
  });

  const figure = { store, choice, view, ball, gallery, plane, glide, actions, points };
  const parts = Object.entries({
    radial: createRadial({ store, announce }),
    steps: createSteps({ store, announce }),
    gradient: createGradient({ store, announce }),
    wide: createWide({ store, announce }),
    inPlace: createInPlace({ store, announce }),
    odd: createOdd(),
  }).map(([name, part]) => ({ name, part, drawn: computed(() => {
    store.refreshed.value;
    language.value;
    return partTemplate(name, part);
  }) }));
  return {
    template: () => html`
      <div class="figure">
        <div class="picture">
          ${planeTemplate(figure)}
          <p class="status" id="status">${view.value.status}</p>
          <p class="caption">${words().caption}</p>
        </div>
        <div class="controls">${callTemplate(figure)}${optionsTemplate(figure)}${legendTemplate()}</div>
      </div>
      ${tableTemplate(figure)}`,
    code: () => callPrograms({ ...choice.value, ...view.value }),
    /** A drag in the plane leaves these alone. */
    further: () => parts.map(({ drawn: { value } }) => guard([value], () => value)),
    values: () => [{ name: 'weight', tensor: tensor(table().rows) }],
    lab: () => ({ rows: table().rows.map((row) => [...row]), rescaled: [...view.value.call.rescaled], error: view.value.error, ...Object.fromEntries(parts.map(({ name, part }) => [name, part.lab()])) }),
  };
}

/** A smaller figure under a heading of its own. */
const partTemplate = (name, part) => (name === 'odd' ? part.template() : html`
  <section class="part" aria-labelledby="max-norm-${name}-heading">
    <h3 id="max-norm-${name}-heading">${words()[name].heading}</h3>
    <p class="text">${words()[name].text}</p>
    ${part.template()}
  </section>`);
