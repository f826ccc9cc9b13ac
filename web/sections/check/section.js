/** Ten sentences to judge, each with a link to what settles it, and five experiments for a lesson. */
import { html, nothing } from 'lit-html';
import { initialState } from '../../frame/store.js';
import { strings } from '../../strings/index.js';
import { CARDS, EXPERIMENTS, linkTo } from './cards.js';

/** One sign for each card: t and f as answered, - for not yet. */
const FIELDS = {
  answers: {
    initial: '-'.repeat(CARDS.length),
    read: (given) => (/^[tf-]+$/.test(given) && given.length === CARDS.length ? given : undefined),
    write: String,
  },
};

/** @type {import('../../frame/section.js').Section} */
export const check = { id: 'check', fields: FIELDS, create };

function create({ store, announce }) {
  const words = () => strings.sections.check;
  const given = (n) => ({ t: true, f: false, '-': null })[store.state.value.answers[n]];
  const score = () => ({
    answered: CARDS.filter((_, n) => given(n) !== null).length,
    right: CARDS.filter(({ holds }, n) => given(n) === holds).length,
    all: CARDS.length,
  });

  function answer(n, value) {
    const signs = [...store.state.value.answers];
    signs[n] = value ? 't' : 'f';
    store.edit({ answers: signs.join('') });
    announce(words().score(score()));
  }

  function again() {
    store.edit(initialState(FIELDS));
    announce(words().score(score()));
  }

  const link = (target, text) => html`<a class="settles" href=${linkTo(target)} data-section=${target.id}>${text}</a>`;
  const name = (id) => strings.sections[id]?.short ?? id;

  function card({ id, holds, state }, n) {
    const said = given(n);
    const { claim, why } = words().cards[id];
    const button = (value) => html`<button type="button" aria-pressed=${said === value ? 'true' : 'false'} @click=${() => answer(n, value)}>${words()[value]}</button>`;
    return html`
      <li class="card claim ${said === null ? '' : said === holds ? 'right' : 'wrong'}" data-card=${id}>
        <h3 id="check-${id}">${claim}</h3>
        <div class="segments" role="group" aria-labelledby="check-${id}">${button(true)}${button(false)}</div>
        <div role="status">${said === null ? nothing : html`
          <p class="why"><strong><span aria-hidden="true">${said === holds ? '✓' : '✗'}</span> ${said === holds ? strings.frame.right : strings.frame.wrong} ${said === holds ? nothing : words().is[holds]}</strong> ${why}</p>
          <p class="why">${link({ id, state }, words().see(name(id)))}</p>`}</div>
      </li>`;
  }

  const experiment = ({ id, state }) => {
    const { title, steps, ask, find } = words().sheet.experiments[id];
    return html`
      <li data-experiment=${id}>
        <h4>${title}</h4>
        <p>${steps}</p>
        <p><strong>${words().sheet.ask}</strong> ${ask}</p>
        <p><strong>${words().sheet.find}</strong> ${find}</p>
        <p>${link({ id, state }, html`${words().sheet.start}<span class="sr">: ${title}</span>`)}</p>
      </li>`;
  };

  return {
    hasPicture: false,
    template: () => html`
      <ol class="claims">${CARDS.map(card)}</ol>
      <div class="check-score">
        <p class="fact" id="check-score">${words().score(score())}</p>
        <button type="button" id="check-again" ?disabled=${score().answered === 0} @click=${again}>${words().again}</button>
      </div>
      <section class="card sheet" aria-labelledby="check-sheet"><h3 id="check-sheet">${words().sheet.heading}</h3><ol>${EXPERIMENTS.map(experiment)}</ol></section>`,
    lab: () => ({ ...score(), cards: CARDS, experiments: EXPERIMENTS, links: [...CARDS, ...EXPERIMENTS].map(linkTo) }),
  };
}
