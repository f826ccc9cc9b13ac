/** What can be taken along from a section: its pictures as SVG and PNG, its values as CSV and .npy, and a link to what is shown. */
import { signal } from '@preact/signals-core';
import { html, nothing } from 'lit-html';
import { literal } from '../components/numbers.js';
import { strings } from '../strings/index.js';
import { npyOf } from './npy.js';
import { pictureToPng, pictureToSvg } from './picture.js';

const SAY_FOR_MS = 2000;

/** A frame whose origin is opaque may not download, and the browser does not say so: there the result is shown in place. */
const isSandboxed = () => self !== parent && self.origin === 'null';

/** @param {{ address: { link: () => string }, announce: (text: string) => void }} page */
export function exportMenu({ address, announce }) {
  /** @param {import('./section.js').Section} section @param {import('./section.js').Figure} figure */
  return (section, figure) => {
    const shown = signal(null);
    const linked = signal(false);
    const pictures = () => [...document.querySelectorAll(`#${section.id}-body .picture`)];
    const about = () => ({ title: strings.sections[section.id].heading, description: `${location.href.split('#')[0]}${address.link()}` });

    const deliver = (name, type, content) => {
      const blob = new Blob([content], { type });
      if (isSandboxed()) {
        shown.value = { name, text: typeof content === 'string' && !type.startsWith('image') ? content : null, image: type.startsWith('image') ? dataUrl(type, content) : null };
        announce(strings.export.inPlace);
        return;
      }
      const link = document.createElement('a');
      link.href = URL.createObjectURL(blob);
      link.download = name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), SAY_FOR_MS);
    };
    const saveSvg = () => pictures().forEach((picture, n) => deliver(fileName(section.id, n, 'svg'), 'image/svg+xml', pictureToSvg(picture, about())));
    const savePng = async () => {
      for (const [n, picture] of pictures().entries()) deliver(fileName(section.id, n, 'png'), 'image/png', await pictureToPng(picture, about()));
    };
    const withValues = (save) => {
      const values = figure.values();
      try {
        for (const { name, tensor } of values) save(name, tensor);
      } finally {
        for (const { tensor } of values) tensor.dispose();
      }
    };
    const saveCsv = () => withValues((name, tensor) => deliver(`${section.id}-${name}.csv`, 'text/csv', csvOf(tensor)));
    const saveNpy = () => withValues((name, tensor) => deliver(`${section.id}-${name}.npy`, 'application/octet-stream', npyOf(tensor)));
    const copyLink = async (event) => {
      event.preventDefault();
      const text = about().description;
      try {
        await navigator.clipboard.writeText(text);
      } catch {
        shown.value = { name: strings.export.link, text, image: null };
      }
      linked.value = true;
      setTimeout(() => { linked.value = false; }, SAY_FOR_MS);
    };

    return () => {
      const words = strings.export;
      return html`
        <details class="export">
          <summary>${words.heading}</summary>
          <div class="buttons">
            ${figure.hasPicture === false ? nothing : html`<button type="button" @click=${saveSvg}>SVG</button><button type="button" @click=${savePng}>PNG</button>`}
            ${figure.values ? html`<button type="button" @click=${saveCsv}>CSV</button><button type="button" @click=${saveNpy}>.npy</button>` : nothing}
            <a class="permalink" href=${`#v=2&s=${section.id}`} @click=${copyLink}>${linked.value ? words.linked : words.link}</a>
          </div>
          ${shown.value === null ? nothing : inPlace(shown.value)}
        </details>`;
    };
  };
}

const inPlace = ({ name, text, image }) => html`
  <figure class="in-place">
    <figcaption>${strings.export.inPlace} <code>${name}</code></figcaption>
    ${image ? html`<img src=${image} alt=${name} />` : text ? html`<textarea readonly rows="6" aria-label=${name} .value=${text} @focus=${(event) => event.target.select()}></textarea>` : html`<p>${strings.export.notHere}</p>`}
  </figure>`;

const fileName = (id, n, type) => `${id}${n > 0 ? `-${n + 1}` : ''}.${type}`;

function dataUrl(type, content) {
  if (typeof content === 'string') return `data:${type};charset=utf-8,${encodeURIComponent(content)}`;
  let binary = '';
  for (const byte of content) binary += String.fromCharCode(byte);
  return `data:${type};base64,${btoa(binary)}`;
}

/** A line for each row, a column for each number: the shortest decimals that read back as the same float32. */
function csvOf(tensor) {
  const columns = tensor.shape.at(-1) ?? 1;
  const lines = [];
  for (let start = 0; start < tensor.numel; start += columns) lines.push(Array.from(tensor.data.subarray(start, start + columns), literal).join(','));
  return `${lines.join('\n')}\n`;
}
