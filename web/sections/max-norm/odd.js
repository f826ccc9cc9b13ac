/** Values of max_norm and norm_type that are accepted and make no sense. */
import { Embedding, tidy } from 'nn-embedding';
import { html } from 'lit-html';
import { numberTexts, rowsOf } from '../../components/numbers.js';
import { words } from './words.js';

const ROWS = [[3, 4], [0.3, 0.4]];
const VALUES = [
  ['max_norm=True', { maxNorm: true }], ['max_norm=False', { maxNorm: false }], ['max_norm=0.0', { maxNorm: 0 }], ['max_norm=-1.0', { maxNorm: -1 }],
  ['max_norm=1.0, norm_type=0', { maxNorm: 1, normType: 0 }], ['max_norm=1.0, norm_type=-1', { maxNorm: 1, normType: -1 }],
];

/** @returns {{ option: string, rows: string[][] | null, error: string | null }[]} what the rows become */
export const oddValues = () => VALUES.map(([option, options]) => tidy(() => {
  try {
    const layer = Embedding.fromPretrained(ROWS, options);
    const rows = rowsOf(numberTexts(layer.forward([0, 1])), 2);
    layer.dispose();
    return { option, rows, error: null };
  } catch ({ name, message }) {
    return { option, rows: null, error: `${name}: ${message}` };
  }
}));

export function createOdd() {
  const values = oddValues();
  return {
    template: () => html`
      <details class="odd">
        <summary>${words().odd.heading}</summary>
        <p>${words().odd.text}</p>
        <div class="scroll" tabindex="0" role="region" aria-label=${words().odd.heading}>
          <table class="facts" id="max-norm-odd" aria-label=${words().odd.heading}>
            <thead><tr><th scope="col">${words().odd.columns[0]}</th><th scope="col">[3, 4] →</th><th scope="col">[0.3, 0.4] →</th><th scope="col">${words().odd.columns[1]}</th></tr></thead>
            <tbody>${values.map(({ option, rows, error }, n) => html`
              <tr><th scope="row"><code>${option}</code></th>
                ${rows === null ? html`<td colspan="2"><code>${error}</code></td>` : rows.map((row) => html`<td class="number">[${row.join(', ')}]</td>`)}
                <td>${words().odd.reasons[n]}</td></tr>`)}</tbody>
          </table>
        </div>
      </details>`,
    lab: () => values,
  };
}
