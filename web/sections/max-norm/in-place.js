/** The error that meets those who use the weight before the call, and the clone that prevents it. */
import { Embedding, tensor, tidy } from 'nn-embedding';
import { computed } from '@preact/signals-core';
import { html, nothing } from 'lit-html';
import { segments } from '../../components/controls.js';
import { aside, programs as programBlocks, set } from '../../frame/code-panel.js';
import { strings } from '../../strings/index.js';
import { words } from './words.js';

/** What PyTorch 2.13 says; a test compares it with a recording. */
const PYTORCH_ERROR = 'RuntimeError: one of the variables needed for gradient computation has been modified by an inplace operation: ' +
  '[torch.FloatTensor [2, 2]] is at version 1; expected version 0 instead. Hint: enable anomaly detection to find the operation that ' +
  'failed to compute its gradient, with torch.autograd.set_detect_anomaly(True, check_nan=False).';

/** @param {boolean} clone @returns {{ printed: string, error: { name: string, message: string } | null }} */
export function useBeforeCall(clone) {
  return tidy(() => {
    const layer = Embedding.fromPretrained([[3, 4], [1.2, -0.8]], { freeze: false, maxNorm: 2 });
    try {
      const W = tensor([[0.5, -1], [1, 0.25]], { requiresGrad: true });
      const a = (clone ? layer.weight.clone() : layer.weight).matmul(W.t());
      const b = layer.forward([0]).matmul(W.t());
      a.sum().add(b.sum()).backward();
      return { printed: `${W.grad}`, error: null };
    } catch ({ name, message }) {
      return { printed: '', error: { name, message } };
    } finally {
      layer.dispose();
    }
  });
}

function programs(clone, { printed, error }) {
  const mark = (text) => (clone ? set(text) : nothing);
  return {
    python: html`import torch
from torch import nn

embedding = nn.Embedding.from_pretrained(
    torch.tensor([[3.0, 4.0], [1.2, -0.8]]),
    freeze=False, max_norm=2.0)
W = torch.tensor([[0.5, -1.0], [1.0, 0.25]], requires_grad=True)

a = embedding.weight${mark('.clone()')} @ W.t()
b = embedding(torch.tensor([0])) @ W.t()
(a.sum() + b.sum()).backward()
print(W.grad)`,
    javascript: html`import { Embedding, tensor } from 'nn-embedding';

const embedding = Embedding.fromPretrained([[3, 4], [1.2, -0.8]], {
  freeze: false, maxNorm: 2 });
const W = tensor([[0.5, -1], [1, 0.25]], { requiresGrad: true });

const a = embedding.weight${mark('.clone()')}.matmul(W.t());
const b = embedding.forward([0]).matmul(W.t());
a.sum().add(b.sum()).backward();
console.log(\`\${W.grad}\`);`,
    printed: error === null ? printed : html`${aside(strings.code.pytorch)}     ${PYTORCH_ERROR}\n${aside(strings.code.javascript)}  ${error.name}: ${error.message}`,
    failed: error !== null,
  };
}

/** @param {{ store: any, announce: (text: string) => void }} context */
export function createInPlace({ store, announce }) {
  const clone = computed(() => store.state.value.clone);
  const view = computed(() => useBeforeCall(clone.value));

  function template() {
    const own = words().inPlace;
    const { error } = view.value;
    const use = (on) => {
      store.edit({ clone: on });
      announce(view.value.error === null ? own.works : own.fails);
    };
    return html`
      <div class="card">
        ${segments({ id: 'max-norm-clone', name: 'clone', label: own.choice, value: clone.value, choices: [[false, html`<code>weight @ W.t()</code>`], [true, html`<code>weight.clone() @ W.t()</code>`]], onChange: use })}
        <ol class="because">${(error === null ? own.worksBecause : own.failsBecause).map((line) => html`<li>${line}</li>`)}</ol>
        <div class="code inner">${programBlocks('max-norm-in-place', programs(clone.value, view.value))}</div>
      </div>
      <p class="caption">${own.caption}</p>`;
  }

  return { template, lab: () => view.value };
}
