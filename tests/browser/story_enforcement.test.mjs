// From the plan to the fine paid and published: a mine's risk grade, a visit by the plan, a finding, what is stopped, sealed and cut off
// for it, its recheck, a case with hearing, legal review, discussion and decision, a fine outside the law refused at the field, the
// transfer to the police, three instalments of which one is late and surcharged, publication, credit, the list of who broke trust and its
// early end, joint punishment; and the month's form, which counts all of it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fits, launch, picture, signedIn } from './browser.mjs';
import { Hands } from './hands.mjs';
import { photo as image } from './photo.mjs';
import { Client, startDemo } from './server.mjs';
import { answer, finish, line, photo, sign } from './visit.mjs';

let server;
let browser;
let mine;
let hands;
let before_all;  // figures of the month's form
const people = {};  // signed-in HTTP clients, for hands that are no part of what is shown
const windows = {};
const ids = {};
const day = (shift = 0) => new Date(Date.now() + 8 * 3600e3 + shift * 86400e3).toISOString().slice(0, 10);
const at = (type, id) => `/records/${type}/${id}`;
const on = async (name) => (people[name] ??= await Client.signIn(server, name));
const page = async (name, options) => (windows[name] ??= await signedIn(browser, server, name, options)).page;

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
/** A document of the case, or of another record, from draft to the party. */
async function served(kind, content, of = { type: 'penalty_case', id: ids.case }, more = {}) {
  const fields = { kind, place_short: '晋', office_short: '示县', content, ...more };
  const made = await (await on('zfry1')).post(`${at(of.type, of.id)}/raise/document`, { fields });
  const path = at('official_document', made.id);
  const second = (await (await on('zfry1')).get('/options/account?q=示例县执法人员乙')).options[0].id;
  await step('zfry1', path, 'check', { second_officer: second, cards: '晋执001、晋执002' });
  await hand('zfry2', path);
  await step('juzhang', path, 'issue');
  await step('zfry1', path, 'serve', { served_on: day() });
  return made.id;
}

/** The figures of this month in the form of the county, by column. */
async function annex() {
  const officer = await on('xian');
  const county = (await officer.get('/session')).account.organisation.id;
  const { month } = (await officer.get(`/forms/annex2?unit=${county}&month=${day().slice(0, 7)}`)).cells;
  return Object.fromEntries([14, 16, 17, 19, 20, 21].map((n) => [n, Number(month[n].now)]));
}

before(async () => {
  server = await startDemo({ hours: 0.2 });
  browser = await launch();
  hands = new Hands(server);
  before_all = await annex();
  mine = (await (await on('xian')).get('/records/mine?f.name=示例二矿')).records[0];
});
after(async () => {
  for (const name of Object.keys(windows)) await windows[name].close();
  await browser?.close();
  assert.equal(await server?.stop(), 0, 'the server stops cleanly');
});

test('a mine is graded by risk, signed by two, one grade in force; the plan follows the grades', async () => {
  const of_mine = { organisation: mine.fields.organisation, mine: mine.id, year: Number(day().slice(0, 4)), basis: '高瓦斯，一年内两次重大隐患' };
  const grade = await hands.make('xian', 'mine_risk_grade', { ...of_mine, disaster_score: 30, management_score: 25, record_score: 20 });
  assert.equal((await hands.read('xian', grade)).fields.score, 75);
  const approved = { grade: 'D', visits_per_year: 24, published_on: day(), supervision_plan: '每月检查两次' };
  await hands.step('xian', grade, 'approve', approved);
  await hands.sign('zfry1', grade);
  await hands.sign('juzhang', grade);
  assert.equal(await hands.state('xian', grade), 'in_force');
  const second = await hands.make('xian', 'mine_risk_grade', of_mine);
  await hands.step('xian', second, 'approve', approved);
  await hands.sign('zfry1', second);
  await assert.rejects(hands.sign('juzhang', second), /同一矿山只能有一个现行风险等级/);
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
  ids.finding = made.fields.finding;
  assert.deepEqual([made.fields.party, made.fields.act_on, made.fields.act], ['示例二矿有限公司', day(), '擅自关闭 1101 回风流甲烷传感器'], 'what is known is not asked again');
  await windows.zfry1.close();
  delete windows.zfry1;
});

test('for the finding a face is stopped; when it works on, power is cut by the head with a day of notice', async () => {
  const finding = { type: 'inspection_finding', id: ids.finding };
  const stop = await hands.raise('zfry1', finding, 'stop_order', 'stop_order', { scope: 'face', place: '1101 工作面' });
  await hands.step('zfry1', stop, 'breach', {}, '夜班继续作业');
  const notice = await hands.raise('zfry1', stop, 'supply_notice', 'supply_notice', { kind: 'power', addressee: '示例县供电公司' });
  assert.equal((await hands.read('zfry1', notice)).fields.decision_refused, (await hands.read('zfry1', stop)).fields.number);
  await hands.step('juzhang', notice, 'approve');
  const document = await served('supply_cut', '停止除通风、排水、监控外的生产用电', notice, { basis: '安全生产法第七十条' });
  const hour = (n) => new Date(Date.now() + n * 3600e3).toISOString();
  await hands.step('zfry1', notice, 'notify', { document, told_at: hour(-26), cut_at: hour(-1) });
  assert.equal((await hands.clock('zfry1', notice, 'notice')).state, 'met');
  await hands.step('zfry1', notice, 'cut', { cut_at: hour(-1), answer: '已停电' });
  const shown = await open('zfry1', at(notice.type, notice.id));
  await shown.getByTestId('clock-notice').waitFor();
  await picture(shown, 'enforcement-12-power-cut');
  await hands.step('juzhang', notice, 'lift', { lifted_at: hour(0) }, '已停止作业');
  await hands.step('zfry1', stop, 'stopped_again', {}, '现场确认已停止');
  const entered = await hands.raise('zfry1', stop, 'order', 'enforcement_order', { kind: 'stop_face' });
  assert.equal((await hands.read('zfry1', entered)).fields.items, 1);
  await hands.step('kz2', stop, 'apply', { fixed_note: '传感器已恢复，人员已培训', fixed_files: await hands.file('kz2') });
  const lifting = await served('site_disposal', '验收合格，解除停止作业', { type: 'inspection', id: (await hands.read('zfry1', finding)).fields.inspection }, { addressee: '示例二矿有限公司', basis: '安全生产法第六十五条', facts: '复查合格' });
  await hands.step('zfry2', stop, 'lift', { document: lifting });
  assert.equal(await hands.state('kz2', stop), 'lifted');
});

test('a thing is sealed: told to the head first, thirty days, once thirty more, appraisal not counted', async () => {
  const p = await open('zfry1', at('inspection_finding', ids.finding));
  const whole = { kind: 'seal_facility', things: '1101 工作面采煤机一台', officers: '甲、乙' };
  const dialog = await press(p, 'sealing', whole, { kind: 'raise', refused: (d) => d.getByTestId('error-place').waitFor() });  // the finding names no place
  await fill(p, dialog, 'place', '1101 工作面');
  await dialog.getByTestId('raise-submit').click();
  await p.waitForURL(/\/records\/sealing\/\d+$/);
  const sealing = { type: 'sealing', id: p.url().split('/').pop() };
  const { sealed_at } = (await hands.read('zfry1', sealing)).fields;
  const last_day = (days) => new Date(Date.parse(sealed_at) + 8 * 3600e3 + days * 864e5).toISOString().slice(0, 10);
  const due = async () => (await hands.clock('zfry1', sealing, 'release')).due.slice(0, 10);
  assert.equal(await due(), last_day(30));
  assert.equal((await hands.refused('juzhang', sealing, 'approve')).status, 400, 'not before it was reported');
  await hands.step('zfry1', sealing, 'report', { reported_at: new Date().toISOString(), record: await hands.file('zfry1') });
  await served('seizure', '查封采煤机一台，期限三十日', sealing, { addressee: '示例二矿有限公司' });
  await hands.step('juzhang', sealing, 'approve');
  await press(await open('juzhang', at('sealing', sealing.id)), 'extend', {}, { reason: '情况复杂' });
  assert.equal(await due(), last_day(60));
  assert.equal((await hands.refused('juzhang', sealing, 'extend', {}, '再延')).status, 409, 'once only');
  await hands.step('zfry1', sealing, 'appraise_later', { appraisal_days: 5 }, '送检');
  assert.equal(await due(), last_day(65));
  const shown = await open('zfry1', at('sealing', sealing.id));
  await shown.getByTestId('clock-release').waitFor();
  await picture(shown, 'enforcement-13-sealed');
  await hands.step('zfry2', sealing, 'release', { released_at: new Date().toISOString(), outcome: '已整改，解除查封' });
  assert.equal((await hands.clock('zfry1', sealing, 'release')).state, 'met');
});

test('the finding becomes a hazard, is put right, rechecked and passed by another officer', async () => {
  const finding = { type: 'inspection_finding', id: ids.finding };
  const hazard = await hands.raise('zfry1', finding, 'hazard', 'hazard');
  assert.equal((await hands.read('kz2', hazard)).fields.inspection_finding, ids.finding);
  const recheck = await hands.raise('zfry1', finding, 'recheck', 'recheck');
  assert.equal((await hands.read('zfry1', recheck)).fields.due_on, day(3), 'the deadline of the finding');
  await hands.step('kz2', finding, 'report_fixed', { fixed_note: '传感器已恢复', fixed_photos: await hands.file('kz2', image(64), 'fixed.png') });
  await hands.step('zfry1', recheck, 'do', { done_on: day(), result: 'all_done', opinion: '已恢复并校准', officers: '甲、乙', items_done: 1, items_open: 0 });
  await served('recheck_opinion', '已整改完毕', recheck, { addressee: '示例二矿有限公司', basis: '安全生产法第六十五条' });
  await hands.step('zfry1', recheck, 'close');
  await hands.step('zfry2', finding, 'pass', { recheck_opinion: '合格' });
  assert.deepEqual([await hands.state('zfry1', finding), await hands.state('zfry1', recheck)], ['closed', 'closed']);
  assert.equal((await hands.clock('zfry1', recheck, 'do')).state, 'met');
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
  ids.police = (await hands.raise('zfry1', { type: 'penalty_case', id: ids.case }, 'police', 'police_transfer', { offence_suspected: 'dangerous_work', officers: '甲、乙' })).id;

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

test('what may be a crime goes to the police by its threshold and within its hours; the mine is not told', async () => {
  const transfer = { type: 'police_transfer', id: ids.police };
  const threshold = async (fields) => {
    await hands.step('zfry1', transfer, 'revise', fields);
    return (await hands.read('zfry1', transfer)).fields.threshold;
  };
  assert.equal(await threshold({ deaths: 0, serious_injuries: 2, loss: '999999.99' }), 'no_casualty');
  assert.equal(await threshold({ serious_injuries: 3 }), 'serious');
  assert.equal(await threshold({ serious_injuries: 0, loss: '5000000.00' }), 'aggravated');
  assert.equal((await (await on('kz2')).request('GET', at(transfer.type, transfer.id))).status, 403);
  await hands.step('juzhang', transfer, 'decide', { decided_on: day() });
  await served('crime_transfer', '涉嫌危险作业罪，移送侦查', transfer, { addressee: '示例县公安局', basis: '刑法第一百三十四条之一' });
  await hands.step('zfry1', transfer, 'transfer', { transferred_at: new Date().toISOString(), police: '示例县公安局', prosecutor_copied_on: day(), files: await hands.file('zfry1') });
  for (const clock of ['decide', 'transfer']) assert.equal((await hands.clock('zfry1', transfer, clock)).state, 'met', clock);
  const p = await open('zfry1', at(transfer.type, transfer.id));
  await p.getByTestId('clock-answer').waitFor();
  await picture(p, 'enforcement-14-police');
  await hands.step('zfry1', transfer, 'accept', { answered_on: day(), answer: 'filed' });
  await hands.step('juzhang', transfer, 'close', { result: '已判决' });
});

/** Listed on a day, after it was told and heard, by legal review and the head; published the next day, or today. */
async function listed(on_day, number) {
  const listing = await hands.raise('zfry1', { type: 'penalty_case', id: ids.case }, 'listing', 'listing_case', { ground: 'order_refused' });
  await hands.step('zfry1', listing, 'tell', { told_on: day(-420) });
  await hands.step('zfry1', listing, 'hear', { heard: '未提出意见' });
  await hands.step('zfry1', listing, 'list', { decision_number: number, listed_on: on_day });
  await hands.sign('fzsh', listing);
  await hands.sign('juzhang', listing);
  await hands.step('xian', listing, 'publish', { published_on: on_day });
  return listing;
}
test('who broke trust is listed and punished jointly; early removal is refused before its time and granted after it', async () => {
  const listing = await listed(day(), '示失信〔2026〕1号');
  const year_on = (years) => `${Number(day().slice(0, 4)) + years}${day().slice(4)}`;
  const { early_from, ends_on } = (await hands.read('kz2', listing)).fields;
  if (!day().endsWith('-02-29')) assert.deepEqual([early_from, ends_on], [year_on(1), year_on(3)]);
  const entry = await hands.raise('xian', listing, 'entry', 'blacklist_entry');
  const joint = await hands.raise('xian', listing, 'joint', 'joint_punishment', { measures: '限制新增项目、暂停评优' });
  const told = await hands.raise('xian', joint, 'notice', 'joint_notice', { sent_to: 'finance' });
  await hands.step('xian', told, 'answer', { answer: '已下调授信', answered_on: day() });
  const p = await open('kz2', at(listing.type, listing.id));
  await press(p, 'ask_removal', { removal_asked_on: day(), repair: '已全部整改' }, { refused: (d) => d.getByRole('alert').first().waitFor() });
  assert.match((await p.getByRole('alert').allInnerTexts()).join('\n'), /未满可申请提前移出的期限/);
  await picture(p, 'enforcement-15-too-early');
  await p.keyboard.press('Escape');

  const old = await listed(day(-400), '示失信〔2025〕7号');
  const old_entry = await hands.raise('xian', old, 'entry', 'blacklist_entry');
  await hands.step('kz2', old, 'ask_removal', { removal_asked_on: day(), repair: '已履行处罚，一年内无违法' });
  const head = await open('juzhang', at(old.type, old.id));
  await press(head, 'remove', { removed_on: day(), removal_reason: 'repaired' }, { until: ['entry', '示例二矿'] });
  await head.getByTestId('workflow-line').getByText('已移出').waitFor();
  await picture(head, 'enforcement-16-removed');
  const { removed_on, removal_reason } = (await hands.read('xian', old_entry)).fields;
  assert.deepEqual([removed_on, removal_reason], [day(), 'repaired'], 'the entry in the list ends with it');
  assert.equal((await hands.read('xian', entry)).fields.removed_on ?? null, null, 'the other one stands');
});

test('the form of the month counts what was done, each once', async () => {
  await hands.raise('zfry1', { type: 'penalty_case', id: ids.case }, 'penalty', 'penalty');
  const matter = (await (await on('zfry1')).get(`${at('penalty_case', ids.case)}/links`)).links.find((l) => l.type === 'publication_matter');
  await hands.raise('zfry1', { type: 'publication_matter', id: matter.id }, 'publication', 'publication');
  const now = await annex();
  const more = Object.fromEntries(Object.entries(now).map(([n, v]) => [n, Math.round((v - before_all[n]) * 100) / 100]));
  assert.deepEqual(more, { 14: 1, 16: 10, 17: 1, 19: 1, 20: 1, 21: 1 }, 'penalties, fines in 10,000 yuan, faces stopped, joint punishments, entries in the list, publications');
});
