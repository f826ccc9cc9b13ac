/**
 * A table of signed numbers as tinted cells: an ARIA grid, so one tab stop. Arrows, Home, End, Ctrl+Home, Ctrl+End, PageUp and PageDown
 * move; Enter, F2 or a digit opens a number field where cells can be edited, Escape closes it; s says the row. Where a table has steps, a
 * cell can also be dragged up and down, and Shift with an arrow up or down does the same.
 */
import { signal } from '@preact/signals-core';
import { html, nothing } from 'lit-html';
import { clamp, readNumber } from '../frame/fields.js';
import { strings } from '../strings/index.js';
import { tint } from './tint.js';

const PAGE = 10;
const DRAG_PIXELS_PER_STEP = 4;

/**
 * @typedef {object} GridRow
 * @property {string} name what its header says
 * @property {unknown} [label] what its header shows, if that is not its name
 * @property {number[]} values
 * @property {string[]} texts of the values, as the package prints them
 * @property {number} [count] how often the call names the row: 0 leaves it plain, more is marked with an arrow, and ×n
 * @property {string} [tag] such as "pad"
 * @property {boolean} [hatched] a row without values
 * @property {string} [none] what a hatched row says, if not "no entry"
 * @property {string} [className]
 * @property {unknown[]} [more] further cells
 *
 * @typedef {object} GridTable
 * @property {unknown} caption
 * @property {string[]} columns their names
 * @property {string} [rowHeading] what stands above the names of the rows
 * @property {string[]} [moreColumns] names of the further cells
 * @property {GridRow[]} rows
 * @property {number} reach the size at which the tint is full
 * @property {(row: number, column: number, value: number, gesture?: string) => void} [onEdit] gesture: of a drag that goes on
 * @property {() => void} [onSettle] a drag is over
 * @property {[number, number]} [limits] of what can be typed
 * @property {number} [stepsPerUnit] how many steps of a drag make 1
 */

/**
 * @param {string} id
 * @param {(text: string) => void} announce
 */
export function createGrid(id, announce) {
  const active = signal([0, 0]);
  const editing = signal(false);
  const cellId = (row, column) => `${id}-${row}-${column}`;

  function move(event, table, row, column) {
    const [lastRow, lastColumn] = [table.rows.length - 1, table.columns.length - 1];
    const all = event.ctrlKey || event.metaKey;
    const steps = event.shiftKey && table.stepsPerUnit ? { ArrowUp: 1, ArrowDown: -1 }[event.key] : undefined;
    if (steps) {
      event.preventDefault();
      table.onEdit?.(row, column, stepped(table, table.rows[row].values[column], steps));
      return;
    }
    const to = {
      ArrowLeft: [row, column - 1], ArrowRight: [row, column + 1], ArrowUp: [row - 1, column], ArrowDown: [row + 1, column],
      Home: [all ? 0 : row, 0], End: [all ? lastRow : row, lastColumn], PageUp: [row - PAGE, column], PageDown: [row + PAGE, column],
    }[event.key];
    if (to) {
      event.preventDefault();
      focusCell(clamp(to[0], 0, lastRow), clamp(to[1], 0, lastColumn));
    } else if (event.key === 's' && !all && !event.altKey) {
      announce(strings.grid.rowSummary(table.rows[row].name, table.rows[row].texts));
    } else if (table.onEdit && (event.key === 'Enter' || event.key === 'F2' || (/^[-.\d]$/.test(event.key) && !all))) {
      if (event.key === 'Enter' || event.key === 'F2') event.preventDefault();
      open(row, column);
    }
  }

  function focusCell(row, column) {
    const isDrawn = !editing.value;
    active.value = [row, column];
    editing.value = false;
    const focus = () => (document.getElementById(cellId(row, column)) ?? document.getElementById(cellId(row, 0)))?.focus(); // a hatched row is one cell
    // At once where that can be, so that a key that is held down misses no cell.
    if (isDrawn) focus();
    else requestAnimationFrame(() => requestAnimationFrame(focus));
  }

  function open(row, column) {
    active.value = [row, column];
    editing.value = true;
    requestAnimationFrame(() => requestAnimationFrame(() => document.getElementById(`${cellId(row, column)}-field`)?.select()));
  }

  const stepped = ({ limits = [-Infinity, Infinity], stepsPerUnit = 1 }, value, steps) => clamp((Math.round(value * stepsPerUnit) + steps) / stepsPerUnit, ...limits);

  let drag = null;

  function dragStart(event, row, column, value) {
    if (event.button !== 0 || editing.value) return;
    drag = { row, column, value, from: event.clientY, last: value, moved: false };
  }

  function dragMove(event, table) {
    if (drag === null) return;
    const steps = Math.round((drag.from - event.clientY) / DRAG_PIXELS_PER_STEP);
    if (!drag.moved && steps === 0) return;
    if (!drag.moved) event.currentTarget.setPointerCapture(event.pointerId);
    drag.moved = true;
    const value = stepped(table, drag.value, steps);
    if (value === drag.last) return;
    drag.last = value;
    table.onEdit(drag.row, drag.column, value, `drag ${drag.row} ${drag.column}`);
  }

  function dragEnd(table) {
    if (drag?.moved) table.onSettle?.();
    drag = null;
  }

  /** The field says its value, once, and gives the focus back to its cell. */
  function finish(event, table, row, column, keepsFocus) {
    if (!editing.value) return;
    editing.value = false;
    const value = readNumber(event.target.value, ...(table.limits ?? [-Infinity, Infinity]), null);
    if (value !== null && event.target.value !== table.rows[row].texts[column]) table.onEdit(row, column, value);
    if (keepsFocus) focusCell(row, column);
  }

  function cell(table, row, column) {
    const { texts, values, name } = table.rows[row];
    const isActive = active.value[0] === row && active.value[1] === column;
    const { sign, percent } = tint(values[column], table.reach);
    return html`
      <td id=${cellId(row, column)} role="gridcell" class="heat ${sign} ${table.stepsPerUnit ? 'draggable' : ''}" style="--part: ${percent}%" tabindex=${isActive ? 0 : -1}
        aria-label=${strings.grid.cell(name, table.columns[column], texts[column])} aria-readonly=${table.onEdit ? 'false' : 'true'}
        @focus=${() => { if (!isActive) active.value = [row, column]; }} @keydown=${(event) => { if (event.target === event.currentTarget) move(event, table, row, column); }}
        @pointerdown=${(event) => { if (table.stepsPerUnit) dragStart(event, row, column, values[column]); }} @pointermove=${(event) => dragMove(event, table)}
        @pointerup=${() => dragEnd(table)} @pointercancel=${() => dragEnd(table)}
        @dblclick=${() => { if (table.onEdit) open(row, column); }}>${isActive && editing.value ? html`
          <input id="${cellId(row, column)}-field" type="number" step=${table.stepsPerUnit ? 1 / table.stepsPerUnit : 'any'} .value=${texts[column]} aria-label=${strings.grid.cell(name, table.columns[column], '')}
            @keydown=${(event) => {
              if (event.key === 'Enter') finish(event, table, row, column, true);
              else if (event.key === 'Escape') focusCell(row, column);
            }}
            @blur=${(event) => finish(event, table, row, column, false)} />` : html`<span>${texts[column]}</span>`}</td>`;
  }

  /** @param {GridTable} table */
  function template(table) {
    const [row, column] = active.value;
    if ((row > 0 && row >= table.rows.length) || (column > 0 && column >= table.columns.length)) active.value = [0, 0];
    return html`
      <table id=${id} class="cells" role="grid" aria-rowcount=${table.rows.length + 1} aria-colcount=${table.columns.length + 1}>
        <caption>${table.caption}</caption>
        <thead><tr role="row">
          <th role="columnheader" scope="col">${table.rowHeading ?? strings.grid.row}</th>
          ${table.columns.map((name) => html`<th role="columnheader" scope="col">${name}</th>`)}
          ${(table.moreColumns ?? []).map((name) => html`<th role="columnheader" scope="col">${name}</th>`)}
        </tr></thead>
        <tbody>
          ${table.rows.map(({ name, label = name, count = 0, tag, hatched = false, none = strings.grid.none, className = '', more = [] }, row) => html`
            <tr role="row" data-row=${row} class="${count > 0 ? 'used' : ''} ${hatched ? 'hatched' : ''} ${tag ? 'tagged' : ''} ${className}">
              <th role="rowheader" scope="row"><span class="arrow" aria-hidden="true">${count > 0 ? '▸' : ''}</span>${label}${count > 1 ? html` <span class="times">${strings.grid.times(count)}</span>` : nothing}${tag ? html` <span class="tag">${tag}</span>` : nothing}</th>
              ${hatched ? html`<td role="gridcell" class="none" colspan=${table.columns.length} id=${cellId(row, 0)} tabindex=${active.value[0] === row ? 0 : -1}
                  @focus=${() => { if (active.value[0] !== row) active.value = [row, 0]; }} @keydown=${(event) => move(event, { ...table, onEdit: undefined }, row, active.value[1])}><span>${none}</span></td>` : table.columns.map((_, column) => cell(table, row, column))}
              ${more.map((content) => html`<td role="gridcell" class="more">${content}</td>`)}
            </tr>`)}
        </tbody>
      </table>`;
  }

  return { template };
}

/** Numbers in a row that nobody edits: tinted cells, read as text. */
export const strip = (values, texts, reach, label) => html`
  <span class="strip" role="img" aria-label="${label ? `${label}: ` : ''}${texts.join(', ')}">${values.map((value, n) => {
    const { sign, percent } = tint(value, reach);
    return html`<span class="heat ${sign}" style="--part: ${percent}%">${texts[n]}</span>`;
  })}</span>`;
