/**
 * Starts the page: its frame at once, its figures as soon as the package is there. They come through a dynamic import, because
 * `nn-embedding` compiles its module when it is imported: where that is forbidden, the text stays and a message says why.
 */
import { effect, signal, untracked } from '@preact/signals-core';
import { html, render } from 'lit-html';
import { readPairs, readState, syncAddress } from './frame/address.js';
import { createAnnouncer, createFrames, drawOnChange } from './frame/drawing.js';
import { exportMenu } from './frame/export.js';
import { PAGE_FIELDS, createPage, showPage } from './frame/frame.js';
import { sectionBody } from './frame/section.js';
import { createStore } from './frame/store.js';
import { setLanguage, strings } from './strings/index.js';

const place = (id) => document.getElementById(`${id}-body`);
const ids = [...document.querySelectorAll('main > section')].map(({ id }) => id);

const pairs = readPairs(location.hash);
const page = createPage(readState(pairs, PAGE_FIELDS, ''));
const frames = createFrames();
const announce = createAnnouncer(document.getElementById('live'));
effect(() => setLanguage(page.state.value.lang));
showPage({ page, ids, frames, announce });
start().catch(showFailure);

async function start() {
  const [{ sections }, { memory }] = await Promise.all([import('./sections/index.js'), import('nn-embedding')]);
  const parts = sections.map((section) => ({
    section, fields: section.fields, prefix: `${section.id}.`,
    store: createStore(readState(pairs, section.fields, `${section.id}.`), () => page.show(section.id)),
  }));
  page.follow = (id, pairs) => {
    const part = parts.find(({ section }) => section.id === id);
    if (part && [...pairs.keys()].some((key) => key.startsWith(part.prefix))) part.store.restore(readState(pairs, part.section.fields, part.prefix));
  };
  const address = syncAddress([{ fields: PAGE_FIELDS, prefix: '', store: page }, ...parts]);
  const takeAlong = exportMenu({ address, announce });
  const figures = {};
  const ensure = ({ section, store }) => {
    if (figures[section.id]) return;
    const figure = section.create({ store, announce, visible: watchVisible(section.id) });
    figures[section.id] = figure;
    drawOnChange(sectionBody(section, figure, takeAlong(section, figure)), place(section.id), frames);
  };
  const named = () => parts.find(({ section }) => section.id === page.state.value.s) ?? parts[0];
  if (page.state.value.embed) {
    effect(() => { const part = named(); untracked(() => ensure(part)); }); // the others are not shown
  } else {
    // The section that the address names comes first, and each has a frame of its own, so that the page answers in between.
    const first = page.state.value.s;
    let hasMoved = false;
    for (const type of ['wheel', 'touchstart', 'pointerdown', 'keydown']) addEventListener(type, () => { hasMoved = true; }, { once: true, passive: true });
    for (const part of [named(), ...parts]) {
      if (figures[part.section.id]) continue;
      ensure(part);
      // What is drawn above the section of the address pushes it away.
      if (!hasMoved && figures[first] && !page.state.value.present) document.getElementById(first).scrollIntoView();
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
  }
  page.ready.value = true;

  // Read-only, for tests and for the curious.
  globalThis.__lab = Object.freeze({
    section: (id) => figures[id].lab?.(),
    memory,
    address: address.link,
    idle: frames.idle,
    drawn: frames.count,
  });
}

function watchVisible(id) {
  const visible = signal(true);
  new IntersectionObserver(([entry]) => { visible.value = entry.isIntersecting; }).observe(place(id));
  return visible;
}

function showFailure(error) {
  const words = strings.failure;
  // What has been drawn so far is left to lit, and hidden.
  for (const id of ids) place(id).hidden = true;
  const message = document.createElement('div');
  place(ids[0]).before(message);
  render(html`
    <div class="card failure" role="alert">
      <h3>${words.heading}</h3>
      <p>${typeof WebAssembly === 'undefined' ? words.noWebAssembly : words.blocked}</p>
      <p>${words.said} <code>${String(error?.message ?? error)}</code></p>
    </div>`, message);
}
