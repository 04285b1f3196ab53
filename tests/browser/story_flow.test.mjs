// A mine that was stopped asks to resume: accepted on site, then three signatures from three bodies. The head of government sends it
// back, it begins anew, all sign; a publication is raised from it; every hand, time limit and link is on the screens.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fits, launch, picture, signedIn } from './browser.mjs';
import { Client, startDemo } from './server.mjs';

let server;
let browser;
let id;
const path = () => `/records/resumption/${id}`;

async function step(client, name, fields = {}, reason) {
  const { version } = await client.get(path());
  return client.post(`${path()}/steps/${name}`, { version, fields, ...(reason ? { reason } : {}) });
}

before(async () => {
  server = await startDemo({ hours: 0.2 });
  browser = await launch();
  const manager = await Client.signIn(server, 'kz1');
  const mine = (await manager.get('/records/mine?limit=1')).records[0].id;
  const made = await manager.post('/records/resumption', { fields: { mine, checklist: '通风、供电、排水系统已逐项自查', rectified: '停产指令所列 6 项隐患全部整改' } });
  id = made.id;
  const file = await manager.request('POST', '/attachments?name=application.pdf', '%PDF-1.7 application', 'application/pdf');
  await step(manager, 'revise', { files: [file.json.sha256] });
  await step(manager, 'apply');
  const officer = await Client.signIn(server, 'xian');
  await step(officer, 'accept', { accepting_body: '示例县能源局', inspectors: '王某、李某', acceptance: '现场验收合格', acceptance_result: 'passed' });
});
after(async () => {
  await browser?.close();
  assert.equal(await server?.stop(), 0, 'the server stops cleanly');
});

const open = async (name, options) => {
  const session = await signedIn(browser, server, name, options);
  await session.page.goto(`${server.url}${path()}`);
  await session.page.getByTestId('workflow-line').waitFor();
  return session;
};
async function sign(page, how, words = '') {
  await page.getByTestId(`sign-${how}`).click();
  const dialog = page.getByTestId('sign-dialog').filter({ visible: true });
  if (words) await dialog.locator('textarea').fill(words);
  await dialog.getByTestId('sign-submit').click();
  await dialog.waitFor({ state: 'hidden' });
}
async function ask() {
  const { page, close } = await open('xian');
  await page.getByTestId('step-approve').click();
  await page.getByTestId('step-dialog').filter({ visible: true }).getByTestId('step-submit').click();
  await page.getByTestId('signing').waitFor();
  assert.equal(await page.locator('[data-testid^="step-"]:visible').count(), 0, 'nothing else can be done meanwhile');
  assert.equal(await page.getByTestId('sign-agree').count(), 0, 'who asks does not sign');
  await close();
}

test('the county asks for three signatures; the first is found in "to do"', async () => {
  await ask();
  const { page, close } = await signedIn(browser, server, 'juzhang');
  await page.goto(`${server.url}/todo`);
  const waiting = page.getByTestId('todo-signings');
  await waiting.locator('a').first().waitFor();
  assert.equal(await waiting.locator('li').count(), 1);
  await picture(page, 'flow-01-todo');
  await waiting.locator('a').first().click();
  await page.getByTestId('signing').waitFor();
  await picture(page, 'flow-02-signing');
  await sign(page, 'agree', '同意');
  await page.locator('[data-testid="stage-inspectorate"].now').waitFor();
  await close();
});

test('on a phone the inspectorate agrees; the head of government sends it back, which needs a reason', async () => {
  const inspector = await open('jiancha', { size: 'phone' });
  assert.ok(await fits(inspector.page), 'nothing is wider than the phone');
  await picture(inspector.page, 'flow-03-phone');
  await sign(inspector.page, 'agree');
  await inspector.close();
  const head = await open('fuxianzhang');
  await head.page.getByTestId('sign-return').click();
  const dialog = head.page.getByTestId('sign-dialog').filter({ visible: true });
  await dialog.getByTestId('sign-submit').click();
  await dialog.locator('[role="alert"]').waitFor();
  await dialog.locator('textarea').fill('安全监控系统验收材料不全');
  await dialog.getByTestId('sign-submit').click();
  await dialog.waitFor({ state: 'hidden' });
  await head.page.getByTestId('signing').waitFor({ state: 'detached' });
  await head.page.getByTestId('history').filter({ hasText: '安全监控系统验收材料不全' }).waitFor();
  await picture(head.page, 'flow-04-returned');
  await head.close();
});

test('asked anew and signed by all three it is approved, and a publication is raised from it', async () => {
  const officer = await Client.signIn(server, 'xian');
  if ((await officer.get(path())).state === 'applied') {
    await step(officer, 'accept', { accepting_body: '示例县能源局', inspectors: '王某、李某', acceptance: '补充材料后合格', acceptance_result: 'passed' });
  }
  await ask();
  for (const name of ['juzhang', 'jiancha', 'fuxianzhang']) {
    const { page, close } = await open(name);
    await sign(page, 'agree');
    await close();
  }
  const record = await officer.get(path());
  assert.equal(record.state, 'approved');
  assert.ok(record.fields.approved_on, 'the day of the last signature');
  const { page, close } = await open('xian', { language: 'en' });
  await picture(page, 'flow-05-approved-en');
  await page.getByTestId('raise-publication').click();
  const dialog = page.getByTestId('raise-dialog').filter({ visible: true });
  await dialog.getByTestId('raise-submit').waitFor();
  await picture(page, 'flow-06-raise');
  await dialog.getByTestId('raise-submit').click();
  await page.waitForURL(/\/records\/publication_matter\/\d+$/);
  await page.getByTestId('links').getByRole('link').first().waitFor();
  await picture(page, 'flow-07-raised');
  await page.getByTestId('links').getByRole('link').first().click();
  await page.waitForURL(new RegExp(`${path()}$`));
  await close();
  const hands = (await officer.get(`${path()}/signatures`)).signatures;
  assert.deepEqual(hands.map((h) => `${h.stage} ${h.agrees}`), ['head true', 'inspectorate true', 'government false', 'head true', 'inspectorate true', 'government true']);
});

test('all 40 systems are on the page of records, found by a few letters', async () => {
  const { page, close } = await signedIn(browser, server, 'xian');
  await page.goto(`${server.url}/records`);
  await page.getByTestId('type-hazard').waitFor();
  await picture(page, 'flow-08-records');
  assert.equal(await page.locator('main h2').count(), 40);
  await page.getByTestId('find-type').fill('尾矿');
  await page.getByTestId('type-tailings_pond').waitFor();
  await page.getByTestId('type-hazard').waitFor({ state: 'detached' });
  await close();
});
