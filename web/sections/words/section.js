/**
 * Real words: the rows of the word table, the nearest of them, sums of rows, and a map of all. The table is inside the page and is read
 * when the section comes near.
 */
import { computed, signal } from '@preact/signals-core';
import { html, nothing } from 'lit-html';
import { ref } from 'lit-html/directives/ref.js';
import { createWordSearch } from '../../components/word-search.js';
import { createWidth } from '../../components/width.js';
import { language } from '../../strings/index.js';
import { analogyTemplate } from './analogy.js';
import { createAtlas } from './atlas.js';
import { programs } from './code.js';
import { mapTemplate } from './map.js';
import { emptyTemplate, neighborsTemplate } from './neighbors.js';
import { DIMENSIONS, FIELDS, MOST_WORDS } from './state.js';
import { stripsTemplate } from './strips.js';
import { createTable, readTable, tableFiles } from './table.js';
import { words } from './words.js';

const SUGGESTIONS = 8;
const SPELLED = 5;
const RANKED = 6;
/** Of the figure, each first drawn in a frame of its own, so that the page answers in between: the rows, two by two, then the rest. */
const PARTS = MOST_WORDS / 2 + 3;
/** How far the section may be when the table is read. */
const NEAR = '100% 0px';

/** @type {import('../../frame/section.js').Section} */
export const realWords = { id: 'words', fields: FIELDS, create };

function create({ store, announce }) {
  const table = signal(null);
  const failure = signal(null);
  const parts = signal(0);

  /** A part of the state, computed again when that part changes. */
  const of = (...names) => computed(() => JSON.stringify(names.map((name) => store.state.value[name])));
  const cached = (names, make) => {
    const key = of(...names);
    return computed(() => {
      key.value;
      return table.value === null ? null : make(store.state.peek(), table.value);
    });
  };

  const word = cached(['word'], ({ word: wanted }, { has }) => (has(wanted) ? wanted : null));
  const spelled = cached(['word'], ({ word: wanted }, { has, spelledNearly }) => (has(wanted) ? [] : spelledNearly(wanted, SPELLED)));
  const chosen = cached(['word', 'chosen'], ({ word: wanted, chosen: list }, { has }) =>
    [...new Set([...(list.includes(wanted) ? [] : [wanted]), ...list])].filter(has).slice(0, MOST_WORDS));
  const rows = cached(['word', 'chosen'], (_, { rows: read }) => read(chosen.value));
  const order = cached(['word', 'chosen', 'sorted'], ({ sorted }, { byVariance }) => (sorted ? byVariance(chosen.value) : Array.from({ length: DIMENSIONS }, (_, column) => column)));
  const column = cached(['word', 'chosen', 'column'], ({ column: at }, { column: read }) => read(chosen.value, at));
  const neighbors = cached(['word', 'metric', 'k'], ({ word: wanted, metric, k }, { has, nearest }) => (has(wanted) ? nearest(wanted, { metric, k }) : []));
  const truth = cached(['word'], ({ word: wanted }, { has, nearest }) => (has(wanted) ? nearest(wanted, { metric: 'euclidean', k: 10 }) : []));
  const analogy = cached(['analogy', 'exclude', 'metric'], ({ analogy: three, exclude, metric }, { has, analogy: ask, plane }) => {
    const unknown = three.filter((part) => !has(part));
    if (unknown.length > 0) return { found: null, unknown };
    const { ranked, answer } = ask(three, { k: RANKED, metric });
    const winner = exclude ? answer.word : ranked[0].word;
    return { found: { three, ranked, answer, winner, plane: plane(three, answer.word) }, unknown };
  });
  const view = computed(() => ({
    word: word.value, spelled: spelled.value, chosen: chosen.value, rows: rows.value, order: order.value, column: column.value,
    neighbors: neighbors.value, truth: truth.value, analogy: analogy.value,
  }));

  const code = cached(['word', 'metric', 'k', 'analogy', 'exclude'], (state, all) => ({ state, all }));
  const shownPrograms = computed(() => {
    language.value;
    return programs({ ...code.value.state, table: code.value.all, view: { word: word.value, neighbors: neighbors.value, analogy: analogy.value } });
  });

  const percents = computed(() => new Intl.NumberFormat(language.value, { style: 'percent', maximumFractionDigits: 1 }));

  const actions = {
    size: () => table.value.size,
    rowOf: (name) => table.value.rowOf(name),
    wordAt: (row) => table.value.list[row],
    suggest: (start) => table.value.beginning(start, SUGGESTIONS),
    spelledNearly: (name) => table.value.spelledNearly(name, SPELLED),
    percent: (part) => percents.value.format(part),
    choose(name) {
      const list = chosen.value;
      store.edit({ word: name, ...(table.value.has(name) ? { chosen: list.includes(name) ? list : [name, ...list].slice(0, MOST_WORDS) } : {}) });
      actions.sayNeighbors();
    },
    remove(name) {
      const list = chosen.value.filter((other) => other !== name);
      store.edit({ chosen: list, ...(name === word.value && list.length > 0 ? { word: list[0] } : {}) });
      announce(words().say.removed(name));
    },
    /** The rows of the word and of its nearest, one under another. */
    compare() {
      store.edit({ chosen: [word.value, ...neighbors.value.map((neighbor) => neighbor.word)].slice(0, MOST_WORDS) });
      document.getElementById('words-rows-heading').scrollIntoView({ block: 'nearest' });
      announce(words().say.compared(word.value));
    },
    setAnalogy(position, name) {
      store.edit({ analogy: store.state.value.analogy.map((old, n) => (n === position ? name : old)) });
      actions.sayAnalogy();
    },
    setPreset(three) {
      store.edit({ analogy: three });
      actions.sayAnalogy();
    },
    setExclude(exclude) {
      store.edit({ exclude });
      actions.sayAnalogy();
    },
    sayNeighbors: () => announce(word.value === null ?
      words().say.unknown(store.state.value.word, spelled.value) :
      words().say.neighbors(word.value, neighbors.value.slice(0, 3))),
    sayAnalogy() {
      const { found, unknown } = analogy.value;
      announce(found === null ? words().analogy.unknown(unknown[0], actions.size()) : words().say.analogy(store.state.value.analogy, found.winner));
    },
    sayColumn: () => announce(words().rows.columnFact({ column: store.state.value.column, negative: column.value.negative, mean: column.value.mean, size: actions.size() })),
  };

  const axes = computed(() => store.state.value.axes);
  const map = createAtlas({
    table,
    wanted: () => {
      const key = axes.value === 'chosen' && chosen.value.length > 1 ? chosen.value.join(' ') : 'all';
      return { key, axes: key === 'all' ? null : chosen.value.map(actions.rowOf) };
    },
    asked: () => ({ rows: [...new Set([...(word.value === null ? [] : [word.value]), ...chosen.value])].map(actions.rowOf) }),
    choose: actions.choose,
    onMeasured: (mean) => announce(words().map.measured(actions.percent(mean), actions.size())),
  });

  /** What the map shows; the loss is that of the word on top, or not known yet. */
  const onMap = computed(() => {
    const { layout, loss } = map;
    if (layout.value === null) return null;
    const fresh = loss.value !== null && word.value !== null && loss.value.rows[0] === actions.rowOf(word.value);
    return { ...layout.value, overlap: fresh ? Math.round(loss.value.shares[0] * 10) : null, average: loss.value?.mean ?? null };
  });
  const nearOnMap = computed(() => (map.layout.value === null || word.value === null ? [] : table.value.nearestOnMap(map.layout.value.places, word.value, 10)));

  const figure = {
    store, view, actions, parts, map: { ...map, layout: computed(() => (onMap.value === null ? null : { ...onMap.value, onMap: nearOnMap.value })) },
    planeWidth: createWidth(500),
    search: createWordSearch('words-search'),
    searches: ['words-a', 'words-b', 'words-c'].map(createWordSearch),
  };

  let watcher = null;
  let loading = false;

  async function load() {
    watcher?.disconnect();
    if (loading) return;
    if (document.readyState === 'loading') {
      document.addEventListener('DOMContentLoaded', load, { once: true });
      return;
    }
    loading = true;
    try {
      const files = readTable();
      // The page may answer between the two halves of the work.
      await new Promise((resolve) => setTimeout(resolve));
      table.value = createTable(files);
      while (parts.value < PARTS) {
        parts.value++;
        await new Promise((resolve) => requestAnimationFrame(resolve));
      }
    } catch (error) {
      failure.value = String(error.message);
    }
  }

  /** Reads the table when the figure comes near. */
  const watchNear = (element) => {
    watcher?.disconnect();
    if (!element) return;
    watcher = new IntersectionObserver(([entry]) => { if (entry.isIntersecting) load(); }, { rootMargin: NEAR });
    watcher.observe(element);
  };

  /** How many milliseconds a query of all rows takes. */
  function timeOf(name) {
    const start = performance.now();
    table.value.nearest(name, { metric: 'cosine', k: 10 });
    return performance.now() - start;
  }

  return {
    template: () => (failure.value !== null ? failureTemplate(failure.value) : table.value === null ? waitingTemplate(watchNear, load) : sectionTemplate(figure)),
    code: () => (table.value === null ? programs({ ...store.state.value, table: null, view: null }) : shownPrograms.value),
    values: () => (table.value === null ? [] : [{ name: 'rows', tensor: table.value.values(chosen.value) }]),
    lab: () => ({
      ready: parts.value === PARTS, timeOf, failure: failure.value, ...(table.value === null ? {} : view.value),
      map: { where: map.where(), job: map.job.value, explained: map.layout.value?.explained, places: map.layout.value && Array.from(map.layout.value.places), loss: map.loss.value, measured: map.measured.value },
    }),
  };
}

const waitingTemplate = (watchNear, load) => html`
  <div class="card waiting words-waiting" ${ref(watchNear)}>
    <p>${words().table.waiting}</p>
    <button type="button" @click=${load}>${words().table.load}</button>
  </div>`;

const failureTemplate = (text) => html`
  <div class="card failure" role="alert" id="words-failure">
    <h3>${words().table.failed}</h3>
    <p>${words().table.failedHint}</p>
    <p><code>${text}</code></p>
  </div>`;

/** Whether the strips show what the sentence about the first state speaks of. */
const isFirst = ({ chosen, column }) => column === FIELDS.column.initial && chosen.join() === FIELDS.chosen.initial.join();

function sectionTemplate(figure) {
  const { store, view, actions, search, parts: { value: parts } } = figure;
  const own = words();
  return html`
    <div class="words-figures">
      <div class="words-search">
        ${search.template({ control: 'word', label: own.search.label, value: store.state.value.word, suggest: actions.suggest, onChoose: actions.choose, invalid: view.value.word === null, describedBy: 'words-empty' })}
        <p class="hint">${own.search.hint(actions.size())}</p>
      </div>
      ${view.value.word === null ? emptyTemplate(figure) : nothing}
      ${stripsTemplate(figure, 2 * parts)}
      <p class="caption">${own.caption} ${isFirst(store.state.value) ? own.captionFirst : nothing}</p>
      ${parts < PARTS - 2 ? nothing : html`
        <div class="words-pair">
          <div class="words-left">${neighborsTemplate(figure)}${biasTemplate(actions, own)}</div>
          ${parts < PARTS - 1 ? nothing : analogyTemplate(figure)}
        </div>`}
      ${parts < PARTS ? nothing : mapTemplate(figure)}
      <p class="hint files">${own.files.text} ${['words.txt', 'rows.int8', 'scales.float32'].map((name, n) => html`${n > 0 ? ' ' : nothing}<button type="button" class="plain" @click=${() => save(name)}>${name}</button>`)}<br />${own.files.source}</p>
    </div>`;
}

const biasTemplate = (actions, own) => html`
  <aside class="card bias" aria-labelledby="words-bias-heading"><h3 id="words-bias-heading">${own.bias.heading}</h3>
    ${own.bias.text.map((paragraph) => html`<p>${paragraph}</p>`)}
    <div class="buttons"><button type="button" id="words-bias" @click=${() => actions.setPreset(['man', 'doctor', 'woman'])}>${own.bias.show}</button></div>
  </aside>`;

/** One file of the table, as the programs of the code panel read it. */
function save(name) {
  const [, content] = tableFiles().find(([file]) => file === name);
  const url = URL.createObjectURL(new Blob([content]));
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
