/** The second figure: rows become one row, with the pads among them and without. */
import { Embedding, EmbeddingBag, tensor, tidy } from 'nn-embedding';
import { html, nothing } from 'lit-html';
import { segments, slider } from '../../components/controls.js';
import { strip } from '../../components/grid.js';
import { literal, numberTexts, pythonFloat, rowsOf } from '../../components/numbers.js';
import { codePanel, set } from '../../frame/code-panel.js';
import { MOST_PADS } from './state.js';
import { words } from './words.js';

const WORD_ROWS = [[4, -2], [2, -6]];
const WORDS = [1, 2];
const PAD_ROWS = { true: [0, 0], false: [2, 2] };
const REACH = 8;

/**
 * Two words and some pads, reduced to one row twice: all of them, and without the padding row.
 * @param {{ mode: string, pads: number, zeros: boolean }} choice
 */
export function reduceBoth({ mode, pads, zeros }) {
  const rows = [PAD_ROWS[zeros], ...WORD_ROWS];
  const indices = [...WORDS, ...Array.from({ length: pads }, () => 0)];
  return tidy(() => {
    const weight = tensor(rows);
    const layers = [
      mode === 'max' ? EmbeddingBag.fromPretrained(weight, { mode }) : Embedding.fromPretrained(weight, { paddingIdx: 0 }),
      EmbeddingBag.fromPretrained(weight, { mode, paddingIdx: 0 }),
    ];
    const [first, bag] = layers;
    try {
      const copied = Embedding.fromPretrained(weight);
      layers.push(copied);
      const looked = copied.forward(indices);
      const all = mode === 'max' ? first.forward([indices]) : first.forward(indices)[mode](0);
      const without = bag.forward([indices]);
      return {
        rows, indices,
        looked: { rows: rowsOf(looked.data, 2), texts: rowsOf(numberTexts(looked), 2) },
        all: { values: Array.from(all.data), texts: numberTexts(all) },
        without: { values: Array.from(without.data), texts: numberTexts(without) },
        equal: all.reshape([2]).equal(without.reshape([2])),
        printed: `${all}\n${without}`,
      };
    } finally {
      for (const layer of layers) layer.dispose();
    }
  });
}

/** @param {{ store: any, both: any, announce: () => void }} figure */
export function meanTemplate({ store, both, settled }) {
  const { mode, pads, zeros } = store.state.value;
  const own = words().mean;
  const { looked, indices, all, without, equal } = both.value;
  const edit = (patch) => {
    store.edit(patch);
    settled();
  };
  const lane = (name, code, note, result, withPads) => html`
    <div class="lane card" data-lane=${withPads ? 'all' : 'without'}>
      <h4>${name}</h4>
      <code>${code}</code>
      <ol class="rows" aria-label=${own.rows}>
        ${indices.map((index, position) => {
          const isPad = index === 0;
          const out = isPad && !withPads;
          return html`<li class="${isPad ? 'pad' : ''} ${out ? 'out' : ''}"><span class="arrow" aria-hidden="true">${out ? '' : '▸'}</span><span class="name">${own.row(index)}${isPad ? html` <span class="tag">${words().pad}</span>` : nothing}</span>${out ? html`<span class="none">${own.leftOut}</span>` : html`<span class="boxed">${strip(looked.rows[position], looked.texts[position], REACH)}</span>`}</li>`;
        })}
      </ol>
      <p class="result"><span class="name">${own.result[mode]}</span>${strip(result.values, result.texts, REACH)}</p>
      <p class="hint">${note}</p>
    </div>`;
  return html`
    <section class="masked" aria-labelledby="padding-idx-mean-heading">
      <h3 id="padding-idx-mean-heading">${own.heading}</h3>
      <p>${own.text}</p>
      <div class="lanes picture">
        ${lane(own.all, allCode(mode), own.allNote(mode, pads), all, true)}
        <p class="verdict ${equal ? '' : 'changed'}" aria-hidden="true">${equal ? '=' : '≠'}</p>
        ${lane(own.without, withoutCode(mode), own.withoutNote(mode), without, false)}
      </div>
      <p class="status">${own.status({ mode, pads, zeros, equal, all: all.texts, without: without.texts })}</p>
      <div class="card mean-controls">
        ${segments({ id: 'padding-idx-mode', name: 'mode', label: own.mode, value: mode, choices: ['mean', 'sum', 'max'].map((name) => [name, html`<code>${name}</code>`]), onChange: (value) => edit({ mode: value }) })}
        ${slider({ store, id: 'padding-idx-pads', name: 'pads', label: own.pads, min: 0, max: MOST_PADS, settled })}
        ${segments({ id: 'padding-idx-zeros', name: 'zeros', label: own.fill, value: zeros, choices: [true, false].map((value) => [value, html`<code>[${PAD_ROWS[value].join(', ')}]</code>`]), onChange: (value) => edit({ zeros: value }) })}
      </div>
    </section>
    ${codePanel('padding-idx-mean', meanPrograms({ mode, ...both.value }), own.code)}`;
}

const allCode = (mode) => (mode === 'max' ? 'EmbeddingBag(mode=\'max\')' : `embedding(x).${mode}(0)`);
const withoutCode = (mode) => `EmbeddingBag(mode='${mode}', padding_idx=0)`;

function meanPrograms({ mode, rows, indices, printed }) {
  const table = (number) => `[${rows.map((row) => `[${row.map(number).join(', ')}]`).join(', ')}]`;
  const x = set(indices.join(', '));
  const python = html`import torch
from torch import nn

weight = torch.tensor(${set(table(pythonFloat))})
x = torch.tensor([${x}])

${mode === 'max' ? html`bag = nn.EmbeddingBag.from_pretrained(weight, mode='${set(mode)}')
print(bag(x.unsqueeze(0)))` : html`embedding = nn.Embedding.from_pretrained(weight, padding_idx=0)
print(embedding(x).${set(mode)}(0))`}

bag = nn.EmbeddingBag.from_pretrained(
    weight, mode='${set(mode)}', padding_idx=0)
print(bag(x.unsqueeze(0)))`;
  const javascript = html`import { ${mode === 'max' ? '' : 'Embedding, '}EmbeddingBag, tensor } from 'nn-embedding';

const weight = tensor(${set(table(literal))});
const x = [${x}];

${mode === 'max' ? html`const all = EmbeddingBag.fromPretrained(weight, { mode: '${set(mode)}' });
console.log(\`\${all.forward([x])}\`);` : html`const embedding = Embedding.fromPretrained(
  weight, { paddingIdx: 0 });
console.log(\`\${embedding.forward(x).${set(mode)}(0)}\`);`}

const bag = EmbeddingBag.fromPretrained(
  weight, { mode: '${set(mode)}', paddingIdx: 0 });
console.log(\`\${bag.forward([x])}\`);`;
  return { python, javascript, printed, core: mode === 'max' ? 'embedding_bag_forward' : `embedding_forward, embedding_bag_forward` };
}
