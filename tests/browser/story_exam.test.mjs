// An examination at an inspection: people of a mine are examined on the spot, one with a code on a phone and no account, one with an
// account. The connection breaks, the phone is changed, the time is the server's; right answers are seen only after the end.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fits, launch, picture, signedIn, sizes } from './browser.mjs';
import { Client, startDemo } from './server.mjs';

const singles = [
  ['采掘工作面风流中甲烷浓度达到多少时，必须停止用电钻打眼？', ['1.0%', '0.5%', '0.75%', '2.0%'], '煤矿安全规程'],
  ['甲烷传感器在回风隅角的报警浓度是多少？', ['1.0%', '0.5%', '1.5%', '3.0%'], '煤矿安全规程'],
  ['井下发现火灾时，首先应当怎么办？', ['报告调度室并按避灾路线撤离', '继续作业', '等待通知', '自行返回工作面取工具'], '应急处置'],
  ['自救器应当如何携带？', ['随身携带', '放在工作面集中保管', '放在更衣室', '由班组长统一携带'], '煤矿安全规程'],
  ['入井前必须检查的随身物品不包括哪一项？', ['手机充电器', '矿灯', '自救器', '定位卡'], '入井须知'],
];
const multiples = [['下列哪些属于重大事故隐患？', ['超能力组织生产', '瓦斯超限作业', '巷道积水 2 cm', '安全标语褪色'], 'AB', '重大事故隐患判定标准']];
const judges = [['瓦斯检查工可以同时兼任爆破工。', 'B'], ['未经培训合格不得上岗作业。', 'A'], ['发现险情时班组长有权组织撤人。', 'A']];

let server;
let browser;
let exam;
let persons;
let officer;
const answers = new Map();  // question text -> texts of the right options, as the bank has them

async function fillBank() {
  const other = await Client.signIn(server, 'ksgl2');
  const enter = async (fields) => {
    const made = await officer.post('/records/question', { fields: { edition: '2026', trade: 'general', topic: 'rules', ...fields } });
    await other.post(`/records/question/${made.id}/steps/approve`, { version: made.version });
  };
  for (const [stem, [a, b, c, d], basis] of singles) {
    answers.set(stem, [a]);
    await enter({ kind: 'single', stem, option_a: a, option_b: b, option_c: c, option_d: d, answer: 'A', basis });
  }
  for (const [stem, [a, b, c, d], answer, basis] of multiples) {
    answers.set(stem, [a, b]);
    await enter({ kind: 'multiple', stem, option_a: a, option_b: b, option_c: c, option_d: d, answer, basis, major_hazard: true });
  }
  for (const [stem, answer] of judges) {
    answers.set(stem, [answer === 'A' ? '正确' : '错误']);
    await enter({ kind: 'judge', stem, answer });
  }
}

before(async () => {
  server = await startDemo({ hours: 0.2 });
  browser = await launch();
  officer = await Client.signIn(server, 'ksgl');
  const safety = await Client.signIn(server, 'aqy1');
  const mine = (await safety.get('/records/mine?limit=1')).records[0];
  persons = [];
  for (const name of ['欧阳试卷', '司徒补考']) {
    persons.push(await safety.post('/records/person', { fields: { organisation: mine.fields.organisation, mine: mine.id, name, post: '采煤工', card: `9900${persons.length}` } }));
  }
  await fillBank();
  const admin = await Client.signIn(server, 'xtgly');
  const account = (await admin.get('/records/account?f.name=zhigong1')).records[0];
  const linked = await admin.request('PATCH', `/records/account/${account.id}`, { version: account.version, fields: { person: persons[1].id } });
  assert.equal(linked.status, 200, linked.text);
  exam = await officer.post('/records/exam', {
    fields: { mine: mine.id, organisation: mine.fields.organisation, title: '示例一矿逢查必考', kind: 'inspection', trade: 'general', held_at: new Date().toISOString(), single_count: 5, multiple_count: 1, multiple_points: 3, judge_count: 3 },
  });
});
after(async () => {
  await browser?.close();
  assert.equal(await server?.stop(), 0, 'the server stops cleanly');
});

async function phone(language = 'zh-CN') {
  const context = await browser.newContext({ viewport: sizes.phone, locale: language, timezoneId: 'Asia/Shanghai', reducedMotion: 'reduce', hasTouch: true });
  const page = await context.newPage();
  page.setDefaultTimeout(15000);
  const errors = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  return { context, page, errors };
}
async function enter(page, code) {
  await page.goto(`${server.url}/exam`);
  await page.getByTestId('exam-code').fill(code.toLowerCase().replace('-', ''));
  await page.getByTestId('exam-enter').click();
}
/** Presses what the bank calls right (or, if not `rightly`, the first option that is wrong). */
async function answer(page, rightly = true) {
  const question = page.getByTestId('question');
  const stem = (await question.locator('h2').innerText()).replace(/^\d+\.\s*/, '').trim();
  const right = answers.get(stem);
  assert.ok(right, `a question that is not in the bank: ${stem}`);
  const options = await question.locator('.option').all();
  const texts = await Promise.all(options.map(async (o) => (await o.locator('.grow').innerText()).trim()));
  const english = { True: '正确', False: '错误' };
  for (const [i, text] of texts.entries()) {
    const isRight = right.includes(english[text] ?? text);
    if (isRight === rightly) {
      await options[i].click();
      if (!rightly || right.length === 1) return;
    }
  }
}
const saved = (page, unsent) => page.locator(`[data-testid="saved"][data-unsent="${unsent}"]`).waitFor();
let code;

test('the officer names the candidates, opens the examination and gives a code', async () => {
  const { page, close } = await signedIn(browser, server, 'ksgl');
  await page.goto(`${server.url}/exams/${exam.id}`);
  await page.getByTestId('exam-bank').waitFor();
  assert.equal(await page.getByTestId('bank-lacks').count(), 0);
  await page.getByTestId('add-candidates').click();
  const dialog = page.getByTestId('candidates-dialog').filter({ visible: true });
  for (const name of ['欧阳试卷', '司徒补考']) {
    await dialog.locator('.el-select input').fill(name);
    await page.locator('.el-select-dropdown__item', { hasText: name }).filter({ visible: true }).click();
  }
  await picture(page, 'exam-add-candidates');
  await dialog.locator('.el-dialog__title').click();  // closes the list of names
  await dialog.getByTestId('candidates-submit').click();
  await page.getByTestId('row-candidate').nth(1).waitFor();
  await page.getByTestId('step-open').click();
  await page.getByTestId('step-dialog').filter({ visible: true }).getByTestId('step-submit').click();
  await page.getByTestId('row-candidate').filter({ hasText: '欧阳试卷' }).getByTestId('give-code').click();
  code = (await page.getByTestId('code-dialog').getByTestId('exam-code').innerText()).trim();
  assert.match(code, /^[0-9A-Z]{5}-[0-9A-Z]{5}$/);
  await picture(page, 'exam-code');
  await close();
});

test('a man without an account takes it on a phone; the line breaks, the phone is changed, nothing is lost', async () => {
  const first = await phone();
  await first.page.goto(`${server.url}/exam`);
  await first.page.getByTestId('exam-code').fill('AAAAA-AAAAA');
  await first.page.getByTestId('exam-enter').click();
  await first.page.getByTestId('error-form').waitFor();
  await picture(first.page, 'exam-phone-wrong-code');
  await enter(first.page, code);
  await first.page.getByTestId('exam-start').waitFor();
  assert.ok(await fits(first.page));
  await picture(first.page, 'exam-phone-intro');
  await first.page.getByTestId('exam-start').click();
  await first.page.getByTestId('time-left').waitFor();
  assert.match(await first.page.getByTestId('time-left').innerText(), /^(30:00|29:5\d)$/);
  await answer(first.page);
  await saved(first.page, 0);
  await picture(first.page, 'exam-phone-question');
  // Out of reach: two more answers wait on the phone, and go out when it is back.
  await first.context.setOffline(true);
  for (let i = 0; i < 2; ++i) {
    await first.page.getByTestId('next').click();
    await answer(first.page);
  }
  await saved(first.page, 2);
  await picture(first.page, 'exam-phone-offline');
  await first.context.setOffline(false);
  await saved(first.page, 0);
  assert.deepEqual(first.errors, []);
  await first.context.close();  // the battery is empty

  const second = await phone('en');
  await enter(second.page, code);
  await second.page.getByTestId('time-left').waitFor();
  for (let i = 0; i < 6; ++i) {  // begins at the first one that is open
    await answer(second.page);
    if (i < 5) await second.page.getByTestId('next').click();
  }
  await saved(second.page, 0);
  await second.page.getByTestId('numbers').click();
  assert.ok(await fits(second.page));
  await picture(second.page, 'exam-phone-overview-en');
  await second.page.getByTestId('hand-in').click();
  await second.page.locator('.confirm-box .el-button--primary').click();
  await second.page.getByTestId('exam-result').waitFor();
  assert.match(await second.page.getByTestId('exam-result').innerText(), /100/);
  await second.page.getByTestId('review-later').waitFor();
  assert.equal(await second.page.getByTestId('review').count(), 0, 'no right answer before the end');
  await picture(second.page, 'exam-phone-result-en');
  assert.deepEqual(second.errors, []);
  await second.context.close();
});

test('a colleague takes it with his account and fails', async () => {
  const { page, close } = await signedIn(browser, server, 'zhigong1', { size: 'phone' });
  await page.goto(`${server.url}/my-exams`);
  await page.getByTestId('my-exam').waitFor();
  await picture(page, 'exam-phone-mine');
  await page.getByTestId('my-exam').click();
  await page.getByTestId('exam-start').click();
  await page.getByTestId('time-left').waitFor();
  await answer(page, false);
  await saved(page, 0);
  await page.reload();  // the page is gone and comes back
  await page.getByTestId('time-left').waitFor();
  await page.getByTestId('hand-in').click();
  await page.locator('.confirm-box').waitFor();
  await picture(page, 'exam-phone-hand-in');
  await page.locator('.confirm-box .el-button--primary').click();
  await page.getByTestId('exam-result').waitFor();
  await picture(page, 'exam-phone-failed');
  await close();
});

test('the officer closes it; papers and statistics can be looked at, and retraining is ordered', async () => {
  const { page, close } = await signedIn(browser, server, 'ksgl');
  await page.goto(`${server.url}/exams/${exam.id}`);
  await page.getByTestId('exam-close').click();
  await page.locator('.confirm-box .el-button--primary').click();
  await page.getByTestId('exam-figures').waitFor();
  const closed = await officer.get(`/records/exam/${exam.id}`);
  assert.deepEqual([closed.state, closed.fields.drawn, closed.fields.passed], ['marked', 2, 1]);
  await picture(page, 'exam-closed');
  await page.getByTestId('row-candidate').filter({ hasText: '司徒补考' }).getByTestId('look-at-paper').click();
  await page.getByTestId('review').waitFor();
  await picture(page, 'exam-review');
  const failed = (await officer.get(`/exams/${exam.id}`)).papers.find((p) => p.state === 'failed');
  const order = await officer.post(`/records/exam_paper/${failed.id}/raise/retraining`, { fields: {} });
  assert.equal(order.fields.reason, 'exam_failed');
  await close();
  const { page: english, close: closeEnglish } = await signedIn(browser, server, 'ksgl', { language: 'en' });
  await english.goto(`${server.url}/exams/${exam.id}`);
  await english.getByTestId('exam-figures').waitFor();
  await picture(english, 'exam-closed-en');
  await closeEnglish();
  const candidate = await phone();
  await enter(candidate.page, code);
  await candidate.page.getByTestId('review').waitFor();
  assert.equal(await candidate.page.getByTestId('question').count(), 9);
  await picture(candidate.page, 'exam-phone-review');
  await candidate.context.close();
});
