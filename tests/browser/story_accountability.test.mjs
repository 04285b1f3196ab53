// From an alarm to who answers for it: the alarm becomes a hazard, is judged major by an item of the criteria, listed, stopped by an
// order, rectified, accepted by two on site, delisted and published; that a superior found it leads to an interview, a self-criticism,
// points in the assessment and in the credit. Every link is walked from both ends; what is too early is refused in words.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fits, launch, picture } from './browser.mjs';
import { Hands } from './hands.mjs';
import { fillField, fillFields, People } from './people.mjs';
import { photo } from './photo.mjs';
import { cdss, Client, ownSecond, startDemo } from './server.mjs';

let server;
let browser;
let people;
let hands;
let county;
let mine;
let alarm;
let hazard;
let listing;
let order;
let matter;
let trigger;
const day = (n) => new Date(Date.now() + n * 86400e3 + 8 * 3600e3).toISOString().slice(0, 10);
const now = (minutes = 0) => new Date(Date.now() + minutes * 60e3 + 8 * 3600e3).toISOString().slice(0, 19).replace('T', ' ');
const read = (record) => county.get(`/records/${record.type}/${record.id}`);
const paper = { file: '材料.pdf' };
const rung = async (record) => {
  const { measure, measure_row } = (await read(record)).fields;
  return [measure, measure_row];
};
const picture_of = (name) => ({ file: name, bytes: photo() });

async function openHazard(name, options) {
  const page = await people.window(name, options);
  await page.goto(`${server.url}/hazards/${hazard.id}`);
  await page.getByTestId('entry-time').waitFor();
  return page;
}
async function stepOnHazard(name, step, fields, options) {
  const page = await openHazard(name, options);
  const dialog = await people.begin(page, step, fields);
  await dialog.getByTestId('step-submit').click();
  return { page, dialog };
}

before(async () => {
  server = await startDemo({ hours: 0.2 });
  browser = await launch();
  people = new People(browser, server);
  hands = new Hands(server);
  county = await Client.signIn(server, 'xian');
  mine = (await county.get('/records/mine?limit=50')).records.find((r) => r.fields.code === '990101000001');
  const live = await county.get(`/mines/${mine.id}/live`);
  const point = live.points.find((p) => p.gas === 'CH4' && p.value_type === 'MN' && !p.alarm_id && p.value !== null && p.value < 0.8 && p.alarm?.value === 1);
  const admin = await Client.signIn(server, 'xtgly');
  const uploader = (await admin.get('/records/account?f.name=shangchuan1')).records[0];
  const { token } = (await admin.request('POST', `/accounts/${uploader.id}/token`, {})).json;
  const at = ownSecond();
  const file = cdss({ code: mine.fields.code, name: mine.fields.name }, point, [[at - 2000, 1.2], [at - 1000, 1.4], [at, 1.3]]);
  const sent = await Client.withToken(server, token).request('POST', `/upload?name=${file.name}`, file.text, 'text/plain');
  assert.equal(sent.json.verdict, 'accepted', sent.text);
  alarm = (await county.get('/records/alarm?limit=500&sort=-id')).records.find((r) => r.fields.point === point.id && r.fields.rule === 'G-1' && r.state === 'raised');
  assert.ok(alarm, 'an alarm of the point');
});
after(async () => {
  await people?.close();
  await browser?.close();
  assert.equal(await server?.stop(), 0, 'the server stops cleanly');
});

test('the dispatcher answers the alarm and makes a hazard of it; each leads to the other', async () => {
  const page = await people.window('ddy1');
  await page.goto(`${server.url}/alarms/${alarm.id}`);
  const dialog = await people.begin(page, 'acknowledge');
  await dialog.getByTestId('step-submit').click();
  await dialog.waitFor({ state: 'hidden' });
  await page.getByTestId('make-hazard').click();
  await page.locator('.confirm-box .el-button--primary').click();
  await page.waitForURL(/\/hazards\/\d+/);
  hazard = { type: 'hazard', id: page.url().split('/').pop() };
  await page.getByTestId('next-hands').waitFor();
  await page.getByTestId('clock-verify').waitFor();
  await picture(page, 'accountability-01-hazard');
  await page.getByTestId('value-alarm').getByRole('link').first().click();
  await page.waitForURL(new RegExp(`/alarms/${alarm.id}$`));
  await page.getByTestId('open-hazard').click();
  await page.waitForURL(new RegExp(`/hazards/${hazard.id}$`));
});

test('judged major it needs an item of the criteria, found by words; what it rests on is shown', async () => {
  const { page, dialog } = await stepOnHazard('aqy1', 'grade', { level: 'major' });
  await dialog.getByTestId('error-criterion_item').waitFor();
  assert.match(await dialog.getByTestId('error-criterion_item').innerText(), /须选定判定标准条款/);
  await picture(page, 'accountability-02-criterion-missing');
  await fillField(dialog, page, 'criterion_item', { choose: 'O4-02-2' });
  assert.match(await dialog.getByTestId('criterion-basis').innerText(), /令第4号[\s\S]*瓦斯超限作业/);
  await picture(page, 'accountability-03-criterion');
  await dialog.getByTestId('step-submit').click();
  await dialog.waitFor({ state: 'hidden' });
  await stepOnHazard('kz1', 'plan', { responsible: { choose: '一矿矿长' }, measures: '停止作业，加大供风，查明涌出来源', money: '120000', deadline: day(10), contingency_plan: '超限立即断电撤人' })
    .then(({ dialog: d }) => d.waitFor({ state: 'hidden' }));
  await stepOnHazard('aqy1', 'claim_fixed', { rectification: '风量调整到位，瓦斯稳定在 0.4% 以下', photos_after: picture_of('整改后.png') })
    .then(({ dialog: d }) => d.waitFor({ state: 'hidden' }));
});

test('nobody closes it past the listing: neither as it is nor with its level lowered', async () => {
  const { page, dialog } = await stepOnHazard('ysy1', 'accept', { review_opinion: '现场合格', effect: 'removed' });
  await dialog.getByRole('alert').first().waitFor();
  assert.match(await dialog.getByRole('alert').first().innerText(), /须经挂牌督办销号/);
  await picture(page, 'accountability-04-not-past-the-listing');
  await page.keyboard.press('Escape');
  const officer = await Client.signIn(server, 'aqy1');
  const path = `/records/hazard/${hazard.id}`;
  await officer.request('PATCH', path, { version: (await officer.get(path)).version, fields: { level: 'ordinary' } });
  const reviewer = await Client.signIn(server, 'ysy1');
  const refused = await reviewer.request('POST', `${path}/steps/accept`, { version: (await reviewer.get(path)).version, fields: { review_opinion: '合格', effect: 'removed' } });
  assert.equal(refused.status, 400, refused.text);
  assert.equal(refused.json.error.faults[0].field, 'level');
  await officer.request('PATCH', path, { version: (await officer.get(path)).version, fields: { level: 'major' } });
});

test('the county takes it into the database, determines it, and lists it with two signatures', async () => {
  const page = await openHazard('xian');
  await page.getByTestId('report-major').click();
  const dialog = page.getByTestId('raise-dialog').filter({ visible: true });
  await fillFields(dialog, page, { found_by_level: 'county' });
  await dialog.getByTestId('raise-submit').click();
  listing = await people.landed(page, 'major_hazard');
  await people.step('xian', listing, 'determine', { determination_basis: '瓦斯超限后继续作业，未按规定处理' });
  await people.step('xian', listing, 'list', {
    listing_level: 'county', listing_number: '示县字〔2026〕第31号', rectifying_unit: '示例一矿有限公司', supervising_unit: { choose: '示例县应急管理局' }, supervising_person: '示例县监管员', deadline: day(20), plan_due: day(5),
  });
  await page.getByTestId('signing').waitFor();
  await people.sign('zfry1', listing, 'agree', '情况属实');
  await people.sign('juzhang', listing, 'agree', '同意挂牌');
  const head = await people.open('juzhang', listing);
  for (const clock of ['rectify', 'plan', 'progress', 'extension_last_day']) await head.getByTestId(`clock-${clock}`).waitFor();
  assert.match(await head.getByTestId('next-hands').innerText(), /停产|治理方案/);
  await picture(head, 'accountability-05-listed');
  const back = await openHazard('aqy1');
  assert.match(await back.getByTestId('listing-state').innerText(), /已挂牌/);
  await picture(back, 'accountability-06-hazard-listed');
});

test('a suspension is ordered for it: drawn up as a document, decided by the head, guarded', async () => {
  order = await people.raise('xian', listing, 'suspension', 'suspension', { kind: 'rectify' });
  const document = await people.raise('xian', order, 'document', 'official_document', { place_short: '示', office_short: '能', addressee: '示例一矿有限公司' });
  await people.step('zfry1', document, 'check', { second_officer: { choose: '执法人员乙' }, cards: 'A001、A002' });
  await people.sign('zfry2', document);
  await people.step('juzhang', document, 'issue');
  const { document_number } = (await read(document)).fields;
  assert.match(document_number, /〔\d{4}〕\d+号/);
  await people.step('juzhang', order, 'decide', { content: '停产整顿，落实瓦斯治理措施', until: day(20), document: { choose: document_number } });
  await people.step('xian', order, 'stop', { supervisor: '示例县监管员', accepting_body: '示例县应急管理局' });
  const page = await people.open('xian', order);
  await page.getByTestId('clock-publish').waitFor();
  await picture(page, 'accountability-07-suspension');
  await page.getByTestId('links').getByRole('link', { name: /./ }).first().click();
  await page.waitForURL(new RegExp(`/records/major_hazard/${listing.id}$`));
  await people.step('xian', listing, 'order', { stopped_at: now(), stopped_area: '采煤工作面及回风巷' });
});

test('the mine plans and reports progress, the county sees it, two accept on site and the head agrees', async () => {
  await people.step('kz1', listing, 'plan', { plan_files: paper });
  const progress = await people.raise('aqy1', listing, 'progress', 'listing_progress', { quarter: '2026-10-01', content: '抽采管路已接入', percent: '60' });
  await people.step('xian', progress, 'see', { supervisor_opinion: '按期推进' });
  await people.step('aqy1', listing, 'claim', { rectification: '抽采系统运行正常，风量达标', photos_after: picture_of('治理后.png') });
  await people.step('xian', listing, 'accept', { acceptance_opinion: '现场检测合格', acceptance_files: paper });
  await people.sign('zfry1', listing, 'agree', '合格');
  await people.sign('zfry2', listing, 'return', '回风侧传感器位置不符合规定');
  let fields = (await read(listing)).fields;
  assert.equal(fields.rectified_at ?? null, null, 'sent back it is not rectified any more: its clock runs again');
  await people.step('aqy1', listing, 'claim', { rectification: '传感器已移位，抽采和风量均达标' });
  await people.step('xian', listing, 'accept', { acceptance_opinion: '复检合格' });
  for (const who of ['zfry1', 'zfry2', 'juzhang']) await people.sign(who, listing, 'agree', '合格');
  await people.step('xian', listing, 'delist');
  fields = (await read(listing)).fields;
  assert.equal(fields.delisted_on, day(0));
  const { page, dialog } = await stepOnHazard('ysy1', 'accept', { review_opinion: '已摘牌，现场合格', effect: 'removed' });
  await dialog.waitFor({ state: 'hidden' });
  assert.equal((await read(hazard)).state, 'closed');
  await picture(page, 'accountability-08-closed');
});

test('work begins again only when its resumption was accepted on site and signed by three; the register says so', async () => {
  const mine_status = async () => (await county.get(`/records/mine/${mine.id}`)).fields.status;
  assert.equal(await mine_status(), 'rectifying');
  await hands.step('kz1', order, 'rectify');
  const early = await people.refusedStep('shi', order, 'resume', { resumed_on: day(0) });
  assert.match(early.words, /复工复产尚未验收批准/);
  await picture(early.page, 'accountability-19-resume-too-early');
  await early.page.keyboard.press('Escape');
  const asked = await people.raise('kz1', order, 'resumption', 'resumption', { checklist: '逐条自查合格', rectified: '抽采系统达标' });
  await hands.step('kz1', asked, 'apply', { files: await hands.file('kz1') });
  await hands.step('zfry1', asked, 'accept', { accepting_body: '示例县应急管理局', inspectors: '甲、乙', acceptance: '现场合格', acceptance_result: 'passed' });
  await hands.step('xian', asked, 'approve');
  for (const who of ['juzhang', 'jiancha', 'fuxianzhang']) await hands.sign(who, asked);
  await hands.step('xian', asked, 'resume', { resumed_on: day(0), published_on: day(0) });
  assert.equal(await mine_status(), 'producing');
  assert.equal((await hands.clock('xian', asked, 'accept')).state, 'met');
  await picture(await people.open('xian', asked), 'accountability-20-resumption');
  await hands.step('shi', order, 'resume', { resumed_on: day(0) });
  await hands.step('shi', order, 'publish_resumption', { resumption_published_on: day(0) });
  assert.equal(await hands.state('xian', order), 'ended');
});

test('it is published only after the legal check and the approval, then on the ledger', async () => {
  const { page, words } = await people.refusedStep('xian', listing, 'publish');
  assert.match(words, /公示审批尚未办结/);
  await picture(page, 'accountability-09-publish-too-early');
  matter = await people.raise('xian', listing, 'publication_matter', 'publication_matter');
  await people.step('fzsh', matter, 'check', { masked: '个人信息已隐去', legal_note: '合法' });
  await people.step('juzhang', matter, 'approve', { medium: '县政府网站' });
  await people.step('xian', matter, 'publish', { published_on: day(0) });
  await people.step('xian', listing, 'publish');
  assert.equal((await read(listing)).state, 'published');
});

test('that the county found it, and not the mine, is answered for: interview, promise not kept, self-criticism', async () => {
  trigger = await people.raise('xian', listing, 'found_by_superior', 'accountability_trigger');
  assert.deepEqual(await rung(trigger), ['interview', 'EX-FOUND'], 'the ladder of the county says what is due');
  assert.equal((await read(trigger)).labels.authority, '示例县应急管理局（示例）', 'who supervises the listing calls to account, not the mine');
  await picture(await people.open('juzhang', trigger), 'accountability-21-ladder');
  await people.step('juzhang', trigger, 'confirm', { second_measure: 'interview' });
  const interview = await people.raise('xian', trigger, 'interview', 'interview');
  await people.step('juzhang', interview, 'notify', { called: '示例一矿矿长', called_by: '示例县能源局局长', planned_on: day(0), level: 'county', notice_sent_on: day(0) });
  await people.step('xian', interview, 'hold', { held_on: day(0), attended: '矿长、总工程师', minutes: '通报情况，提出要求', commitments: '逐条对照判定标准自查', due_on: day(0) });
  const page = await people.open('xian', interview);
  await page.getByTestId('clock-commitments').waitFor();
  await picture(page, 'accountability-10-interview');
  await people.step('juzhang', interview, 'not_kept', { result: '未提交自查报告', kept: 'not_kept' }, '期满未落实');
  const next = await people.raise('xian', interview, 'trigger', 'accountability_trigger', { occurred_on: day(0) });
  assert.deepEqual(await rung(next), ['leader_criticism', 'EX-NOT-KEPT'], 'a promise that was not kept is a rung higher');
  await people.step('juzhang', next, 'confirm', { second_measure: 'leader_criticism' });
  const criticism = await people.raise('xian', next, 'self_criticism', 'self_criticism', { person_name: '示例一矿矿长', level: 'principal', due_on: day(5) });
  await people.step('kz1', criticism, 'submit', { content: '自查不严，责任不落实', file: paper });
  assert.equal(await (await people.open('kz1', criticism)).getByTestId('step-receive').count(), 0, 'who wrote it does not receive it');
  await people.step('xian', criticism, 'receive', { received_by: '示例县能源局', received_on: day(0), deep: true });
  await picture(await people.open('kz1', criticism), 'accountability-11-self-criticism');
});

test('it costs points in the assessment and in the credit, each by its rule', async () => {
  const year = await county.post('/records/assessment_year', { fields: { title: '年度考核', year: 2026 } });
  await county.post('/records/assessment_item', { fields: { assessment_year: year.id, code: 'Z-7', part: 'work_target', title: '重大隐患自查自改', standard_points: 10 } });
  const sheet = await county.post('/records/score_sheet', { fields: { organisation: mine.fields.organisation, assessment_year: year.id, object_kind: 'enterprise' } });
  const deduction = await people.raise('xian', trigger, 'deduction', 'score_deduction', { score_sheet: { choose: '示例一矿' }, item: { choose: '重大隐患自查自改' }, standard_points: '10', deducted: '4' });
  await people.step('juzhang', deduction, 'confirm', { files: paper });
  const taken = (await read(deduction)).fields;
  assert.equal(taken.points_left, 6);
  assert.equal(taken.score_sheet, sheet.id);
  assert.equal(taken.major_hazard, listing.id);
  await picture(await people.open('xian', deduction), 'accountability-12-deduction');
  const credit = await people.raise('xian', listing, 'credit_record', 'credit_record');
  const points = (await read(credit)).fields;
  assert.equal(points.points, -6, 'by the table of credit points');
  const account = await hands.make('xian', 'credit_account', { organisation: mine.fields.organisation, mine: mine.id, holder: 'firm', name: '示例一矿', period_from: day(-30), period_to: day(335), full_points: 100 });
  await hands.step('xian', credit, 'notify', { told_on: day(0), account: account.id });
  await hands.step('kz1', credit, 'appeal', { appeal: '隐患系自查' });
  await hands.step('juzhang', credit, 'uphold', { appeal_result: '系上级查出，维持' }, '事实清楚');
  await hands.step('juzhang', credit, 'confirm');
  assert.equal(await hands.state('kz1', credit), 'confirmed');
  assert.equal((await read(account)).fields.points, 94, 'a hundred less six: the account adds up its entries');
  await picture(await people.open('xian', credit), 'accountability-13-credit');
});

test('a listing of another mine is overdue: the clock says so, its manager finds it in his list, it is answered for', async () => {
  const late = (await county.get('/records/major_hazard?limit=50')).records.find((r) => r.state === 'ordered' && r.labels?.mine === '示例二矿');
  assert.ok(late, 'the example months have one');
  const page = await people.open('kz2', late);
  assert.match(await page.getByTestId('clock-rectify').innerText(), /超期/);
  assert.match(await page.getByTestId('clock-extension_last_day').innerText(), /已终结/, 'nobody wanted an extension: that is not late');
  await picture(page, 'accountability-14-overdue');
  await page.goto(`${server.url}/todo`);
  await page.getByTestId('todo-clocks').getByRole('link', { name: late.title }).first().waitFor();
  const record = { type: 'major_hazard', id: late.id };
  const answer = await people.raise('xian', record, 'overdue', 'accountability_trigger');
  assert.equal((await read(answer)).fields.kind, 'hazard_overdue');
  assert.deepEqual(await rung(answer), ['interview', 'EX-FOUND']);
});

test('the same on a phone and in English', async () => {
  for (const [name, record, who] of [['listing', listing, 'kz1'], ['matter', matter, 'xian'], ['suspension', order, 'kz1'], ['trigger', trigger, 'xian']]) {
    const page = await people.open(who, record, { size: 'phone' });
    await picture(page, `accountability-15-phone-${name}`);
    assert.ok(await fits(page), `${name}: nothing is wider than the phone`);
  }
  const phone = await openHazard('aqy1', { size: 'phone' });
  assert.ok(await fits(phone));
  await picture(phone, 'accountability-16-phone-hazard');
  const english = await people.open('xian', listing, { language: 'en' });
  await english.getByTestId('links').waitFor();
  await picture(english, 'accountability-17-en-listing');
  const hazardPage = await openHazard('xian', { language: 'en' });
  await hazardPage.getByTestId('major-panel').waitFor();
  await picture(hazardPage, 'accountability-18-en-hazard');
});
