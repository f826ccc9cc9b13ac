/** The gradient on its way back: max_norm does nothing to it. */
import { Embedding, clipGradNorm, tidy } from 'nn-embedding';
import { computed } from '@preact/signals-core';
import { html } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import { onNumber } from '../../components/controls.js';
import { strip } from '../../components/grid.js';
import { numberTexts, pythonFloat, literal } from '../../components/numbers.js';
import { codeDetails, set } from '../../frame/code-panel.js';
import { words } from './words.js';

const LIMIT = 100;
const REACH = 20;

/** @param {number[][]} arrives the gradient that arrives at the output, one row */
export function passBack(arrives) {
  return tidy(() => {
    const layer = Embedding.fromPretrained([[3, 4]], { freeze: false, maxNorm: 1 });
    try {
      const output = layer.forward([0]);
      const text = output.toString();
      output.backward(arrives);
      const { grad } = layer.weight;
      const describe = (tensor) => ({ values: Array.from(tensor.data), texts: numberTexts(tensor), text: tensor.toString() });
      const kept = describe(grad);
      clipGradNorm(layer.parameters(), 1);
      return { output: describe(output), text, kept, clipped: describe(grad) };
    } finally {
      layer.weight.grad?.dispose(); // tidy leaves gradients alone
      layer.dispose();
    }
  });
}

/** @param {{ store: any, announce: (text: string) => void }} context */
export function createGradient({ store, announce }) {
  const arrives = computed(() => store.state.value.arrives);
  const view = computed(() => passBack(arrives.value));

  function place(axis, value) {
    store.edit({ arrives: [arrives.value[0].map((old, a) => (a === axis ? value : old))] });
    announce(words().gradient.summary(arrives.value[0].map(literal), view.value.kept.texts));
  }

  function template() {
    const own = words().gradient;
    const { output, kept, clipped } = view.value;
    const step = (name, code, content) => html`<li class="card step"><h4>${name}</h4><code class="does">${code}</code>${content}</li>`;
    return html`
      <ol class="passes">
        ${step(own.forward, 'output = embedding([0])', strip(output.values, output.texts, 4, own.forward))}
        ${step(own.arrives, 'output.backward([[…]])', html`
          <span class="pair" data-control="arrives">${arrives.value[0].map((value, axis) => html`
            <input id="max-norm-arrives-${axis}" type="number" step="any" min=${-LIMIT} max=${LIMIT} .value=${live(literal(value))} aria-label=${own.number(axis)}
              @change=${onNumber(store, -LIMIT, LIMIT, (next) => place(axis, next))} />`)}</span>`)}
        ${step(own.kept, 'embedding.weight.grad', strip(kept.values, kept.texts, REACH, own.kept))}
        ${step(own.clipped, 'clip_grad_norm_(…, 1.0)', strip(clipped.values, clipped.texts, REACH, own.clipped))}
      </ol>
      <p class="caption">${own.caption}</p>
      ${codeDetails('max-norm-gradient', programs(arrives.value[0], view.value))}`;
  }

  return { template, lab: () => view.value };
}

function programs(arrives, { text, kept, clipped }) {
  return {
    python: html`import torch
from torch import nn

embedding = nn.Embedding.from_pretrained(
    torch.tensor([[3.0, 4.0]]), freeze=False, max_norm=1.0)

output = embedding(torch.tensor([0]))
print(output)
output.backward(torch.tensor([[${set(arrives.map(pythonFloat).join(', '))}]]))
print(embedding.weight.grad)
nn.utils.clip_grad_norm_(embedding.parameters(), 1.0)
print(embedding.weight.grad)`,
    javascript: html`import { Embedding, clipGradNorm } from 'nn-embedding';

const embedding = Embedding.fromPretrained([[3, 4]], {
  freeze: false, maxNorm: 1 });

const output = embedding.forward([0]);
console.log(\`\${output}\`);
output.backward([[${set(arrives.map(literal).join(', '))}]]);
console.log(\`\${embedding.weight.grad}\`);
clipGradNorm(embedding.parameters(), 1);
console.log(\`\${embedding.weight.grad}\`);`,
    printed: `${text}\n${kept.text}\n${clipped.text}`,
    core: 'embedding_renorm, embedding_forward, embedding_dense_backward',
  };
}
