/** How the numbers of the table are distributed, and what N(0, 1) would give. */
import { html, nothing, svg } from 'lit-html';
import { words } from './words.js';

const [WIDTH, HEIGHT, FOOT] = [440, 150, 22];

export function histogramTemplate({ distribution, curve, edgeTexts, mean, deviation }, reach) {
  const { histogram } = words();
  const { counts, edges, below, above } = distribution;
  const bins = counts.length;
  const [low, high] = [edges[0], edges[bins]];
  const most = Math.max(1, ...counts, ...(curve ?? []));
  const x = (value) => ((value - low) / (high - low)) * WIDTH;
  const y = (count) => HEIGHT - (count / most) * (HEIGHT - 14);
  const at = (pixels) => Math.round(pixels * 10) / 10;
  const ends = [edgeTexts[0], edgeTexts[bins / 2], edgeTexts[bins]].map((text) => text.replace('-', '−'));
  const isInside = (value) => value > low && value < high;
  return html`
    <div class="histogram">
      <p class="stage">${histogram.heading}</p>
      <svg viewBox="0 0 ${WIDTH} ${HEIGHT + FOOT}" role="img" aria-label=${histogram.label(edgeTexts[0], edgeTexts[bins], mean, deviation)}>
        ${Array.from(counts, (count, bin) => (count === 0 ? nothing : svg`<rect class="bar" x=${at((bin * WIDTH) / bins + 0.5)} y=${at(y(count))} width=${at(WIDTH / bins - 1)} height=${at(HEIGHT - y(count))} />`))}
        ${curve ? svg`<path class="curve" d="M${Array.from(curve, (count, edge) => `${at(x(edges[edge]))} ${at(y(count))}`).join('L')}" />` : nothing}
        <path class="foot" d="M0 ${HEIGHT + 0.5}H${WIDTH}" />
        ${[-reach, reach].filter(isInside).map((end) => svg`<path class="reach" d="M${at(x(end))} 4V${HEIGHT + 4}" />`)}
        <text x="0" y=${HEIGHT + 17}>${ends[0]}</text>
        <text x=${WIDTH / 2} y=${HEIGHT + 17} text-anchor="middle">${ends[1]}</text>
        <text x=${WIDTH} y=${HEIGHT + 17} text-anchor="end">${ends[2]}</text>
      </svg>
      <ul class="legend" aria-label=${words().legend.heading}>
        <li><span class="key-bar" aria-hidden="true"></span>${histogram.bars}</li>
        ${curve ? html`<li><span class="key-curve" aria-hidden="true"></span>${histogram.curve}</li>` : nothing}
        <li><span class="key-reach" aria-hidden="true"></span>${histogram.reach}</li>
      </ul>
      <p class="hint">${histogram.moments(mean, deviation)}${below + above > 0 ? ` ${histogram.outside(below + above, edgeTexts[0], edgeTexts[bins])}` : ''}</p>
      <details class="more">
        <summary>${histogram.table}</summary>
        <div class="scroll counts" tabindex="0" role="region" aria-label=${histogram.heading}>
          <table><thead><tr><th scope="col">${histogram.from}</th><th scope="col">${histogram.to}</th><th scope="col">${histogram.count}</th></tr></thead>
            <tbody>${Array.from(counts, (count, bin) => html`<tr><td>${edgeTexts[bin]}</td><td>${edgeTexts[bin + 1]}</td><td>${count}</td></tr>`)}</tbody></table>
        </div>
      </details>
    </div>`;
}
