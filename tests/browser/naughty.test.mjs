// The big list of naughty strings on the screen: as titles, descriptions, places and reasons, in both languages. Each is shown as the
// text it is; no script of it runs, nothing is fetched from elsewhere, nothing is an error.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { launch, picture, signedIn } from './browser.mjs';
import { beijing, Client, ownSecond, startDemo } from './server.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const strings = JSON.parse(readFileSync(join(here, '../data/naughty-strings/blns.json'), 'utf8'));
const titles = strings.filter((s) => s !== '' && [...s].length <= 200);
// What would do harm if it became a part of the page; the first of each kind is shown on pages of its own.
const harmful = titles.filter((s) => /<|javascript:|on\w+=|alert\(/i.test(s));
const kinds = ['<script', '<img', '<svg', '<iframe', '<a ', '<body', '<input', '<style', '<video', 'javascript:', '<!--', '<div'];
const worst = [...new Set(kinds.map((kind) => harmful.find((s) => s.toLowerCase().includes(kind))).filter(Boolean))];

let server;
let browser;
let officer;
const hazards = new Map(); // id -> title
const long = new Map(); // id -> description

/** A cell of CSV. A quote at its beginning is doubled, as an import takes one off. */
const cell = (text) => `"${text.startsWith("'") ? "'" : ''}${text.replaceAll('"', '""')}"`;

before(async () => {
  server = await startDemo({ hours: 0.2 });
  browser = await launch();
  officer = await Client.signIn(server, 'aqy1');
  const mine = (await officer.get('/records/mine?limit=1')).records[0].id;
  // All of them once more in descriptions, as many as fit into one.
  const pieces = [''];
  for (const text of strings) {
    if ([...pieces.at(-1)].length + [...text].length > 3900) pieces.push('');
    pieces[pieces.length - 1] += `${text}\n`;
  }
  const row = (title, description, place) => [title, description, place, mine, 'self_check', 'ordinary'].map(cell).join(',');
  const table = ['title,description,place,mine,origin,level', ...titles.map((title) => row(title, '', '')), ...pieces.map((text) => row('all of them', text, worst[0]))].join('\r\n');
  const made = await officer.request('POST', '/records/hazard/import', table, 'text/csv');
  assert.deepEqual([made.json?.created, made.json?.faults], [titles.length + pieces.length, []], made.text);
  for (let after = ''; after !== null; ) {
    const page = await officer.get(`/records/hazard?limit=500&f.origin=self_check&after=${after}`);
    for (const { id, title, fields } of page.records) {
      if (title === 'all of them') long.set(id, fields.description);
      else if (titles.includes(title)) hazards.set(id, title);
    }
    after = page.next;
  }
  assert.deepEqual([...hazards.values()].sort(), [...titles].sort());
  assert.deepEqual([...long.values()].sort(), [...pieces].sort());
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** A signed-in page that notices whatever a string could do. */
async function guarded(name, options) {
  const open = await signedIn(browser, server, name, options);
  const { page } = open;
  const seen = [];
  await page.context().addInitScript(() => {
    window.ran = [];
    for (const word of ['alert', 'prompt', 'confirm', 'open']) window[word] = (...given) => void window.ran.push([word, ...given].join(' '));
  });
  page.on('dialog', (dialog) => { seen.push(`dialog: ${dialog.message()}`); void dialog.dismiss(); });
  page.on('console', (message) => message.type() === 'error' && seen.push(`console: ${message.text()}`));
  page.on('request', (request) => { if (!request.url().startsWith(server.url) && !request.url().startsWith('data:')) seen.push(`request: ${request.url()}`); });
  page.on('popup', (popup) => seen.push(`popup: ${popup.url()}`));
  // A page of the list holds them all. (Only where it is wanted: a page with a route does not cache.)
  if (options.long) await page.route(/\/records\/hazard\?/, (route) => route.continue({ url: route.request().url().replace(/limit=\d+/, 'limit=500') }));
  const go = async (path, ready) => {
    await page.goto(server.url + path);
    await page.waitForSelector(ready, { timeout: 20000, state: 'attached' }).catch(async (error) => {
      throw new Error(`${path}: ${error.message}: ${await page.evaluate(() => document.body.innerText.slice(0, 300))} ${seen.join()}`);
    });
  };
  // Within the open page, as a link does: no file of the interface is asked for again. Waits for the text.
  const follow = async (path, selector, text) => {
    await page.evaluate((to) => { history.pushState({}, '', to); dispatchEvent(new PopStateEvent('popstate', { state: {} })); }, path);
    await page.waitForFunction(([s, t]) => [...document.querySelectorAll(s)].some((e) => e.textContent === t), [selector, text], { timeout: 20000 }).catch(async (error) => {
      throw new Error(`${path}: ${error.message}: ${await page.evaluate(() => `${location.pathname}: ${document.body.innerText.slice(0, 300)}`)} ${seen.join()}`);
    });
  };
  const harmless = async () => {
    const state = await page.evaluate(() => ({
      ran: window.ran,
      foreign: [...document.querySelectorAll('main script, main iframe, main object, main embed, main svg[onload], main img[src="x"], main video, main audio, main form[action], main a[href^="javascript"], main [onerror], main [onclick], main [onmouseover], main [onload]')].map((e) => e.outerHTML),
    }));
    assert.deepEqual(state, { ran: [], foreign: [] });
    assert.deepEqual(seen, []);
  };
  return { ...open, go, follow, harmless };
}

const textsById = (page, selector, inner) => page.evaluate(([s, i]) => Object.fromEntries([...document.querySelectorAll(s)].map((e) => [e.dataset.id, e.querySelector(i)?.textContent])), [selector, inner]);

for (const language of ['zh-CN', 'en']) {
  test(`titles in the list, on cards, on the board, in search, ${language}`, async () => {
    const { page, go, harmless, close } = await guarded('aqy1', { language, long: true });
    const shown = {};
    await go('/hazards?tab=all', '[data-testid="row-hazard"]');
    Object.assign(shown, await textsById(page, '[data-testid="row-hazard"]', 'a.title'));
    const cards = await textsById(page, '[data-testid="card-hazard"]', 'b');
    await harmless();
    await picture(page, `naughty-list-${language}`);
    await page.getByTestId('page-next').click();
    await page.waitForFunction((old) => ![...document.querySelectorAll('[data-testid="row-hazard"]')].some((e) => e.dataset.id === old), Object.keys(shown)[0], { timeout: 20000 });
    Object.assign(shown, await textsById(page, '[data-testid="row-hazard"]', 'a.title'));
    Object.assign(cards, await textsById(page, '[data-testid="card-hazard"]', 'b'));
    let compared = 0;
    for (const [id, title] of hazards) {
      assert.equal(shown[id], title);
      assert.equal(cards[id], title);
      compared += 1;
    }
    assert.equal(compared, titles.length);
    await harmless();

    await go('/boards/hazard', '[data-testid="board-card"]');
    const board = await textsById(page, '[data-testid="flow-board"] [data-testid="board-card"]', 'b');
    assert.ok(Object.keys(board).length >= 100, "a column shows at most 100 cards");
    for (const [id, text] of Object.entries(board)) if (hazards.has(id)) assert.equal(text, hazards.get(id));
    await harmless();

    await go('/search?q=DEF', '[data-testid="hit"]');
    const hits = await page.locator('[data-testid="hit"][href^="/hazards/"] b').allTextContents();
    assert.ok(hits.length > 0);
    for (const hit of hits) assert.ok(titles.includes(hit) || hit === 'all of them', hit);
    for (const words of worst) {
      await page.getByTestId('global-search').fill(words);
      await page.getByTestId('global-search').press('Enter');
      await page.waitForFunction((w) => document.querySelector('[data-testid="search-words"]')?.value === w.trim(), words, { timeout: 10000 });
      await page.waitForFunction(() => document.querySelector('[data-testid="hit"], [data-testid="empty"]'), null, { timeout: 10000 });
    }
    await harmless();
    await close();
  });

  test(`records, editing, dialogs, history and print, ${language}`, async () => {
    const { page, go, follow, harmless, close } = await guarded('aqy1', { language });
    await go('/me', 'h1');
    for (const [id, description] of long) {
      await follow(`/hazards/${id}`, '[data-testid="value-description"] span', description);
      await harmless();
    }
    for (const title of worst) {
      const [id] = [...hazards].find(([, t]) => t === title);
      await follow(`/hazards/${id}`, 'h1', title);
      await harmless();
    }
    // One of them edited, then taken through the dialog of a step with a reason that is naughty too.
    const [id] = [...hazards].find(([, t]) => t === worst[0]);
    await go(`/hazards/${id}`, '[data-testid="edit"]');
    await page.getByTestId('edit').click();
    assert.equal(await page.locator('[data-testid="field-title"] input').inputValue(), worst[0]);
    await harmless();
    await go(`/hazards/${id}`, '[data-testid="step-grade"]');
    await page.getByTestId('step-grade').click();
    await page.getByTestId('step-dialog').waitFor();
    await harmless();
    const record = await officer.get(`/records/hazard/${id}`);
    const changed = await officer.request('PATCH', `/records/hazard/${id}`, { version: record.version, fields: { place: worst[1], measures: worst.join('\n') }, reason: worst[0] });
    assert.equal(changed.status, 200, changed.text);
    await go(`/hazards/${id}`, '[data-testid="history"] li');
    assert.ok((await page.getByTestId('history').evaluate((e) => e.textContent)).includes(worst[0]), 'the reason, as text');
    await page.emulateMedia({ media: 'print' });
    const pdf = await page.pdf();
    assert.ok(pdf.length > 5000);
    await harmless();
    await close();
  });

  test(`what a mine sends: places, units and file names, ${language}`, async () => {
    const dispatcher = await Client.signIn(server, 'ddy1');
    const sent = harmful.filter((s) => !/[;~|\r\n]/.test(s) && s.length < 100).slice(0, 40);
    const mine = (await dispatcher.get('/records/mine?limit=1')).records[0];
    const code = mine.fields.code;
    const at = ownSecond();
    const now = beijing(at);
    const point = (i) => `${code}01MN0001${String((language === 'en' ? 9100 : 9000) + i)}`;
    const stamp = now.replace(/[-: ]/g, '');
    const define = sent.map((s, i) => `${point(i)};01;${code}00001;0001;MN;${s.slice(0, 16)};4;0;1.0;0.9;;;1.5;1.0;;;;;${s}&${s}&T1;;;;;${now}~`).join('');
    const { page, go, harmless, close } = await guarded('ddy1', { language });
    await go('/me', 'h1');
    const name = (type) => encodeURIComponent(`${code}_${type}_${stamp}.txt`);
    const head = `${code};${mine.fields.name}`;
    const defined = await dispatcher.request('POST', `/upload?name=${name('CDDY')}`, `${head};KJ;K;M;2027-01-01;${now}~${define}||`, 'text/plain');
    if (defined.json.verdict !== 'duplicate') assert.ok(['accepted', 'partial', 'correction'].includes(defined.json.verdict), defined.text);
    const before = (seconds) => beijing(at - seconds * 1000);
    const samples = [120, 60, 30, 0].map((ago) => sent.map((s, i) => `${point(i)};CH4;${s};1.8;%CH4;1;${before(ago)}~`).join('')).join('');
    const judged = await dispatcher.request('POST', `/upload?name=${name('CDSS')}`, `${head};${now}~${samples}||`, 'text/plain');
    assert.equal(judged.status, 200, judged.text);
    await dispatcher.request('POST', `/upload?name=${encodeURIComponent(worst[0].replaceAll('/', ''))}`, 'x', 'text/plain');

    let alarms = [];
    for (const end = Date.now() + 20000; alarms.length < 10 && Date.now() < end; ) {
      alarms = (await dispatcher.get('/records/alarm?limit=200&sort=-begin_at')).records.filter((a) => String(a.fields.place ?? '').includes('<'));
      if (alarms.length < 10) await new Promise((done) => setTimeout(done, 200));
    }
    assert.ok(alarms.length >= 10, `${alarms.length} alarms at places that are markup`);
    const toast = page.getByTestId('notice-alarm').filter({ hasText: '<' }).first();
    await toast.waitFor({ timeout: 20000 });
    await harmless();
    await go('/alarms?f.rule=G-1', '[data-testid="row-alarm"]');
    await page.waitForFunction(() => /<(script|img|svg)/i.test(document.querySelector('main')?.textContent ?? ''), null, { timeout: 20000 }); // places, as text
    await harmless();
    await go(`/alarms/${alarms[0].id}`, 'h1');
    await harmless();
    await go(`/mines/${mine.id}`, 'main');
    await page.waitForFunction(() => document.querySelector('main')?.textContent.includes('<'), null, { timeout: 20000 });
    await harmless();
    const curve = (await dispatcher.get(`/records/point?limit=50&f.code=${point(0)}`)).records[0];
    await go(`/records/point/${curve.id}`, 'h1');
    await harmless();
    await go('/uploads', 'main table');
    await harmless();
    await picture(page, `naughty-uploads-${language}`);
    await close();
  });
}
