/** b - a + c: the equation, the rows nearest to the result, and the plane in which a, b and c lie. */
import { html, nothing, svg } from 'lit-html';
import { guard } from 'lit-html/directives/guard.js';
import { ref } from 'lit-html/directives/ref.js';
import { checkbox } from '../../components/controls.js';
import { placeLabels } from '../../components/plane.js';
import { language } from '../../strings/index.js';
import { barOf, neighborRow } from './neighbors.js';
import { words } from './words.js';

export const PRESETS = [
  ['man', 'king', 'woman'], ['france', 'paris', 'italy'], ['walk', 'walked', 'go'], ['good', 'better', 'bad'],
  ['big', 'bigger', 'small'], ['possible', 'impossible', 'happy'], ['dollar', 'america', 'yen'], ['man', 'doctor', 'woman'],
];

export function analogyTemplate({ store, view, actions, searches, planeWidth }) {
  const { analogy, exclude, metric } = store.state.value;
  const { found, unknown } = view.value.analogy;
  const own = words().analogy;
  const spelled = unknown.length === 0 ? [] : actions.spelledNearly(unknown[0]);
  const [a, b, c] = analogy;
  const field = (n) => searches[n].template({
    control: 'analogy', label: own.fields[n], labelHidden: true, value: analogy[n], suggest: actions.suggest, onChoose: (word) => actions.setAnalogy(n, word),
    invalid: unknown.includes(analogy[n]), describedBy: 'words-analogy-error',
  });
  const preset = PRESETS.findIndex((three) => three.join(' ') === analogy.join(' '));
  return html`
    <section class="card analogy" aria-labelledby="words-analogy-heading">
      <h3 id="words-analogy-heading">${own.heading(a, b, c)}</h3>
      <div class="equation" role="group" aria-label=${own.group}>
        ${field(1)}<span class="sign">−</span>${field(0)}<span class="sign">+</span>${field(2)}<span class="sign">≈</span>
        <b class="answer" id="words-answer">${found === null ? '?' : found.winner}</b>
      </div>
      ${unknown.length > 0 ? html`<p class="error" id="words-analogy-error">${own.unknown(unknown[0], actions.size())} ${spelled.length > 0 ? own.spelled : nothing}
        ${spelled.map((word) => html`<button type="button" class="plain" @click=${() => actions.setAnalogy(analogy.indexOf(unknown[0]), word)}>${word}</button> `)}</p>` : nothing}
      ${found === null ? nothing : resultTemplate(found, exclude, metric, actions, own, planeWidth)}
      <div class="analogy-controls">
        ${checkbox({ id: 'words-exclude', name: 'exclude', label: own.exclude, checked: exclude, onChange: actions.setExclude })}
        <div class="control" data-control="analogy"><label for="words-preset">${own.presets}</label>
          <select id="words-preset" @change=${(event) => { if (event.target.value !== '') actions.setPreset(PRESETS[event.target.value]); }}>
            <option value="" .selected=${preset === -1}>${own.ownWords}</option>
            ${PRESETS.map((three, n) => html`<option value=${n} .selected=${n === preset}>${own.presetName(three)}</option>`)}
          </select></div>
      </div>
    </section>`;
}

function resultTemplate({ ranked, winner, plane, three, answer }, exclude, metric, actions, own, planeWidth) {
  const part = barOf(ranked, metric);
  let rank = 0;
  return html`
    <ol class="neighbors" aria-label=${own.list}>
      ${ranked.map((neighbor) => {
        const isInput = three.includes(neighbor.word);
        const isOut = isInput && exclude;
        if (!isOut) rank++;
        return neighborRow(neighbor, part(neighbor.score), actions.choose, {
          rank: isOut ? '–' : rank, className: isOut ? 'out' : neighbor.word === winner ? 'winner' : '',
          tag: isInput ? html`<span class="tag">${isOut ? own.leftOut : own.input}</span>` : nothing,
        });
      })}
    </ol>
    <p class="fact">${own.fact({ winner, exclude, score: own.scores[metric](winner === answer.word ? answer.text : ranked[0].text), isInput: three.includes(winner) })}</p>
    ${plane === null ? nothing : guard([plane, planeWidth.width.value, language.value], () => planeTemplate(plane, three, answer.word, own, planeWidth))}`;
}

const HEIGHT = 220;
const MARGIN = 34;

/** a -> b and c -> b - a + c, parallel and of one length, and where the answer's row comes down on their plane. */
function planeTemplate({ places, arrow, off }, [a, b, c], answer, own, { width: { value: width }, watch }) {
  const [xs, ys] = [0, 1].map((axis) => places.map((place) => place[axis]));
  const middle = (values) => (Math.min(...values) + Math.max(...values)) / 2;
  const spread = (values) => Math.max(...values) - Math.min(...values);
  const unit = Math.min((width - 2 * MARGIN - 80) / spread(xs), (HEIGHT - 2 * MARGIN) / spread(ys));
  const centred = places.map(([x, y]) => [x - middle(xs), y - middle(ys)]);
  const px = (value) => Math.round(value * 10) / 10;
  const scale = { size: width, height: HEIGHT, x: (value) => px(width / 2 + value * unit), y: (value) => px(HEIGHT / 2 - value * unit) };
  const names = [a, b, c, own.sum(a, b, c), answer];
  const labels = placeLabels(centred.map((values, n) => ({ values, from: n === 1 ? centred[0] : n === 3 ? centred[2] : null, radius: 8, width: 8.6 * names[n].length + 8, height: 16 })), scale);
  const at = (n) => [scale.x(centred[n][0]), scale.y(centred[n][1])];
  const line = (from, to, name) => svg`<line class=${name} x1=${at(from)[0]} y1=${at(from)[1]} x2=${at(to)[0]} y2=${at(to)[1]} marker-end=${name === 'arrow-line' ? 'url(#words-arrow)' : nothing} />`;
  const mark = (n) => (n === 3 ? svg`<path class="sum" d="M0 -6L6 0L0 6L-6 0Z" />` : svg`<circle class=${n === 4 ? 'found' : 'used'} r="5.5" />`);
  const longest = Math.max(arrow.size, off.size);
  return html`
    <figure class="plane-figure">
      <svg class="picture plane words-plane" ${ref(watch)} viewBox="0 0 ${width} ${HEIGHT}" role="img" aria-label=${own.planeLabel({ a, b, c, answer, off: off.text, arrow: arrow.text })}>
        <defs><marker id="words-arrow" viewBox="0 0 10 10" refX="15" refY="5" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L10 5L0 10Z" /></marker></defs>
        ${line(0, 1, 'arrow-line')}${line(2, 3, 'arrow-line')}${line(3, 4, 'to-answer')}
        ${centred.map((_, n) => svg`<g transform="translate(${at(n)[0]} ${at(n)[1]})">${mark(n)}<text class="label" x=${labels[n].x} y=${labels[n].y + 13} text-anchor=${labels[n].anchor}>${names[n]}</text></g>`)}
      </svg>
      <figcaption>
        <span>${own.planeCaption(a, b, c)}</span>
        <span class="lengths">
          <span>${own.arrowLength(a, b)}</span><span class="bar" aria-hidden="true"><span style="width: ${Math.round((arrow.size / longest) * 100)}%"></span></span><span class="score">${arrow.text}</span>
          <span>${own.offPlane(answer)}</span><span class="bar" aria-hidden="true"><span style="width: ${Math.round((off.size / longest) * 100)}%"></span></span><span class="score">${off.text}</span>
        </span>
      </figcaption>
    </figure>`;
}
