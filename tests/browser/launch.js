/** Chromium for the page's tests: no sandbox, no GPU, and no network of its own. */
import { chromium } from 'playwright-core';

const EXECUTABLE = process.env.CHROMIUM ?? '/usr/bin/chromium';
const ARGUMENTS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

const TIMEOUT_MS = 10_000;

/** Chromium missing is a failure: the promise rejects with the path that was tried. */
export const launch = () => chromium.launch({ executablePath: EXECUTABLE, args: ARGUMENTS });

/**
 * Opens an address in a window of its own and watches it.
 * @returns the page, with `requests` and `complaints` (console errors, warnings, exceptions)
 */
export async function open(browser, url, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  context.setDefaultTimeout(TIMEOUT_MS);
  const page = await context.newPage();
  page.requests = [];
  page.complaints = [];
  page.on('request', (request) => page.requests.push(request.url()));
  page.on('console', (message) => { if (['error', 'warning'].includes(message.type())) page.complaints.push(message.text()); });
  page.on('pageerror', (error) => page.complaints.push(String(error)));
  await page.goto(url);
  return page;
}
