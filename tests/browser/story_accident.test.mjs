// An accident from the first call to the look-back, by the people in it: the mine reports while the hour runs, a supplement changes the
// grade, the county finds that the investigation is not its own, the inspectorate investigates, the lesson goes to every mine and its
// receipts come back and are studied, who is to blame is punished and the veto stands, the follow-up regimes are done one by one, the
// rectification is evaluated within the year and looked back on.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fits, launch, picture } from './browser.mjs';
import { Hands } from './hands.mjs';
import { bothSizes, everyWay } from './looks.mjs';
import { People, fillFields } from './people.mjs';
import { Client, startDemo } from './server.mjs';

let server;
let browser;
let people;
let hands;
let accident;
let investigation;
let lesson;
const beijing = (minutes) => new Date(Date.now() + minutes * 60e3 + 8 * 3600e3).toISOString().slice(0, 19).replace('T', ' ');
const today = () => beijing(0).slice(0, 10);
const read = async (name, record) => (await Client.signIn(server, name)).get(`/records/${record.type}/${record.id}`);
const linked = async (name, record, type) => {
  const { links } = await (await Client.signIn(server, name)).get(`/records/${record.type}/${record.id}/links`);
  return links.filter((l) => l.type === type);
};

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

test('the dispatcher enters the first call on a phone; a time to come is refused at its field; the grade is a lower bound', async () => {
  const page = await people.window('ddy1', { size: 'phone' });
  await page.goto(`${server.url}/records/accident/new`);
  const form = page.getByTestId('record-form');
  await fillFields(form, page, {
    title: '3201 工作面顶板事故', occurred_at: beijing(90), place: '3201 工作面 45# 架', category: 'roof',
    course: '初撑力不足，架前漏顶', measures_taken: '已撤人、断电', head_told_at: beijing(-20), missing: '2',
  });
  await page.getByTestId('save').click();
  await page.getByTestId('error-occurred_at').waitFor();
  assert.match(await page.getByTestId('error-occurred_at').innerText(), /时间不能晚于现在/);
  await picture(page, 'accident-01-future-refused-phone');
  await fillFields(form, page, { occurred_at: beijing(-30) });
  await page.getByTestId('save').click();
  accident = await people.landed(page, 'accident');
  assert.ok(await fits(page), 'nothing is wider than the phone');
  await people.expectValue(page, 'grade_basis', /初判/);
  await people.expectValue(page, 'grade', /一般事故/);
  await picture(page, 'accident-02-first-call-phone');
});

test('the mine reports within its hour, the county within its two; both times of an event are shown', async () => {
  const report = await people.raise('ddy1', accident, 'accident_report', 'accident_report', { level: 'mine' });
  let page = await people.window('ddy1');
  await page.getByTestId('clock-head_reports').waitFor();
  assert.match(await page.getByTestId('clock-head_reports').innerText(), /剩余|还剩|\d+ ?分/, 'minutes are counted');
  await picture(page, 'accident-03-report-clock');
  await people.step('ddy1', report, 'send', { reported_at: beijing(-5), reported_to: '示例县应急管理局、省矿山安全监察局' });
  assert.match(await page.getByTestId('clock-head_reports').innerText(), /按期办结/);
  await people.step('xian', report, 'receive');
  page = await people.step('xian', accident, 'verify');
  await people.expectValue(page, 'occurred_at', /\d\d:\d\d/);
  assert.match(await page.getByTestId('entry-time').innerText(), /录入时间/);
  await bothSizes(page, 'accident-04-verified');
  const passed = await people.raise('xian', accident, 'accident_report', 'accident_report', { level: 'county', received_at: beijing(-4) });
  page = await people.window('xian');
  await page.getByTestId('clock-level_passes_on').waitFor();
  await people.step('xian', passed, 'send', { reported_at: beijing(-1), reported_to: '示例市应急管理局' });
  const judged = await people.step('xian', report, 'judge', { fault: 'on_time' });
  await people.expectValue(judged, 'fault', /按时/);
});

test('people are withdrawn, the response is logged, and it ends', async () => {
  const order = await people.raise('ddy1', accident, 'withdrawal', 'withdrawal_order', { right_of: 'dispatcher', reason_kind: 'roof' });
  await people.step('aqy1', order, 'confirm');
  const response = await people.raise('ddy1', accident, 'emergency_response', 'emergency_response');
  let page = await people.open('xian', response);
  await page.getByTestId('step-start').click();
  const dialog = page.getByTestId('step-dialog').filter({ visible: true });
  await dialog.getByTestId('step-submit').click();
  await picture(page, 'accident-05-response-start');
  await page.keyboard.press('Escape');
  const officer = await Client.signIn(server, 'xian');
  const move = async (record, step, fields = {}, reason) => {
    const { version } = await officer.get(`/records/${record.type}/${record.id}`);
    return officer.post(`/records/${record.type}/${record.id}/steps/${step}`, { version, fields, ...(reason ? { reason } : {}) });
  };
  await move(response, 'start', { level: 'level_3', started_at: new Date(Date.now() - 60e3).toISOString(), commander: '王某' });
  await people.raise('ddy1', response, 'log_entry', 'emergency_log', { kind: 'order', content: '撤出 3201 全部人员，救护队到位' });
  await move(response, 'control', { controlled_at: new Date(Date.now() - 30e3).toISOString() });
  await move(response, 'end', { ended_at: new Date().toISOString() });
  page = await people.step('xian', accident, 'respond');
  page = await people.open('xian', response, { size: 'phone' });
  assert.ok(await fits(page));
  await bothSizes(page, 'accident-06-response-phone');
});

test('a supplement from the mine changes the figures: the grade rises, and the history says by what', async () => {
  const supplement = await people.raise('kz1', accident, 'supplement', 'accident_report', {
    level: 'mine', known_at: beijing(-3), deaths: '3', missing: '0', injuries: '1', loss: '6000000', figures_state: 'known', changed_because: '两名失踪人员找到，确认死亡，另一人抢救无效',
  });
  await people.step('kz1', supplement, 'send', { reported_at: beijing(-1), reported_to: '示例县应急管理局' });
  assert.equal((await read('xian', accident)).fields.grade, 'ordinary', 'not before it is received');
  await people.step('xian', supplement, 'receive');
  const page = await people.open('xian', accident);
  await people.expectValue(page, 'grade', /较大事故/);
  await people.expectValue(page, 'grade_basis', /终判/);
  await people.expectValue(page, 'report_reach', /省/);
  assert.match(await page.getByTestId('history').innerText(), /随事故报告“接收”变更/);
  await page.getByTestId('history').scrollIntoViewIfNeeded();
  await picture(page, 'accident-07-regraded');
});

test('who was hurt and in what conditions is entered in full; a death needs its day', async () => {
  const officer = await hands.client('kz1');
  const bare = await officer.request('POST', `/records/accident/${accident.id}/raise/casualty`, { fields: { degree: 'fatal' } });
  assert.equal(bare.status, 400, bare.text);
  assert.match(bare.text, /死亡人员须填死亡日期或说明/);
  for (const [degree, more] of [['fatal', { died_on: today() }], ['fatal', { died_on: today() }], ['fatal', { died_on: today() }], ['serious', {}]]) await hands.raise('kz1', accident, 'casualty', 'accident_person', { degree, ...more });
  await hands.raise('kz1', accident, 'circumstance', 'accident_circumstance');
  const { links } = await officer.get(`/records/accident/${accident.id}/links`);
  assert.equal(links.filter((l) => l.type === 'accident_person').length, 4);
  assert.equal(links.filter((l) => l.type === 'accident_circumstance').length, 1);
});

test('the county may not investigate a larger coal accident: it hands it to the inspectorate, which does', async () => {
  await people.step('xian', accident, 'end_response');
  investigation = await people.raise('xian', accident, 'investigation', 'investigation', { organising_level: 'county', body: 'government' });
  const { page, words } = await people.refusedStep('xian', investigation, 'start', { leader: '李某', members: '张某、赵某', started_on: today() });
  assert.match(words, /层级低于规定/);
  await bothSizes(page, 'accident-08-level-refused');
  await page.keyboard.press('Escape');
  const county = await people.open('xian', investigation);
  const dialog = await people.begin(county, 'raise_level', { raised_because: 'larger', organising_level: 'province', body: 'inspectorate' }, '较大煤矿事故由监察机构调查');
  await fillFields(dialog, county, { authority: { choose: '示例省矿山安全监管局' } });
  await dialog.getByTestId('step-submit').click();
  await dialog.waitFor({ state: 'hidden' });
  await people.step('jiancha', investigation, 'start', { leader: '李某', members: '张某、赵某', started_on: today() });
  const started = await people.window('jiancha');
  await started.getByTestId('clock-report').waitFor();
  await bothSizes(started, 'accident-09-investigating');
  await people.step('jiancha', investigation, 'submit', {
    course: '经过', cause_summary: '支架初撑力不足', liability_accident: 'liability', responsibility: '建议追究矿长等 5 人', prevention: '全面检查支架初撑力', submitted_on: today(), report: { file: 'report.pdf' },
  });
  await people.step('jiancha2', investigation, 'approve', { approved_on: today(), approval_number: '矿安〔2026〕31号' });
  await people.sign('shengfz', investigation, 'agree', '合法');
  const signed = await people.sign('fushengzhang', investigation);
  await signed.getByText('已批复').first().waitFor();
  await bothSizes(signed, 'accident-10-approved');
});

test('the accident is settled: report approved, ladder, veto, revision of the rules, decision and publication', async () => {
  let page = await people.step('shi', accident, 'approve', { relevance: 'work', in_statistics: true, figures_confirmed_on: today() });
  await page.getByText('报告已批复').first().waitFor();
  const trigger = await people.raise('xian', accident, 'trigger', 'accountability_trigger');
  page = await people.step('juzhang', trigger, 'confirm', { second_measure: 'leader_criticism' });
  await people.expectValue(page, 'deaths', /^3$/);
  await people.expectValue(page, 'measure', /分管领导检讨/);  // the rung of three to nine dead in the example county
  await people.expectValue(page, 'measure_row', /EX-D-3/);
  await bothSizes(page, 'accident-16-ladder');
  const veto = await people.raise('xian', accident, 'assessment_veto', 'assessment_veto', { ground: 'enterprise_larger' });
  await hands.step('juzhang', veto, 'confirm', { effects: ['unit_no_awards', 'chief_no_awards'], statement: '无异议' });
  page = await people.step('xian', veto, 'enforce', { began_on: today(), ends_on: `${Number(today().slice(0, 4)) + 1}-12-31` });
  await picture(page, 'accident-17-veto');
  const revision = await people.raise('xian', accident, 'rule_revision', 'rule_revision');
  await people.expectValue(await people.open('zgs1', revision), 'ground', /事故/);
  const { id: engineer } = (await (await hands.client('zgs1')).get('/session')).account;
  await hands.step('zgs1', revision, 'start', { responsible: engineer, due_on: today() });
  await hands.step('zgs1', revision, 'finish', { result: '支护作业规程增加初撑力检测', done_on: today() });
  await hands.step('kz1', revision, 'confirm');
  assert.equal(await hands.state('kz1', revision), 'confirmed');
  await people.step('shi', accident, 'decide');
  await people.raise('shi', accident, 'publication', 'publication', { medium: '省局网站' });
  page = await people.step('shi', accident, 'publish', { publication: { choose: '3201 工作面顶板事故' } });
  await people.step('shi', accident, 'rectify');
  page = await people.open('shi', accident);
  await bothSizes(page, 'accident-11-rectifying');
});

test('each of those to blame is punished: legal review, decision, execution, and that it was executed is checked by another', async () => {
  await hands.raise('jiancha', investigation, 'cause', 'accident_cause', { kind: 'direct', description: '初撑力不足' });
  const sanction = await people.raise('jiancha', investigation, 'sanction', 'accident_sanction', { target: 'principal', target_name: '矿长', kind: 'fine', basis: '安全生产法第九十五条' });
  await hands.step('jiancha', sanction, 'decide', { decided_on: today(), income_percent: 60 });
  await hands.sign('shengfz', sanction);
  await hands.sign('fushengzhang', sanction);
  await hands.step('jiancha', sanction, 'execute', { executed_on: today(), execution: '罚款已缴', files: await hands.file('jiancha') });
  assert.equal((await hands.refused('jiancha', sanction, 'check')).status, 400, 'not by who executed it');
  const page = await people.step('jiancha2', sanction, 'check');
  await bothSizes(page, 'accident-18-sanction');
});

test('the follow-up regimes are planned, done with proof and confirmed, each once', async () => {
  const kinds = ['warning_education', 'circular', 'listing', 'interview', 'site_meeting', 'joint_punishment', 'look_back'];
  let last;
  for (const kind of kinds) {
    last = await hands.raise('shi', accident, 'followup', 'accident_followup', { kind, planned_on: today() });
    await hands.step('shi', last, 'do', { done_on: today(), result: '已开展', files: await hands.file('shi') });
    assert.equal((await hands.clock('shi', last, 'due')).state, 'met', kind);
    assert.equal((await hands.refused('shi', last, 'confirm')).status, 400, 'another person confirms');
    await hands.step('sheng', last, 'confirm');
  }
  await assert.rejects(hands.raise('shi', accident, 'followup', 'accident_followup', { kind: 'circular', planned_on: today() }), /not_unique/);
  await picture(await people.open('sheng', last), 'accident-19-followup');
  assert.equal((await linked('sheng', accident, 'accident_followup')).length, kinds.length);
});

test('the lesson goes to every mine at once; one has read and compared, and the province sees how many have', async () => {
  lesson = await people.raise('jiancha', investigation, 'lesson', 'accident_lesson');
  await people.step('jiancha2', lesson, 'issue', { issued_on: today() });
  const page = await people.open('sheng', lesson);
  await page.getByTestId('raise-lesson_receipt-each').click();
  await page.locator('.confirm-box').getByRole('button', { name: '确定' }).click();
  await page.getByTestId('notice-done').waitFor();
  const receipts = (await (await Client.signIn(server, 'sheng')).get(`/records/lesson_receipt?f.lesson=${lesson.id}&limit=50`)).records;
  assert.equal(receipts.length, 6, 'one for each mine of the example region');
  const own = (await (await Client.signIn(server, 'kz1')).get(`/records/lesson_receipt?f.lesson=${lesson.id}&limit=50`)).records;
  assert.equal(own.length, 1, 'a mine sees its own');
  const receipt = { type: 'lesson_receipt', id: own[0].id };
  await people.step('kz1', receipt, 'read', {}, undefined, { size: 'phone' });
  await people.step('kz1', receipt, 'compare', { compared_on: today(), comparison: '逐架检查初撑力', hazards_found: '2' });
  await picture(await people.window('kz1'), 'accident-12-receipt');
  const study = await hands.raise('kz1', receipt, 'study_session', 'study_session', { kind: 'warning', topic: '顶板事故警示' });
  await hands.step('aqy1', study, 'hold', { held_at: new Date().toISOString(), speaker: '矿长', content: '事故经过和教训', expected: 60, attended: 57, signatures: await hands.file('aqy1') });
  await hands.step('aqy1', study, 'make_up');
  await hands.step('aqy1', study, 'cover', { made_up: 3, effect: '全员考试合格' });
  assert.equal((await hands.read('kz1', study)).fields.not_reached, 0);
  await people.open('sheng', lesson);
  await page.getByTestId('links').scrollIntoViewIfNeeded();
  const bunch = await page.getByTestId('link-bunch').innerText();
  assert.match(bunch, /事故教训回执 6 条/);
  assert.match(bunch, /已送达 5/);
  assert.match(bunch, /已对照检查 1/);
  await bothSizes(page, 'accident-13-receipts');
});

test('what was ordered is done and checked; it cannot be archived before the evaluation; then it is', async () => {
  const action = await people.raise('xian', accident, 'corrective_action', 'corrective_action', { title: '更换失效立柱', due_on: today() });
  await people.step('aqy1', action, 'start', { responsible: { choose: '一矿安全员' } });
  await people.step('aqy1', action, 'report_done', { result: '更换 12 根', done_on: today(), evidence: { file: 'done.pdf' } });
  await people.step('kz1', action, 'check', { effect: 'removed', check_opinion: '合格' });
  await people.step('shi', accident, 'look_back', { look_back: '措施全部落实，现场抽查合格' });
  const early = await people.refusedStep('sheng', accident, 'archive', { no_let_offs: ['cause'] });
  assert.match(early.words, /整改评估尚未完成/);
  await early.page.keyboard.press('Escape');
  const year = await hands.clock('sheng', investigation, 'evaluation');
  assert.deepEqual([year.state, year.due.slice(0, 10)], ['running', `${Number(today().slice(0, 4)) + 1}${today().slice(4)}`], 'within a year of the approval');
  await people.step('sheng', investigation, 'evaluate', { evaluated_on: today(), evaluation: '防范措施已落实', published_on: today() });
  const page = await people.step('sheng', accident, 'archive', { no_let_offs: ['cause'] });
  await page.getByText('已归档').first().waitFor();
  await everyWay(page, 'accident-14-archived');
  const steps = (await read('sheng', accident)).state;
  assert.equal(steps, 'archived');
  assert.equal((await linked('sheng', accident, 'accident_report')).length, 3);
  const english = await people.open('sheng', accident, { language: 'en', size: 'phone' });
  assert.ok(await fits(english));
  await picture(english, 'accident-15-archived-en-phone');
});
