/**
 * The figure for max_norm: a choice becomes a state, `runCall` turns the state into values, the templates draw them.
 *
 * Options redo the last call from the table it began with, so that a slider shows every landing place. Editing a row
 * or an index starts from the table as it stands, and waits for the next lookup.
 */
import { computed, signal } from '@preact/signals-core';
import { html } from 'lit-html';
import { codePanel } from '../../code.js';
import { ballOutline, runCall } from '../../layer.js';
import { onGrid, planeScale } from '../../marks.js';
import { DEFAULT_STATE, readNumber } from '../../state.js';
import { strings } from '../../strings.js';
import { NORM_CHOICES, callTemplate, optionsTemplate } from './controls.js';
import { legendTemplate, planeTemplate } from './plane.js';
import { tableTemplate } from './table.js';
import { viewOf } from './view.js';

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const LARGE_STEP = 10;
const FIRST_PLANE_SIZE = 560;

/**
 * @param {ReturnType<typeof import('../../state.js').createStore>} store
 * @param {(text: string) => void} announce says a sentence to screen readers
 */
export function createMaxNormFigure(store, announce) {
  const choice = computed(() => {
    const { rows, indices, paddingIdx, maxNormOn, maxNorm, normType } = store.state.value;
    return { rows, indices, paddingIdx, maxNorm: maxNormOn ? maxNorm : null, normType };
  });
  const view = computed(() => viewOf(runCall(choice.value), choice.value, store.state.value.called));
  const maxNorm = computed(() => choice.value.maxNorm);
  const normType = computed(() => choice.value.normType);
  const ball = computed(() => (maxNorm.value === null ? null : ballOutline(maxNorm.value, normType.value)));
  const gallery = NORM_CHOICES.map((normType) => ({ normType, outline: ballOutline(1, normType) }));
  const planeSize = signal(FIRST_PLANE_SIZE);
  /** Rows glide after a button, and follow at once while a hand is on a control. */
  const glide = signal(false);

  const table = () => view.value.table;
  const sayStatus = () => announce(view.value.status);
  const sayRow = (row) => announce(strings.status.moved(row, table().texts[row], table().norms[row]));

  function edit(patch, { gesture = null, glides = false } = {}) {
    glide.value = glides;
    store.edit(patch, gesture);
  }

  function editTable(patch, options) {
    edit({ rows: table().rows, called: false, ...patch }, options);
  }

  const replaceRow = (row, values, options) => editTable({ rows: table().rows.map((old, r) => (r === row ? values : old)) }, options);

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
      announce(error === null ? view.value.status : strings.status.failed(error.message));
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
      if (store.undo()) announce(`${strings.status.undone} ${view.value.status}`);
    },
    reset() {
      edit({ ...DEFAULT_STATE, theme: store.state.value.theme }, { glides: true });
      announce(`${strings.status.reset} ${view.value.status}`);
    },
    /** Reads a number field; text that is no number gives way to the value in force. */
    numberField: (low, high, apply) => (event) => {
      const value = readNumber(event.target.value, low, high, null);
      if (value === null) store.refresh();
      else apply(value);
    },
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

  const figure = { store, choice, view, ball, gallery, planeSize, glide, actions, points };
  return {
    ...figure,
    template: () => html`
      <div class="figure" role="group" aria-label=${strings.page.maxNormHeading}>
        <div class="picture">
          ${planeTemplate(figure)}
          <p class="status" id="status">${view.value.status}</p>
        </div>
        <div class="controls">${callTemplate(figure)}${optionsTemplate(figure)}${legendTemplate()}</div>
      </div>
      <div class="table-and-notice">
        ${tableTemplate(figure)}
        <section class="card notice" aria-labelledby="notice-heading">
          <h3 id="notice-heading">${strings.notice.heading}</h3>
          <ul>${strings.notice.items.map((item) => html`<li>${item}</li>`)}</ul>
        </section>
      </div>
      ${codePanel({ ...choice.value, ...view.value })}`,
  };
}
