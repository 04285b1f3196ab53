// A tip-off from the public page on a phone to its reward, paid by a word, without anybody learning who left it; and the
// other way, a name that two persons open together.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fits, launch, picture, signedIn, sizes } from './browser.mjs';
import { Client, startDemo } from './server.mjs';

const output = join(dirname(fileURLToPath(import.meta.url)), 'output');
let server;
let browser;
let code;
let officer;
const word = '北风吹过三号井';
const name = '王小明';
const phone = '13812345678';
const found = {};

before(async () => {
  server = await startDemo({ hours: 0.2 });
  browser = await launch();
  officer = await Client.signIn(server, 'jbsl');
});
after(async () => {
  await browser?.close();
  assert.equal(await server?.stop(), 0, 'the server stops cleanly');
});

async function publicPage(path, { size = 'phone', language = 'zh-CN' } = {}) {
  const context = await browser.newContext({ viewport: sizes[size], locale: language, timezoneId: 'Asia/Shanghai', reducedMotion: 'reduce' });
  const page = await context.newPage();
  const errors = [];
  const asked = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(server.url + path);
  return {
    page,
    async close() {
      assert.deepEqual(asked.filter((url) => !url.startsWith(server.url) && !/^(data|blob):/.test(url)), [], 'nothing is asked of anybody else');
      assert.deepEqual(asked.filter((url) => /\/api\/v1\/(session|catalog)/.test(url)), [], 'nobody is asked who he is');
      assert.deepEqual(await context.cookies(), [], 'no cookie is left');
      await context.close();
      assert.deepEqual(errors, []);
    },
  };
}
/** A picture that a canvas draws, as the file of a camera. */
async function photo(page) {
  return Buffer.from(await page.evaluate(async () => {
    const canvas = document.createElement('canvas');
    canvas.width = 640;
    canvas.height = 480;
    const pen = canvas.getContext('2d');
    pen.fillStyle = 'darkslategray';
    pen.fillRect(0, 0, 640, 480);
    pen.fillStyle = 'white';
    pen.fillRect(220, 180, 200, 90);
    const blob = await new Promise((done) => canvas.toBlob(done, 'image/jpeg'));
    return [...new Uint8Array(await blob.arrayBuffer())];
  }));
}
async function step(who, type, id, transition, fields = {}, reason) {
  const client = await Client.signIn(server, who);
  const { version } = await client.get(`/records/${type}/${id}`);
  return client.post(`/records/${type}/${id}/steps/${transition}`, { version, fields, ...(reason ? { reason } : {}) });
}
const raise = async (who, type, id, what, fields = {}) => (await Client.signIn(server, who)).post(`/records/${type}/${id}/raise/${what}`, { fields });

test('the poster of a mine is printed by its safety officer', async () => {
  const { page, close } = await signedIn(browser, server, 'aqy1');
  await page.goto(`${server.url}/tip-posters`);
  const sheet = page.getByTestId('poster');
  await sheet.locator('img').waitFor();
  await picture(page, 'tip-01-poster');
  assert.match(await sheet.innerText(), /示例一矿/);
  const paper = await page.pdf({ preferCSSPageSize: true, path: join(output, 'tip-01-poster.pdf') });
  assert.equal([...paper.toString('latin1').matchAll(/\/Type\s*\/Page\b/g)].length, 1, 'it is one sheet');
  found.link = (await sheet.locator('img').getAttribute('alt')).match(/\/tip\?m=\d+/)[0];
  await close();
});

test('on a phone a worker leaves it without a name, and gets a code', async () => {
  const { page, close } = await publicPage(found.link);
  await page.getByTestId('tip-form').waitFor();
  await page.getByTestId('tip-mine').waitFor();
  assert.ok(await fits(page), 'nothing is wider than the phone');
  await picture(page, 'tip-02-phone');
  await page.getByTestId('tip-send').click();
  await page.getByTestId('error-content').waitFor();
  await page.getByTestId('error-consent').waitFor();
  await picture(page, 'tip-03-faults');
  await page.getByTestId('tip-content').fill('3 号回风巷的甲烷传感器用塑料布罩住，夜班一直这样。');
  await page.getByTestId('tip-matter').selectOption('data_falsified');
  await page.getByTestId('tip-photos').setInputFiles([{ name: '照片.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('MZ this is a program'.padEnd(400, 'x')) }]);
  await page.getByTestId('tip-consent').check();
  await page.getByTestId('tip-send').click();
  await page.getByTestId('error-photos').waitFor();
  assert.match(await page.getByTestId('error-photos').innerText(), /不是照片/);
  await picture(page, 'tip-04-program');
  await page.getByRole('button', { name: '去掉第 1 张照片' }).click();
  await page.getByTestId('tip-photos').setInputFiles([{ name: '王小明.jpg', mimeType: 'image/jpeg', buffer: await photo(page) }]);
  await page.getByTestId('tip-send').click();
  code = await page.getByTestId('tip-code').innerText();
  assert.match(code, /^([A-Z2-9]{4}-){4}[A-Z2-9]{4}$/);
  await picture(page, 'tip-05-code');
  await close();
});

test('the officer accepts, asks back, has it checked; the hazard that the mine gets tells of no tip-off', async () => {
  const tip = (await officer.get('/records/tip?limit=1')).records[0];
  found.tip = tip.id;
  assert.equal(tip.fields.anonymous, true);
  const shown = await signedIn(browser, server, 'jbsl');
  await shown.page.goto(`${server.url}/records/tip/${tip.id}`);
  await shown.page.getByTestId('value-content').waitFor();
  await picture(shown.page, 'tip-06-officer');
  const image = await shown.page.evaluate(async (sha) => (await createImageBitmap(await (await fetch(`/api/v1/attachments/${sha}`)).blob())).width, tip.fields.files[0]);
  assert.equal(image, 640, 'the photo can still be seen');
  await shown.close();
  await step('jbsl', 'tip', tip.id, 'accept', { kind: 'violation', class: 'first' });
  await raise('jbsl', 'tip', tip.id, 'answer', { text: '请问是回风巷的哪一段？' });
  const check = await raise('jbsl', 'tip', tip.id, 'check', { title: '核查 3 号回风巷传感器', checkers: '甲、乙' });
  await step('jbsl', 'tip', tip.id, 'assign', { handler: '监管一科', check_due_on: '2027-01-31' });
  const hazard = await raise('xian', 'tip_check', check.id, 'hazard');
  const { page, close } = await signedIn(browser, server, 'aqy1');
  await page.goto(`${server.url}/hazards/${hazard.id}`);
  await page.getByText('核查 3 号回风巷传感器').first().waitFor();
  await picture(page, 'tip-07-mine');
  assert.doesNotMatch(await page.locator('body').innerText(), /举报编号|JB-|来源举报/);
  const mine = await Client.signIn(server, 'aqy1');
  const seen = JSON.stringify([await mine.get(`/records/hazard/${hazard.id}`), await mine.get(`/records/hazard/${hazard.id}/history`), await mine.get(`/records/hazard/${hazard.id}/links`)]);
  assert.ok(!seen.includes(tip.id) && !seen.includes('tip_off'), 'nor does any answer');
  await close();
});

test('by the code the worker answers and sets a word', async () => {
  const { page, close } = await publicPage('/tip/follow');
  await page.getByTestId('follow-code').fill(code.toLowerCase());
  await picture(page, 'tip-08-follow');
  await page.getByTestId('follow-submit').click();
  await page.getByTestId('tip-state').waitFor();
  assert.match(await page.getByTestId('tip-thread').innerText(), /哪一段/);
  await page.getByTestId('thread-text').fill('靠近 2 号联络巷口。');
  await page.getByTestId('thread-send').click();
  await page.getByText('靠近 2 号联络巷口。').waitFor();
  await page.getByTestId('claim-open').click();
  await page.getByTestId('claim-word').fill('短');
  await page.getByTestId('claim-send').click();
  await page.getByTestId('error-claim').waitFor();
  await page.getByTestId('claim-word').fill(word);
  await page.getByTestId('claim-send').click();
  await page.getByTestId('claim-set').waitFor();
  assert.ok(await fits(page));
  await picture(page, 'tip-09-thread');
  await close();
});

test('it proves true; the reward is decided by three and paid by the word', async () => {
  await step('juzhang', 'tip', found.tip, 'verify', { verdict: 'true', action: '责令撤除遮挡，立案查处' });
  const reward = await raise('jbsl', 'tip', found.tip, 'reward', { class: 'first', fine: '200000.00', amount: '30000.00', fund: '安全生产专项' });
  await step('jbsl', 'tip_reward', reward.id, 'approve');
  for (const who of ['juzhang', 'xcw']) {
    const client = await Client.signIn(server, who);
    const { version } = await client.get(`/records/tip_reward/${reward.id}`);
    await client.post(`/records/tip_reward/${reward.id}/signatures`, { version, agrees: true });
  }
  const { page, close } = await signedIn(browser, server, 'xcw');
  await page.goto(`${server.url}/records/tip_reward/${reward.id}`);
  const form = page.getByTestId('pay-by-word');
  await form.waitFor();
  assert.equal(await page.getByTestId('value-tip').count(), 0, 'finance is not told which tip-off');
  await page.getByTestId('pay-word').fill('南风吹过三号井');
  await page.getByTestId('pay-day').fill(new Date(Date.now() + 8 * 3600e3).toISOString().slice(0, 10));
  await page.getByTestId('pay-slip').fill('PZ-2026-7');
  await page.getByTestId('pay-send').click();
  await page.getByTestId('error-word').waitFor();
  await picture(page, 'tip-10-pay');
  await page.getByTestId('pay-word').fill(word);
  await page.getByTestId('pay-send').click();
  await form.waitFor({ state: 'detached' });
  await picture(page, 'tip-11-paid');
  await close();
  const again = await publicPage('/tip/follow', { language: 'en' });
  await again.page.getByTestId('follow-code').fill(code);
  await again.page.getByTestId('follow-submit').click();
  await again.page.getByTestId('reward').waitFor();
  assert.match(await again.page.getByTestId('reward').innerText(), /30,?000\.00/);
  assert.equal(await again.page.getByTestId('claim-open').count(), 0, 'what is paid cannot be claimed again');
  await picture(again.page, 'tip-12-follow-en');
  await again.close();
});

test('a name is sealed at once, and opened by two persons for a while', async () => {
  const { page, close } = await publicPage('/tip', { size: 'wide', language: 'en' });
  await page.getByTestId('tip-about').fill('示例二');
  await page.getByTestId('tip-mines').getByText('示例二矿').click();
  await page.getByTestId('tip-content').fill('People work behind the sealed wall at night.');
  await page.getByTestId('tip-named').check();
  await page.getByTestId('tip-name').fill(name);
  await page.getByTestId('tip-phone').fill(phone);
  await page.getByTestId('tip-consent').check();
  await picture(page, 'tip-13-named-en');
  await page.getByTestId('tip-send').click();
  await page.getByTestId('tip-code').waitFor();
  await close();
  const tip = (await officer.get('/records/tip?limit=1')).records[0];
  assert.equal(tip.labels.accused_mine, '示例二矿');
  assert.ok(!JSON.stringify(tip).includes(name));
  const asker = await signedIn(browser, server, 'jbsl');
  await asker.page.goto(`${server.url}/records/tip/${tip.id}`);
  await asker.page.getByTestId('sealed-ask').click();
  await asker.page.getByTestId('sealed-submit').click();
  await asker.page.getByTestId('sealed-dialog').getByRole('alert').waitFor();
  await asker.page.getByTestId('sealed-reason').fill('需与举报人核对密闭位置');
  await asker.page.getByTestId('sealed-submit').click();
  await asker.page.getByTestId('opening').waitFor();
  assert.equal(await asker.page.getByTestId('sealed-look').count(), 0, 'not alone');
  const opening = (await officer.get(`/records/tip/${tip.id}/openings`)).openings[0];
  const keeper = await signedIn(browser, server, 'sfbg', { size: 'phone' });
  await keeper.page.goto(`${server.url}/records/sealed_opening/${opening.id}`);
  await keeper.page.getByTestId('value-reason').waitFor();
  assert.match(await keeper.page.getByTestId('opening-of').innerText(), /举报人姓名、举报人电话/);
  assert.ok(await fits(keeper.page));
  await picture(keeper.page, 'tip-14-keeper');
  await keeper.page.getByTestId('step-agree').click();
  await keeper.page.getByTestId('step-dialog').filter({ visible: true }).getByTestId('step-submit').click();
  await keeper.page.getByTestId('step-dialog').filter({ visible: true }).waitFor({ state: 'hidden' });
  await keeper.close();
  await asker.page.reload();
  await asker.page.getByTestId('sealed-look').click();
  assert.match(await asker.page.getByTestId('sealed-clear').innerText(), new RegExp(`${name}[\\s\\S]*${phone}`));
  await picture(asker.page, 'tip-15-open');
  await asker.close();
  const auditor = await Client.signIn(server, 'sjgly');
  const log = JSON.stringify(await auditor.get('/log?limit=500'));
  assert.ok(log.includes('"unseal"') && log.includes('核对密闭位置') && !log.includes(name) && !log.includes(phone));
  assert.ok(!server.messages().includes(name) && !server.messages().includes(phone), 'nor the log of the server');
});
