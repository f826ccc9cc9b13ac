/** The rows of up to eight words as strips of 100 tinted cells, one under another, and the column that is pointed at. */
import { html, nothing } from 'lit-html';
import { checkbox, focusSoon, slider } from '../../components/controls.js';
import { tint } from '../../components/tint.js';
import { strings } from '../../strings/index.js';
import { DIMENSIONS } from './state.js';
import { words } from './words.js';

/** The size at which a cell is full: one in a hundred of the table's numbers is larger. */
const REACH = 1.6;

/** @param {any} figure @param {number} most rows that are shown */
export function stripsTemplate({ store, view, actions }, most) {
  const { chosen, word, rows, order, column } = view.value;
  const { column: at, sorted, strokes } = store.state.value;
  const own = words().rows;
  const place = order.indexOf(at);
  const point = (event) => {
    const box = event.currentTarget.getBoundingClientRect();
    const cell = Math.floor(((event.clientX - box.left) / box.width) * DIMENSIONS);
    if (order[cell] !== undefined) store.edit({ column: order[cell] }, 'column');
  };
  const strips = {
    down(event) {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      point(event);
    },
    move: (event) => { if (event.currentTarget.hasPointerCapture(event.pointerId)) point(event); },
    up() {
      store.endGesture();
      actions.sayColumn();
    },
  };
  return html`
    <section class="card word-rows" aria-labelledby="words-rows-heading">
      <h3 id="words-rows-heading">${own.heading}</h3>
      <div class="picture word-table">
        <div class="column-head" aria-hidden="true"><span></span><span class="column-axis"><b class="column-name" style="--at: ${place}">${own.column(at)}</b><span class="column-mark" style="--at: ${place}">▾</span></span><span></span></div>
        ${chosen.slice(0, most).map((name, n) => html`
          <div class="word-row ${name === word ? 'current' : ''}">
            <span class="word-name">
              <span class="arrow" aria-hidden="true">${name === word ? '▸' : ''}</span><button type="button" class="plain" aria-pressed=${name === word ? 'true' : 'false'} title=${own.lookUp(name)} @click=${() => actions.choose(name)}>${name}</button>
              <button type="button" class="remove" id="words-remove-${n}" aria-label=${own.remove(name)} @click=${() => { actions.remove(name); focusSoon(`#words-remove-${n}`, `#words-remove-${n - 1}`, '#words-search'); }}>×</button>
            </span>
            <span class="cells-100 ${strokes ? 'strokes' : ''}" role="img" aria-label=${own.strip(name, actions.rowOf(name), at, column.texts[n])}
              @pointerdown=${strips.down} @pointermove=${strips.move} @pointerup=${strips.up} @pointercancel=${strips.up}>${order.map((d) => {
                const { sign, percent } = tint(rows[n][d], REACH);
                return html`<i class="heat ${sign} ${d === at ? 'at' : ''}" style="--part: ${percent}%"></i>`;
              })}</span>
            <span class="word-value">${column.texts[n]}</span>
          </div>`)}
        ${chosen.length === 0 ? html`<p class="hint">${own.none}</p>` : nothing}
      </div>
      <div class="legend-line">
        <span class="ramp" aria-hidden="true"></span><span>${own.legend(REACH)}</span>
        ${checkbox({ id: 'words-strokes', name: 'strokes', label: strings.legend.strokes, checked: strokes, onChange: (checked) => store.edit({ strokes: checked }) })}
      </div>
      <p class="fact">${own.columnFact({ column: at, negative: column.negative, mean: column.mean, size: actions.size() })}</p>
      <div class="row-controls">
        ${slider({ store, id: 'words-column', name: 'column', label: own.columnLabel, min: 0, max: DIMENSIONS - 1, say: own.column, settled: actions.sayColumn, scale: { to: (d) => order.indexOf(d), from: (cell) => order[cell], places: DIMENSIONS - 1 } })}
        ${checkbox({ id: 'words-sorted', name: 'sorted', label: own.sorted, checked: sorted, onChange: (checked) => store.edit({ sorted: checked }) })}
      </div>
    </section>`;
}
