/**
 * A picture of the page as SVG, read off what is drawn: boxes, texts, drawings and canvases where they stand, with the colours and fonts
 * in force. No `foreignObject`, which many programs cannot read and which taints a canvas.
 */

const SVG = 'http://www.w3.org/2000/svg';
const PNG_SCALE = 2;
const MARGIN = 16;
/** Not part of a picture. */
const SKIPPED = '.sr, .controls, .control, .buttons, button:not(.plain), [hidden], script, details:not([open]) > :not(summary)';
/** What a drawing takes from the style sheet. */
const DRAWN = [
  'fill', 'fill-opacity', 'stroke', 'stroke-width', 'stroke-dasharray', 'stroke-linecap', 'stroke-linejoin', 'stroke-opacity', 'opacity',
  'font-family', 'font-size', 'font-weight', 'text-anchor', 'dominant-baseline', 'paint-order', 'visibility', 'display',
];
const COLORS = ['fill', 'stroke'];

/**
 * @param {Element} root
 * @param {{ title: string, description: string }} about what its metadata say
 * @returns {string}
 */
export function pictureToSvg(root, { title, description }) {
  const box = root.getBoundingClientRect();
  const [width, height] = [round(box.width + 2 * MARGIN), round(box.height + 2 * MARGIN)];
  const svg = element('svg', { viewBox: `${-MARGIN} ${-MARGIN} ${width} ${height}`, width, height });
  svg.append(textOf('title', title), textOf('desc', description));
  svg.append(element('rect', { x: -MARGIN, y: -MARGIN, width, height, fill: plainColor(backgroundOf(root)) }));
  draw(root, svg, box);
  return new XMLSerializer().serializeToString(svg);
}

/** @param {Element} root @param {{ title: string, description: string }} about @returns {Promise<Uint8Array>} twice as large as it is shown */
export async function pictureToPng(root, about) {
  const image = new Image();
  // A data: address; a blob: one taints the canvas in some browsers.
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(pictureToSvg(root, about))}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [image.width * PNG_SCALE, image.height * PNG_SCALE];
  canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve));
  return new Uint8Array(await blob.arrayBuffer());
}

const round = (pixels) => Math.round(pixels * 100) / 100;

function element(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}

function textOf(name, content) {
  const made = element(name, {});
  made.textContent = content;
  return made;
}

/** @param {Element} source @param {Element} target @param {DOMRect} origin */
function draw(source, target, origin) {
  if (source.matches(SKIPPED)) return;
  const style = getComputedStyle(source);
  if (style.display === 'none' || style.visibility === 'hidden') return;
  const box = source.getBoundingClientRect();
  const at = { x: round(box.x - origin.x), y: round(box.y - origin.y), width: round(box.width), height: round(box.height) };
  drawBox(style, at, target);
  if (source instanceof SVGSVGElement) return void target.append(drawing(source, at));
  if (source instanceof HTMLCanvasElement) return void target.append(element('image', { ...at, href: source.toDataURL() }));
  if (source instanceof HTMLInputElement) return void drawText(source.value, style, { ...at, ...anchorOf(at, style) }, target);
  for (const child of source.childNodes) {
    if (child instanceof Text) drawLines(child, style, origin, target);
    else if (child instanceof Element) draw(child, target, origin);
  }
}

/** Background, border and outline, if there are any. */
function drawBox(style, at, target) {
  const fill = plainColor(style.backgroundColor);
  const sides = ['Top', 'Right', 'Bottom', 'Left'].filter((side) => parseFloat(style[`border${side}Width`]) > 0 && style[`border${side}Style`] !== 'none');
  const hasBorder = sides.length === 4;
  const width = hasBorder ? parseFloat(style.borderTopWidth) : 0;
  drawOutline(style, at, target);
  if (!hasBorder) for (const side of sides) drawSide(side, style, at, target);
  if (fill === 'none' && !hasBorder) return;
  const dash = { dotted: `0.1 ${2 * width}`, dashed: `${3 * width} ${2 * width}` }[style.borderTopStyle];
  target.append(element('rect', {
    x: at.x + width / 2, y: at.y + width / 2, width: Math.max(0, at.width - width), height: Math.max(0, at.height - width), rx: parseFloat(style.borderTopLeftRadius) || 0, fill,
    ...(hasBorder ? { stroke: plainColor(style.borderTopColor), 'stroke-width': width, ...(dash ? { 'stroke-dasharray': dash, 'stroke-linecap': 'round' } : {}) } : {}),
  }));
}

function drawOutline(style, at, target) {
  const width = parseFloat(style.outlineWidth);
  if (style.outlineStyle === 'none' || width === 0) return;
  const out = parseFloat(style.outlineOffset) + width / 2;
  target.append(element('rect', {
    x: at.x - out, y: at.y - out, width: at.width + 2 * out, height: at.height + 2 * out, rx: (parseFloat(style.borderTopLeftRadius) || 0) + out,
    fill: 'none', stroke: plainColor(style.outlineColor), 'stroke-width': width,
  }));
}

/** One side of a border that is not all around. */
function drawSide(side, style, { x, y, width, height }, target) {
  const thick = parseFloat(style[`border${side}Width`]);
  const isUpright = side === 'Left' || side === 'Right';
  target.append(element('rect', {
    x: side === 'Right' ? x + width - thick : x, y: side === 'Bottom' ? y + height - thick : y,
    width: isUpright ? thick : width, height: isUpright ? height : thick, fill: plainColor(style[`border${side}Color`]),
  }));
}

/** The lines into which a text is broken, each where it stands. */
function drawLines(node, style, origin, target) {
  const { data } = node;
  if (data.trim() === '') return;
  const range = document.createRange();
  let [start, top] = [0, null];
  const emit = (end) => {
    range.setStart(node, start);
    range.setEnd(node, end);
    const box = range.getBoundingClientRect();
    const text = data.slice(start, end).replace(/\s+/g, style.whiteSpace.startsWith('pre') ? '\u00a0' : ' ').trim();
    if (text !== '' && box.width > 0) drawText(text, style, { x: round(box.x - origin.x), y: round(box.y - origin.y), width: box.width, height: round(box.height) }, target);
  };
  for (let at = 0; at < data.length; at++) {
    range.setStart(node, at);
    range.setEnd(node, at + 1);
    const box = range.getClientRects()[0];
    if (!box || box.width === 0) continue;
    if (top !== null && Math.abs(box.top - top) > box.height / 2) {
      emit(at);
      start = at;
    }
    top = box.top;
  }
  emit(data.length);
}

const BASELINE = 0.76; // of the height of a line of text, in the fonts of the page

/** Where the text of a field is held. */
const anchorOf = ({ x, width }, style) => (style.textAlign === 'center' ?
  { x: x + (width + parseFloat(style.paddingLeft) - parseFloat(style.paddingRight)) / 2, anchor: 'middle' } :
  { x: x + width - parseFloat(style.paddingRight), anchor: 'end' });

function drawText(text, style, { x, y, height, anchor = 'start' }, target) {
  const size = parseFloat(style.fontSize);
  const made = element('text', {
    x, y: round(y + (height - size) / 2 + size * BASELINE + size * 0.1), fill: plainColor(style.color), 'font-family': style.fontFamily,
    'font-size': size, 'font-weight': style.fontWeight, 'text-anchor': anchor,
  });
  made.textContent = text;
  target.append(made);
}

/** A drawing with its styles written into it. */
function drawing(source, at) {
  const copy = /** @type {SVGSVGElement} */ (source.cloneNode(true));
  const [originals, copies] = [[source, ...source.querySelectorAll('*')], [copy, ...copy.querySelectorAll('*')]];
  const dropped = [];
  originals.forEach((original, n) => {
    const style = getComputedStyle(original);
    const target = copies[n];
    if (style.display === 'none' || style.visibility === 'hidden') return void dropped.push(target);
    for (const name of [...target.getAttributeNames()]) {
      if (/^(class|style|tabindex|role|aria-|data-|id$)/.test(name) && !(name === 'id' && original.closest('defs'))) target.removeAttribute(name);
    }
    for (const property of DRAWN) {
      const value = style.getPropertyValue(property);
      if (value) target.setAttribute(property, COLORS.includes(property) ? plainColor(value) : value);
    }
    if (n > 0 && style.transform !== 'none' && !original.hasAttribute('transform')) target.setAttribute('transform', style.transform);
  });
  for (const target of dropped) target.remove();
  for (const [name, value] of Object.entries(at)) copy.setAttribute(name, String(value));
  return copy;
}

function backgroundOf(source) {
  for (let element = source; element; element = element.parentElement) {
    const color = getComputedStyle(element).backgroundColor;
    if (plainColor(color) !== 'none') return color;
  }
  return getComputedStyle(document.body).getPropertyValue('--page') || '#fff';
}

const pixel = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
const colors = new Map();

/** A colour that every SVG reader knows: #rrggbb, or none; a transparent one is mixed with nothing. */
function plainColor(color) {
  if (color === 'none' || color === '' || color === 'transparent') return 'none';
  let plain = colors.get(color);
  if (plain === undefined) {
    pixel.canvas.width = pixel.canvas.height = 1;
    pixel.fillStyle = color;
    pixel.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = pixel.getImageData(0, 0, 1, 1).data;
    plain = alpha === 0 ? 'none' : `#${[red, green, blue].map((part) => part.toString(16).padStart(2, '0')).join('')}`;
    colors.set(color, plain);
  }
  return plain;
}
