// From the plan to the fine paid and published: a visit by the plan, a finding, a case with hearing, legal review, discussion and
// decision, a fine outside the law refused at the field, three instalments of which one is late and surcharged, publication, credit.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fits, launch, picture, signInOnPage } from './browser.mjs';
import { Client, startDemo } from './server.mjs';
import { answer, finish, line, photo, sign } from './visit.mjs';

let server;
let browser;
let mine;
const people = {};  // signed-in HTTP clients, for hands that are no part of what is shown
const windows = {};
const ids = {};
const day = (shift = 0) => new Date(Date.now() + 8 * 3600e3 + shift * 86400e3).toISOString().slice(0, 10);
const at = (type, id) => `/records/${type}/${id}`;
const on = async (name) => (people[name] ??= await Client.signIn(server, name));
const page = async (name, options) => (windows[name] ??= await signInOnPage(browser, server, name, options)).page;

async function step(name, path, what, fields = {}, reason) {
  const client = await on(name);
  const { version } = await client.get(path);
  return client.post(`${path}/steps/${what}`, { version, fields, ...(reason ? { reason } : {}) });
}
async function hand(name, path) {
  const client = await on(name);
  const { version } = await client.get(path);
  return client.post(`${path}/signatures`, { version, agrees: true, opinion: '同意' });
}
async function open(name, path, options) {
  const p = await page(name, options);
  await p.goto(`${server.url}${path}`);
  await p.getByTestId('workflow-line').waitFor();
  return p;
}
/** Fills one field of a form as a person does. */
async function fill(p, form, field, value) {
  const row = form.getByTestId(`field-${field}`);
  if (await row.locator('select').count()) return row.locator('select').selectOption(value);
  if (await row.locator('textarea').count()) return row.locator('textarea').fill(value);
  if (await row.locator('.el-date-editor').count()) {
    await row.locator('input').fill(value);
    return row.locator('input').press('Enter');
  }
  if (await row.locator('.el-select').count()) {
    await row.locator('.el-select').click();
    await row.locator('input').fill(value);
    return p.locator('.el-select-dropdown__item').filter({ visible: true, hasText: value }).first().click();
  }
  if (await row.locator('input[type=file]').count()) return row.locator('input[type=file]').setInputFiles(value);
  return row.locator('input').first().fill(value);
}
/** Takes a step on the page; without `refused` it must be taken. */
async function press(p, name, fields = {}, { reason, refused, kind = 'step', until } = {}) {
  await p.getByTestId(`${kind}-${name}`).click();
  const dialog = p.getByTestId(`${kind}-dialog`).filter({ visible: true });
  await dialog.getByTestId(`${kind}-submit`).waitFor();
  for (const [field, value] of Object.entries(fields)) await fill(p, dialog, field, value);
  if (until) await dialog.getByTestId(`field-${until[0]}`).getByText(until[1]).waitFor();  // what was made of the record is put in
  if (reason) await dialog.getByTestId('field-reason').locator('textarea').fill(reason);
  if (refused) {
    await dialog.getByTestId(`${kind}-submit`).click();
    await refused(dialog);
    return dialog;
  }
  await Promise.all([p.waitForResponse((r) => r.request().method() === 'POST' && r.ok()), dialog.getByTestId(`${kind}-submit`).click()]);
  await dialog.waitFor({ state: 'hidden' });
  return dialog;
}
/** Makes a record of this one on the page and gives its id. */
async function raise(p, name, type, fields = {}) {
  await press(p, name, fields, { kind: 'raise' });
  await p.waitForURL(new RegExp(`/records/${type}/\\d+$`));
  return p.url().split('/').pop();
}
/** A document of the case, from draft to the party. */
async function served(kind, content) {
  const made = await (await on('zfry1')).post(`${at('penalty_case', ids.case)}/raise/document`, { fields: { kind, place_short: '晋', office_short: '示县', content } });
  const path = at('official_document', made.id);
  const second = (await (await on('zfry1')).get('/options/account?q=示例县执法人员乙')).options[0].id;
  await step('zfry1', path, 'check', { second_officer: second, cards: '晋执001、晋执002' });
  await hand('zfry2', path);
  await step('juzhang', path, 'issue');
  await step('zfry1', path, 'serve', { served_on: day() });
  return made.id;
}

before(async () => {
  server = await startDemo({ hours: 0.2 });
  browser = await launch();
  mine = (await (await on('xian')).get('/records/mine?f.name=示例二矿')).records[0];
});
after(async () => {
  for (const name of Object.keys(windows)) await windows[name].close();
  await browser?.close();
  assert.equal(await server?.stop(), 0, 'the server stops cleanly');
});

test('a plan is approved by another person and leads to a visit, which is assigned', async () => {
  const officer = await on('xian');
  const plan = await officer.post('/records/inspection_plan', { fields: { year: Number(day().slice(0, 4)), month: Number(day().slice(5, 7)), kind: (await officer.get('/catalog')).dictionaries.find((d) => d.name === 'inspection_plan_kind').entries[0].code, title: '月度监管检查计划', visits: 12 } });
  await step('xian', at('inspection_plan', plan.id), 'submit', { risk_grading: '红色矿每月两次，橙色矿每月一次，黄色矿每季一次' });
  await press(await open('juzhang', at('inspection_plan', plan.id)), 'approve');
  const p = await open('xian', at('inspection_plan', plan.id));
  ids.task = await raise(p, 'task', 'inspection_task', { mine: '示例二矿', manner: 'unannounced', planned_on: day() });
  await p.getByTestId('workflow-line').waitFor();
  await press(p, 'assign', { lead: '示例县执法人员甲', second: '示例县执法人员乙', check_list: '煤矿日常监管检查表', scheme: '查监控、通风和重大隐患整改' });
  await picture(p, 'enforcement-01-task');
  const task = await officer.get(at('inspection_task', ids.task));
  assert.equal(task.state, 'assigned');
  assert.equal(task.fields.organisation, mine.fields.organisation, 'whose mine it is was not asked twice');
});

test('the visit on a phone finds a violation, and a case is proposed from it', async () => {
  const p = await page('zfry1', { size: 'phone' });
  await p.goto(`${server.url}/inspections/${ids.task}`);
  await p.getByTestId('visit-begin').click();
  for (const n of [1, 2, 3, 6, 7, 8]) await answer(p, n, 'ok');
  await answer(p, 5, 'ok', photo('five.png', 70));
  await answer(p, 4, 'problem', photo('four.png', 90));
  const form = line(p, 4).getByTestId('finding');
  await form.getByTestId('finding-title').fill('擅自关闭 1101 回风流甲烷传感器');
  await form.getByTestId('finding-description').fill('上次检查已责令改正，逾期仍未恢复');
  await form.getByTestId('finding-kind').selectOption('both');
  await form.getByTestId('finding-level').selectOption('major');
  await form.getByTestId('finding-deadline').fill(day(3));
  await p.getByTestId('visit-refused').click();
  await p.getByTestId('visit-refusal').fill('矿长以不在现场为由拒绝签字，由随行人员见证');
  for (const [who, slant] of [['lead', 25], ['second', 40]]) await sign(p, who, slant);
  await finish(p);
  await p.locator('[data-testid="visit-summary"][data-complete="true"]').waitFor({ timeout: 30000 });
  await picture(p, 'enforcement-02-visit-phone');
  assert.ok(await fits(p));
  await p.getByTestId('visit-summary').getByRole('link', { name: /擅自关闭/ }).click();
  await p.getByTestId('workflow-line').waitFor();
  await press(p, 'order');
  await p.getByTestId('raise-hazard').waitFor();
  assert.ok(await fits(p));
  await picture(p, 'enforcement-03-finding-phone');
  ids.case = await raise(p, 'case', 'penalty_case', { liable: 'unit' });
  const made = await (await on('zfry1')).get(at('penalty_case', ids.case));
  assert.deepEqual([made.fields.party, made.fields.act_on, made.fields.act], ['示例二矿有限公司', day(), '擅自关闭 1101 回风流甲烷传感器'], 'what is known is not asked again');
  await windows.zfry1.close();
  delete windows.zfry1;
});

test('a fine outside the band of the law in force is refused at the field; inside it the case goes on to the notice', async () => {
  const path = at('penalty_case', ids.case);
  await press(await open('zfry1', path), 'revise', { co_handler: '示例县执法人员乙' });
  await press(await open('juzhang', path), 'file');
  const p = await open('zfry1', path);
  await press(p, 'investigate', { facts: '擅自关闭甲烷传感器，责令改正后逾期未改正', evidence_summary: '现场检查记录、照片、监控曲线', offence: 'equipment_monitoring', circumstance: 'not_corrected' });
  assert.match(await p.getByTestId('value-band_least').innerText(), /50,000\.00/);
  assert.match(await p.getByTestId('value-band_most').innerText(), /200,000\.00/);
  const dialog = await press(p, 'end_investigation', { gain: '0', kind: 'fine', amount: '40000', discretion_reason: '逾期未改正，从重' }, { refused: (d) => d.getByTestId('error-amount').waitFor() });
  assert.match(await dialog.getByTestId('error-amount').innerText(), /法定幅度.*50,000 至 200,000.*安全生产法/);
  await picture(p, 'enforcement-04-outside-the-band');
  await fill(p, dialog, 'amount', '100000');
  await dialog.getByTestId('step-submit').click();
  await dialog.waitFor({ state: 'hidden' });
  assert.equal((await (await on('zfry1')).get(path)).state, 'investigated');

  ids.notice = await served('penalty_notice', '拟罚款 100000 元；可在收到之日起 5 个工作日内要求听证');
  const q = await open('zfry1', path);
  await q.getByTestId('step-give_notice').click();
  const notice = q.getByTestId('step-dialog').filter({ visible: true });
  await notice.getByTestId('field-notice').getByText(/晋（示县）煤安罚告〔\d{4}〕1号/).waitFor();  // the document that was made of the case
  await fill(q, notice, 'hearing_right', 'yes');
  await fill(q, notice, 'notice_served_on', day());
  await picture(q, 'enforcement-05-notice');
  await notice.getByTestId('step-submit').click();
  await notice.waitFor({ state: 'hidden' });
});

test('hearing, legal review, discussion and decision, each by its own people', async () => {
  const path = at('penalty_case', ids.case);
  await step('zfry1', path, 'ask_hearing', { hearing_asked_on: day() });
  const p = await open('zfry1', path);
  ids.hearing = await raise(p, 'hearing', 'hearing');
  const legal = (await (await on('fzsh')).get('/session')).account.id;
  const handler = (await (await on('zfry1')).get('/session')).account.id;
  const hearing = at('hearing', ids.hearing);
  await step('fzsh', hearing, 'arrange', { held_on: day(12), place: '县应急管理局会议室', notice_served_on: day(), presider: legal, handler });
  const file = await (await on('fzsh')).request('POST', '/attachments?name=record.pdf', '%PDF-1.7 record of the hearing', 'application/pdf');
  await step('fzsh', hearing, 'hold', { record: '当事人承认关闭事实，请求从轻', files: [file.json.sha256] });
  await step('fzsh', hearing, 'report', { report: '事实清楚、证据充分，建议维持' });
  await press(await open('zfry1', path), 'end_hearing', { defence: '从轻请求不成立：重大隐患且逾期未改正' }, { until: ['hearing', /TZ-\d{4}-\d+/] });
  ids.review = await raise(await open('zfry1', path), 'legal_review', 'legal_review', { ground: 'after_hearing' });
  await step('fzsh', at('legal_review', ids.review), 'review', { remit: '有权', procedure: '合法', evidence: '充分', application: '适用正确', result: 'agreed', opinion: '同意' });
  await press(await open('fzsh', path), 'review_legally', {}, { until: ['legal_review', /擅自关闭/] });
  const discussion = await (await on('zfry1')).post(`${path}/raise/discussion`, { fields: { held_on: day(), presided_by: '局长', attended: '局长、副局长、分管副县长、监察员' } });
  await step('zfry1', at('collective_discussion', discussion.id), 'sign', { views: '一致同意', result: 'agreed', conclusion: '罚款十万元' });
  for (const name of ['juzhang', 'fuxianzhang', 'jiancha']) await hand(name, at('collective_discussion', discussion.id));
  await served('decision_unit', '罚款人民币壹拾万元');
  const q = await open('fzsh', path);
  await q.getByTestId('step-decide_collectively').click();
  const dialog = q.getByTestId('step-dialog').filter({ visible: true });
  await dialog.getByTestId('field-decision_document').getByText(/煤安罚〔\d{4}〕1号/).waitFor();
  await picture(q, 'enforcement-06-decide');
  await dialog.getByTestId('step-submit').click();
  await q.getByTestId('signing').waitFor();
  for (const name of ['juzhang', 'fuxianzhang', 'jiancha']) await hand(name, path);
  const decided = await (await on('zfry1')).get(path);
  assert.deepEqual([decided.state, decided.fields.amount, decided.fields.decided_on], ['decided', '100000.00', day()]);
});

test('served, three instalments, one late: surcharge at most what is reckoned; paid, and closed by another person', async () => {
  const path = at('penalty_case', ids.case);
  const p = await open('zfry1', path);
  await press(p, 'serve', { served_on: day() });
  await press(p, 'publish', { published_on: day() });
  const manager = await open('kz2', path);
  const asked = await press(manager, 'deferral', { kind: 'instalments', reason: '停产整顿期间现金流不足', until: day(90) }, { kind: 'raise', refused: (d) => d.getByTestId('error-instalments').waitFor() });
  await fill(manager, asked, 'instalments', '3');
  await asked.getByTestId('raise-submit').click();
  await manager.waitForURL(/\/records\/payment_deferral\/\d+$/);
  ids.deferral = manager.url().split('/').pop();
  await manager.getByTestId('workflow-line').waitFor();
  await picture(manager, 'enforcement-07-deferral');
  const deferral = at('payment_deferral', ids.deferral);
  await step('juzhang', deferral, 'grant', { opinion: '同意分三期' });
  await step('juzhang', path, 'defer', { deferral_days: 90 }, '同意分期');
  const granted = await (await on('zfry1')).get(deferral);
  assert.deepEqual([granted.fields.each, granted.fields.last], ['33333.33', '33333.34']);
  const officer = await on('zfry1');
  const due = [];
  for (const [n, on_day] of [[1, day(-12)], [2, day(30)]]) due.push(await officer.post(`${deferral}/raise/instalment`, { fields: { instalment: n, due_on: on_day } }));
  due.push(await officer.post(`${deferral}/raise/last_instalment`, { fields: {} }));
  const receipt = await officer.request('POST', '/attachments?name=receipt.pdf', '%PDF-1.7 receipt', 'application/pdf');
  for (const payment of due) {
    const one = at('payment', payment.id);
    await step('zfry1', one, 'report', { paid: payment.fields.due, paid_on: day(), receipt_number: `PJ-${payment.id.slice(-4)}`, receipt: [receipt.json.sha256] });
    await step('xian', one, 'confirm');
  }
  const late = await open('zfry1', at('payment', due[0].id));
  assert.match(await late.getByTestId('value-late_days').innerText(), /12/);
  ids.surcharge = await raise(late, 'surcharge', 'late_surcharge');
  await late.getByTestId('value-reckoned').waitFor();
  assert.match(await late.getByTestId('value-reckoned').innerText(), /12,000\.00/);  // 33 333.33 x 3 % x 12 days
  const head = await open('juzhang', at('late_surcharge', ids.surcharge));
  const dialog = await press(head, 'decide', { charged: '12000.01' }, { refused: (d) => d.getByTestId('error-form').waitFor() });
  assert.match(await dialog.getByTestId('error-form').innerText(), /不得超出计算数/);
  await picture(head, 'enforcement-08-surcharge');
  await fill(head, dialog, 'charged', '12000.00');
  await dialog.getByTestId('step-submit').click();
  await dialog.waitFor({ state: 'hidden' });
  await press(await open('zfry1', path), 'pay', { paid_on: day() });
  await press(await open('juzhang', path), 'close');
  const closed = await open('zfry1', path);
  assert.match(await closed.getByTestId('money-owed').innerText(), /^0\.00/);
  assert.match(await closed.getByTestId('money-surcharge').innerText(), /12,000\.00/);
  await closed.getByTestId('workflow-line').getByText('已撤销决定').waitFor({ state: 'detached' });  // only what the case went through
  await picture(closed, 'enforcement-09-closed');
});

test('published after a legal and privacy check, and points deducted; in English', async () => {
  const officer = await on('zfry1');
  const path = at('penalty_case', ids.case);
  const before_close = await officer.get(path);
  assert.deepEqual([before_close.state, before_close.fields.closed_on], ['closed', day()]);
  const matter = await officer.post(`${path}/raise/publication`, { fields: {} });
  const publication = at('publication_matter', matter.id);
  assert.equal(matter.fields.due_from, before_close.fields.decided_on, 'the clock of publication runs from the decision');
  await step('fzsh', publication, 'check', { masked: '当事人姓名、照片', legal_note: '可以公开' });
  await step('juzhang', publication, 'approve', { medium: '政府网站' });
  await step('zfry1', publication, 'publish', { published_on: day() });
  const clocks = (await officer.get(publication)).clocks;
  assert.equal(clocks.find((c) => c.clock === 'penalty').state, 'met');
  const credit = await officer.post(`${path}/raise/credit_record`, { fields: {} });
  assert.equal(credit.fields.points, -2);
  const english = await page('jiancha', { language: 'en' });
  await english.goto(`${server.url}${path}`);
  await english.getByTestId('case-money').waitFor();
  await picture(english, 'enforcement-10-english');
  await english.setViewportSize({ width: 390, height: 844 });
  assert.ok(await fits(english));
  await picture(english, 'enforcement-11-english-phone');
  const links = (await officer.get(`${path}/links`)).links.map((l) => l.type);
  for (const type of ['inspection_finding', 'official_document', 'hearing', 'legal_review', 'collective_discussion', 'payment_deferral', 'publication_matter', 'credit_record']) assert.ok(links.includes(type), `the case leads to its ${type}`);
});
