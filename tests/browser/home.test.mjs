// What each person sees first, the board of a flow, the card of a mine with its time line, and the supervision of supervisors:
// every number on the screens is compared with what the lists of the server count.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fits, launch, picture, signedIn } from './browser.mjs';
import { Client, startDemo } from './server.mjs';

let server;
let browser;
let mine;
let office;
const day = (plus) => new Date(Date.now() + 8 * 3600e3 + plus * 864e5).toISOString().slice(0, 10);

before(async () => {
  server = await startDemo({ hours: 0.5 });
  browser = await launch();
  const county = await Client.signIn(server, 'xian');
  mine = (await county.get('/records/mine?sort=code&limit=1')).records[0];
  office = (await county.get('/session')).account.organisation.id;
  for (const [days, matter] of [[-6, '复查主运输巷支护'], [-1, '复查瓦斯抽采泵'], [9, '复查水泵房']]) {
    await county.post('/records/recheck', { fields: { organisation: mine.fields.organisation, mine: mine.id, authority: office, matter, due_on: day(days) } });
  }
  const officer = await Client.signIn(server, 'aqy1');
  await officer.post('/records/hazard', { fields: { mine: mine.id, title: '皮带机头缺少护罩', origin: 'self_check', level: 'ordinary', deadline: day(0), found_at: `${day(-2)}T08:00:00+08:00` } });
});
after(async () => {
  await browser?.close();
  assert.equal(await server?.stop(), 0, 'the server stops cleanly');
});

async function home(name, options) {
  const session = await signedIn(browser, server, name, options);
  await session.page.goto(`${server.url}/`);
  await session.page.getByTestId('home').waitFor();
  await session.page.waitForFunction(() => !document.querySelector('.home-block .el-skeleton'), null, { timeout: 20000 });
  assert.equal(await session.page.getByTestId('load-error').count(), 0, `${name}: a block failed`);
  assert.ok(await fits(session.page), `${name}: wider than the window`);
  return session;
}
const blocks = (page) => page.evaluate(() => [...document.querySelectorAll('.home-block')].sort((a, b) => a.style.order - b.style.order).map((e) => e.dataset.testid.slice(5)));
const count = async (page, name) => Number((await page.getByTestId(`home-${name}`).getByTestId('block-count').textContent()).replace(/[^\d]/g, ''));

test('a dispatcher sees alarms and people first, a safety officer the hazards of today; the numbers are those of the lists', async () => {
  const asked = await Client.signIn(server, 'ddy1');
  const raised = async () => (await asked.get('/records/alarm?f.state=raised&total=1&limit=1')).total;
  const least = await raised();
  const dispatcher = await home('ddy1');
  assert.deepEqual((await blocks(dispatcher.page)).slice(0, 2), ['alarms', 'mine']);
  const shown = await count(dispatcher.page, 'alarms');
  const most = await raised();  // another may have come while we looked; nobody answers any
  assert.ok(least <= shown && shown <= most, `${shown} alarms on the page, of the server ${least}, then ${most}`);
  await picture(dispatcher.page, 'home-ddy1-wide');
  await dispatcher.close();
  const officer = await home('aqy1', { size: 'phone' });
  assert.equal((await blocks(officer.page))[0], 'hazards');
  const due = (await (await Client.signIn(server, 'aqy1')).get(`/records/hazard?f.state=found,graded,rectifying&f.deadline.le=${day(0)}&total=1&limit=1`)).total;
  assert.ok(due >= 1);
  assert.equal(await count(officer.page, 'hazards'), due);
  await officer.page.getByTestId('home-hazards').getByText('皮带机头缺少护罩').click();
  await officer.page.waitForURL(/\/hazards\/\d+$/);
  await officer.close();
});

test('a time limit that comes to half is pushed to who owes it and stays in the bar until it is seen', async () => {
  const dispatcher = await home('ddy1');
  const client = await Client.signIn(server, 'ddy1');
  const ago = (seconds) => new Date(Date.now() - seconds * 1000).toISOString();
  const accident = await client.post('/records/accident', { fields: { mine: mine.id, title: '运输巷掉矸伤人', occurred_at: ago(2400), place: '1101运输巷', category: 'roof' } });
  // One hour to report: half of it will have gone in two seconds.
  await client.post('/records/accident_report', { fields: { accident: accident.id, level: 'mine', figures_state: 'unknown', known_at: ago(1798) } });
  await dispatcher.page.getByTestId('notice-reminder').waitFor({ timeout: 30000 });
  await picture(dispatcher.page, 'home-reminder-pushed');
  await dispatcher.page.getByTestId('reminder-bell').click();
  const rows = dispatcher.page.locator('.reminder-list').getByTestId('reminder').filter({ hasText: '企业报告时限' });
  await rows.first().waitFor();
  assert.match(await rows.first().textContent(), /时间过半.*企业报告时限/s);
  await picture(dispatcher.page, 'home-reminders-wide');
  assert.equal(await rows.count(), 1);
  await rows.getByTestId('reminder-seen').click();
  await rows.waitFor({ state: 'detached' });
  assert.deepEqual((await client.get('/reminders')).reminders.filter((r) => r.clock === 'head_reports'), []);
  await dispatcher.close();
  const manager = await home('kz1', { size: 'phone', language: 'en' });
  await manager.page.getByTestId('home-todo').getByTestId('reminder').first().waitFor();
  assert.match(await manager.page.getByTestId('home-todo').textContent(), /half gone/, 'whoever else owes it still has it');
  await manager.page.getByTestId('reminder-bell').click();
  await picture(manager.page, 'home-reminders-phone-en');
  assert.ok(await fits(manager.page));
  await manager.close();
});

test('a county officer sees mines by concern and what waits; an administrator accounts; in English as well', async () => {
  const county = await home('xian', { language: 'en' });
  assert.deepEqual((await blocks(county.page)).slice(0, 2), ['concern', 'alarms']);
  const work = await (await Client.signIn(server, 'xian')).get('/work?to_move=1');
  const rest = work.types.filter((type) => type.type !== 'alarm');
  assert.equal(await count(county.page, 'work'), rest.reduce((n, type) => n + type.count, 0));
  assert.ok(!/[㐀-鿿]/.test(await county.page.locator('.home-block h2').allTextContents().then((all) => all.join(' '))), 'headings are English');
  await county.close();
  const admin = await home('xtgly');
  assert.equal((await blocks(admin.page))[0], 'accounts');
  await admin.close();
});

test('the board of rechecks: columns by state, what ran out on top, keys, countdown, a phone shows one column', async () => {
  const { page, close } = await signedIn(browser, server, 'xian');
  await page.goto(`${server.url}/records/recheck`);
  await page.getByTestId('board-switch').click();
  const due = page.locator('[data-testid="board-column"][data-state="due"]');
  await due.getByTestId('board-card').first().waitFor();
  const total = (await (await Client.signIn(server, 'xian')).get('/records/recheck?f.state=due&total=1&limit=1')).total;
  assert.equal(Number(await due.getByTestId('column-count').textContent()), total);
  assert.match(await page.getByTestId('board-late').textContent(), /2/);
  assert.match(await due.getByTestId('board-card').first().textContent(), /逾期 6 天/);
  await picture(page, 'board-recheck');
  await page.getByTestId('view-countdown').click();
  const times = await page.getByTestId('countdown-row').evaluateAll((rows) => rows.map((row) => row.dataset.due));
  assert.ok(times.length >= 3);
  assert.deepEqual(times, [...times].sort());
  await page.goto(`${server.url}/boards/recheck`);
  await due.getByTestId('board-card').first().waitFor();
  await page.keyboard.press('ArrowDown');
  const marked = await page.locator('[data-testid="board-card"][data-chosen="true"]').getAttribute('data-id');
  await page.keyboard.press('Enter');
  await page.waitForURL(new RegExp(`/records/recheck/${marked}$`));
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`${server.url}/boards/recheck`);
  await page.getByTestId('board-card').first().waitFor();
  assert.equal(await page.locator('[data-testid="board-column"]:visible').count(), 1);
  assert.ok(await fits(page));
  await close();
});

test('the card of a mine gathers what is open and what happened, with both times; a neighbour finds nothing', async () => {
  const { page, close } = await signedIn(browser, server, 'xian');
  await page.goto(`${server.url}/mines/${mine.id}/card`);
  await page.getByTestId('event').first().waitFor();
  await page.getByTestId('open-work').getByText('复查', { exact: false }).first().waitFor();
  await picture(page, 'mine-card-wide');
  await page.getByTestId('timeline-system').selectOption('ENF');
  // The three rechecks of this test are there, and nothing of another system.
  await page.waitForFunction(() => {
    const texts = [...document.querySelectorAll('[data-testid="event"]')].map((e) => e.textContent);
    return texts.filter((text) => text.includes('整改复查')).length === 3 && !texts.some((text) => text.includes("甲烷"));
  });
  await page.getByTestId('timeline-system').selectOption('HAZ');
  await page.getByTestId('timeline').getByText('发生于').first().waitFor();
  await page.setViewportSize({ width: 390, height: 844 });
  assert.ok(await fits(page));
  await picture(page, 'mine-card-phone');
  await close();
  const other = await signedIn(browser, server, 'linxian');
  await other.page.goto(`${server.url}/mines/${mine.id}/card`);
  await other.page.getByTestId('empty').waitFor();
  assert.equal(await other.page.getByTestId('event').count(), 0);
  await other.close();
});

test('the city sees what the county let slip, and opens the records behind the number', async () => {
  const { page, close } = await signedIn(browser, server, 'shi');
  await page.goto(`${server.url}/supervision`);
  const row = page.locator(`[data-testid="regulator"][data-id="${office}"]`);
  await row.waitFor();
  assert.equal(await row.getByTestId('figure-recheck').textContent(), '2');
  await row.getByTestId('figure-recheck').click();
  await page.getByTestId('lapse').first().waitFor();
  assert.equal(await page.getByTestId('lapse').count(), 2);
  assert.match(await page.getByTestId('lapse').first().textContent(), /示例县监管员/);
  await picture(page, 'supervision-city');
  await close();
  const beside = await signedIn(browser, server, 'linxian');
  await beside.page.goto(`${server.url}/supervision`);
  await beside.page.getByTestId('supervision-table').waitFor();
  assert.equal(await beside.page.locator(`[data-testid="regulator"][data-id="${office}"]`).count(), 0);
  await beside.close();
});
