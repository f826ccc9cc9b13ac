/** The picture of the first figure: words become numbers, numbers name rows, rows are copied out. The columns stand below each other. */
import { html, nothing } from 'lit-html';
import { EMBEDDING_DIM, REACH, WORDS } from './state.js';
import { words } from './words.js';

const COLUMNS = Array.from({ length: EMBEDDING_DIM }, (_, column) => String(column));

export function pictureTemplate({ view, tableGrid, outputGrid }) {
  const { tokens, indices, order, table, output, error, status, caption } = view.value;
  const { picture } = words();
  return html`
    <div class="picture hero-picture">
      <p class="stage">${picture.words}</p>
      <ol class="tokens" aria-label=${picture.words}>
        ${tokens.map((token, n) => html`
          <li class="token ${indices[n] === undefined ? 'bad' : ''}"><span>${token}</span><span class="arrow" aria-hidden="true">→</span>${indices[n] === undefined ?
            html`<code><span aria-hidden="true">?</span><span class="sr">${picture.noNumber}</span></code>` : html`<code>${indices[n]}</code>`}</li>`)}
        ${tokens.length === 0 ? html`<li class="token empty">${picture.noWords}</li>` : nothing}
      </ol>
      ${tableGrid.template({
        caption: html`<span class="stage">${picture.rows}</span>`,
        columns: COLUMNS,
        rowHeading: picture.rowHeading,
        reach: REACH,
        rows: order.map((word, row) => ({
          name: picture.rowName(row, WORDS[word]),
          label: html`<code class="id">${row}</code><span class="word" data-word=${WORDS[word]}>${WORDS[word]}</span>`,
          values: table.rows[row],
          texts: table.texts[row],
          count: error === null ? indices.filter((index) => index === row).length : 0,
        })),
      })}
      <div class="output">${outputGrid.template({
        caption: html`<span class="stage">${picture.copies}</span>`,
        columns: COLUMNS,
        rowHeading: picture.outputHeading,
        reach: REACH,
        rows: tokens.map((token, n) => ({
          name: error === null ? picture.outputName(n, token, indices[n]) : picture.outputNameFailed(n, token),
          label: html`<span class="word">${token}</span>${error === null ? html`<span class="from">${picture.from(indices[n])}</span>` : nothing}`,
          values: output?.rows[n] ?? [],
          texts: output?.texts[n] ?? [],
          hatched: error !== null,
          none: picture.noOutput,
        })),
      })}</div>
      <p class="status" id="hero-status">${status}</p>
      <p class="caption">${caption}</p>
    </div>`;
}
