// An accident from the first call to the look-back, by the people in it: the mine reports while the hour runs, a supplement changes the
// grade, the county finds that the investigation is not its own, the inspectorate investigates, the lesson goes to every mine and its
// receipts come back, the rectification is evaluated and looked back on.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fits, launch, picture } from './browser.mjs';
import { People, fillFields } from './people.mjs';
import { Client, startDemo } from './server.mjs';

let server;
let browser;
let people;
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
  await picture(page, 'accident-04-verified');
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
  await picture(page, 'accident-06-response-phone');
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

test('the county may not investigate a larger coal accident: it hands it to the inspectorate, which does', async () => {
  await people.step('xian', accident, 'end_response');
  investigation = await people.raise('xian', accident, 'investigation', 'investigation', { organising_level: 'county', body: 'government' });
  const { page, words } = await people.refusedStep('xian', investigation, 'start', { leader: '李某', members: '张某、赵某', started_on: today() });
  assert.match(words, /层级低于规定/);
  await picture(page, 'accident-08-level-refused');
  await page.keyboard.press('Escape');
  const county = await people.open('xian', investigation);
  const dialog = await people.begin(county, 'raise_level', { raised_because: 'larger', organising_level: 'province', body: 'inspectorate' }, '较大煤矿事故由监察机构调查');
  await fillFields(dialog, county, { authority: { choose: '示例省矿山安全监管局' } });
  await dialog.getByTestId('step-submit').click();
  await dialog.waitFor({ state: 'hidden' });
  await people.step('jiancha', investigation, 'start', { leader: '李某', members: '张某、赵某', started_on: today() });
  const started = await people.window('jiancha');
  await started.getByTestId('clock-report').waitFor();
  await picture(started, 'accident-09-investigating');
  await people.step('jiancha', investigation, 'submit', {
    course: '经过', cause_summary: '支架初撑力不足', liability_accident: 'liability', responsibility: '建议追究矿长等 5 人', prevention: '全面检查支架初撑力', submitted_on: today(), report: { file: 'report.pdf' },
  });
  await people.step('jiancha2', investigation, 'approve', { approved_on: today(), approval_number: '矿安〔2026〕31号' });
  await people.sign('shengfz', investigation, 'agree', '合法');
  const signed = await people.sign('fushengzhang', investigation);
  await signed.getByText('已批复').first().waitFor();
  await picture(signed, 'accident-10-approved');
});

test('the accident is settled: report approved, ladder, veto, revision of the rules, decision and publication', async () => {
  let page = await people.step('shi', accident, 'approve', { relevance: 'work', in_statistics: true, figures_confirmed_on: today() });
  await page.getByText('报告已批复').first().waitFor();
  const trigger = await people.raise('xian', accident, 'trigger', 'accountability_trigger');
  page = await people.step('juzhang', trigger, 'confirm', { second_measure: 'interview' });
  await people.expectValue(page, 'deaths', /^3$/);
  await people.raise('xian', accident, 'assessment_veto', 'assessment_veto', { ground: 'enterprise_larger' });
  const revision = await people.raise('xian', accident, 'rule_revision', 'rule_revision');
  await people.expectValue(await people.open('zgs1', revision), 'ground', /事故/);
  await people.step('shi', accident, 'decide');
  await people.raise('shi', accident, 'publication', 'publication', { medium: '省局网站' });
  page = await people.step('shi', accident, 'publish', { publication: { choose: '3201 工作面顶板事故' } });
  await people.step('shi', accident, 'rectify');
  page = await people.open('shi', accident);
  await picture(page, 'accident-11-rectifying');
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
  await people.open('sheng', lesson);
  await page.getByTestId('links').scrollIntoViewIfNeeded();
  const bunch = await page.getByTestId('link-bunch').innerText();
  assert.match(bunch, /事故教训回执 6 条/);
  assert.match(bunch, /已送达 5/);
  assert.match(bunch, /已对照检查 1/);
  await picture(page, 'accident-13-receipts');
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
  await people.step('sheng', investigation, 'evaluate', { evaluated_on: today(), evaluation: '防范措施已落实', published_on: today() });
  const page = await people.step('sheng', accident, 'archive', { no_let_offs: ['cause'] });
  await page.getByText('已归档').first().waitFor();
  await picture(page, 'accident-14-archived');
  const steps = (await read('sheng', accident)).state;
  assert.equal(steps, 'archived');
  assert.equal((await linked('sheng', accident, 'accident_report')).length, 3);
  const english = await people.open('sheng', accident, { language: 'en', size: 'phone' });
  assert.ok(await fits(english));
  await picture(english, 'accident-15-archived-en-phone');
});
