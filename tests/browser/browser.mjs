// Chromium with the two window sizes, and what every test does with a page.
import { mkdirSync, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const output = join(dirname(fileURLToPath(import.meta.url)), 'output');
export const sizes = { wide: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };

export function launch() {
  const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(existsSync);
  if (!executablePath) throw new Error('found no Chromium; run tools/install-packages');
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking', '--no-first-run', '--disable-sync', '--disable-component-update'],
  });
}

/** A window of its own, signed in through the sign-in page. Script errors of the page fail the test at close(). */
export async function signInOnPage(browser, server, name, { size = 'wide', language = 'zh-CN' } = {}) {
  const context = await browser.newContext({ viewport: sizes[size], locale: language, timezoneId: 'Asia/Shanghai', reducedMotion: 'reduce' });
  const page = await context.newPage();
  const errors = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  await page.goto(server.url);
  await page.getByTestId('sign-in-name').fill(name);
  await page.getByTestId('sign-in-password').fill(server.password(name));
  await page.getByTestId('sign-in-submit').click();
  await page.waitForURL((url) => !url.pathname.includes('sign-in'));
  return {
    page,
    errors,
    async close() {
      await context.close();
      if (errors.length) throw new Error(`script errors on the page of ${name}: ${errors.join('; ')}`);
    },
  };
}

export async function picture(page, name) {
  mkdirSync(output, { recursive: true });
  await page.screenshot({ path: join(output, `${name}.png`) });
}

/** True when nothing makes the page wider than its window. */
export function fits(page) {
  return page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth + 1);
}
