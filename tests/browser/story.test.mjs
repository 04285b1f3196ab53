// The main job on the screen: an alarm arrives without reload, is acknowledged and handled, becomes a hazard, is planned
// with the five items, rectified with a photo, refused to its own rectifier, accepted by the reviewer; the county sees
// all of it and a neighbouring county nothing.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { deflateSync } from 'node:zlib';
import { launch, picture, signInOnPage } from './browser.mjs';
import { cddy, cdss, Client, ownSecond, startDemo } from './server.mjs';

let server;
let browser;
let mine;
let machine;
let point;  // of this test alone: nobody else sends readings of it
let alarm;
let hazardId;
let hazardPath;

function crc32(bytes) {
  let c = 0xffffffff;
  for (const b of bytes) {
    c ^= b;
    for (let k = 0; k < 8; ++k) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
  }
  return (c ^ 0xffffffff) >>> 0;
}
/** A real PNG, 64×64, so that the server's look at the content finds an image. */
function photo() {
  const chunk = (type, data) => {
    const head = Buffer.alloc(4);
    head.writeUInt32BE(data.length);
    const body = Buffer.concat([Buffer.from(type), data]);
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([head, body, sum]);
  };
  const size = Buffer.from([0, 0, 0, 64, 0, 0, 0, 64, 8, 2, 0, 0, 0]);
  const rows = Buffer.alloc(64 * (1 + 64 * 3), 0x7a);
  for (let y = 0; y < 64; ++y) rows[y * 193] = 0;
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', size), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}

async function chooseReference(page, field, words) {
  const input = page.getByTestId(`field-${field}`).locator('input').first();
  await input.click();
  await input.fill(words);
  await page.locator('.el-select-dropdown__item:visible', { hasText: words }).first().click();
}
async function takeStep(page, name, fill = async () => {}) {
  await page.getByTestId(`step-${name}`).click();
  const dialog = page.getByTestId('step-dialog').filter({ visible: true });
  await fill(dialog);
  await page.getByTestId('step-submit').filter({ visible: true }).click();
  await dialog.waitFor({ state: 'hidden' });
}

before(async () => {
  server = await startDemo({ hours: 1 });
  browser = await launch();
  const county = await Client.signIn(server, 'xian');
  const mines = await county.get('/records/mine?limit=50');
  mine = mines.records.find((r) => r.fields.code === '990101000001');
  const admin = await Client.signIn(server, 'xtgly');
  const uploader = (await admin.get('/records/account?f.name=shangchuan1')).records[0];
  machine = Client.withToken(server, (await admin.post(`/accounts/${uploader.id}/token`, {})).token);
  const code = `${mine.fields.code}01MN00019001`;
  const definition = cddy({ code: mine.fields.code, name: mine.fields.name }, code, '1301 工作面上隅角', ownSecond());
  const defined = await machine.request('POST', `/upload?name=${definition.name}`, definition.text, 'text/plain');
  assert.equal(defined.json?.verdict, 'accepted', defined.text);
  const { id, fields } = (await county.get(`/records/point?f.code=${code}`)).records[0];
  point = { id, code, place: fields.place };
});
after(async () => {
  await browser?.close();
  const code = await server?.stop();
  assert.equal(code, 0, 'the server stops cleanly');
});

test('an alarm arrives on the open page without reload', async () => {
  const { page, close } = await signInOnPage(browser, server, 'ddy1');
  await page.goto(`${server.url}/alarms`);
  await page.waitForSelector('[data-testid="live-indicator"][data-state="live"]');
  await page.evaluate(() => (window.notReloaded = true));
  const dispatcher = await Client.signIn(server, 'ddy1');
  const known = new Set((await dispatcher.get('/records/alarm?limit=500')).records.map((r) => r.id));

  const now = ownSecond();
  const code = mine.fields.code;
  const file = cdss({ code, name: mine.fields.name }, point, [[now - 2000, 1.2], [now - 1000, 1.4], [now, 1.3]]);
  const answer = await machine.request('POST', `/upload?name=${file.name}`, file.text, 'text/plain');
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.json.verdict, 'accepted', answer.text);

  const raised = (await dispatcher.get('/records/alarm?limit=500')).records.filter((r) => !known.has(r.id) && r.fields.point === point.id && r.fields.rule === 'G-1');
  assert.equal(raised.length, 1, 'one G-1 alarm for the point');
  alarm = raised[0];
  await page.locator(`[data-id="${alarm.id}"]`).first().waitFor({ timeout: 5000 });
  assert.equal(await page.evaluate(() => window.notReloaded), true);
  await picture(page, 'story-01-alarm-arrived');

  await page.goto(`${server.url}/alarms/${alarm.id}`);
  await page.getByTestId('step-acknowledge').click();
  const later = Math.max(now, ownSecond()) + 1000;
  const higher = cdss({ code, name: mine.fields.name }, point, [[later, 1.45]]);
  assert.equal((await machine.request('POST', `/upload?name=${higher.name}`, higher.text, 'text/plain')).status, 200);
  const risen = await dispatcher.get(`/records/alarm/${alarm.id}`);
  assert.equal(risen.fields.peak, 1.45, 'the record follows the peak');
  await page.getByTestId('step-submit').filter({ visible: true }).click();
  await page.getByTestId('step-dialog').filter({ visible: true }).waitFor({ state: 'hidden' });
  assert.equal((await dispatcher.get(`/records/alarm/${alarm.id}`)).state, 'acknowledged', 'a rising peak must not stop the answer');
  await takeStep(page, 'handle', async (dialog) => {
    await dialog.getByTestId('field-cause').locator('select').selectOption({ index: 1 });
    await dialog.getByTestId('field-measures').locator('textarea').fill('停止作业，撤出人员，加大供风');
  });
  await page.getByTestId('step-close').waitFor();
  await picture(page, 'story-02-handled');

  await page.getByTestId('make-hazard').click();
  await page.locator(".confirm-box .el-button--primary").click();
  await page.waitForURL(/\/hazards\/\d+/);
  hazardPath = new URL(page.url()).pathname;
  hazardId = hazardPath.split('/').pop();
  await picture(page, 'story-03-hazard-made');
  await close();
});

test('the safety officer plans it with the five items and rectifies it with a photo', async () => {
  const { page, close } = await signInOnPage(browser, server, 'aqy1');
  await page.goto(server.url + hazardPath);
  await page.getByTestId('step-plan').click();
  await page.getByTestId('step-submit').filter({ visible: true }).click();
  for (const field of ['level', 'responsible', 'measures', 'deadline', 'contingency_plan']) {
    await page.getByTestId(`error-${field}`).first().waitFor();
  }
  await picture(page, 'story-04-five-items-missing');
  const dialog = page.getByTestId('step-dialog').filter({ visible: true });
  await dialog.getByTestId('field-level').locator('select').selectOption('ordinary');
  await chooseReference(page, 'responsible', '一矿矿长');
  await dialog.getByTestId('field-measures').locator('textarea').fill('更换传感器，调整风量');
  await dialog.getByTestId('field-money').locator('input').fill('3500.50');
  const day = new Date(Date.now() + 8 * 3600e3 + 3 * 86400e3).toISOString().slice(0, 10);
  await dialog.getByTestId('field-deadline').locator('input').fill(day);
  await page.keyboard.press('Enter');
  await dialog.getByTestId('field-contingency_plan').locator('textarea').fill('瓦斯超限立即撤人断电');
  await page.getByTestId('step-submit').filter({ visible: true }).click();
  await dialog.waitFor({ state: 'hidden' });

  await page.getByTestId('step-claim_fixed').click();
  await page.getByTestId('step-submit').filter({ visible: true }).click();
  await page.getByTestId('error-photos_after').first().waitFor();
  await dialog.getByTestId('field-rectification').locator('textarea').fill('已更换传感器，风量正常');
  await dialog.getByTestId('field-photos_after').locator('input[type=file]').setInputFiles({ name: '整改后.png', mimeType: 'image/png', buffer: photo() });
  await dialog.getByTestId('attachment').first().waitFor();
  await page.getByTestId('step-submit').filter({ visible: true }).click();
  await dialog.waitFor({ state: 'hidden' });
  await picture(page, 'story-05-rectified');

  await page.getByTestId('step-accept').click();
  await page.getByTestId('refusal-same_person').waitFor();
  await picture(page, 'story-06-own-work-refused');
  await close();

  const officer = await Client.signIn(server, 'aqy1');
  const record = await officer.get(`/records/hazard/${hazardId}`);
  const refused = await officer.request('POST', `/records/hazard/${hazardId}/steps/accept`, {
    version: record.version,
    fields: { review_opinion: '合格', effect: 'removed' },
  });
  assert.notEqual(refused.status, 200, 'the server refuses too, whatever the page shows');
  assert.ok(refused.json.error.faults.some((f) => f.code === 'same_person'), refused.text);
});

test('the reviewer accepts it', async () => {
  const { page, close } = await signInOnPage(browser, server, 'ysy1');
  await page.goto(server.url + hazardPath);
  await takeStep(page, 'accept', async (dialog) => {
    await dialog.getByTestId('field-review_opinion').locator('textarea').fill('现场核实，整改合格');
    await dialog.getByTestId('field-effect').locator('select').selectOption({ index: 1 });
  });
  await page.getByTestId('workflow-line').waitFor();
  await picture(page, 'story-07-accepted');
  await close();
  const reviewer = await Client.signIn(server, 'ysy1');
  assert.equal((await reviewer.get(`/records/hazard/${hazardId}`)).state, 'closed');
});

test('the county officer sees all of it', async () => {
  const { page, close } = await signInOnPage(browser, server, 'xian');
  await page.goto(server.url + hazardPath);
  await page.getByTestId('history').getByText('aqy1').first().waitFor();
  await picture(page, 'story-08-county-sees-hazard');
  await page.goto(`${server.url}/alarms/${alarm.id}`);
  await page.getByTestId('history').waitFor();
  await close();
  const county = await Client.signIn(server, 'xian');
  const history = await county.get(`/records/hazard/${hazardId}/history`);
  assert.deepEqual(history.changes.map((c) => c.action).sort(), ['create', 'step:accept', 'step:claim_fixed', 'step:plan']);
  assert.equal((await county.get(`/records/alarm/${alarm.id}`)).fields.hazard, hazardId);
});

test('a neighbouring county sees none', async () => {
  const { page, close } = await signInOnPage(browser, server, 'linxian');
  await page.goto(server.url + hazardPath);
  await page.getByTestId('empty').waitFor();
  await picture(page, 'story-09-neighbour-sees-nothing');
  await close();
  const neighbour = await Client.signIn(server, 'linxian');
  for (const path of [`/records/hazard/${hazardId}`, `/records/alarm/${alarm.id}`, `/records/mine/${mine.id}`, `/mines/${mine.id}/live`, `/records/hazard/${hazardId}/history`]) {
    assert.equal((await neighbour.request('GET', path)).status, 404, path);
  }
  assert.equal((await neighbour.get('/records/hazard?limit=500')).records.filter((r) => r.id === hazardId).length, 0);
  const board = await neighbour.get('/board');
  assert.ok(board.mines.length > 0 && board.mines.every((m) => m.mine !== mine.id));
});
