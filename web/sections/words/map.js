/** The map: all words as dots, the chosen ones and the true neighbours by name, and beside it what the map has lost. */
import { html, nothing, svg } from 'lit-html';
import { guard } from 'lit-html/directives/guard.js';
import { ref } from 'lit-html/directives/ref.js';
import { segments } from '../../components/controls.js';
import { placeLabels } from '../../components/plane.js';
import { language } from '../../strings/index.js';
import { words } from './words.js';

const NAMES_FROM = 460;

export function mapTemplate(figure) {
  const { store, map, view, actions } = figure;
  const { layout, job, measured, width, failed } = map;
  const own = words().map;
  const { axes } = store.state.value;
  const shown = layout.value;
  return html`
    <section class="card map-card" aria-labelledby="words-map-heading">
      <h3 id="words-map-heading">${own.heading}</h3>
      <div class="map-figure">
        <div class="picture map" ${ref(map.watchSize)} style="height: ${map.height(width.value)}px">
          <canvas ${ref(map.attach)} aria-hidden="true"></canvas>
          ${shown === null ? nothing : guard([shown, view.value.chosen, view.value.truth, map.hovered.value, language.value], () => overlay(figure, shown, own))}
          ${job.value?.kind === 'map' ? html`<div class="map-wait"><label>${own.computing} <progress max="1" .value=${job.value.progress}></progress></label><button type="button" @click=${map.stop}>${own.stop}</button></div>` :
            shown === null ? html`<div class="map-wait"><p>${failed.value ? `${own.failed} ${failed.value}` : own.notYet}</p><button type="button" id="words-map-start" @click=${map.draw}>${own.start}</button></div>` : nothing}
        </div>
        <div class="meter">
          ${shown === null ? nothing : meter(figure, shown, own)}
          <div class="buttons measure">
            ${job.value?.kind === 'overlap' ? html`<label>${own.measuring} <progress max="1" .value=${job.value.progress}></progress></label><button type="button" id="words-stop" @click=${map.stop}>${own.stop}</button>` :
              measured.value?.key === shown?.key && shown ? html`<p class="fact" id="words-measured">${own.measured(actions.percent(measured.value.mean), actions.size())}</p>` :
                html`<button type="button" id="words-measure" ?disabled=${shown === null || job.value !== null} @click=${map.measure}>${own.measure(actions.size())}</button>`}
          </div>
          ${segments({ id: 'words-axes', name: 'axes', label: own.axes, value: axes, choices: [['all', own.axesAll(actions.size())], ['chosen', own.axesChosen(view.value.chosen.length)]], onChange: (value) => store.edit({ axes: value }) })}
        </div>
      </div>
    </section>`;
}

/** Where a word stands, and its label's room. */
const spot = (name, place, kind) => (kind === 'used' ?
  { name, values: place, kind, from: null, radius: 9, width: 9.2 * (name.length + 2), height: 18 } :
  { name, values: place, kind, from: null, radius: 6, width: 7.4 * name.length + 6, height: 16 });

function overlay(figure, { places, scale }, own) {
  const { map, view, actions } = figure;
  const { word, chosen, truth } = view.value;
  const placeOf = (name) => Array.from(places.subarray(2 * actions.rowOf(name), 2 * actions.rowOf(name) + 2));
  const truly = truth.map((neighbor) => neighbor.word);
  const others = chosen.filter((name) => name !== word && !truly.includes(name));
  const spots = [
    ...(word === null ? [] : [spot(word, placeOf(word), 'used')]),
    ...truly.map((name) => spot(name, placeOf(name), 'true')),
    ...others.map((name) => spot(name, placeOf(name), 'other')),
  ];
  // On a phone only the word, its nearest five and the chosen ones are named.
  const named = scale.size >= NAMES_FROM ? spots : spots.filter(({ name, kind }) => kind !== 'true' || truly.indexOf(name) < 5 || chosen.includes(name));
  const centred = named.map((one) => ({ ...one, values: [one.values[0] - scale.middle[0], one.values[1] - scale.middle[1]] }));
  const labels = placeLabels(centred, { ...scale, x: (value) => scale.x(value + scale.middle[0]), y: (value) => scale.y(value + scale.middle[1]) });
  const at = ({ values }) => [scale.x(values[0]), scale.y(values[1])];
  const hovered = map.hovered.value;
  const [wx, wy] = word === null ? [0, 0] : at(spots[0]);
  return html`
    <svg class="plane words-map" viewBox="0 0 ${scale.size} ${scale.height}" role="img" aria-label=${own.label({ word, truth: truly, size: actions.size() })}
      @pointermove=${map.hover} @pointerleave=${map.leave} @click=${map.pick}>
      ${spots.filter(({ kind }) => kind === 'true').map((one) => svg`<line class="truth" x1=${wx} y1=${wy} x2=${at(one)[0]} y2=${at(one)[1]} />`)}
      ${spots.slice().reverse().map((one) => svg`<circle class=${one.kind} cx=${at(one)[0]} cy=${at(one)[1]} r=${one.kind === 'used' ? 7 : 4.5} />`)}
      ${named.map((one, n) => svg`<text class="label ${one.kind}" x=${at(one)[0] + labels[n].x} y=${at(one)[1] + labels[n].y + 13} text-anchor=${labels[n].anchor}>${one.kind === 'used' ? '▸ ' : ''}${one.name}</text>`)}
      ${hovered === null ? nothing : svg`<g class="hovered" transform="translate(${scale.x(places[2 * hovered])} ${scale.y(places[2 * hovered + 1])})"><circle r="5" /><text class="label" x=${scale.x(places[2 * hovered]) > scale.size / 2 ? -9 : 9} y="-7" text-anchor=${scale.x(places[2 * hovered]) > scale.size / 2 ? 'end' : 'start'}>${actions.wordAt(hovered)}</text></g>`}
    </svg>`;
}

function meter({ view, actions }, { key, explained, overlap, average, onMap }, own) {
  const { word, truth } = view.value;
  const kept = new Set(truth.map((neighbor) => neighbor.word).filter((name) => onMap.some((other) => other.word === name)));
  const list = (neighbors) => neighbors.map(({ word: name }, n) => html`${n > 0 ? ', ' : ''}${kept.has(name) ? html`<b>${name}</b>` : name}`);
  return html`
    <div class="honesty">
      <p class="big"><b id="words-explained">${actions.percent(explained)}</b> ${key === 'all' ? own.explainedAll(actions.size()) : own.explainedChosen(view.value.chosen.length)}</p>
      <span class="bar wide" aria-hidden="true"><span style="width: ${Math.round(explained * 1000) / 10}%"></span></span>
      ${word === null ? nothing : html`
        <p class="big"><b id="words-kept">${own.keptCount(overlap, truth.length)}</b> ${own.kept(word)}</p>
        <span class="slots" aria-hidden="true">${truth.map((_, n) => html`<span class=${n < overlap ? 'full' : ''}></span>`)}</span>
        <dl>
          <dt>${own.truly}</dt><dd id="words-true">${list(truth)}</dd>
          <dt>${own.onMap}</dt><dd id="words-on-map">${list(onMap)}</dd>
        </dl>`}
      ${average === null ? nothing : html`<p class="hint">${own.average(actions.percent(average))}</p>`}
    </div>`;
}
