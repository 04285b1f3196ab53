// A mine from admission to exit: the gate by jurisdiction and hazard, the order of the approvals, the register with its one daily
// supervisor, licences and capacity, data that arrive, its safety money, more coal than it may cut, its standardization grade won and
// lost, suspension, closure with its eight things; then nothing new is entered for it, and the county's old name still stands on what
// happened before it was renamed. The pictures are in English.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { fits, launch, picture } from './browser.mjs';
import { Hands } from './hands.mjs';
import { bothSizes, everyWay } from './looks.mjs';
import { People } from './people.mjs';
import { Client, cdss, startDemo } from './server.mjs';

let server;
let browser;
let people;
let hands;
let firm;
let project;
let mine;
const code = '990101000009';
const en = { language: 'en' };
const clients = new Map();
const client = async (name) => {
  if (!clients.has(name)) clients.set(name, await Client.signIn(server, name));
  return clients.get(name);
};
const day = (n) => new Date(Date.now() + n * 864e5 + 8 * 3600e3).toISOString().slice(0, 10);
const read = async (name, record) => (await client(name)).get(`/records/${record.type}/${record.id}`);
const found = async (name, type, filter) => (await (await client(name)).get(`/records/${type}?${filter}`)).records[0];
async function file(name) {
  const stored = await (await client(name)).request('POST', '/attachments?name=paper.pdf', '%PDF-1.7 paper', 'application/pdf');
  return [stored.json.sha256];
}
async function make(name, type, fields) {
  return { type, id: (await (await client(name)).post(`/records/${type}`, { fields })).id };
}
async function move(name, record, step, fields = {}, reason) {
  const { version } = await read(name, record);
  return (await client(name)).post(`/records/${record.type}/${record.id}/steps/${step}`, { version, fields, ...(reason ? { reason } : {}) });
}
async function signed(name, record) {
  const { version } = await read(name, record);
  return (await client(name)).post(`/records/${record.type}/${record.id}/signatures`, { version, agrees: true });
}
/** An account of the new mine, as the system administrator makes it; its first password is changed by its owner. */
async function account(name, roles, organisation) {
  const admin = await client('xtgly');
  const { id } = await admin.post('/records/account', { fields: { name, display_name: name, organisation, roles } });
  const first = (await admin.post(`/accounts/${id}/password`, {})).password;
  const given = server.password;
  server.password = (asked) => (asked === name ? first : given(asked));
  const owner = await Client.signIn(server, name);
  const own = 'a long phrase of its own 9';
  await owner.post('/session/password', { old: first, new: own });
  server.password = (asked) => (asked === name ? own : given(asked));
  return id;
}
const facts = { mine_kind: 'coal', size_class: 'large', gas_class: 'low', rock_burst: 'no', mechanised: 'yes', exploration_enough: 'yes', disaster_ability: 'yes', in_plan: 'yes' };

before(async () => {
  server = await startDemo({ hours: 0.2 });
  browser = await launch();
  people = new People(browser, server);
  hands = new Hands(server);
});
after(async () => {
  await people?.close();
  await browser?.close();
  assert.equal(await server?.stop(), 0, 'the server stops cleanly');
});

test('the county enters the firm; its manager applies; the gate is judged by the rules of the place', async () => {
  firm = await people.create('xian', 'organisation', { code, name: '示例新矿有限公司', kind: 'mine', level: 'mine', region: { choose: '示例县' }, parent: { choose: '示例县应急管理局' } }, en);
  await account('kz9', ['mine_manager'], firm.id);
  project = await people.raise('kz9', firm, 'admission', 'admission_application', { title: '示例新矿', work_kind: 'new', capacity_after: '1200000', depth: '450', ...facts }, en);
  const page = await people.window('kz9', en);
  await people.expectValue(page, 'gate', /Normal|normal/);
  await everyWay(page, 'admission-01-applied-en');
  // The same county supervises a firm in Guizhou's 520523, whose plan of 2020 bars small mines below 600 m.
  const admin = await client('xtgly');
  const { id: region } = await admin.post('/records/region', { fields: { code: '520523', name: '金沙县', level: 'county' } });
  const regulator = await found('xian', 'organisation', 'f.code=990101-YJ');
  const far = await make('xian', 'organisation', { code: '520523000001', name: '远处矿业', kind: 'mine', level: 'mine', region, parent: regulator.id });
  const apply = (depth, title) => make('shi', 'admission_application', { organisation: far.id, title, work_kind: 'new', capacity_after: 300000, depth, ...facts, size_class: 'small' });
  const deep = await apply(601, '过深小矿');
  assert.equal((await read('shi', deep)).fields.gate, 'refuse');
  await move('xian', deep, 'precheck', { gate_note: '已核实' });
  const refused = await people.refusedStep('sheng', deep, 'let_pass', {}, undefined, en);
  assert.match(refused.words, /bars it|strict/);
  await picture(refused.page, 'admission-02-gate-refused-en');
  await refused.page.keyboard.press('Escape');
  const edge = await apply(600, '边界小矿');
  assert.equal((await read('shi', edge)).fields.gate, 'strict_review');
  await move('xian', edge, 'precheck', { gate_note: '已核实' });
  await move('sheng', edge, 'review_strictly');
  assert.equal((await read('sheng', edge)).state, 'strict');
});

test('approvals go in their order; the mine enters the register only with its mining licence', async () => {
  await people.step('xian', project, 'precheck', { gate_note: '勘探、灾害防治能力已核实' }, undefined, en);
  await move('shi', project, 'let_pass');
  const wrong = await people.refusedStep('sheng', project, 'approve_safety', { safety_approved_on: day(-400) }, undefined, en);
  assert.match(wrong.words, /order is application, safety/);
  await bothSizes(wrong.page, 'admission-03-order-refused-en');
  await wrong.page.keyboard.press('Escape');
  await move('sheng', project, 'approve_safety', { safety_approved_on: day(0) });
  await move('sheng', project, 'approve_project', { project_approved_on: day(0) });
  await move('sheng', project, 'license_mining', { mining_licence_on: day(0) });
  await move('sheng', project, 'approve_design', { design_submitted_on: day(0), design_reviewed_on: day(0), working_faces: 2 });
  mine = await people.raise('xian', project, 'mine', 'mine', { code, central_enterprise: true }, en);
  const page = await people.window('xian', en);
  await people.expectValue(page, 'status', /Planned/);
  await people.expectValue(page, 'design_capacity', /120/);
  await picture(page, 'admission-04-registered-en');
  const without = await people.refusedStep('xian', project, 'begin', { building_from: day(0) }, undefined, en);
  assert.match(without.words, /[Rr]equired|must|needed|fill/i, 'the mine must be named');
  await without.page.keyboard.press('Escape');
  await people.step('xian', project, 'begin', { building_from: day(0), mine: { choose: '示例新矿' } }, undefined, en);
  assert.equal((await read('xian', mine)).fields.status, 'building', 'the step wrote into the register');
});

test('a mine without a supervisor is named on the board; a central enterprise stays at the city', async () => {
  const board = await people.window('shi', en);
  await board.goto(`${server.url}/board`);
  const panel = board.getByTestId('supervision-without');
  await panel.waitFor();
  assert.match(await panel.innerText(), /示例新矿/);
  assert.equal(await panel.locator('li').count(), 1, 'the other mines have theirs');
  await bothSizes(board, 'admission-05-board-en');
  const low = await people.raise('shi', mine, 'supervision', 'supervision_assignment', { body: { choose: '示例县应急管理局' }, level: 'county', from_on: day(0) }, en);
  const refused = await people.refusedStep('sheng', low, 'approve', { basis: '市局文件' }, undefined, en);
  assert.match(refused.words, /central enterprises stay at city level/);
  await picture(refused.page, 'admission-06-too-low-en');
  await refused.page.keyboard.press('Escape');
  await move('sheng', low, 'refuse', {}, '央企矿山不得下放');
  const right = await people.raise('shi', mine, 'supervision', 'supervision_assignment', { body: { choose: '示例市应急管理局' }, level: 'city', from_on: day(0) }, en);
  await people.step('sheng', right, 'approve', { basis: '市局文件' }, undefined, en);
  const second = await make('shi', 'supervision_assignment', { mine: mine.id, body: (await read('shi', right)).fields.body, level: 'city', from_on: day(0) });
  const twice = await people.refusedStep('sheng', second, 'approve', { basis: '再次指定' }, undefined, en);
  assert.match(twice.words, /Exactly one daily supervisor/);
  await twice.page.keyboard.press('Escape');
  await board.goto(`${server.url}/board`);
  await board.getByTestId('concern').first().waitFor();
  assert.equal(await board.getByTestId('supervision-without').count(), 0);
});

test('accepted, licensed, in production: the mine takes accounts and data, and stands on the board', async () => {
  const early = await people.refusedStep('xian', project, 'accept', { accepted_on: day(0) }, undefined, en);
  assert.match(early.words, /No acceptance of this project is verified/);
  await early.page.keyboard.press('Escape');
  const acceptance = await people.raise('kz9', project, 'acceptance', 'completion_acceptance', {}, en);
  await move('kz9', acceptance, 'organise', { as_designed: 'yes', facilities: '齐全', health_facilities: '齐全', welfare_facilities: '齐全', result: 'passed', accepted_on: day(0), experts: '李某' });
  await move('xian', acceptance, 'verify', { checked_by_body: '属实' });
  await people.step('xian', project, 'accept', { accepted_on: day(0) }, undefined, en);
  const licence = await people.raise('xian', mine, 'licence', 'mine_licence', { kind: 'safety_production', number: '（示）MK安许证字〔2026〕9', issued_on: day(0), valid_from: day(0) }, en);
  const { version } = await read('xian', licence);
  const filed = await (await client('xian')).request('PATCH', `/records/mine_licence/${licence.id}`, { version, fields: { files: await file('xian') } });
  assert.equal(filed.status, 200, filed.text);
  await people.step('xian', licence, 'verify', {}, undefined, en);
  await move('kz9', project, 'apply_permit', { permit_applied_on: day(0) });
  await move('sheng', project, 'permit', { permit_on: day(0), licence: licence.id });
  const page = await people.step('xian', project, 'produce', {}, undefined, en);
  await bothSizes(page, 'admission-07-producing-en');
  assert.equal((await read('xian', mine)).fields.status, 'producing');
  assert.equal((await read('xian', mine)).fields.capacity, 120);

  const uploader = await account('up9', ['uploader'], firm.id);
  const token = (await (await client('xtgly')).post(`/accounts/${uploader}/token`, {})).token;
  const machine = Client.withToken(server, token);
  const example = readFileSync(new URL('../../examples/uploads/990101000005_CDDY_20260112080000.txt', import.meta.url), 'utf8').replaceAll('990101000005', code).replaceAll('示例五矿', '示例新矿');
  const at = Date.now() - 60e3;
  const stamp = new Date(at + 8 * 3600e3).toISOString().slice(0, 19).replace('T', ' ');
  const [head, first] = example.split('~');
  const definition = `${head.replace('2026-01-12 08:00:00', stamp)}~${first.replace('2026-01-12 08:00:00', stamp)}~||`;
  const sent = await machine.request('POST', `/upload?name=${code}_CDDY_${stamp.replace(/[-: ]/g, '')}.txt`, definition, 'text/plain');
  assert.equal(sent.json.verdict, 'accepted', sent.text);
  const point = await found('kz9', 'point', `f.mine=${mine.id}`);
  const samples = cdss({ code, name: '示例新矿' }, { code: point.fields.code, place: point.fields.place }, [[Date.now() - 5e3, 0.31]]);
  const data = await machine.request('POST', `/upload?name=${samples.name}`, samples.text, 'text/plain');
  assert.equal(data.json.verdict, 'accepted', data.text);
  const board = await people.window('xian', en);
  await board.goto(`${server.url}/board`);
  await board.locator(`[data-testid="concern"][data-mine="${mine.id}"]`).waitFor();
  await board.goto(`${server.url}/mines/${mine.id}`);
  await board.getByTestId('point-value').first().waitFor();
  await bothSizes(board, 'admission-08-live-en');
});

test('its capacity is verified anew and goes into the register', async () => {
  const asked = await make('kz9', 'capacity_verification', { mine: mine.id, verification_kind: 'increase', ground: 'mechanised_expansion', capacity_before: 1200000, capacity_asked: 1500000, severe_hazard: 'no', only_more_faces: 'no', violations: 'no', headcount_ok: 'yes', capacity_replaced: 'yes', mechanised: 'yes' });
  await move('kz9', asked, 'revise', { report: await file('kz9') });
  await move('xian', asked, 'gate');
  await move('shi', asked, 'verify', { faces: 2 });
  const page = await people.step('sheng', asked, 'approve', { verified_capacity: '1500000', decision_number: '能核〔2026〕1号' }, undefined, en);
  await bothSizes(page, 'admission-09-capacity-en');
  assert.equal((await read('xian', mine)).fields.capacity, 150);
});

test('nobody takes a special post without a certificate in force', async () => {
  const person = await make('kz9', 'person', { organisation: firm.id, mine: mine.id, name: '张某' });
  const check = await make('kz9', 'health_check', { mine: mine.id, person: person.id, kind: 'pre', exposure: 'coal' });
  const job = await make('kz9', 'employment', { mine: mine.id, person: person.id, post: 'special_operator', kind: 'contract', place: 'underground', starts_on: day(0) });
  await move('kz9', job, 'check_health', { health_check: check.id });
  await move('kz9', job, 'test', { test_score: 90 });
  await move('kz9', job, 'contract', { contract_kind: 'fixed', injury_insurance: 'yes', social_insurance: 'yes', files: await file('kz9') });
  const barred = await people.refusedStep('kz9', job, 'place', {}, undefined, { size: 'phone' });
  assert.match(barred.words, /没有在用的特种作业操作证/);
  await bothSizes(barred.page, 'admission-10-no-certificate-phone');
  await barred.page.keyboard.press('Escape');
  const certificate = await make('kz9', 'certificate', { person: person.id, mine: mine.id, kind: 'special_operation', number: 'T110105194912310021', issuer: '省局', issued_on: day(-30) });
  await move('xian', certificate, 'verify', { queried_on: day(0) });
  await people.step('kz9', job, 'place');
  assert.equal((await read('kz9', job)).state, 'on_post');
});

test('its safety money is reckoned by its hazard classes and audited by the county', async () => {
  await account('aq9', ['safety_officer'], firm.id);
  const known = { mine: mine.id, month: `${day(0).slice(0, 7)}-01`, output: 100000 };
  const taken = await hands.make('aq9', 'safety_fund_month', { ...known, gas_class: 'low', rock_burst: 'no', water_class: 'simple', spontaneous: 'not_prone', extracted: '1400000.00' });
  const { rate, due_amount, surplus, rate_provisional } = (await hands.read('kz9', taken)).fields;
  assert.deepEqual([rate, due_amount, surplus, rate_provisional ?? false], ['15.00', '1500000.00', '-100000.00', false], '15 yuan a tonne: other underground coal mines');
  await hands.step('kz9', taken, 'confirm', { voucher: 'JZ-11' });
  await hands.step('xian', taken, 'audit', { audit_opinion: '少提 10 万元，责令补提' });
  await hands.step('xian', taken, 'object', {}, '补提');
  assert.equal(await hands.state('kz9', taken), 'entered');
  const paid = await hands.make('aq9', 'safety_fund_use', { mine: mine.id, category: 'monitoring', purpose: '更换甲烷传感器', amount: '80000.00' });
  assert.equal((await hands.refused('aq9', paid, 'approve')).status, 403);
  await hands.step('kz9', paid, 'approve');
});

test('more than a tenth of its yearly capacity in a month is told as over-output, verified, ordered and put right', async () => {
  const output = (tonnes, month) => hands.make('aq9', 'output_month', { mine: mine.id, month, tonnes, year_to_date: tonnes });
  const most = await output(150000, `${day(-62).slice(0, 7)}-01`);
  const told = (await hands.read('kz9', most)).fields;
  assert.deepEqual([told.excess, told.capacity], ['within', 1500000], 'exactly a tenth of what the register says is allowed');
  const over = await output(150000.1, `${day(-31).slice(0, 7)}-01`);
  assert.equal((await hands.read('kz9', over)).fields.excess, 'month_over');
  await hands.step('kz9', over, 'confirm');
  const excess = await people.raise('zfry1', over, 'excess', 'capacity_excess', {}, en);
  await hands.step('xian', excess, 'verify', { kind: ['capacity'], facts: '当月产量超过核定能力的 10%', verdict: 'major' });
  await hands.raise('xian', excess, 'hazard', 'hazard', { title: '超能力组织生产' });
  await hands.step('xian', excess, 'order', { order_until: day(10) });
  await hands.step('aq9', excess, 'fix', { fixed_note: '调减次月计划' });
  const page = await people.step('zfry1', excess, 'close', {}, undefined, en);
  await bothSizes(page, 'admission-15-over-output-en');
  assert.equal((await hands.clock('kz9', excess, 'fix')).state, 'met');
});

test('its standardization is scored, assessed on site, publicised and graded by two hands; not without the assessment', async () => {
  const score = await hands.make('aq9', 'standard_score', { mine: mine.id, kind: 'self_monthly', edition: 'ug2020', total: 91.5, key_minimum: 90, other_minimum: 88 });
  const fault = await hands.raise('aq9', score, 'finding', 'standard_finding', { part: 'ventilation', content: '风门连锁失灵', deduction: 1.5 });
  assert.equal((await hands.read('kz9', await hands.raise('aq9', fault, 'hazard', 'hazard', { place: '总回风巷' }))).fields.origin, 'standardization');
  await hands.step('kz9', score, 'confirm');
  assert.equal((await hands.read('kz9', score)).fields.level_reached, 'level_1');
  const city = (await hands.read('shi', { type: 'mine', id: mine.id })) && (await found('shi', 'organisation', 'f.code=990100-YJ'));
  const application = await hands.make('aq9', 'grade_application', { mine: mine.id, wanted_grade: 'level_2', edition: 'ug2020', authority: city.id, no_accident: true, headcount_kept: true, licences_valid: true, files: await hands.file('aq9') });
  await hands.step('kz9', application, 'apply', { self_score: score.id });
  await hands.step('xian', application, 'first_review', { first_review: '条件具备' });
  await hands.step('shi', application, 'begin_assessment');
  const early = await people.refusedStep('shi', application, 'assess', {}, undefined, en);
  assert.match(early.words, /No assessment on site is confirmed/);
  await picture(early.page, 'admission-16-no-assessment-en');
  await early.page.keyboard.press('Escape');
  const assessment = await hands.raise('shi', application, 'assess', 'grade_assessment', { level: 'city', members: '李某、张某', total: 86, verdict: 'pass' });
  await hands.step('shi', assessment, 'report', { report: await hands.file('shi') });
  assert.equal((await hands.refused('shi', assessment, 'confirm')).status, 400, 'not by its leader');
  await hands.step('sheng', assessment, 'confirm');
  await hands.step('shi', application, 'assess');
  await hands.step('shi', application, 'publicise', { publicity_from: day(0), publicity_to: day(7) });
  await hands.step('shi', application, 'grade');
  await hands.sign('sheng', application);
  await hands.sign('juzhang', application);
  const grade = await people.raise('shi', application, 'grade', 'standard_grade', { certificate: '示标〔2026〕9号' }, en);
  const { valid_to, grade: level } = (await hands.read('kz9', grade)).fields;
  assert.equal(level, 'level_2');
  if (!day(0).endsWith('-02-29')) assert.equal(valid_to, `${Number(day(0).slice(0, 4)) + 3}${day(0).slice(4)}`, 'three years');
  await bothSizes(await people.window('shi', en), 'admission-17-grade-en');

  const check = await hands.raise('shi', grade, 'check', 'grade_dynamic_check', { result: 'lower', places: '总回风巷', findings: '现场管理滑坡' });
  await hands.step('sheng', check, 'settle', {}, '摘牌');
  await hands.step('sheng', grade, 'remove', { change_cause: 'spot_check', changed_on: day(0) }, '抽查不达标');
  await hands.step('shi', grade, 'rebuild', {}, '重新创建');
  const below = await hands.make('zfry1', 'below_grade_order', { organisation: firm.id, mine: mine.id, kind: 'below_3', findings: '三个专业不达标', deadline: day(30) });
  await hands.step('kz9', below, 'report', { checkup: '全面体检不合格' });
  const stop = await hands.raise('xian', below, 'suspension', 'suspension', { kind: 'rectify', facts: '标准化低于三级', basis: '煤矿安全生产条例', content: '整顿', until: day(60) });
  await people.step('xian', below, 'suspend', {}, '未达到三级', en);
  assert.equal((await hands.read('xian', below)).fields.suspension, stop.id, 'what was made of it is put in');
});

test('suspended, then closed with its eight things and three signatures', async () => {
  const suspension = await people.raise('xian', mine, 'suspension', 'suspension', { kind: 'rectify', ground: 'major_hazard', facts: '存在重大隐患', basis: '煤矿安全生产条例', content: '整顿通风系统', until: day(30) }, en);
  assert.ok(suspension.id);
  const closure = await people.raise('xian', mine, 'closure', 'closure', { criterion: 'over_limits', facts: '资源枯竭' }, en);
  await move('fuxianzhang', closure, 'decide', { decision_number: '示政〔2026〕9号', due_on: day(60) });
  await move('xian', closure, 'progress', { explosives_on: day(0), power_on: day(0), filled_on: day(0), licences_revoked_on: day(0), labour_on: day(0), sign_on: day(0), drawings_on: day(0), other_on: day(0), files: await file('xian') });
  await move('xian', closure, 'seal');
  await move('xian', closure, 'accept', { closed_on: day(0) });
  await signed('juzhang', closure);
  await signed('jiancha', closure);
  const page = await people.sign('fuxianzhang', closure, 'agree', '', en);
  await everyWay(page, 'admission-11-closed-en');
  assert.equal((await read('xian', mine)).fields.status, 'closed');
  await people.raise('xian', closure, 'guard', 'guard_log', { kind: 'patrol', watcher: '赵某' }, en);
});

test('nothing new is entered for the closed mine, in both languages; what the exit needs still is', async () => {
  for (const [language, words] of [['zh-CN', /矿山已关闭/], ['en', /The mine is closed/]]) {
    const page = await people.window('kz9', { language, size: language === 'en' ? 'wide' : 'phone' });
    await page.goto(`${server.url}/hazards/new`);
    const form = page.getByTestId('record-form');
    for (const [field, value] of [['title', '闭坑后登记'], ['place', '主井']]) await form.getByTestId(`field-${field}`).locator('input, textarea').first().fill(value);
    for (const select of await form.locator('select').all()) await select.selectOption({ index: 1 });
    await page.getByTestId('save').click();
    await page.getByTestId('error-mine').waitFor();
    assert.match(await page.getByTestId('error-mine').innerText(), words);
    await picture(page, `admission-12-refused-${language}`);
  }
  const page = await people.open('xian', mine, en);
  await page.getByTestId('mine-closed').waitFor();
  await bothSizes(page, 'admission-13-closed-mine-en');
  const accident = await make('xian', 'accident', { mine: mine.id, title: '闭坑后私采事故', occurred_at: new Date(Date.now() - 3600e3).toISOString(), place: '主井', category: 'gas' });
  assert.ok(accident.id, 'an accident at a closed mine is exactly what must be told');
});

test('the county is renamed: what happened before keeps the old name, the mine has the new one', async () => {
  const county = await found('xtgly', 'region', 'f.code=990101');
  const old = { type: 'region', id: county.id };
  const successor = await people.raise('xtgly', old, 'successor', 'region', { code: '990103', name: '示例区', valid_from: day(0) }, en);
  const page = await people.open('xtgly', old, en);
  await page.getByTestId('edit').click();
  const form = page.getByTestId('record-form');
  await form.getByTestId('field-valid_to').locator('input').fill(day(-1));
  await form.getByTestId('field-valid_to').locator('input').press('Enter');
  await form.getByTestId('field-replaced_by').locator('input').first().click();
  await form.getByTestId('field-replaced_by').locator('input').first().fill('示例区');
  await page.locator('.el-select-dropdown__item').filter({ visible: true, hasText: '示例区' }).first().click();
  await page.getByTestId('save').click();
  await form.waitFor({ state: 'detached' });
  assert.ok(successor.id);
  const before = await make('xian', 'accident', { mine: mine.id, title: '更名前的事故', occurred_at: new Date(Date.now() - 40 * 864e5).toISOString(), place: '主井', category: 'roof' });
  const shown = await people.open('xian', before, { ...en, size: 'phone' });
  await shown.getByTestId('division').waitFor();
  assert.match(await shown.getByTestId('division').innerText(), /示例县 990101[\s\S]*now 示例区 \(990103\)/);
  assert.ok(await fits(shown));
  await bothSizes(shown, 'admission-14-old-name-en-phone');
  const now = await people.open('xian', mine, en);
  await now.getByTestId('division').waitFor();
  assert.match(await now.getByTestId('division').innerText(), /示例区 990103/);
});
