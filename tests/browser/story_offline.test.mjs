// An inspection is carried out on a phone without a connection and sent later. On the way: the page is loaded again with no server
// in reach, a program is offered as a photo, an answer of the server is lost, somebody else rechecks a finding first, the session
// ends, and another officer uses the same device.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fits, launch, picture, signInOnPage } from './browser.mjs';
import { Client, startDemo } from './server.mjs';
import { accountId, answer, assignedTask, finish, line, photo, program, sign } from './visit.mjs';

let server;
let browser;
let officer;
let mine;
let first;
let second;
let finding;
const day = (shift = 0) => new Date(Date.now() + 8 * 3600e3 + shift * 86400e3).toISOString().slice(0, 10);
const goOn = async (client, path, step, fields = {}, reason) => {
  const { version } = await client.get(path);
  return client.post(`${path}/steps/${step}`, { version, fields, ...(reason ? { reason } : {}) });
};

/** A finding of an earlier visit that the mine says is corrected. */
async function oldFinding() {
  const two = await Client.signIn(server, 'zfry2');
  const manager = await Client.signIn(server, 'kz1');
  const visit = await two.post('/records/inspection', { fields: { mine: mine.id, organisation: mine.fields.organisation, kind: 'special' } });
  const made = await two.post(`/records/inspection/${visit.id}/raise/finding`, { fields: { title: '局部通风机无备用电源', kind: 'hazard', level: 'ordinary', basis: '煤矿安全规程 第一百六十四条', disposal: 'deadline', deadline: day(5) } });
  const path = `/records/inspection_finding/${made.id}`;
  await goOn(two, path, 'order');
  const file = await manager.request('POST', '/attachments?name=after.png', photo('after.png', 9).buffer, 'image/png');
  await goOn(manager, path, 'report_fixed', { fixed_note: '已接通备用电源', fixed_photos: [file.json.sha256] });
  return { path, two };
}

before(async () => {
  server = await startDemo({ hours: 0.2 });
  browser = await launch();
  officer = await Client.signIn(server, 'xian');
  mine = (await officer.get('/records/mine?f.name=示例一矿')).records[0];
  const [lead, other] = [await accountId(officer, '示例县执法人员甲'), await accountId(officer, '示例县执法人员乙')];
  finding = await oldFinding();
  first = await assignedTask(officer, { mine, lead, second: other });
  second = await assignedTask(officer, { mine, lead: other, second: lead, list: '煤矿打击重点清单检查表' });
});
after(async () => {
  await browser?.close();
  assert.equal(await server?.stop(), 0, 'the server stops cleanly');
});

const settled = async (page) => {
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller ?? new Promise((done) => navigator.serviceWorker.addEventListener('controllerchange', done))));
};

test('a visit on a phone with no server in reach, then sent: once, in order, with both times; a conflict is a choice', async () => {
  const session = await signInOnPage(browser, server, 'zfry1', { size: 'phone' });
  const { page } = session;
  await page.goto(`${server.url}/inspections`);
  await page.getByTestId(`task-${first.id}`).waitFor();
  await settled(page);
  await picture(page, 'offline-01-tasks');
  assert.ok(await fits(page));
  await page.context().setOffline(true);
  await page.reload();
  await page.getByTestId('away').waitFor();
  await page.getByTestId(`task-${first.id}`).click();
  await page.getByTestId('visit-begin').waitFor();
  await picture(page, 'offline-02-before');
  await page.getByTestId('visit-begin').click();
  await answer(page, 1, 'ok');
  await answer(page, 2, 'ok');
  await answer(page, 3, 'not_applicable');
  await answer(page, 4, 'ok', program);
  await line(page, 4).getByTestId('photo-fault').waitFor();
  await picture(page, 'offline-03-program');
  await page.getByTestId('visit-finish').click();
  assert.match(await page.getByTestId('visit-lacks').innerText(), /第 4 项 缺少照片/);
  await line(page, 4).getByTestId('photo-input').setInputFiles(photo('a.png', 60));
  await answer(page, 5, 'problem', photo('b.png', 120));
  const form = line(page, 5).getByTestId('finding');
  await form.getByTestId('finding-title').fill('回风隅角甲烷传感器未按规定吊挂');
  await form.getByTestId('finding-description').fill('传感器距顶板 900 毫米，距巷帮 150 毫米');
  await form.getByTestId('finding-place').fill('1101 采煤工作面回风隅角');
  await form.getByTestId('finding-deadline').fill(day(7));
  await form.getByTestId('photo-input').setInputFiles(photo('c.png', 180));
  await line(page, 5).scrollIntoViewIfNeeded();
  await picture(page, 'offline-04-finding');
  for (const n of [6, 7, 8]) await answer(page, n, 'ok');
  await page.getByTestId('recheck-pass').click();
  await page.getByTestId('recheck-opinion').fill('现场试验切换正常');
  await page.locator('[data-testid="visit-kept"][data-kept="kept"]').waitFor();
  await page.reload();  // the phone was put away: everything is still there
  await page.getByTestId('sign-sheet').waitFor();
  assert.match(await page.getByTestId('visit-progress').innerText(), /8\/8/);
  await page.getByTestId('visit-unit-head').fill('矿长 王某');
  await page.getByTestId('visit-opinion').fill('无异议');
  for (const [who, slant] of [['lead', 30], ['second', 45], ['unit', 20]]) await sign(page, who, slant);
  await page.getByTestId('sign-sheet').scrollIntoViewIfNeeded();
  await picture(page, 'offline-05-signed');
  assert.ok(await fits(page));
  await finish(page);
  await picture(page, 'offline-06-finished');
  await page.getByTestId('outbox-chip').click();
  await page.getByTestId('outbox-waiting').waitFor();
  assert.equal(await page.getByTestId('outbox-sent').count(), 0);
  await picture(page, 'offline-07-waiting');

  await goOn(finding.two, finding.path, 'fail', { recheck_opinion: '切换试验不成功' }, '备用电源不能自动切换');  // the other officer was first
  let lost = 0;
  await page.route(/\/raise\/inspection$/, async (route) => {
    const answered = await route.fetch();
    lost += 1;
    if (lost === 1) await route.abort('connectionreset');
    else await route.fulfill({ response: answered });
  });
  await page.context().setOffline(false);
  await page.getByTestId('write-recheck').filter({ has: page.getByTestId('both-versions') }).waitFor({ timeout: 40000 });
  assert.ok(lost >= 2, 'the first write was sent again after its answer was lost');
  await picture(page, 'offline-08-conflict');
  assert.ok(await fits(page));
  const both = await page.getByTestId('both-versions').innerText();
  assert.match(both, /现场试验切换正常/);
  assert.match(both, /切换试验不成功/);
  await page.getByTestId('outbox-stuck').getByTestId('write-aside').click();
  await page.getByTestId('outbox-waiting').waitFor({ state: 'detached' });
  await picture(page, 'offline-09-aside');

  const task = await officer.get(`/records/inspection_task/${first.id}`);
  assert.equal(task.state, 'signed');
  const visits = (await officer.get(`/records/inspection?f.mine=${mine.id}&f.lead=${first.fields.lead}`)).records;
  assert.equal(visits.length, 1, 'one inspection, although it was sent twice');
  assert.equal(visits[0].id, task.fields.inspection);
  assert.equal(visits[0].fields.signatures.length, 3);
  assert.equal(visits[0].fields.unit_head, '矿长 王某');
  const items = (await officer.get(`/records/check_item?f.inspection=${visits[0].id}&sort=line`)).records;
  assert.deepEqual(items.map((i) => i.fields.result), ['ok', 'ok', 'not_applicable', 'ok', 'problem', 'ok', 'ok', 'ok']);
  for (const item of items) assert.ok(Date.parse(item.fields.checked_at) < Date.parse(item.created_at), 'checked before it was entered, and both are kept');
  const found = (await officer.get(`/records/inspection_finding?f.inspection=${visits[0].id}`)).records;
  assert.deepEqual(found.map((f) => [f.title, f.fields.deadline, f.fields.photos.length]), [['回风隅角甲烷传感器未按规定吊挂', day(7), 1]]);
  const hazards = (await officer.get(`/records/hazard?f.inspection_finding=${found[0].id}`)).records;
  assert.deepEqual(hazards.map((h) => [h.title, h.state]), [['回风隅角甲烷传感器未按规定吊挂', 'found']]);
  assert.equal((await officer.get(finding.path)).state, 'ordered', 'what the other officer decided stands');

  await page.getByTestId('account-menu').click();
  await page.getByTestId('sign-out').click();
  const box = page.locator('.confirm-box').filter({ visible: true });
  await box.waitFor();
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));  // a dialog is not drawn in its first frame
  await picture(page, 'offline-10-leave');
  await box.locator('.el-button:not(.el-button--primary)').click();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId('outbox-export').click()]);
  const kept = JSON.parse(await (await import('node:fs/promises')).readFile(await download.path(), 'utf8'));
  assert.equal(kept.writes.filter((w) => w.state === 'aside').length, 1);
  assert.equal(kept.files.length, 6, 'three photos and three signatures');
  await page.getByTestId('account-menu').click();
  await page.getByTestId('sign-out').click();
  await box.locator('.el-button--primary').click();
  await page.waitForURL(/sign-in/);
  const left = await page.evaluate(() => new Promise((done) => {
    const opening = indexedDB.open('mineward');
    opening.onsuccess = () => {
      const stores = ['accounts', 'tasks', 'visits', 'files', 'writes'];
      const tx = opening.result.transaction(stores);
      let all = 0;
      for (const name of stores) tx.objectStore(name).count().onsuccess = (event) => (all += event.target.result);
      tx.oncomplete = () => done(all);
    };
  }));
  assert.equal(left, 0, 'nothing of it stays on the device');
  await session.close();
});

test('in English on a desk: the session ends underway, another officer sees nothing, and after signing in again it goes on', async () => {
  const session = await signInOnPage(browser, server, 'zfry2', { language: 'en' });
  const { page } = session;
  await page.goto(`${server.url}/inspections/${second.id}`);
  await page.getByTestId('visit-begin').waitFor();
  await settled(page);
  await page.context().setOffline(true);
  await page.getByTestId('visit-begin').click();
  await answer(page, 1, 'ok');
  await page.getByTestId('lines-open').click();
  await picture(page, 'offline-11-english');
  assert.ok(await fits(page));
  await page.goto(`${server.url}/inspections`);
  await page.getByTestId('group-now').waitFor();
  await picture(page, 'offline-12-english-tasks');
  await page.context().clearCookies();  // the session is over
  await page.context().setOffline(false);
  await page.waitForURL(/sign-in/, { timeout: 30000 });
  const signIn = async (name) => {
    await page.getByTestId('sign-in-name').fill(name);
    await page.getByTestId('sign-in-password').fill(server.password(name));
    await page.getByTestId('sign-in-submit').click();
    await page.waitForURL((url) => !url.pathname.includes('sign-in'));
  };
  await signIn('zfry1');
  await page.goto(`${server.url}/inspections/outbox`);
  await page.getByTestId('empty').waitFor();
  assert.equal(await page.getByTestId('outbox-chip').count(), 0, 'what another account left is not seen');
  await page.getByTestId('account-menu').click();
  await page.getByTestId('sign-out').click();
  await page.waitForURL(/sign-in/);
  await signIn('zfry2');
  await page.goto(`${server.url}/inspections/outbox`);
  await page.getByTestId('outbox-sent').waitFor({ timeout: 30000 });
  await picture(page, 'offline-13-english-sent');
  assert.equal((await officer.get(`/records/inspection_task/${second.id}`)).state, 'on_site');
  await page.goto(`${server.url}/inspections/${second.id}`);
  assert.match(await page.getByTestId('visit-progress').innerText(), /1 of 14/);
  await session.close();
});
