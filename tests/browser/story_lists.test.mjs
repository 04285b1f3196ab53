// Lists: a filter is kept under a name and opened by a link, one step is taken for many rows, a list is printed.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fits, launch, picture, signedIn } from './browser.mjs';
import { Client, startDemo } from './server.mjs';

let server;
let browser;
let ids;

before(async () => {
  server = await startDemo({ hours: 0.2 });
  browser = await launch();
  const officer = await Client.signIn(server, 'aqy1');
  const mine = (await officer.get('/records/mine?limit=1')).records[0].id;
  ids = [];
  for (const [i, place] of ['回风巷', '运输巷', '采煤工作面', '绞车房'].entries()) {
    ids.push((await officer.post('/records/hazard', { fields: { mine, title: `${place}支护松动 ${i + 1}`, place, origin: 'self_check', level: 'ordinary' } })).id);
  }
});
after(async () => {
  await browser?.close();
  assert.equal(await server?.stop(), 0, 'the server stops cleanly');
});

const list = (page, query = '') => page.goto(`${server.url}/records/hazard${query}`).then(() => page.getByTestId('row-hazard').first().waitFor());

test('a filter is kept, shared, opened by its link, deleted and brought back', async () => {
  const { page, close } = await signedIn(browser, server, 'aqy1');
  await list(page, '?f.state=found&sort=title');
  await page.getByTestId('views').click();
  await page.getByTestId('view-new').click();
  const dialog = page.getByTestId('view-dialog').filter({ visible: true });
  await dialog.getByTestId('view-name').fill('待核查隐患');
  await dialog.getByTestId('view-shared').click();
  await picture(page, 'lists-view-dialog');
  await dialog.getByTestId('view-save').click();
  await page.waitForURL(/view=\d+/);
  const link = page.url();
  assert.match(link, /f\.state=found/);
  await page.getByTestId('views').click();
  await page.getByTestId('view-default').filter({ visible: true }).click();
  await page.getByTestId('view').filter({ hasText: '默认' }).waitFor();
  await picture(page, 'lists-views');
  await close();

  // The default is applied; a colleague of the mine opens the link; the county has none of it.
  const again = await signedIn(browser, server, 'aqy1');
  await again.page.goto(`${server.url}/records/hazard`);
  await again.page.waitForURL(/f\.state=found/);
  await again.page.getByTestId('views').click();
  await again.page.getByTestId('view-remove').filter({ visible: true }).click();
  await again.page.getByTestId('view-undo').click();
  await again.page.getByTestId('view').waitFor();
  await again.close();
  const colleague = await signedIn(browser, server, 'kz1', { language: 'en' });
  await colleague.page.goto(link.replace(/&f\.state=found|&sort=title/g, ''));
  await colleague.page.waitForURL(/f\.state=found/);
  await colleague.page.getByTestId('row-hazard').first().waitFor();
  await picture(colleague.page, 'lists-link-en');
  await colleague.close();
  const county = await Client.signIn(server, 'xian');
  assert.deepEqual((await county.get('/views/hazard')).views, []);
});

test('one step for all that match: done or refused row by row', async () => {
  const { page, close } = await signedIn(browser, server, 'aqy1');
  await list(page, '?f.state=found&view=none');
  const before = (await (await Client.signIn(server, 'aqy1')).get('/records/hazard/selection?f.state=found')).rows.length;
  await page.getByTestId('pick-row').first().click();
  await page.getByTestId('bulk-bar').waitFor();
  await page.getByTestId('bulk-all').click();
  await page.getByTestId('bulk-count').filter({ hasText: String(before) }).waitFor();
  await page.getByTestId('bulk-step-grade').waitFor();
  await picture(page, 'lists-bulk-bar');
  await page.getByTestId('bulk-step-grade').click();
  const dialog = page.getByTestId('bulk-dialog').filter({ visible: true });
  assert.match(await dialog.getByTestId('bulk-text').innerText(), new RegExp(` ${before} `));
  // Meanwhile somebody else grades one of them.
  const other = await Client.signIn(server, 'kz1');
  const one = await other.get(`/records/hazard/${ids[0]}`);
  await other.post(`/records/hazard/${ids[0]}/steps/grade`, { version: one.version, fields: { level: 'ordinary' } });
  await dialog.getByTestId('field-level').locator('select, .el-select').first().click();
  const choice = page.locator('.el-select-dropdown__item').filter({ visible: true }).first();
  if (await choice.count()) await choice.click();
  else await dialog.getByTestId('field-level').locator('select').selectOption('ordinary');
  await picture(page, 'lists-bulk-dialog');
  await dialog.getByTestId('bulk-run').click();
  await page.locator('[data-testid="bulk-result"][data-state="over"]').waitFor();
  assert.equal(await page.getByTestId('bulk-refused').count(), 1);
  await picture(page, 'lists-bulk-result');
  await page.getByTestId('bulk-close').click();
  await page.getByTestId('bulk-bar').waitFor({ state: 'hidden' });
  const graded = await (await Client.signIn(server, 'aqy1')).get(`/records/hazard?f.state=graded&limit=100`);
  assert.ok(ids.every((id) => graded.records.some((r) => r.id === id)));
  await close();
});

test('paper has title, filter, who and when, and no buttons', async () => {
  const { page, close } = await signedIn(browser, server, 'kz1');
  await list(page, '?f.level=ordinary&view=none');
  await page.emulateMedia({ media: 'print' });
  await page.setViewportSize({ width: 700, height: 990 });  // a sheet is narrower than a screen
  const shown = (id) => page.getByTestId(id).first().isVisible();
  assert.equal(await shown('export'), false);
  assert.equal(await shown('pick-row'), false);
  assert.equal(await shown('filter-words'), false);
  assert.equal(await shown('row-hazard'), true, 'the table, not the cards of a phone');
  assert.match(await page.locator('.print-head').innerText(), /一矿矿长.*20\d\d-/s);
  assert.match(await page.getByTestId('filter-words-printed').innerText(), /一般/);
  await picture(page, 'lists-print');
  await page.goto(`${server.url}/records/mine/${(await (await Client.signIn(server, 'kz1')).get('/records/mine?limit=1')).records[0].id}`);
  await page.locator('dl.facts').first().waitFor();
  await picture(page, 'lists-print-record');
  await close();
});

test('a search says of each hit what it is, how far, and of which mine; a phone has the saved filters too', async () => {
  const { page, close } = await signedIn(browser, server, 'xian', { size: 'phone' });
  await page.goto(`${server.url}/search?q=${encodeURIComponent('支护松动')}`);
  const hit = page.getByTestId('hit').first();
  await hit.waitFor();
  assert.match(await hit.innerText(), /支护松动 \d[\s\S]*待制定方案[\s\S]*隐患 · 示例一矿/);
  assert.ok(await fits(page));
  await picture(page, 'lists-search-phone');
  await page.goto(`${server.url}/records/hazard`);
  await page.getByTestId('card-hazard').first().waitFor();
  await page.getByTestId('views').click();
  await page.getByTestId('view-new').filter({ visible: true }).waitFor();
  assert.ok(await fits(page));
  await picture(page, 'lists-phone');
  await close();
});
