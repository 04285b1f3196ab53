// Reporting by phone: a hazard with a photo by thumb, the draft that outlives a closed page, a program that calls itself a photo, and a
// self-check item by item, where finding nothing is signed and what is found becomes a hazard.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fits, launch, picture, signedIn } from './browser.mjs';
import { photo } from './photo.mjs';
import { Client, startDemo } from './server.mjs';

let server;
let browser;
let window;
let page;
const image = (name, side) => ({ name, mimeType: 'image/png', buffer: photo(side) });

before(async () => {
  server = await startDemo({ hours: 0.2 });
  browser = await launch();
  window = await signedIn(browser, server, 'aqy1', { size: 'phone' });
  page = window.page;
});
after(async () => {
  await window?.close();
  await browser?.close();
  assert.equal(await server?.stop(), 0, 'the server stops cleanly');
});

test('a hazard is reported by thumb in a few touches, with its photo', async () => {
  await page.goto(`${server.url}/report`);
  await page.getByTestId('tile-hazard').waitFor();
  await picture(page, 'report-01-hub');
  await page.getByTestId('tile-hazard').click();
  await page.waitForURL(/\/report\/hazard$/);
  await page.getByTestId('report-send').click();
  await page.getByTestId('error-place').waitFor();
  await page.getByTestId('error-title').waitFor();
  await page.getByTestId('report-places').locator('button').first().click();
  await page.getByTestId('report-title').fill('皮带机头护栏缺失');
  await page.getByTestId('report-photos').locator('input[type=file]').setInputFiles(image('现场.png', 2000));
  await page.getByTestId('photo').waitFor();
  await page.getByTestId('level-larger').click();
  assert.ok(await fits(page), 'nothing is wider than the phone');
  await picture(page, 'report-02-hazard');
  await page.getByTestId('report-send').click();
  await page.waitForURL(/\/hazards\/\d+$/);
  const officer = await Client.signIn(server, 'aqy1');
  const record = await officer.get(`/records/hazard/${page.url().split('/').pop()}`);
  assert.equal(record.state, 'found');
  assert.equal(record.fields.level, 'larger');
  assert.equal(record.fields.origin, 'self_check');
  assert.equal(record.fields.photos_before.length, 1);
  const sent = await fetch(`${server.url}/api/v1/attachments/${record.fields.photos_before[0]}`, { headers: officer.headers });
  assert.equal(sent.headers.get('content-type'), 'image/jpeg', 'made small before it was sent');
  await picture(page, 'report-03-sent');
});

test('what is typed and photographed stays when the page is closed, and is gone when it is sent', async () => {
  await page.goto(`${server.url}/report/hazard`);
  await page.getByTestId('report-title').fill('回风巷积水');
  await page.getByTestId('report-place').fill('1301 回风巷');
  await page.getByTestId('report-photos').locator('input[type=file]').setInputFiles(image('积水.png', 200));
  await page.getByTestId('photo').waitFor();
  await page.getByTestId('report-title').fill('回风巷积水深 30 厘米');
  await page.locator('[data-testid="report-hazard"][data-kept="true"]').waitFor();
  await page.goto(`${server.url}/report`);
  await page.getByTestId('draft-there').waitFor();
  await page.reload();
  await page.getByTestId('tile-hazard').click();
  await page.getByTestId('draft-restored').waitFor();
  assert.equal(await page.getByTestId('report-title').inputValue(), '回风巷积水深 30 厘米');
  await page.getByTestId('photo').waitFor();
  await picture(page, 'report-04-draft');
  await page.context().setOffline(true);
  await page.getByTestId('report-send').click();
  await page.getByTestId('error-form').waitFor();
  assert.match(await page.getByTestId('error-form').innerText(), /已保存在本机/);
  await picture(page, 'report-05-offline');
  await page.context().setOffline(false);
  await page.getByTestId('report-send').click();
  await page.waitForURL(/\/hazards\/\d+$/);
  const officer = await Client.signIn(server, 'aqy1');
  const found = (await officer.get('/records/hazard?sort=-found_at&limit=20')).records.filter((r) => r.title === '回风巷积水深 30 厘米');
  assert.equal(found.length, 1, 'sent twice, entered once');
  await page.goto(`${server.url}/report`);
  await page.getByTestId('my-reports').getByText('回风巷积水深 30 厘米').waitFor();
  assert.equal(await page.getByTestId('draft-there').count(), 0);
});

test('a program that calls itself a photo is refused with what it is', async () => {
  await page.goto(`${server.url}/report/hazard`);
  for (const [name, bytes, words] of [
    ['照片.jpg', Buffer.concat([Buffer.from('MZ\x90\x00', 'latin1'), Buffer.alloc(200)]), /程序，不是照片/],
    ['photo.png', Buffer.from('#!/bin/sh\ncurl evil'), /脚本或网页/],
    ['坏了.png', Buffer.concat([photo(32).subarray(0, 60), Buffer.alloc(40)]), /打不开/],
  ]) {
    await page.getByTestId('report-photos').locator('input[type=file]').setInputFiles({ name, mimeType: 'image/jpeg', buffer: bytes });
    await page.getByTestId('photo-fault').waitFor();
    await page.waitForFunction((source) => new RegExp(source).test(document.querySelector('[data-testid="photo-fault"]')?.textContent ?? ''), words.source);
  }
  await picture(page, 'report-06-program');
  assert.equal(await page.getByTestId('photo').count(), 0);
});

test('a self-check that found nothing is refused half done and unsigned; signed it can be confirmed by another', async () => {
  await page.goto(`${server.url}/report/self-check`);
  await page.getByTestId('tier-team').click();
  await page.getByTestId('check-place').fill('掘进工作面');
  const items = await page.locator('[data-testid^="item-team_"]').count();
  assert.ok(items >= 5, 'items of the tier');
  await page.getByTestId('team_roof-pass').click();
  await page.getByTestId('report-send').click();
  await page.getByTestId('error-items').waitFor();
  assert.match(await page.getByTestId('error-items').innerText(), new RegExp(`还有 ${items - 1} 项未查`));
  await page.getByTestId('error-signature').waitFor();
  await picture(page, 'report-07-check-open');
  for (const button of await page.locator('[data-testid$="-pass"]').all()) if ((await button.getAttribute('aria-checked')) !== 'true') await button.click();
  await page.getByTestId('check-signature').fill('张三');
  assert.ok(await fits(page));
  await picture(page, 'report-08-check-signed');
  await page.getByTestId('report-send').click();
  await page.waitForURL(/\/records\/self_check\/\d+$/);
  const id = page.url().split('/').pop();
  const manager = await Client.signIn(server, 'kz1');
  const check = await manager.get(`/records/self_check/${id}`);
  assert.equal(check.fields.zero_finding_signature, '张三');
  assert.equal(check.fields.items_passed.length, items);
  await manager.post(`/records/self_check/${id}/steps/confirm`, { version: check.version, fields: {} });
  const officer = await Client.signIn(server, 'aqy1');
  const bare = await officer.post('/records/self_check', { fields: { mine: check.fields.mine, tier: 'team', title: '未签字', findings: 0 } });
  const refused = await manager.request('POST', `/records/self_check/${bare.id}/steps/confirm`, { version: bare.version, fields: {} });
  assert.equal(refused.status, 400, refused.text);
  assert.equal(refused.json.error.faults[0].words.zh, '零隐患自查须先签字再审核');
});

test('what is not in order becomes a hazard with its photo, linked to the check', async () => {
  await page.goto(`${server.url}/report/self-check`);
  await page.getByTestId('tier-section').click();
  await page.getByTestId('check-place').fill('采煤工作面');
  await page.getByTestId('section_support-fail').click();
  await page.getByTestId('report-send').click();
  await page.getByTestId('error-section_support').waitFor();
  await page.getByTestId('section_support-found').fill('端头支护强度不足');
  await page.getByTestId('section_support-photos').locator('input[type=file]').setInputFiles(image('端头.png', 120));
  await page.getByTestId('photo').waitFor();
  await picture(page, 'report-09-check-finding');
  await page.getByTestId('report-send').click();
  await page.waitForURL(/\/records\/self_check\/\d+$/);
  await page.getByTestId('links').getByRole('link').first().waitFor();
  await picture(page, 'report-10-check-sent');
  await page.getByTestId('links').getByRole('link').first().click();
  await page.waitForURL(/\/hazards\/\d+$/);
  const officer = await Client.signIn(server, 'aqy1');
  const hazard = await officer.get(`/records/hazard/${page.url().split('/').pop()}`);
  assert.equal(hazard.title, '端头支护强度不足');
  assert.equal(hazard.fields.photos_before.length, 1);
});

test('in English', async () => {
  const english = await signedIn(browser, server, 'ddy1', { size: 'phone', language: 'en' });
  for (const [path, name] of [['/report', 'hub'], ['/report/hazard', 'hazard'], ['/report/self-check', 'check']]) {
    await english.page.goto(server.url + path);
    await english.page.locator('h1').waitFor();
    assert.ok(await fits(english.page));
    await picture(english.page, `report-11-en-${name}`);
  }
  await english.close();
});
