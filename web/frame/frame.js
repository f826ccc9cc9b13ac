/** What stands around the sections: the rail, theme and language, and the modes that a course page or a lecture asks for in the address. */
import { effect, signal } from '@preact/signals-core';
import { html, render } from 'lit-html';
import { language, languages, strings } from '../strings/index.js';
import { readPairs } from './address.js';
import { choice, flag, text } from './fields.js';
import { createStore } from './store.js';

/** @type {(initial: string[], choices: string[]) => any} names with commas between them */
const names = (initial, choices) => ({
  initial,
  read: (given) => given.split(',').filter((name) => choices === null || choices.includes(name)).slice(0, 20),
  write: (list) => list.join(','),
});

/** Of the page itself: the section in view, how it looks, and what is hidden or locked for an exercise. */
export const PAGE_FIELDS = {
  s: text('', 40),
  theme: choice('auto', ['auto', 'light', 'dark']),
  lang: choice('en', Object.keys(languages)),
  embed: flag(false),
  present: flag(false),
  hide: names([], ['code', 'predict', 'text', 'notes', 'export']),
  lock: names([], null),
};

const byId = (id) => document.getElementById(id);

/** The store of the page itself. @param {Record<string, any>} initial */
export function createPage(initial) {
  const store = createStore(initial);
  return {
    ...store,
    /** Whether every section has its figure. */
    ready: signal(false),
    /** Makes `id` the section that the address names. */
    show: (id) => { if (store.state.value.s !== id) store.edit({ s: id }); },
    /** Takes a section to the state of a link; page.js knows the sections once they are there. */
    follow: (id, pairs) => {},
  };
}

/** @param {{ page: any, ids: string[], frames: any, announce: (text: string) => void }} parts */
export function showPage({ page, ids, frames, announce }) {
  const root = document.documentElement;

  effect(() => {
    const { theme, embed, present, hide, s } = page.state.value;
    if (theme === 'auto') delete root.dataset.theme;
    else root.dataset.theme = theme;
    root.classList.toggle('embed', embed);
    root.classList.toggle('framed', embed && self !== parent);
    root.classList.toggle('present', present);
    for (const part of ['code', 'predict', 'text', 'notes', 'export']) root.classList.toggle(`hide-${part}`, hide.includes(part));
    const one = embed || present ? (ids.includes(s) ? s : ids[0]) : null;
    for (const id of ids) byId(id).hidden = one !== null && id !== one;
  });

  effect(() => {
    root.lang = language.value;
    document.title = strings.page.title;
    for (const element of document.querySelectorAll('[data-string]')) element.textContent = lookUp(element.dataset.string);
    render(controls(page), byId('controls'));
    render(rail(page, ids), byId('rail'));
  });

  lockControls(page, frames);
  unfoldOnPaper();
  if (page.state.value.embed) postSize();
  document.addEventListener('keydown', (event) => stepSections(event, page, ids));
  // The hash holds the state, so links inside the page move the focus themselves. One that names a state of its section shows that state,
  // and leaves theme, language and the other sections as they are.
  document.addEventListener('click', (event) => {
    const link = event.target.closest?.('a[data-section]');
    if (!link || !byId(link.dataset.section) || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    page.follow(link.dataset.section, readPairs(link.hash));
    goTo(link.dataset.section, page);
  });
  const { s, embed, present } = page.state.value;
  if (ids.includes(s) && !embed && !present) byId(s).scrollIntoView();
  watchSections(page, ids);
}

/** @param {string} path such as sections.hero.heading */
const lookUp = (path) => path.split('.').reduce((words, name) => words[name], strings);

function goTo(id, page) {
  page.edit({ s: id });
  byId(id).scrollIntoView();
  byId(`${id}-heading`).focus({ preventScroll: true });
}

function controls(page) {
  const { theme, lang } = page.state.value;
  const group = (name, legend, entries, value, choose) => html`
    <fieldset class="switcher">
      <legend>${legend}</legend>
      ${entries.map(([key, label]) => html`<label><input type="radio" name=${name} value=${key} .checked=${key === value} @change=${() => choose(key)} /><span lang=${name === 'lang' ? key : ''}>${label}</span></label>`)}
    </fieldset>`;
  return html`
    ${group('lang', strings.frame.language, Object.entries(languages).map(([key, { name }]) => [key, name]), lang, (key) => page.edit({ lang: key }))}
    ${group('theme', strings.frame.theme, Object.entries(strings.themes), theme, (key) => page.edit({ theme: key }))}`;
}

const rail = (page, ids) => html`
  <nav aria-label=${strings.frame.sections}><ol>
    ${ids.map((id) => html`<li><a href="#v=2&s=${id}" data-section=${id} aria-current=${page.state.value.s === id ? 'true' : 'false'}>${strings.sections[id].short}</a></li>`)}
  </ol></nav>`;

/** The rail follows the reader; the address does so only when something is changed. */
function watchSections(page, ids) {
  const watcher = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      const link = document.querySelector(`#rail a[data-section="${target.id}"]`);
      link.classList.toggle('in-view', isIntersecting);
      // Where the rail is longer than the window, its place is in the middle.
      if (isIntersecting) byId('rail').scrollLeft = link.offsetLeft - (byId('rail').clientWidth - link.offsetWidth) / 2;
    }
  }, { rootMargin: '-40% 0px -50% 0px' });
  for (const id of ids) watcher.observe(byId(id));
}

/** Presenting: arrows step through the sections, unless a control wants them. */
function stepSections(event, page, ids) {
  if (!page.state.value.present || event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.target.closest?.('input, select, textarea, [role="grid"], [role="slider"], [role="listbox"]')) return;
  const step = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const at = Math.max(0, ids.indexOf(page.state.value.s)) + step;
  if (ids[at]) goTo(ids[at], page);
}

/** lock=limit,p takes those controls away from the reader, in every section. */
function lockControls(page, frames) {
  const { lock } = page.state.value;
  if (lock.length === 0) return;
  const apply = () => {
    for (const name of lock) for (const control of document.querySelectorAll(`[data-control="${CSS.escape(name)}"]`)) control.inert = true;
  };
  new MutationObserver(() => frames.request(apply)).observe(document.querySelector('main'), { childList: true, subtree: true });
}

/** Paper cannot be unfolded. */
function unfoldOnPaper() {
  let unfolded = [];
  addEventListener('beforeprint', () => {
    unfolded = [...document.querySelectorAll('main details:not([open])')];
    for (const details of unfolded) details.open = true;
  });
  addEventListener('afterprint', () => { for (const details of unfolded) details.open = false; });
}

/** A page that embeds this one learns its height. */
function postSize() {
  new ResizeObserver(() => {
    parent.postMessage({ type: 'nn-embedding:size', height: Math.ceil(document.body.getBoundingClientRect().height) }, '*');
  }).observe(document.body);
}
