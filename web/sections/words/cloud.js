/** The places of all words as dots: one pass over the pixels, so that ten thousand cost what ten do. */

/** How much ink a pixel has by the number of dots on it. */
const INK = [0, 110, 155, 190, 215, 235, 245, 255];

/** Fits places into a picture, one unit for both axes. */
export function fit(places, width, height, margin) {
  const low = [Infinity, Infinity];
  const high = [-Infinity, -Infinity];
  for (let n = 0; n < places.length; n++) {
    low[n & 1] = Math.min(low[n & 1], places[n]);
    high[n & 1] = Math.max(high[n & 1], places[n]);
  }
  const unit = Math.min((width - 2 * margin) / (high[0] - low[0] || 1), (height - 2 * margin) / (high[1] - low[1] || 1));
  const middle = [0, 1].map((axis) => (low[axis] + high[axis]) / 2);
  return {
    size: width, height, unit, middle,
    x: (value) => Math.round((width / 2 + (value - middle[0]) * unit) * 10) / 10,
    y: (value) => Math.round((height / 2 - (value - middle[1]) * unit) * 10) / 10,
  };
}

/** @param {HTMLCanvasElement} canvas @param {Float32Array} places */
export function splat(canvas, places, scale, ratio) {
  const [width, height] = [Math.round(scale.size * ratio), Math.round(scale.height * ratio)];
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  const image = context.createImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  const colors = inks(getComputedStyle(canvas).color);
  const dots = new Uint8Array(width * height);
  const side = Math.max(2, Math.round(1.5 * ratio));
  for (let n = 0; n < places.length; n += 2) {
    const left = Math.round(scale.x(places[n]) * ratio - side / 2);
    const top = Math.round(scale.y(places[n + 1]) * ratio - side / 2);
    for (let y = Math.max(0, top); y < Math.min(height, top + side); y++) {
      for (let x = Math.max(0, left); x < Math.min(width, left + side); x++) if (dots[y * width + x] < INK.length - 1) dots[y * width + x]++;
    }
  }
  for (let at = 0; at < dots.length; at++) if (dots[at] > 0) pixels[at] = colors[dots[at]];
  context.putImageData(image, 0, 0);
}

/** A CSS colour with each amount of ink, as pixels. */
function inks(color) {
  const context = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  context.fillStyle = color;
  context.fillRect(0, 0, 1, 1);
  const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
  return new Uint32Array(new Uint8ClampedArray(INK.flatMap((alpha) => [red, green, blue, alpha])).buffer);
}

/** The dot nearest to a point of the picture, or -1. */
export function dotAt(places, scale, px, py, within) {
  let nearest = -1;
  let least = within * within;
  for (let n = 0; n < places.length / 2; n++) {
    const dx = scale.x(places[2 * n]) - px;
    const dy = scale.y(places[2 * n + 1]) - py;
    if (dx * dx + dy * dy < least) [nearest, least] = [n, dx * dx + dy * dy];
  }
  return nearest;
}
