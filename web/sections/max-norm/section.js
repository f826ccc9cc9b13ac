/**
 * The figure for max_norm: a choice becomes a state, `runCall` turns the state into values, the templates draw them.
 *
 * Options redo the last call from the table it began with, so that a slider shows every landing place. Editing a row
 * or an index starts from the table as it stands, and waits for the next lookup.
 */
import { tensor } from 'nn-embedding';
import { computed, signal } from '@preact/signals-core';
import { html } from 'lit-html';
import { initialState } from '../../frame/store.js';
import { ballOutline, runCall } from '../layer.js';
import { onGrid, planeScale } from '../../components/plane.js';
import { programs } from './code.js';
import { NORM_CHOICES, callTemplate, optionsTemplate } from './controls.js';
import { legendTemplate, planeTemplate } from './plane.js';
import { tableTemplate } from './table.js';
import { FIELDS } from './state.js';
import { viewOf } from './view.js';
import { words } from './words.js';
import { language } from '../../strings/index.js';

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const LARGE_STEP = 10;
const FIRST_PLANE_SIZE = 560;

/** @type {import('../../frame/section.js').Section} */
export const maxNorm = { id: 'max-norm', fields: FIELDS, create };

/** @param {import('../../frame/section.js').Context} context */
function create({ store, announce }) {
  const choice = computed(() => {
    const { rows, indices, pad, limit, p } = store.state.value;
    return { rows, indices, paddingIdx: pad, maxNorm: limit, normType: p };
  });
  const view = computed(() => {
    language.value; // the view holds sentences
    return viewOf(runCall(choice.value), choice.value, store.state.value.called);
  });
  const maxNorm = computed(() => choice.value.maxNorm);
  const normType = computed(() => choice.value.normType);
  const ball = computed(() => (maxNorm.value === null ? null : ballOutline(maxNorm.value, normType.value)));
  const gallery = NORM_CHOICES.map((normType) => ({ normType, outline: ballOutline(1, normType) }));
  const planeSize = signal(FIRST_PLANE_SIZE);
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
      edit(initialState(FIELDS), { glides: true });
      announce(`${words().status.reset} ${view.value.status}`);
    },
    /** Switched on again, max_norm is what it was. */
    switchLimit(on) {
      if (!on) lastLimit = store.state.value.limit;
      actions.settle({ limit: on ? lastLimit : null });
    },
    lastLimit: () => lastLimit,
  };

  let dragged = null;

  const points = {
    moveByKey(event, row) {
      const arrow = ARROWS[event.key];
      if (arrow === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      const steps = event.shiftKey ? LARGE_STEP : 1;
      actions.placeRow(row, table().rows[row].map((value, axis) => (arrow[axis] === 0 ? value : onGrid(value, arrow[axis] * steps))));
    },
    dragStart(event, row) {
      if (event.button !== 0) return;
      dragged = row;
      event.currentTarget.setPointerCapture(event.pointerId);
      event.currentTarget.focus();
      event.preventDefault();
    },
    dragMove(event, row) {
      if (dragged !== row) return;
      const plane = event.currentTarget.ownerSVGElement.getBoundingClientRect();
      const values = planeScale(plane.width).valueAt(event.clientX - plane.left, event.clientY - plane.top);
      if (values.some((value, axis) => value !== table().rows[row][axis])) replaceRow(row, values, { gesture: `drag ${row}` });
    },
    dragEnd(row) {
      if (dragged !== row) return;
      dragged = null;
      store.endGesture();
      sayRow(row);
    },
  };

  /** Keeps the drawing's unit at one pixel. */
  const sizes = new ResizeObserver(([entry]) => {
    const width = Math.round(entry.contentRect.width);
    if (width > 0) planeSize.value = width;
  });
  const watchSize = (plane) => {
    sizes.disconnect();
    if (plane) sizes.observe(plane);
  };

  const figure = { store, choice, view, ball, gallery, planeSize, watchSize, glide, actions, points };
  return {
    template: () => html`
      <div class="figure">
        <div class="picture">
          ${planeTemplate(figure)}
          <p class="status" id="status">${view.value.status}</p>
        </div>
        <div class="controls">${callTemplate(figure)}${optionsTemplate(figure)}${legendTemplate()}</div>
      </div>
      ${tableTemplate(figure)}`,
    code: () => programs({ ...choice.value, ...view.value }),
    values: () => [{ name: 'weight', tensor: tensor(table().rows) }],
    lab: () => ({ rows: table().rows.map((row) => [...row]), rescaled: [...view.value.call.rescaled], error: view.value.error }),
  };
}
