// The monthly form on the screen: the county opens the draft, follows a figure to its hazards, corrects one with a reason and
// files; the city returns it with a reason; filed again, accepted; the province's sum changes and the late filers are listed.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, picture, signedIn } from './browser.mjs';
import { Client, startDemo } from './server.mjs';

let server;
let browser;
let county;  // id of the county's regulator
let month;  // the one before this, which is filed now
let found;  // ordinary and larger hazards found in it, counted from the list of hazards
const reason = '与县煤监科核对，重复登记一条';
const returned = '第7列与日报不符，请核对后重报';

before(async () => {
  server = await startDemo({ hours: 1 });
  browser = await launch();
  const officer = await Client.signIn(server, 'xian');
  county = (await officer.get('/session')).account.organisation.id;
  const [year, number] = new Date(Date.now() + 8 * 3600e3).toISOString().slice(0, 7).split('-').map(Number);
  const name = (y, m) => `${y}-${String(m).padStart(2, '0')}`;
  month = number === 1 ? name(year - 1, 12) : name(year, number - 1);
  const range = `f.found_at.ge=${month}-01T00:00:00%2B08:00&f.found_at.lt=${name(year, number)}-01T00:00:00%2B08:00`;
  found = (await officer.get(`/records/hazard?limit=1&total=1&f.level=ordinary,larger&f.state.ne=withdrawn&${range}`)).total;
  assert.ok(found > 1, `hazards found in ${month}: ${found}`);
});
after(async () => {
  await browser?.close();
  const code = await server?.stop();
  assert.equal(code, 0, 'the server stops cleanly');
});

const figure = async (page, row, column) => Number((await page.getByTestId(`cell-${row}-${column}`).locator('.num').last().innerText()).replaceAll(',', '') || NaN);
const stateOf = (page) => page.locator('header').getByTestId('filing-state').getAttribute('data-state');
async function takeAction(page, name, fill = async () => {}) {
  await page.getByTestId(`form-${name}`).click();
  const dialog = page.getByTestId('filing-dialog').filter({ visible: true });
  await fill(dialog);
  await dialog.getByTestId('filing-submit').click();
  await dialog.waitFor({ state: 'hidden' });
}
async function openCountyForm(page) {
  await page.goto(`${server.url}/forms/annex2?unit=${county}&month=${month}`);
  await page.getByTestId('form-sheet').waitFor();
}
async function provinceSum() {
  const { page, close } = await signedIn(browser, server, 'sheng');
  await page.goto(`${server.url}/forms/annex2/summary?month=${month}`);
  await page.getByTestId('filing-units').waitFor();
  const rows = await page.getByTestId('row-unit').evaluateAll((all) => all.map((r) => ({ name: r.querySelector('a').textContent, state: r.dataset.state, late: r.dataset.late === 'true' })));
  const out = { found: await figure(page, 'month', 7), counted: Number(await page.getByTestId('counted').innerText()), late: Number(await page.getByTestId('late').innerText()), rows };
  await picture(page, `form-province-${out.counted}`);
  await close();
  return out;
}

test('the county officer opens the draft and follows a figure to its hazards', async () => {
  const { page, close } = await signedIn(browser, server, 'xian');
  await page.goto(`${server.url}/forms`);
  await page.getByTestId('own-form').click();
  await page.getByTestId('form-sheet').waitFor();
  assert.equal(await page.getByTestId('month').inputValue(), month, 'last month is offered');
  assert.equal(await stateOf(page), 'none');
  await page.getByTestId('form-open').click();
  await page.locator('[data-testid="filing-state"][data-state="draft"]').waitFor();
  assert.equal(await figure(page, 'month', 7), found, 'the figure is the number of hazards on the list');

  await page.getByTestId('cell-month-7').locator('button').click();
  const panel = page.getByTestId('figure-panel');
  await panel.getByTestId('figure-record').first().waitFor();
  assert.match(await panel.getByTestId('figure-total').innerText(), new RegExp(`\\b${found}\\b`));
  assert.equal(await panel.getByTestId('figure-record').count(), Math.min(found, 50));
  await picture(page, 'form-01-figure');
  await panel.getByTestId('figure-record').first().locator('a').click();
  await page.waitForURL(/\/hazards\/\d+$/);
  await page.getByTestId('history').waitFor();
  await close();
});

test('she corrects one with a reason and files', async () => {
  const { page, close } = await signedIn(browser, server, 'xian');
  await openCountyForm(page);
  await page.getByTestId('cell-month-7').locator('button').click();
  await page.getByTestId('figure-panel').getByTestId('correct').click();
  await page.getByTestId('input-month-7').fill(String(found - 1));
  await page.getByTestId('save').click();
  await page.getByTestId('error-cells.month.7').waitFor();
  await picture(page, 'form-02-reason-wanted');
  const officer = await Client.signIn(server, 'xian');
  const unsaved = await officer.get(`/forms/annex2?unit=${county}&month=${month}`);
  const bare = await officer.request('PATCH', `/forms/filings/${unsaved.filing.id}`, { version: unsaved.filing.version, cells: [{ row: 'month', column: 7, value: found - 1, reason: '' }] });
  assert.equal(bare.status, 400, 'the server wants a reason too, whatever the page does');

  await page.getByTestId('reason-month.7').fill(reason);
  await page.getByTestId('form-compiler').fill('赵某');
  await page.getByTestId('form-contact').fill('0859-1234567');
  await page.getByTestId('save').click();
  await page.getByTestId('corrections').getByText(reason).waitFor();
  assert.equal(await figure(page, 'month', 7), found - 1);
  assert.equal(Number(await page.getByTestId('cell-month-7').locator('s').innerText()), found, 'both numbers are shown');
  await picture(page, 'form-03-corrected');

  await takeAction(page, 'file');
  await page.locator('[data-testid="filing-state"][data-state="filed"]').waitFor();
  assert.equal(await page.getByTestId('form-edit').count(), 0, 'what is filed is not changed');
  await picture(page, 'form-04-filed');
  await close();
});

test('the city returns it with a reason; the county files again; the city accepts; the sum of the province changes', async () => {
  const before = await provinceSum();
  assert.equal(before.counted, 0, 'nothing is accepted yet');

  const city = await signedIn(browser, server, 'shi');
  await openCountyForm(city.page);
  await takeAction(city.page, 'return', async (dialog) => {
    await dialog.getByTestId('filing-submit').click();
    await dialog.getByTestId('error-reason').waitFor();
    await dialog.locator('textarea').fill(returned);
  });
  await city.page.locator('[data-testid="filing-state"][data-state="returned"]').waitFor();
  await picture(city.page, 'form-05-returned');

  const officer = await signedIn(browser, server, 'xian');
  await openCountyForm(officer.page);
  await officer.page.getByTestId('return-reason').getByText(returned).waitFor();
  await takeAction(officer.page, 'file');
  await officer.page.locator('[data-testid="filing-state"][data-state="filed"]').waitFor();
  await officer.close();

  await openCountyForm(city.page);
  await takeAction(city.page, 'accept');
  await city.page.locator('[data-testid="filing-state"][data-state="accepted"]').waitFor();
  await city.page.getByTestId('form-history').getByText(returned).waitFor();
  await picture(city.page, 'form-06-accepted');
  await city.close();

  const now = await provinceSum();
  assert.equal(now.counted, 1);
  assert.equal(now.found, found - 1, 'the sum holds the corrected figure');
  assert.notEqual(now.found, before.found);
  assert.equal(now.rows.find((r) => r.name.includes('示例县')).state, 'accepted');
});

test('the province comments the month in a circular that another person issues', async () => {
  const province = await Client.signIn(server, 'sheng');
  const drafted = await province.post('/records/progress_circular', { fields: { period: `${month}-01`, title: `${month} 排查整治情况通报`, content: '一县按期报送，其余逾期' } });
  const own = await province.request('POST', `/records/progress_circular/${drafted.id}/steps/issue`, { version: drafted.version, fields: { published_on: `${month}-28` } });
  assert.equal(own.status, 400, own.text);
  const { page, close } = await signedIn(browser, server, 'shengju');
  await page.goto(`${server.url}/records/progress_circular/${drafted.id}`);
  await page.getByTestId('step-issue').click();
  const dialog = page.getByTestId('step-dialog').filter({ visible: true });
  const today = new Date(Date.now() + 8 * 3600e3).toISOString().slice(0, 10);
  await dialog.getByTestId('field-published_on').locator('input').fill(today);
  await dialog.getByTestId('field-published_on').locator('input').press('Enter');
  await dialog.getByTestId('step-submit').click();
  await dialog.waitFor({ state: 'hidden' });
  await picture(page, 'form-07-circular');
  const issued = await province.get(`/records/progress_circular/${drafted.id}`);
  assert.deepEqual([issued.state, issued.fields.published_on], ['issued', today]);
  await close();
});

test('the late filers are listed, first', async () => {
  const province = await Client.signIn(server, 'sheng');
  const { duties } = await province.get(`/duties?rule=file-annex2&limit=100`);
  const owed = duties.filter((d) => d.period_start.startsWith(month));
  assert.ok(owed.length >= 3, 'the city and two counties owe it');
  const late = owed.filter((d) => ['late', 'missed', 'met_late'].includes(d.state)).map((d) => d.subject_name).sort();
  const { rows, late: count } = await provinceSum();
  assert.deepEqual(rows.filter((r) => r.late).map((r) => r.name).sort(), late, 'as the duty of filing has it');
  assert.equal(count, late.length);
  assert.ok(rows.slice(0, late.length).every((r) => r.late), 'late ones stand first');
  if (Date.now() > Date.parse(owed[0].due)) assert.ok(late.length > 0);
});
