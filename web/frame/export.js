/** What can be taken along from a section: a link to what is shown. */
import { html } from 'lit-html';
import { strings } from '../strings/index.js';

/** @param {{ address: { text: () => string }, announce: (text: string) => void }} page */
export const exportMenu = ({ address }) => (section) => html`
  <div class="export" data-section-export=${section.id}>
    <a class="permalink" href=${`#v=2&s=${section.id}`} @click=${(event) => { event.currentTarget.href = address.text(); }}>${strings.frame.link}</a>
  </div>`;
