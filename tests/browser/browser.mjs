// Chromium with the two window sizes, and what every test does with a page.
import { mkdirSync, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { Client } from './server.mjs';

const output = join(dirname(fileURLToPath(import.meta.url)), 'output');
export const sizes = { wide: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };

// The shell is the same engine without the frame of a desktop program, which costs as much again as many a page.
const programs = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium', '/usr/bin/chromium-browser'];

export function launch() {
  const executablePath = process.env.MW_CHROMIUM ?? programs.find(existsSync);
  if (!executablePath) throw new Error('found no Chromium; run tools/install-packages');
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking', '--no-first-run', '--disable-sync', '--disable-component-update'],
  });
}

const requests = new WeakMap();  // page -> what it asked for
/** Counts what the page asks for and what is still to be answered. */
function follow(page) {
  const state = { open: new Set(), begun: 0, quiet: null };
  const ended = (request) => {
    state.open.delete(request);
    if (state.open.size === 0) state.quiet?.();
  };
  page.on('request', (request) => {
    state.begun += 1;
    state.open.add(request);
  });
  page.on('requestfinished', ended);
  page.on('requestfailed', ended);
  requests.set(page, state);
}

async function windowOf(browser, name, { size = 'wide', language = 'zh-CN' } = {}) {
  const context = await browser.newContext({ viewport: sizes[size], locale: language, timezoneId: 'Asia/Shanghai', reducedMotion: 'reduce' });
  const page = await context.newPage();
  const errors = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  follow(page);
  return {
    page,
    errors,
    async close() {
      await context.close();
      if (errors.length) throw new Error(`script errors on the page of ${name}: ${errors.join('; ')}`);
    },
  };
}

/** A window of its own, signed in through the sign-in page. Script errors of the page fail the test at close(). */
export async function signInOnPage(browser, server, name, options) {
  const window = await windowOf(browser, name, options);
  const { page } = window;
  await page.goto(server.url);
  await page.getByTestId('sign-in-name').fill(name);
  await page.getByTestId('sign-in-password').fill(server.password(name));
  await page.getByTestId('sign-in-submit').click();
  await page.waitForURL((url) => !url.pathname.includes('sign-in'));
  return window;
}

/** The same with a session at hand, for stories that are not about signing in; nothing is opened in it yet. */
export async function signedIn(browser, server, name, options) {
  const window = await windowOf(browser, name, options);
  const { headers } = await Client.signIn(server, name);
  const [cookie, value] = headers.cookie.split('=');
  await window.page.context().addCookies([{ name: cookie, value, url: server.url, httpOnly: true, sameSite: 'Strict' }]);
  return window;
}

/** Waits for the answers to all that the page asked for. */
function answered(state, timeout) {
  if (state.open.size === 0) return Promise.resolve();
  return new Promise((done, failed) => {
    const timer = setTimeout(() => failed(new Error(`not answered after ${timeout} ms: ${[...state.open].map((r) => r.url()).join(' ')}`)), timeout);
    state.quiet = () => {
      clearTimeout(timer);
      done();
    };
  });
}
/** Waits until the page stands: all that it asked for is answered, nothing of it is loading, its fonts are there, and it was drawn
 * since without asking for more. */
export async function drawn(page, { timeout = 20000 } = {}) {
  const state = requests.get(page);
  for (const end = Date.now() + timeout; Date.now() < end; ) {
    await answered(state, timeout);
    const { begun } = state;
    await page.waitForFunction(() => document.querySelector('#app')?.childElementCount > 0 && !document.querySelector('[data-testid="loading"], .el-skeleton'), null, { timeout });
    await page.evaluate(() => document.fonts.ready.then(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))));
    if (state.begun === begun && state.open.size === 0) return;
  }
  throw new Error(`${page.url()} asks for more and more`);
}

export async function picture(page, name) {
  mkdirSync(output, { recursive: true });
  await page.screenshot({ path: join(output, `${name}.png`) });
}

/** True when nothing makes the page wider than its window. */
export function fits(page) {
  return page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth + 1);
}
