// Every page in both sizes and both languages: opens without a script error, fits its window, shows no untranslated key,
// and leaves a picture in output/ to be looked at. In Chinese it is opened on a desk and then made as narrow as a phone, in English
// the other way.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { drawn, fits, launch, picture, signedIn, signInOnPage, sizes } from './browser.mjs';
import { Client, startDemo } from './server.mjs';

let server;
let browser;
const ids = {};

before(async () => {
  server = await startDemo({ hours: 2 });
  browser = await launch();
  const county = await Client.signIn(server, 'xian');
  const first = async (type, filter = '') => (await county.get(`/records/${type}?limit=1&${filter}`)).records[0]?.id;
  ids.mine = await first('mine', 'f.code=990101000001');
  ids.simulated = await first('mine', 'f.code=990101000002');
  ids.alarm = await first('alarm', `f.mine=${ids.mine}&f.rule=G-1`) ?? await first('alarm');
  const dispatcher = await Client.signIn(server, 'ddy1');
  const own = (await dispatcher.get(`/records/alarm?limit=1`)).records[0];
  ids.raised = (await dispatcher.get('/records/alarm?limit=1&f.state=raised')).records[0].id;
  const hazard = await dispatcher.request('POST', `/alarms/${own.id}/hazard`, {});
  assert.equal(hazard.status, 201, hazard.text);
  ids.hazard = hazard.json.id;
  const duty = (await county.get('/duties?rule=trips-director&limit=1&sort=-due&state=met,missed,met_late')).duties[0];
  assert.ok(duty, 'a duty that has come due');
  ids.duty = `rule=${duty.rule}&subject=${duty.subject}&period=${duty.period}`;
  ids.county = (await county.get('/session')).account.organisation.id;
  ids.point = await first('point', `f.mine=${ids.mine}`);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const pages = [
  ['home-county', 'xian', () => '/'],
  ['home-manager', 'kz1', () => '/'],
  ['home-administrator', 'xtgly', () => '/'],
  ['flow-board', 'aqy1', () => '/boards/hazard'],
  ['mine-card', 'xian', () => `/mines/${ids.mine}/card`],
  ['supervision', 'shi', () => '/supervision'],
  ['board', 'xian', () => '/board'],
  ['mines', 'xian', () => '/live'],
  ['mine-live', 'ddy1', () => `/mines/${ids.mine}`],
  ['mine-live-simulated', 'xian', () => `/mines/${ids.simulated}`],
  ['alarms', 'ddy1', () => '/alarms'],
  ['alarm', 'ddy1', () => `/alarms/${ids.alarm}`],
  ['hazards', 'aqy1', () => '/hazards'],
  ['hazard', 'aqy1', () => `/hazards/${ids.hazard}`],
  ['hazard-new', 'aqy1', () => '/hazards/new'],
  ['duties', 'xian', () => '/duties'],
  ['duties-mine', 'kz1', () => '/duties?state=*&sort=-due'],
  ['duties-calendar', 'xian', () => '/duties?view=calendar'],
  ['duties-matrix', 'xian', () => '/duties?view=matrix'],
  ['duty', 'xian', () => `/duties/one?${ids.duty}`],
  ['clauses', 'xian', () => '/clauses'],
  ['clause', 'xian', () => '/clauses/YC2024-3.2.3-02/text'],
  ['forms', 'xian', () => '/forms'],
  ['form', 'xian', () => `/forms/annex2?unit=${ids.county}`],
  ['form-summary', 'sheng', () => '/forms/annex2/summary'],
  ['uploads', 'xian', () => '/uploads'],
  ['records', 'xian', () => '/records'],
  ['record-list', 'xian', () => '/records/point'],
  ['record', 'xian', () => `/records/point/${ids.point}`],
  ['record-new', 'aqy1', () => '/records/self_check/new'],
  ['accounts', 'xtgly', () => '/admin/accounts'],
  ['organisations', 'xtgly', () => '/records/organisation'],
  ['packs', 'aqgly', () => '/admin/packs'],
  ['pack-settings', 'aqgly', () => '/admin/packs?tab=settings'],
  ['pack-change', 'aqgly', () => '/admin/packs/change'],
  ['log', 'sjgly', () => '/admin/log'],
  ['search', 'xian', () => '/search?q=甲烷'],
  ['me', 'ddy1', () => '/me'],
  ['not-found', 'ddy1', () => '/no-such-page'],
];

/** What is wrong with the page as it stands in this size. */
async function look(page, name, size, language) {
  await drawn(page);
  await picture(page, `${name}-${size}-${language}`);
  assert.ok(await fits(page), `${name} is wider than its window`);
  const text = await page.evaluate(() => document.body.innerText);
  assert.ok(text.trim().length > 20, `${name} is empty`);
  const keys = text.match(/\b(?:nav|common|duties|clauses|forms|form|steps|alarms|hazards|uploads|error|board|live|mine|signIn|records|packs|log)\.[a-zA-Z]+\b/g);
  assert.equal(keys, null, `untranslated keys on ${name}: ${keys}`);
  if (language !== 'en') return;
  const left = await page.evaluate(() => [...document.querySelectorAll('button, label, th, h1, h2')].map((e) => e.textContent.trim()).filter((s) => /^[\u4e00-\u9fff]{2,}$/.test(s)));
  const own = left.filter((s) => !/示例|矿|县|市|中文/.test(s));
  assert.deepEqual(own, [], `Chinese words left on the English ${name}`);
}

for (const [language, ...both] of [['zh-CN', 'wide', 'phone'], ['en', 'phone', 'wide']]) {
  test(`every page, ${language}`, async (t) => {
    const open = new Map();
    for (const [name, account, path] of pages) {
      for (const size of both) {
        await t.test(`${name}, ${size}`, async () => {
          if (!open.has(account)) open.set(account, await (open.size === 0 ? signInOnPage : signedIn)(browser, server, account, { size, language }));
          const { page } = open.get(account);
          await page.setViewportSize(sizes[size]);
          if (size === both[0]) await page.goto(server.url + path());
          await look(page, name, size, language);
        });
      }
    }
    for (const { close } of open.values()) await close();
  });
}

// The server counts a long list only so far; here its answer is changed on the way, as ten thousand records would take minutes to make.
for (const [language, atLeast, exactly] of [['zh-CN', '共 10,000+ 条', /^共 \d+ 条$/], ['en', '10,000+ in all', /^\d+ in all$/]]) {
  test(`a total that is not counted to its end, ${language}`, async () => {
    const { page, close } = await signedIn(browser, server, 'xian', { language });
    const lists = [['hazards', '/hazards?tab=all'], ['alarms', '/alarms'], ['record-list', '/records/point']];
    const total = () => page.locator('.pager > span').first();
    for (const [, path] of lists) {
      await page.goto(server.url + path);
      await total().waitFor();
      assert.match(await total().innerText(), exactly, path);
    }
    await page.route(/\/api\/v1\/records\/\w+\?.*total=1/, async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: { ...(await response.json()), total: 10000, total_exact: false } });
    });
    for (const [name, path] of lists) {
      await page.goto(server.url + path);
      await total().filter({ hasText: '10,000' }).waitFor();
      assert.equal(await total().innerText(), atLeast, path);
      await total().scrollIntoViewIfNeeded();
      await picture(page, `at-least-${name}-${language}`);
    }
    await close();
  });
}

for (const [language, says] of [['zh-CN', '服务器磁盘已满，内容未保存，请通知管理员'], ['en', 'The server\'s disk is full; nothing was saved. Tell the administrator']]) {
  test(`a full disk is told in words, ${language}`, async () => {
    const { page, close } = await signedIn(browser, server, 'ddy1', { language });
    await page.route(/\/steps\/acknowledge$/, (route) => route.fulfill({ status: 503, json: { error: { code: 'disk_full', message: 'x', faults: [], request: '1', retry_after: 5 } } }));
    await page.goto(`${server.url}/alarms/${ids.raised}`);
    await page.getByTestId('step-acknowledge').click();
    await page.getByTestId('step-submit').filter({ visible: true }).click();
    await page.getByText(says).first().waitFor({ timeout: 10000 });
    await picture(page, `disk-full-${language}`);
    await close();
  });
}
