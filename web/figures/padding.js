/** The life of the padding row as a strip of cards: what was done, in code, and what the row holds then. */
import { Embedding, manualSeed, tensor, tidy } from 'nn-embedding';
import { computed } from '@preact/signals-core';
import { html } from 'lit-html';
import { literal, numberTexts, rowsOf } from '../format.js';
import { rowsOutside, withPretrained } from '../layer.js';
import { heat } from '../marks.js';
import { EMBEDDING_DIM, NUM_EMBEDDINGS } from '../state.js';
import { strings } from '../strings.js';

/** What a learner might write into the padding row. */
const HAND_WRITTEN = [3, 4];

/**
 * The life of a padding row, each step done by a layer.
 * @param {{ paddingIdx: number, maxNorm: number | null, normType: number }} options
 * @returns {{ constructed: string[], written: string[], lookedUp: string[], rescaled: string[] | null, moved: boolean, pretrained: string[] }}
 */
function lifeOf({ paddingIdx, maxNorm, normType }) {
  return tidy(() => {
    manualSeed(0);
    const layer = new Embedding(NUM_EMBEDDINGS, EMBEDDING_DIM, { paddingIdx });
    const rowTexts = (row) => numberTexts(tensor(Array.from(row)));
    try {
      const constructed = rowTexts(layer.weight.row(paddingIdx));
      layer.weight.row(paddingIdx).set(HAND_WRITTEN);
      const written = rowTexts(layer.weight.row(paddingIdx));
      const table = rowsOf(layer.weight.data, EMBEDDING_DIM);
      const lookedUp = numberTexts(layer.forward([paddingIdx]));
      const pretrained = withPretrained(table, { paddingIdx, maxNorm: null, normType }, (copy) => rowTexts(copy.weight.row(paddingIdx)));
      const rescaled = maxNorm === null ? null : withPretrained(table, { paddingIdx, maxNorm, normType }, (copy) => {
        copy.forward([paddingIdx]);
        return rowTexts(copy.weight.row(paddingIdx));
      });
      const moved = rowsOutside(table, [paddingIdx], { maxNorm, normType }).length > 0;
      return { constructed, written, lookedUp, rescaled, moved, pretrained };
    } finally {
      layer.dispose();
    }
  });
}

/** @param {import('@preact/signals-core').ReadonlySignal<{ paddingIdx: number | null, maxNorm: number | null, normType: number }>} choice */
export function createPaddingFigure(choice) {
  // One signal for each option: a row that is dragged changes none of them.
  const paddingIdx = computed(() => choice.value.paddingIdx);
  const maxNorm = computed(() => choice.value.maxNorm);
  const normType = computed(() => choice.value.normType);
  const options = computed(() => ({ paddingIdx: paddingIdx.value, maxNorm: maxNorm.value, normType: normType.value }));
  const life = computed(() => (paddingIdx.value === null ? null : lifeOf(options.value)));
  return { template: () => (life.value === null ? html`<p class="card">${strings.padding.off}</p>` : strip(life.value, options.value)) };
}

function strip(steps, { paddingIdx, maxNorm, normType }) {
  const words = strings.padding.steps;
  const pad = `padding_idx=${paddingIdx}`;
  const limit = maxNorm === null ? '' : `, max_norm=${literal(maxNorm)}${normType === 2 ? '' : `, norm_type=${normType === Infinity ? 'inf' : literal(normType)}`}`;
  const cards = [
    card(words.constructed, `nn.Embedding(${NUM_EMBEDDINGS}, ${EMBEDDING_DIM}, ${pad})`, steps.constructed),
    card(words.written, `weight[${paddingIdx}] = [${HAND_WRITTEN.join(', ')}]`, steps.written),
    card(words.lookedUp, `embedding([${paddingIdx}])`, steps.lookedUp),
    ...(steps.rescaled === null ? [] : [card(steps.moved ? words.rescaled : words.inside, `embedding([${paddingIdx}])${limit}`, steps.rescaled)]),
    card(words.pretrained, `from_pretrained(w, ${pad})`, steps.pretrained),
  ];
  return html`
    <ol class="life" aria-label=${strings.padding.listLabel(paddingIdx)}>${cards}
      <li class="card step"><h3>${words.trained}</h3><p>${strings.padding.trainedText}</p></li>
    </ol>`;
}

const card = (title, code, values) => html`
  <li class="card step">
    <h3>${title}</h3>
    <code class="does">${code}</code>
    <div class="strip">${values.map((text) => {
      const tint = heat(Number(text));
      return html`<span class="heat ${tint.sign}" style="--part: ${tint.percent}%">${text}</span>`;
    })}</div>
  </li>`;
