// Pictures of one screen in the other size and the other language, without opening it again.
import assert from 'node:assert/strict';
import { picture, sizes } from './browser.mjs';

const sizeOf = (page) => ((page.viewportSize()?.width ?? sizes.wide.width) > 760 ? 'wide' : 'phone');

/** What stands out on the right, outermost first. */
const tooWide = (page) => page.evaluate(() => [...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > window.innerWidth + 1).slice(0, 6)
  .map((e) => `${e.tagName.toLowerCase()}.${e.className} "${(e.textContent ?? '').trim().slice(0, 30)}"`).join(' | '));

/** The screen as it is, and in the other size, where nothing may be wider than the phone. */
export async function bothSizes(page, name) {
  await picture(page, name);
  const was = sizeOf(page);
  const other = was === 'wide' ? 'phone' : 'wide';
  await page.setViewportSize(sizes[other]);
  // The page takes its new shape in more than one turn.
  const narrow = () => document.documentElement.scrollWidth <= window.innerWidth + 1;
  await page.waitForFunction(narrow, null, { timeout: 10000 }).catch(async () => assert.fail(`${name} is wider than its window: ${await tooWide(page)}`));
  await picture(page, `${name}-${other}`);
  await page.setViewportSize(sizes[was]);
}

/** Both sizes in both languages; the page is left as it was. */
export async function everyWay(page, name) {
  await bothSizes(page, name);
  const language = await page.locator('html').getAttribute('lang');
  const turn = async (wanted) => {
    await page.getByTestId('language-switch').click();
    await page.locator(`html[lang="${wanted}"]`).waitFor();
  };
  const other = language === 'en' ? 'zh-CN' : 'en';
  await turn(other);
  await bothSizes(page, `${name}-${other}`);
  await turn(language);
}
