/**
 * Starts the page: theme, address, figures. The figures come through a dynamic import, because `nn-embedding`
 * compiles its module when it is imported: where that is forbidden, the text stays and a message says why.
 */
import { effect } from '@preact/signals-core';
import { html, render } from 'lit-html';
import { strings } from './strings.js';
import { DEFAULT_STATE, createStore, readHash, syncHash } from './state.js';

const ANNOUNCE_AFTER_MS = 500;
const byId = (id) => document.getElementById(id);

const store = createStore(readHash(location.hash) ?? DEFAULT_STATE);
syncHash(store);
showTheme();
skipLink();
startFigures().catch(showFailure);

function showTheme() {
  effect(() => {
    const { theme } = store.state.value;
    if (theme === 'auto') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    render(html`
      <fieldset class="theme">
        <legend>${strings.page.theme}</legend>
        ${Object.entries(strings.themes).map(([value, label]) => html`
          <label><input type="radio" name="theme" value=${value} .checked=${value === theme} @change=${() => store.setTheme(value)} /><span>${label}</span></label>`)}
      </fieldset>`, byId('theme'));
  });
}

/** The hash holds the state, so the skip link moves the focus itself. */
function skipLink() {
  document.querySelector('.skip').addEventListener('click', (event) => {
    event.preventDefault();
    byId('max-norm').focus();
  });
}

async function startFigures() {
  const [{ createMaxNormFigure }, { createPaddingFigure }, { memory }] = await Promise.all([
    import('./figures/max-norm/figure.js'), import('./figures/padding.js'), import('nn-embedding'),
  ]);
  const figure = createMaxNormFigure(store, announce);
  const places = [[byId('max-norm-figure'), figure.template], [byId('padding-figure'), createPaddingFigure(figure.choice).template]];
  places[0][0].replaceChildren();

  const draw = () => places.forEach(([place, template]) => render(template(), place));
  const frame = scheduler(draw);
  let watching = false;
  effect(() => {
    // Reading these signals subscribes; drawing waits for the next frame, except the first time.
    [store.state, store.past, figure.view, figure.planeSize].forEach((source) => source.value);
    if (watching) frame.request();
    else draw();
    watching = true;
  });

  const plane = places[0][0].querySelector('.plane');
  new ResizeObserver(([entry]) => {
    const width = Math.round(entry.contentRect.width);
    if (width > 0) figure.planeSize.value = width;
  }).observe(plane);

  // Read-only, for tests and for the curious.
  globalThis.__lab = Object.freeze({
    weights: () => figure.view.value.table.rows.map((row) => [...row]),
    rescaled: () => [...figure.view.value.call.rescaled],
    lastError: () => figure.view.value.error,
    memory,
    idle: frame.idle,
  });
}

/** At most one drawing per frame; `idle` resolves when none is due. */
function scheduler(draw) {
  let due = false;
  let waiting = [];
  return {
    request() {
      if (due) return;
      due = true;
      requestAnimationFrame(() => {
        due = false;
        draw();
        waiting.forEach((resolve) => resolve());
        waiting = [];
      });
    },
    idle: () => (due ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve()),
  };
}

let announceTimer = null;

/** Says a sentence politely, and only the last of a quick series. */
function announce(text) {
  clearTimeout(announceTimer);
  announceTimer = setTimeout(() => { byId('live').textContent = text; }, ANNOUNCE_AFTER_MS);
}

function showFailure(error) {
  const words = strings.failure;
  const place = byId('max-norm-figure');
  place.replaceChildren();
  render(html`
    <div class="card failure" role="alert">
      <h3>${words.heading}</h3>
      <p>${typeof WebAssembly === 'undefined' ? words.noWebAssembly : words.blocked}</p>
      <p>${words.said} <code>${String(error?.message ?? error)}</code></p>
    </div>`, place);
}
