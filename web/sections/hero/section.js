/**
 * The first figure: a sentence becomes row numbers outside of the layer, and the layer copies those rows. The tokens and the order of the
 * rows are the reader's; every number is the package's.
 */
import { computed } from '@preact/signals-core';
import { html } from 'lit-html';
import { tensor } from 'nn-embedding';
import { createGrid } from '../../components/grid.js';
import { afterDrawing, glideFrom, wantsMotion } from '../../components/motion.js';
import { language } from '../../strings/index.js';
import { programs } from './code.js';
import { controlsTemplate, sentenceTemplate } from './controls.js';
import { firstTexts, layerOf, lookUp } from './lookup.js';
import { pictureTemplate } from './picture.js';
import { FIELDS, LONGEST_TEXT, WORDS, cleaned, idsOf, isShuffled, shuffled, tokensOf } from './state.js';
import { words } from './words.js';

/** More rows than this are copied without motion. */
const MOST_MOVING = 8;

/** @type {import('../../frame/section.js').Section} */
export const hero = { id: 'hero', fields: FIELDS, create };

/** @param {import('../../frame/section.js').Context} context */
function create({ store, announce }) {
  const [order, sentence, seed] = ['order', 'text', 'seed'].map((name) => computed(() => store.state.value[name]));
  const first = computed(() => firstTexts(seed.value));

  const view = computed(() => {
    language.value; // the view holds sentences
    const { tokens, left } = tokensOf(sentence.value);
    const indices = idsOf(tokens, order.value);
    const texts = order.value.map((word) => first.value[word]);
    const call = lookUp(texts, indices);
    const unknown = [...new Set(tokens.filter((_, n) => indices[n] === undefined))];
    const { status, problem, caption, captionEmpty, captionFailed } = words();
    return {
      ...call, tokens, indices, texts, order: order.value,
      problem: problem(unknown, WORDS),
      status: call.error === null ? status.called(indices, left) : status.failed(unknown),
      caption: call.error !== null ? captionFailed : tokens.length === 0 ? captionEmpty : caption(tokens[0], indices[0], isShuffled(order.value)),
    };
  });

  const say = () => announce(view.value.status);

  /** Where the rows of the table stand, by word. */
  const places = () => new Map([...document.querySelectorAll('#hero-table [data-word]')].map((label) => [label.dataset.word, label.closest('tr').getBoundingClientRect().top]));

  /** The copies come down from their rows, except those in `stay`. */
  function dropCopies(stay = []) {
    if (!wantsMotion() || view.value.error !== null || view.value.tokens.length > MOST_MOVING) return;
    afterDrawing(() => {
      const sources = document.querySelectorAll('#hero-table tbody tr');
      document.querySelectorAll('#hero-output tbody tr').forEach((copy, n) => {
        const source = sources[view.value.indices[n]];
        if (source && stay[n] !== view.value.tokens[n]) glideFrom(copy, source.getBoundingClientRect().top - copy.getBoundingClientRect().top);
      });
    });
  }

  function reorder(next) {
    const before = places();
    store.edit({ order: next });
    afterDrawing(() => {
      for (const [word, top] of places()) {
        const row = document.querySelector(`#hero-table [data-word="${word}"]`).closest('tr');
        glideFrom(row, before.get(word) - top);
      }
    });
    announce(`${words().status.reordered} ${view.value.status}`);
  }

  const actions = {
    said: () => {
      store.endGesture();
      say();
    },
    type(text) {
      const { tokens } = view.value;
      const copied = view.value.error === null ? tokens : [];
      store.edit({ text: cleaned(text).slice(0, LONGEST_TEXT).toWellFormed() }, 'typing');
      dropCopies(copied);
    },
    try(text) {
      store.edit({ text });
      dropCopies();
      say();
    },
    shuffle: () => reorder(shuffled(order.value)),
    unshuffle: () => { if (isShuffled(order.value)) reorder(FIELDS.order.initial); },
    reseed(seed) {
      store.edit({ seed });
      announce(words().status.reseeded(seed));
    },
  };

  const figure = { store, view, actions, tableGrid: createGrid('hero-table', announce), outputGrid: createGrid('hero-output', announce) };
  return {
    template: () => html`<div class="figure hero-figure">${sentenceTemplate(figure)}${pictureTemplate(figure)}${controlsTemplate(figure)}</div>`,
    code: () => programs(view.value),
    values() {
      const { weight } = layerOf(view.value.texts);
      const { output } = view.value;
      return [{ name: 'weight', tensor: weight }, ...(output ? [{ name: 'output', tensor: tensor(output.rows, { shape: [output.rows.length, weight.shape[1]] }) }] : [])];
    },
    lab() {
      const { tokens, indices, table, output, error } = view.value;
      return { tokens, indices, order: order.value.map((word) => WORDS[word]), weight: table.rows, output: output?.rows ?? null, rowsRead: output?.rows.length ?? 0, error };
    },
  };
}
