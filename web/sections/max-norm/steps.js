/** One row through time: each step of the optimizer pushes it, each lookup pulls it back. */
import { Embedding, optim, tensor, tidy } from 'nn-embedding';
import { computed } from '@preact/signals-core';
import { html, nothing, svg } from 'lit-html';
import { ref } from 'lit-html/directives/ref.js';
import { numberTexts, rowsOf } from '../../components/numbers.js';
import { rowMark } from '../../components/plane.js';
import { createWidth } from '../../components/width.js';
import { codeDetails, set } from '../../frame/code-panel.js';
import { rowsOutside } from '../layer.js';
import { FIELDS, MOST_ACTIONS } from './state.js';
import { words } from './words.js';

const START = [[0.6, 0.9]];
const GRADIENT = [[-0.8, -0.6]];
const LIMIT = 2;
const RATE = 0.5;
const TEN_ROUNDS = 'ls'.repeat(10);

/**
 * @param {string} actions of l, a lookup with its backward, and s, a step
 * @returns {{ action: string, norm: number, text: string, row: string[], outside: boolean, printed: string }[]} the row after each
 */
export function runSteps(actions) {
  return tidy(() => {
    const layer = Embedding.fromPretrained(START, { freeze: false, maxNorm: LIMIT });
    try {
      const optimizer = new optim.SGD(layer.parameters(), { lr: RATE });
      const gradient = tensor(GRADIENT);
      const points = [...actions].map((action) => {
        if (action === 'l') {
          optimizer.zeroGrad();
          layer.forward([0]).backward(gradient);
        } else {
          optimizer.step();
        }
        const norm = layer.weight.detach().norm();
        const rows = rowsOf(layer.weight.data, 2);
        return {
          action, norm: norm.item(), row: numberTexts(layer.weight),
          outside: rowsOutside(rows, [0], { maxNorm: LIMIT, normType: 2 }).length > 0, printed: `${action} ${norm}`,
        };
      });
      const texts = numberTexts(tensor(points.map(({ norm }) => norm))); // together, so that all have the same digits
      return points.map((point, n) => ({ ...point, text: texts[n] }));
    } finally {
      layer.dispose();
    }
  });
}

function programs(actions, printed) {
  return {
    python: html`import torch
from torch import nn

embedding = nn.Embedding.from_pretrained(
    torch.tensor([[0.6, 0.9]]), freeze=False, max_norm=2.0)
optimizer = torch.optim.SGD(embedding.parameters(), lr=0.5)
gradient = torch.tensor([[-0.8, -0.6]])

for action in '${set(actions)}':
    if action == 'l':  # look up
        optimizer.zero_grad()
        embedding(torch.tensor([0])).backward(gradient)
    else:  # SGD step
        optimizer.step()
    print(action, embedding.weight.detach().norm())`,
    javascript: html`import { Embedding, optim, tensor } from 'nn-embedding';

const embedding = Embedding.fromPretrained([[0.6, 0.9]], {
  freeze: false, maxNorm: 2 });
const optimizer = new optim.SGD(embedding.parameters(), { lr: 0.5 });
const gradient = tensor([[-0.8, -0.6]]);

for (const action of '${set(actions)}') {
  if (action === 'l') { // look up
    optimizer.zeroGrad();
    embedding.forward([0]).backward(gradient);
  } else { // SGD step
    optimizer.step();
  }
  console.log(\`\${action} \${embedding.weight.detach().norm()}\`);
}`,
    printed,
    core: 'embedding_renorm, embedding_forward, embedding_dense_backward, embedding_sgd_step',
  };
}

const FIRST_WIDTH = 1000;
const HEIGHT = 250;
const EDGE = { left: 40, right: 92, top: 30, bottom: 26 };
/** From so many points on only the last keeps its number. */
const CROWDED = 14;

/** @param {{ store: any, announce: (text: string) => void }} context */
export function createSteps({ store, announce }) {
  const actions = computed(() => store.state.value.steps);
  const points = computed(() => runSteps(actions.value));
  const size = createWidth(FIRST_WIDTH);

  function act(more) {
    if (actions.value.length + more.length > MOST_ACTIONS) return announce(words().steps.full);
    store.edit({ steps: actions.value + more });
    return announce(words().steps.summary(points.value.at(-1)));
  }

  function picture() {
    const own = words().steps;
    const width = size.width.value;
    const all = points.value;
    const top = Math.max(3, ...all.map(({ norm }) => norm));
    const x = (n) => EDGE.left + ((n + 0.5) * (width - EDGE.left - EDGE.right)) / Math.max(all.length, 12);
    const y = (norm) => Math.round(10 * (HEIGHT - EDGE.bottom - (norm * (HEIGHT - EDGE.top - EDGE.bottom)) / top)) / 10;
    const right = width - EDGE.right;
    const ticks = Array.from({ length: Math.floor(top) + 1 }, (_, tick) => tick);
    return html`
      <svg class="plane saw" style="aspect-ratio: auto; height: ${HEIGHT}px" viewBox="0 0 ${width} ${HEIGHT}" role="img" aria-label=${own.picture(all)} ${ref(size.watch)}>
        <rect class="ball-inside" x=${EDGE.left} y=${y(LIMIT)} width=${right - EDGE.left} height=${y(0) - y(LIMIT)} />
        <g class="grid">${ticks.map((tick) => svg`<path class=${tick === 0 ? 'axis' : ''} d="M${EDGE.left} ${y(tick)}H${right}" /><text x=${EDGE.left - 8} y=${y(tick) + 4} text-anchor="end">${tick}</text>`)}
          <text x="12" y="18">${own.axis}</text></g>
        <path class="ball" d="M${EDGE.left} ${y(LIMIT)}H${right}" />
        <text class="ball-name" x=${right + 8} y=${y(LIMIT) + 5}>max_norm</text>
        ${all.slice(1).map((point, k) => {
          const pulled = point.action === 'l' && all[k].outside;
          return svg`<line class="${point.action === 's' ? 'push' : pulled ? 'pull' : 'rest'}" x1=${x(k)} y1=${y(all[k].norm)} x2=${x(k + 1)} y2=${y(point.norm)} />`;
        })}
        ${all.map((point, n) => svg`
          <g style="transform: translate(${x(n)}px, ${y(point.norm)}px)" data-action=${point.action}>
            ${rowMark(point.outside ? 'outside' : point.action === 'l' ? 'used' : 'idle', false)}
            ${n === all.length - 1 || (all.length <= CROWDED && width > 600) ? svg`<text class="label" y=${point.outside ? -14 : 22} text-anchor="middle">${point.text}</text>` : nothing}
          </g>
          ${x(1) - x(0) > 48 ? svg`<text class="letter" x=${x(n)} y=${HEIGHT - 8} text-anchor="middle">${own.letters[point.action]}</text>` : nothing}`)}
      </svg>`;
  }

  function template() {
    const own = words().steps;
    const last = points.value.at(-1);
    const full = (more) => (actions.value.length + more.length > MOST_ACTIONS ? 'true' : nothing);
    const sample = (content) => html`<svg viewBox="-16 -16 32 32" width="28" height="28" aria-hidden="true">${content}</svg>`;
    return html`
      ${picture()}
      <ul class="legend in-line" aria-label=${words().legend.heading}>
        <li>${sample(rowMark('used', false))}${own.lookedUp}</li>
        <li>${sample(rowMark('outside', false))}${own.outside}</li>
        <li>${sample(rowMark('idle', false))}${own.inside}</li>
      </ul>
      <div class="buttons" data-control="steps">
        <button id="max-norm-step" class="primary" type="button" aria-disabled=${full('s')} @click=${() => act('s')}>${own.step}</button>
        <button id="max-norm-step-look-up" type="button" aria-disabled=${full('l')} @click=${() => act('l')}>${own.lookUp}</button>
        <button id="max-norm-ten-steps" type="button" title=${own.tenLong} aria-disabled=${full(TEN_ROUNDS)} @click=${() => act(TEN_ROUNDS)}>${own.ten}</button>
        <button id="max-norm-steps-reset" type="button" @click=${() => { store.edit({ steps: actions.value === 'l' ? FIELDS.steps.initial : 'l' }); announce(own.summary(points.value.at(-1))); }}>${actions.value === 'l' ? own.example : own.again}</button>
      </div>
      <p class="status" id="max-norm-steps-status">${own.summary(last)}</p>
      <p class="caption">${own.caption}</p>
      ${codeDetails('max-norm-steps', programs(actions.value, points.value.map(({ printed }) => printed).join('\n')))}`;
  }

  return { template, lab: () => points.value };
}
