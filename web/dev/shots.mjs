// Screenshots of every page, both sizes and languages, against the mock: node dev/shots.mjs [folder] [filter]
// Needs a built dist/. Also says where a page scrolls sideways, logs an error, or shows a key instead of words.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { chromium } from 'playwright-core';

const out = process.argv[2] ?? '/tmp/mineward-shots';
const only = process.argv[3] ? new RegExp(process.argv[3]) : /./;
const port = 8740 + Math.floor(Math.random() * 50);
mkdirSync(out, { recursive: true });
const mock = spawn(process.execPath, [new URL('./mock-server.mjs', import.meta.url).pathname, String(port)], { env: { ...process.env, MOCK_ALARM_EVERY_S: '0' }, stdio: ['ignore', 'pipe', 'inherit'] });
await new Promise((done) => mock.stdout.once('data', done));
const base = `http://127.0.0.1:${port}`;
const browser = await chromium.launch({ executablePath: ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'].find(existsSync), args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking', '--no-first-run'] });

const first = async (page, url) => (await (await page.request.get(base + url)).json());
const pages = [
  ['sign-in', null, '/sign-in'], ['sign-in-wrong', null, '/sign-in', async (p) => { await p.fill('[data-testid=sign-in-name]', 'x'); await p.fill('[data-testid=sign-in-password]', 'y'); await p.click('[data-testid=sign-in-submit]'); await p.waitForSelector('[data-testid=error-form]'); }],
  ['password', 'fresh', '/password'],
  ['board', 'xian1', '/board'], ['board-wall', 'xian1', '/board', async (p) => { if (await p.locator('[data-testid=wall]').isVisible()) await p.click('[data-testid=wall]'); }],
  ['mine-pick', 'xian1', '/live'], ['mine-live', 'ddy1', '/live'], ['mine-curve', 'ddy1', '/live', async (p) => { await p.click('[data-testid=point] >> nth=0'); await p.waitForSelector('[data-testid=series-chart] canvas'); await p.waitForTimeout(500); }],
  ['mine-people', 'ddy1', '/live', async (p) => { await p.click('[data-testid=tab-people]'); }],
  ['alarms', 'ddy1', '/alarms'], ['alarm', 'ddy1', async (p) => `/alarms/${(await first(p, '/api/v1/records/alarm?f.state=raised&f.grade=orange')).records[0].id}`, async (p) => { await p.waitForSelector('[data-testid=series-chart] canvas'); await p.waitForTimeout(500); }],
  ['alarm-handled', 'ddy1', async (p) => `/alarms/${(await first(p, '/api/v1/records/alarm?f.state=handled')).records[0].id}`, async (p) => { await p.waitForTimeout(800); }],
  ['alarm-handle', 'ddy1', async (p) => `/alarms/${(await first(p, '/api/v1/records/alarm?f.state=acknowledged')).records[0].id}`, async (p) => { await p.click('[data-testid=step-handle]'); await p.click('[data-testid=step-submit]'); await p.waitForTimeout(400); }],
  ['hazards', 'aqy1', '/hazards'], ['hazards-board', 'aqy1', '/boards/hazard'], ['hazard-new', 'aqy1', '/hazards/new'],
  ['hazard-plan', 'aqy1', async (p) => `/hazards/${(await first(p, '/api/v1/records/hazard?f.state=found')).records[0].id}`, async (p) => { await p.click('[data-testid=step-plan]'); await p.waitForTimeout(400); }],
  ['hazard-own', 'aqy1', async (p) => `/hazards/${(await first(p, '/api/v1/records/hazard?f.state=accepting&f.rectified_by.null=0')).records[0].id}`, async (p) => { await p.click('[data-testid=step-accept]'); await p.waitForTimeout(400); }],
  ['hazard', 'ysy1', async (p) => `/hazards/${(await first(p, '/api/v1/records/hazard?f.state=closed&f.reviewed_by.null=0')).records[0].id}`],
  ['duties', 'xian1', '/duties'], ['duties-mine', 'kz1', '/duties?state=*&sort=-due'], ['duties-calendar', 'xian1', '/duties?view=calendar'], ['duties-matrix', 'xian1', '/duties?view=matrix'],
  ['duty', 'xian1', async (p) => { const d = (await first(p, '/api/v1/duties?limit=1&state=missed')).duties[0]; return `/duties/one?rule=${d.rule}&subject=${d.subject}&period=${d.period}`; }],
  ['clauses', 'xian1', '/clauses'], ['clause', 'xian1', '/clauses/YC2024-3.2.3-02/text'], ['forms', 'xian1', '/forms'], ['form', 'xian1', '/forms/annex2'],
  ['form-edit', 'xian1', '/forms/annex2', async (p) => { if (await p.locator('[data-testid=form-open]').isVisible()) await p.click('[data-testid=form-open]'); await p.click('[data-testid=form-edit]'); await p.fill('[data-testid=input-month-7]', '77'); await p.fill('[data-testid=input-month-8]', '70'); await p.fill('[data-testid="reason-month.7"]', '漏登两条'); await p.click('[data-testid=save]'); await p.waitForSelector('[data-testid="error-cells.month.8"]'); await p.fill('[data-testid="reason-month.8"]', '重复一条'); }],
  ['form-figure', 'xian1', '/forms/annex2', async (p) => { await p.click('[data-testid=cell-month-7] button'); await p.waitForSelector('[data-testid=figure-record]'); await p.waitForTimeout(400); }], ['form-summary', 'xian1', '/forms/annex2/summary'],
  ['packs-settings', 'xian1', '/admin/packs?tab=settings'], ['pack-change', 'admin', '/admin/packs/change', async (p) => { await p.selectOption('[data-testid=field-pack] select', { index: 1 }); await p.selectOption('[data-testid=field-region] select', { index: 1 }); await p.click('[data-testid=preview]'); await p.waitForSelector('[data-testid=pack-preview]'); }],
  ['uploads', 'xian1', '/uploads'], ['uploads-files', 'xian1', '/uploads?tab=ledger', async (p) => { await p.click('[data-verdict=rejected] button >> nth=0'); }], ['uploads-quarantine', 'xian1', '/uploads?tab=quarantine'],
  ['records', 'xian1', '/records'], ['record-list', 'xian1', '/records/point'], ['record-detail', 'xian1', async (p) => `/records/mine/${(await first(p, '/api/v1/records/mine')).records[0].id}`],
  ['record-edit', 'xian1', async (p) => `/records/mine/${(await first(p, '/api/v1/records/mine')).records[0].id}?edit=1`], ['record-empty', 'ddy1', '/records/planned_work'], ['record-new', 'ddy1', '/records/planned_work/new', async (p) => { await p.click('[data-testid=save]'); }],
  ['import', 'kz1', '/records/person', async (p) => { if (!(await p.locator('[data-testid=import]').isVisible())) return; await p.click('[data-testid=import]'); await p.click('[data-testid=import-csv]'); await p.setInputFiles('[data-testid=import-file]', { name: 'a.csv', mimeType: 'text/csv', buffer: Buffer.from('a') }); await p.click('[data-testid=import-send]'); await p.waitForSelector('[data-testid=import-fault]'); }],
  ['conflict', 'xian1', async (p) => `/records/mine/${(await first(p, '/api/v1/records/mine')).records[0].id}?edit=1`, async (p) => {
    const mine = (await first(p, '/api/v1/records/mine')).records[0]; const csrf = (await first(p, '/api/v1/session')).csrf;
    await p.request.patch(`${base}/api/v1/records/mine/${mine.id}`, { headers: { 'X-CSRF-Token': csrf }, data: { version: mine.version, fields: { remark: `changed elsewhere ${mine.version}` } } });
    await p.fill('[data-testid=field-remark] textarea', 'mine'); await p.click('[data-testid=save]'); await p.waitForSelector('[data-testid=conflict-dialog]'); await p.waitForTimeout(300);
  }],
  ['accounts', 'admin', '/admin/accounts'], ['account', 'admin', async (p) => `/records/account/${(await first(p, '/api/v1/records/account')).records[0].id}`], ['account-new', 'admin', '/records/account/new'], ['organisations', 'admin', '/records/organisation'],
  ['packs', 'xian1', '/admin/packs'], ['packs-rules', 'xian1', '/admin/packs?tab=rules'], ['packs-limits', 'xian1', '/admin/packs?tab=limits'],
  ['log', 'audit', '/admin/log', async (p) => { await p.click('[data-testid=verify]'); await p.waitForSelector('[data-testid=verify-ok]'); }],
  ['search', 'xian1', '/search?q=风'], ['me', 'ddy1', '/me'], ['more', 'xian1', '/more'], ['help', 'ddy1', '/alarms', async (p) => { await p.waitForTimeout(300); await p.keyboard.press('?'); await p.waitForTimeout(400); }], ['not-found', 'ddy1', '/nowhere'],
];
let problems = 0;
const complain = (name, what) => { problems += 1; console.log(`${name}: ${what}`); };

for (const [size, width, height] of [['wide', 1440, 900], ['phone', 390, 844]]) {
  for (const language of ['zh-CN', 'en']) {
    const contexts = new Map();
    const contextOf = async (account) => {
      if (contexts.has(account)) return contexts.get(account);
      const context = await browser.newContext({ viewport: { width, height }, locale: 'zh-CN', timezoneId: 'America/New_York', isMobile: size === 'phone', hasTouch: size === 'phone' });
      await context.addInitScript(`localStorage.setItem('mineward.prefs', '${JSON.stringify({ language, theme: 'light', sound: false })}')`);
      if (account) await context.request.post(`${base}/api/v1/session`, { data: { name: account, password: 'mineward-demo' } });
      contexts.set(account, context);
      return context;
    };
    for (const [title, account, path, then] of pages) {
      const name = `${title}.${size}.${language}`;
      if (!only.test(name)) continue;
      const page = await (await contextOf(account)).newPage();
      page.on('console', (m) => { if (['error', 'warning'].includes(m.type()) && !/40[0-9]|WebGL|favicon/.test(m.text())) complain(name, m.text()); });
      page.on('pageerror', (e) => complain(name, e.message));
      try {
        await page.goto(base + (typeof path === 'function' ? await path(page) : path));
        await page.waitForTimeout(500);
        await page.waitForSelector('[data-testid=loading]', { state: 'detached', timeout: 5000 });
        if (then) await then(page);
        await page.waitForTimeout(250);
      } catch (error) {
        complain(name, error.message.split('\n')[0]);
      }
      const sideways = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      if (sideways > 0) complain(name, `scrolls sideways by ${sideways} px`);
      const text = await page.evaluate(() => document.body.innerText);
      const keys = text.match(/\b(?:nav|common|duties|clauses|forms|alarms|hazards|mine|board|records|uploads|packs|form|error|fault|history|steps|people|chart)\.[a-zA-Z.]+\b/g);
      if (keys) complain(name, `keys instead of words: ${keys.join(' ')}`);
      const ids = text.match(/\b71\d{14}\b/g);
      if (ids) complain(name, `raw ids: ${ids.slice(0, 3).join(' ')}`);
      await page.screenshot({ path: `${out}/${name}.png`, fullPage: process.env.FULL === '1' });
      await page.close();
    }
    for (const context of contexts.values()) await context.close();
  }
}
await browser.close();
mock.kill();
console.log(`${problems} problems; pictures in ${out}`);
