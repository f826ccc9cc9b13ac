/** The rows nearest to a word's: ranked bars with their scores. */
import { html, nothing } from 'lit-html';
import { segments, slider } from '../../components/controls.js';
import { METRICS, MOST_NEIGHBORS } from './state.js';
import { words } from './words.js';

/** How long a bar is, in percent: a cosine as it is, anything else beside the largest. */
export function barOf(neighbors, metric) {
  const most = metric === 'cosine' ? 1 : Math.max(...neighbors.map(({ score }) => score));
  return (score) => Math.round(Math.max(0, most > 0 ? score / most : 0) * 1000) / 10;
}

/** @param {{ tag?: unknown, className?: string, rank?: unknown }} [more] */
export const neighborRow = ({ word, text }, part, choose, { tag = nothing, className = '', rank = nothing } = {}) => html`
  <li class="neighbor ${className}">
    <span class="rank">${rank}</span>
    <span class="neighbor-word"><button type="button" class="plain" @click=${() => choose(word)}>${word}</button>${tag}</span>
    <span class="bar" aria-hidden="true"><span style="width: ${part}%"></span></span>
    <span class="score">${text}</span>
  </li>`;

export function neighborsTemplate({ store, view, actions }) {
  const { word, neighbors } = view.value;
  const { metric, k } = store.state.value;
  const own = words().neighbors;
  const part = word === null ? null : barOf(neighbors, metric);
  return html`
    <section class="card" aria-labelledby="words-neighbors-heading">
      <h3 id="words-neighbors-heading">${word === null ? own.headingNone : own.heading(word)}</h3>
      ${word === null ? html`<p class="hint">${own.none}</p>` : html`
        <ol class="neighbors" aria-label=${own.list(word, own.metrics[metric])}>
          ${neighbors.map((neighbor, n) => neighborRow(neighbor, part(neighbor.score), actions.choose, { rank: n + 1 }))}
        </ol>
        <p class="hint">${own.scores[metric]}</p>
        <div class="buttons"><button type="button" id="words-compare" @click=${actions.compare}>${own.compare}</button></div>`}
      <div class="neighbor-controls">
        ${segments({ id: 'words-metric', name: 'metric', label: own.metric, value: metric, choices: METRICS.map((name) => [name, own.metrics[name]]), onChange: (value) => { store.edit({ metric: value }); actions.sayNeighbors(); } })}
        ${slider({ store, id: 'words-k', name: 'k', label: own.k, min: 1, max: MOST_NEIGHBORS, settled: actions.sayNeighbors })}
      </div>
    </section>`;
}

/** What a word without a row says, and the words of nearly its spelling. */
export function emptyTemplate({ store, view, actions }) {
  const own = words().neighbors;
  return html`
    <div class="card empty" id="words-empty">
      <p>${own.unknown(store.state.value.word, actions.size())}</p>
      ${view.value.spelled.length === 0 ? nothing : html`<p>${own.spelled}</p>`}
      <div class="buttons">${view.value.spelled.map((near) => html`<button type="button" @click=${() => actions.choose(near)}>${near}</button>`)}</div>
    </div>`;
}
