// A document on paper: drafted, looked at, signed by two officers, issued by the head with its number; the issued PDF is the one that
// stays; anybody checks its code without signing in, and sees when a file was altered.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fits, launch, picture, signedIn, sizes } from './browser.mjs';
import { Client, startDemo } from './server.mjs';

let server;
let browser;
let id;
let code;
let bytes;
const folder = mkdtempSync(join(tmpdir(), 'mineward-papers-'));
const path = () => `/records/official_document/${id}`;

async function pdfText(client) {
  const answer = await fetch(`${server.url}/api/v1${path()}/papers/rectify`, { headers: client.headers });
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get('content-type'), 'application/pdf');
  bytes = Buffer.from(await answer.arrayBuffer());
  const file = join(folder, 'paper.pdf');
  writeFileSync(file, bytes);
  return execFileSync('pdftotext', ['-raw', '-enc', 'UTF-8', file, '-']).toString().replace(/\s/g, '');
}

before(async () => {
  server = await startDemo({ hours: 0.2 });
  browser = await launch();
  id = (await drafted(await Client.signIn(server, 'zfry1'), '回风隅角甲烷传感器吊挂位置不符合规定。')).id;
});
async function drafted(officer, facts) {
  const mine = (await officer.get('/records/mine?limit=1')).records[0];
  return officer.post('/records/official_document', {
    fields: {
      organisation: mine.fields.organisation, mine: mine.id, kind: 'rectify', place_short: '示', office_short: '监管一', addressee: '示例一矿',
      facts, basis: '《中华人民共和国安全生产法》第六十五条', content: '于2026年3月31日前整改完毕。',
    },
  });
}
/** Signed by both officers: it waits for the head. */
async function checked(document) {
  const first = await Client.signIn(server, 'zfry1');
  const other = await Client.signIn(server, 'zfry2');
  const at = `/records/official_document/${document.id}`;
  const officers = (await first.get('/options/account?q=乙')).options ?? [];
  const second = officers.find((o) => o.title.includes('执法人员乙')) ?? officers[0];
  const revised = await first.post(`${at}/steps/revise`, { version: document.version, fields: { second_officer: second.id, cards: '9901010011、9901010012' } });
  await first.post(`${at}/steps/check`, { version: revised.version });
  await other.post(`${at}/signatures`, { version: (await other.get(at)).version, agrees: true, opinion: '' });
}
after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
  assert.equal(await server?.stop(), 0, 'the server stops cleanly');
});

test('an officer looks at the draft, which cannot be issued yet', async () => {
  const { page, close } = await signedIn(browser, server, 'zfry1');
  await page.goto(`${server.url}${path()}`);
  const offer = page.locator('[data-testid="paper-offer"][data-paper="rectify"]');
  await offer.waitFor();
  assert.equal(await offer.getByTestId('paper-issue').count(), 0);
  await picture(page, 'papers-01-draft');
  await close();
  const text = await pdfText(await Client.signIn(server, 'zfry1'));
  for (const word of ['草稿', '责令限期整改指令书', '示例一矿', '回风隅角甲烷传感器吊挂位置不符合规定']) assert.ok(text.includes(word), word);
});

test('two officers sign, the head issues: number, code and PDF come at once, and once only', async () => {
  await checked(await (await Client.signIn(server, 'zfry1')).get(path()));
  const { page, close } = await signedIn(browser, server, 'juzhang');
  await page.goto(`${server.url}${path()}`);
  await page.getByTestId('paper-issue').click();
  await page.locator('.confirm-box').waitFor();
  await picture(page, 'papers-02-confirm');
  await page.locator('.confirm-box .el-button--primary').click();
  const issued = page.getByTestId('paper-issued');
  await issued.waitFor();
  assert.match(await issued.getByTestId('paper-number').innerText(), /^示（监管一）煤安责改〔\d{4}〕1号$/);
  code = (await issued.getByTestId('paper-code').innerText()).replace(/-/g, '');
  assert.equal(await page.getByTestId('paper-offer').count(), 0, 'it cannot be issued again');
  await picture(page, 'papers-03-issued');
  await close();

  const head = await Client.signIn(server, 'juzhang');
  const text = await pdfText(head);
  assert.ok(!text.includes('草稿'));
  assert.match(text, /示（监管一）煤安责改〔\d{4}〕1号/);
  const now = await head.get(path());
  assert.equal(now.state, 'issued');
  assert.deepEqual(now.fields.rendered, [createHash('sha256').update(bytes).digest('hex')]);
  const again = await head.request('POST', `${path()}/papers/rectify`, { version: now.version });
  assert.equal(again.status, 409);
  const foreign = await Client.signIn(server, 'linxian');
  assert.equal((await foreign.request('GET', `${path()}/papers`)).status, 404);
  assert.equal((await foreign.request('GET', `${path()}/papers/rectify`)).status, 404);
});

test('a phone prints the same; the list gives a ledger', async () => {
  const { page, close } = await signedIn(browser, server, 'juzhang', { size: 'phone', language: 'en' });
  await page.goto(`${server.url}${path()}`);
  await page.getByTestId('paper-issued').scrollIntoViewIfNeeded();
  assert.ok(await fits(page), 'nothing is wider than the phone');
  await picture(page, 'papers-04-phone');
  await close();
  const head = await Client.signIn(server, 'juzhang');
  const answer = await fetch(`${server.url}/api/v1/records/official_document/ledger.pdf`, { headers: head.headers });
  assert.equal(answer.status, 200);
  writeFileSync(join(folder, 'ledger.pdf'), Buffer.from(await answer.arrayBuffer()));
  assert.match(execFileSync('pdftotext', ['-raw', join(folder, 'ledger.pdf'), '-']).toString().replace(/\s/g, ''), /行政执法文书台账.*责改/);
});

test('anybody checks the code, and a file that was altered is told', async () => {
  const context = await browser.newContext({ viewport: sizes.phone, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' });
  const page = await context.newPage();
  await page.goto(`${server.url}/verify`);
  await page.getByTestId('verify-code').fill('1234');
  await page.getByTestId('verify-submit').click();
  await page.getByTestId('error-form').waitFor();
  await page.getByTestId('verify-code').fill(code.toLowerCase());
  await page.getByTestId('verify-submit').click();
  const found = page.getByTestId('verify-found');
  await found.waitFor();
  assert.match(await found.innerText(), /责令限期整改指令书/);
  assert.ok(!(await found.innerText()).includes('示例一矿'), 'nothing of what it says');
  await page.getByTestId('verify-file').setInputFiles({ name: 'mine.pdf', mimeType: 'application/pdf', buffer: bytes });
  await page.getByTestId('verify-same').waitFor();
  await picture(page, 'papers-05-verify-phone');
  await page.getByTestId('verify-file').setInputFiles({ name: 'other.pdf', mimeType: 'application/pdf', buffer: Buffer.concat([bytes, Buffer.from(' ')]) });
  await page.getByTestId('verify-other').waitFor();
  assert.ok(await fits(page), 'nothing is wider than the phone');
  await page.setViewportSize(sizes.wide);
  await picture(page, 'papers-06-verify');
  await page.goto(`${server.url}/verify/0000000000000000`);
  await page.getByTestId('error-form').waitFor();
  await context.close();
});

test('the head issues several at once and takes them away in one file', async () => {
  const officer = await Client.signIn(server, 'zfry1');
  for (const facts of ['局部通风机无备用电源。', '密闭墙前无栅栏。']) await checked(await drafted(officer, facts));
  const { page, close } = await signedIn(browser, server, 'juzhang');
  await page.goto(`${server.url}/records/official_document?f.state=checked`);
  await page.getByTestId('row-official_document').nth(1).waitFor();
  assert.equal(await page.getByTestId('row-official_document').count(), 2);
  await page.getByTestId('pick-page').click();
  await page.getByTestId('bulk-step-issue').click();
  await page.getByTestId('bulk-run').click();
  await page.locator('[data-testid="bulk-result"][data-state="over"]').waitFor();
  const link = page.getByTestId('bulk-papers');
  await link.waitFor();
  await picture(page, 'papers-08-bulk');
  const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
  const listed = execFileSync('python3', ['-X', 'utf8', '-m', 'zipfile', '-l', await download.path()]).toString();
  for (const number of [2, 3]) assert.match(listed, new RegExp(`责令限期整改指令书 示（监管一）煤安责改〔\\d{4}〕${number}号\\.pdf`));
  await close();
});

test('once the document is voided its code says so, and nothing of why', async () => {
  const head = await Client.signIn(server, 'juzhang');
  await head.post(`${path()}/steps/void`, { version: (await head.get(path())).version, reason: '文书日期有误' });
  for (const [language, size] of [['zh-CN', 'wide'], ['en', 'phone']]) {
    const context = await browser.newContext({ viewport: sizes[size], locale: language, timezoneId: 'Asia/Shanghai' });
    const page = await context.newPage();
    await page.goto(`${server.url}/verify/${code}`);
    await page.locator('[data-testid="verify-state"][data-state="void"]').waitFor();
    const told = await page.getByTestId('verify-found').innerText();
    assert.match(told, language === 'en' ? /Void since\s+\d{4}-\d\d-\d\d/ : /失效日期\s+\d{4}-\d\d-\d\d/);
    assert.ok(!told.includes('日期有误'), 'not the reason');
    assert.ok(await fits(page), 'nothing is wider than the page');
    await picture(page, `papers-07-void-${size}`);
    await context.close();
  }
});
