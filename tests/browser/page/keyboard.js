/** What the keyboard reaches. */
import assert from 'node:assert/strict';

const MOST_STOPS = 200;

/**
 * Goes through a section by Tab, and checks that each stop shows that it has the focus, and that Tab leads out again.
 * @param {string} id of the section
 * @returns {Promise<string[]>} the stops in their order: id, or else what a screen reader calls it
 */
export async function tabStops(page, id) {
  const stops = [];
  await page.locator(`#${id}-heading`).focus();
  while (stops.length < MOST_STOPS) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate((id) => {
      const element = document.activeElement;
      if (element.closest(`#${id}`) === null) return null;
      const { outlineStyle, outlineWidth } = getComputedStyle(element);
      const ring = element.querySelector('.focus-ring');
      const inside = element.type === 'radio' || element.type === 'checkbox' ? element.closest('label') : element;
      return {
        name: element.id || (element.getAttribute('aria-label') ?? inside.textContent).trim().replace(/\s+/g, ' ').slice(0, 40),
        isSeen: ring ? getComputedStyle(ring).visibility === 'visible' : outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2,
      };
    }, id);
    if (stop === null) return stops;
    assert.ok(stop.isSeen, `one sees the focus on ${stop.name}`);
    stops.push(stop.name);
  }
  assert.fail(`Tab does not leave ${id} after ${MOST_STOPS} stops: ${stops.slice(-5).join(', ')}`);
}
