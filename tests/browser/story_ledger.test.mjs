// A ledger of hazards comes in: a wrong file is refused in words, a right one is checked by cell, what is doubtful is decided,
// the good rows are imported while the page is left, found again, and the whole is taken back.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fits, launch, picture, signedIn } from './browser.mjs';
import { Client, startDemo } from './server.mjs';
import { xlsx } from './xlsx.mjs';

let server;
let browser;
let client;
let mine;
const kind = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const total = async () => (await client.get('/records/hazard?limit=1&total=1&q=%E5%8F%B0%E8%B4%A6%E5%AF%BC%E5%85%A5')).total;  // 台账导入

before(async () => {
  server = await startDemo({ hours: 0.2 });
  browser = await launch();
  client = await Client.signIn(server, 'aqy1');
  mine = (await client.get('/options/mine?limit=1')).options[0].title;
});
after(async () => {
  await browser?.close();
  assert.equal(await server?.stop(), 0, 'the server stops cleanly');
});

const ledger = () => xlsx([
  ['序号', '矿山', '隐患简述', '等级', '来源', '整改资金（元）', '备注'],
  [1, mine, '台账导入：锚杆托盘松动', '一般隐患', '企业自查', 1200.5, '甲班'],
  [2, mine, '台账导入：风筒漏风', '较大隐患', '监管检查', '3,000', ''],
  [3, mine, '台账导入：等级写错', '特大隐患', '企业自查', '', ''],
  { cells: [4, mine, '台账导入：隐藏的一行', '一般隐患', '企业自查', 10, ''], hidden: true },
  [5, '没有这个矿', '台账导入：矿名写错', '一般隐患', '企业自查', -5, ''],
]);

test('a wrong file is refused at once, in words', async () => {
  const { page, close } = await signedIn(browser, server, 'aqy1');
  await page.goto(`${server.url}/hazards`);
  await page.getByTestId('export-menu').click();
  await page.getByTestId('export-xlsx').waitFor();
  await picture(page, 'ledger-01-export-menu');
  await page.keyboard.press('Escape');
  await page.getByTestId('import').click();
  await page.getByTestId('ledger-file').waitFor({ state: 'attached' });
  await page.getByTestId('ledger-file').setInputFiles({ name: '旧台账.xls', mimeType: 'application/vnd.ms-excel', buffer: Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600)]) });
  await page.getByTestId('ledger-problem').waitFor();
  assert.match(await page.getByTestId('ledger-problem').innerText(), /97-2003/);
  await picture(page, 'ledger-02-wrong-file');
  const template = await client.request('GET', '/records/hazard/template.xlsx');
  assert.equal(template.status, 200);
  await close();
});

test('the file is checked by cell, decided about, imported, left, found again and taken back', async () => {
  const { page, close } = await signedIn(browser, server, 'aqy1');
  const before = await total();
  await page.goto(`${server.url}/records/hazard/import`);
  await page.getByTestId('ledger-file').setInputFiles({ name: '隐患台账.xlsx', mimeType: kind, buffer: ledger() });
  await page.getByTestId('count-faulty').waitFor();
  assert.equal(await page.getByTestId('count-new').locator('b').innerText(), '3');
  assert.equal(await page.getByTestId('count-faulty').locator('b').innerText(), '2');
  const faults = await page.getByTestId('ledger-fault').allInnerTexts();
  assert.ok(faults.some((text) => /D4/.test(text) && /特大隐患/.test(text)), faults.join('\n'));
  assert.ok(faults.some((text) => /B6/.test(text)), faults.join('\n'));
  assert.ok(faults.some((text) => /F6/.test(text)), 'and the money of the same row');
  assert.ok(await page.getByTestId('ledger-apply').isDisabled(), 'first it is to be decided');
  assert.ok(await fits(page));
  await picture(page, 'ledger-03-checked');
  await page.getByTestId('decide-unknown').locator('label').click();
  await page.getByTestId('decide-unknown').locator('input:checked:enabled').waitFor({ state: 'attached' });  // the file is looked at again, meanwhile nothing can be decided
  await page.getByTestId('decide-hidden').getByText('不导入').click();
  await page.getByTestId('ledger-undecided').waitFor({ state: 'detached' });
  await page.getByTestId('count-new').filter({ hasText: '2' }).waitFor();
  assert.equal(await total(), before, 'looking writes nothing');
  await page.getByTestId('ledger-apply').click();
  await picture(page, 'ledger-04-ask');
  await Promise.all([page.waitForResponse((r) => r.url().endsWith('/apply') && r.ok()), page.locator('.confirm-box .el-button--primary').click()]);
  await page.goto(`${server.url}/hazards`);  // the work goes on without the page
  await page.goto(`${server.url}/records/hazard/import`);
  await page.getByTestId('ledger-earlier').first().click();
  await page.locator('[data-testid="ledger-bar"][data-state="applied"]').waitFor();
  await page.getByTestId('ledger-row').first().waitFor();
  assert.equal(await total(), before + 2);
  await page.getByTestId('outcome-refused').click();
  await page.getByTestId('ledger-row').filter({ hasText: 'D4' }).waitFor();
  await picture(page, 'ledger-05-applied');
  // One of the two is worked on meanwhile: it stays.
  const found = await client.get('/records/hazard?q=%E9%A3%8E%E7%AD%92%E6%BC%8F%E9%A3%8E&limit=1');  // 风筒漏风
  const record = found.records[0];
  await client.request('PATCH', `/records/hazard/${record.id}`, { version: record.version, fields: { place: '1301 回风顺槽' } });
  await page.getByTestId('ledger-undo').click();
  await page.locator('.confirm-box .el-button--primary').click();
  await page.locator('[data-testid="ledger-bar"][data-state="undone"]').waitFor();
  await page.getByTestId('outcome-kept').waitFor();
  await picture(page, 'ledger-06-undone');
  const states = (await client.get('/records/hazard?q=%E5%8F%B0%E8%B4%A6%E5%AF%BC%E5%85%A5&limit=10')).records.map((r) => `${r.title} ${r.state}`).sort();
  assert.deepEqual(states, ['台账导入：锚杆托盘松动 withdrawn', '台账导入：风筒漏风 found']);
  await close();
});

test('it is the same on a phone and in English', async () => {
  const { page, close } = await signedIn(browser, server, 'aqy1', { size: 'phone', language: 'en' });
  await page.goto(`${server.url}/records/hazard/import`);
  await page.getByTestId('ledger-file').setInputFiles({ name: 'ledger.xlsx', mimeType: kind, buffer: ledger() });
  await page.getByTestId('count-faulty').waitFor();
  assert.ok((await page.getByTestId('ledger-fault').allInnerTexts()).some((text) => /expected one of/.test(text)));
  await picture(page, 'ledger-07-phone');
  assert.ok(await fits(page));
  await page.getByTestId('ledger-discard').click();
  await page.locator('[data-testid="ledger-bar"][data-state="discarded"]').waitFor();
  await close();
});
