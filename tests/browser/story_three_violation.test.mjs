// Three violations: found by the record of a shift, by the leader on shift, by the positions, by a colleague; entered once and of the right
// person; traced back three ways, each by one and confirmed by another; the section head answers, the deputy criticises himself; counted,
// and circulated among the typical cases of the month.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fits, launch, picture } from './browser.mjs';
import { Hands } from './hands.mjs';
import { fillFields, People } from './people.mjs';
import { Client, startDemo } from './server.mjs';

let server;
let browser;
let people;
let hands;
let officer;
let mine;
let staff;
let stranger;
let violation;
let circular;
const day = (n) => new Date(Date.now() + n * 86400e3 + 8 * 3600e3).toISOString().slice(0, 10);
const at = (minutes) => new Date(Date.now() + minutes * 60e3 + 8 * 3600e3).toISOString().slice(0, 19).replace('T', ' ');
const iso = (minutes) => new Date(Date.now() + minutes * 60e3).toISOString();
const read = (record) => officer.get(`/records/${record.type}/${record.id}`);

before(async () => {
  server = await startDemo({ hours: 0.2 });
  browser = await launch();
  people = new People(browser, server);
  hands = new Hands(server);
  officer = await Client.signIn(server, 'aqy1');
  mine = (await officer.get('/records/mine?limit=1')).records[0];
  const here = (p) => p.fields.withdrawn !== true;  // who left the mine is offered to nobody
  const all = (await officer.get('/records/person?limit=200')).records.filter(here);
  const names = new Map();
  for (const p of all) names.set(p.title, (names.get(p.title) ?? 0) + 1);
  // Special workers without a certificate; names that stand for one person only, so that a choice by name is a choice.
  staff = all.filter((p) => names.get(p.title) === 1).sort((a, b) => (a.title < b.title ? -1 : 1));
  const special = staff.find((p) => p.fields.is_special === true) ?? staff[0];
  if (special.fields.is_special !== true) await officer.request('PATCH', `/records/person/${special.id}`, { version: special.version, fields: { is_special: true } });
  staff = [special, ...staff.filter((p) => p.id !== special.id)];
  const other = await Client.signIn(server, 'aqy2');
  stranger = (await other.get('/records/person?limit=200')).records.filter((p) => here(p) && !names.has(p.title)).sort((a, b) => (a.title < b.title ? -1 : 1))[0];
  assert.ok(staff.length > 3 && stranger);
});
after(async () => {
  await people?.close();
  await browser?.close();
  assert.equal(await server?.stop(), 0, 'the server stops cleanly');
});

test('a violation is raised where it was found: a handover, a breach told by the positions', async () => {
  const dispatcher = await Client.signIn(server, 'ddy1');
  const first = async (dictionary) => (await dispatcher.get('/catalog')).dictionaries.find((d) => d.name === dictionary).entries[0].code;
  const handover = await dispatcher.post('/records/shift_handover', { fields: { mine: mine.id, place: '运输大巷', role: await first('handover_role'), handed_at: iso(-60) } });
  const breach = await dispatcher.post('/records/limit_breach', { fields: { mine: mine.id, kind: await first('limit_breach_kind'), place: '采煤工作面', begin_at: iso(-90), value: 12, limit: 10, person: staff[1].id } });
  for (const [from, raise, source, name] of [['shift_handover', 'violation', 'shift_record', handover], ['limit_breach', 'violation', 'positioning', breach]]) {
    const made = await people.raise('aqy1', { type: from, id: name.id }, raise, 'violation', { description: from === 'limit_breach' ? '超员进入采煤工作面' : '未在现场交接班' });
    const record = await read(made);
    assert.equal(record.fields.source_kind, source);
    const page = await people.open('aqy1', made);
    await page.getByTestId('links').getByRole('link').first().click();
    await page.waitForURL(new RegExp(`/records/${from}/${name.id}$`));
  }
  const colleague = await hands.make('zhigong1', 'violation', { mine: mine.id, occurred_at: iso(-45), place: '主运输巷', description: '扒乘矿车', source_kind: 'colleague' });
  assert.equal((await read(colleague)).state, 'found', 'a colleague tells of one too');
});

test('the leader on shift enters one on the phone; entered a second time it is refused in words', async () => {
  const page = await people.window('dbld1', { size: 'phone' });
  const when = `${at(-120).slice(0, 16)}:00`;
  const enter = async () => {
    await page.goto(`${server.url}/records/violation/new`);
    const form = page.getByTestId('record-form');
    await fillFields(form, page, { occurred_at: when, place: '1301 工作面回风巷', description: '电工未停电检修开关', source_kind: 'leader' });
    await page.getByTestId('save').click();
  };
  await enter();
  violation = await people.landed(page, 'violation');
  assert.ok(await fits(page), 'nothing is wider than the phone');
  await picture(page, 'violation-01-found-phone');
  await enter();
  const second = await people.landed(page, 'violation');
  await people.step('aqy1', violation, 'register', { kind: 'operation', violation_level: 'serious', person: { choose: staff[0].title }, team: '机电队', section: '机电区' });
  const { page: desk, words } = await people.refusedStep('aqy1', second, 'register', { kind: 'operation', violation_level: 'serious', person: { choose: staff[0].title } });
  assert.match(words, /同一人同一时间地点的三违已登记/);
  await picture(desk, 'violation-02-duplicate');
  await people.step('kz1', second, 'dismiss', {}, '与上一条重复');
});

test('nobody is written down from another mine; the wrong person is put right with a reason; a missing certificate is seen', async () => {
  const county = await Client.signIn(server, 'xian');
  const path = `/records/violation/${violation.id}`;
  const refused = await county.request('POST', `${path}/steps/correct`, { version: (await county.get(path)).version, fields: { person: stranger.id }, reason: '写错' });
  assert.equal(refused.status, 400, refused.text);
  assert.equal(refused.json.error.faults[0].words.zh, '违章人不是该矿登记人员');
  const page = await people.window('xian');
  await page.goto(`${server.url}${path}`);
  await page.getByTestId('entry-time').waitFor();
  const dialog = await people.begin(page, 'correct', { person: { choose: stranger.title } }, '更正违章人');
  await dialog.getByTestId('step-submit').click();
  await dialog.getByTestId('error-person').waitFor();
  await picture(page, 'violation-03-wrong-mine');
  await page.keyboard.press('Escape');
  await people.step('aqy1', violation, 'correct', { person: { choose: staff[1].title } }, '先登记为同班人员');
  await people.step('aqy1', violation, 'correct', { person: { choose: staff[0].title } }, '核对定位后更正为本人');
  const desk = await people.open('aqy1', violation);
  await desk.getByTestId('no-certificate').waitFor();
  assert.match(await desk.getByTestId('earlier').innerText(), /0 次/);
  for (const clock of ['trace', 'settle']) await desk.getByTestId(`clock-${clock}`).waitFor();
  await picture(desk, 'violation-04-person');
});

test('three trace-backs, each confirmed by another; before the last one the way on is barred', async () => {
  const kinds = { responsibility: 'aqy1', training: 'pxgl1', protection: 'aqy1' };
  const made = {};
  for (const [kind, who] of Object.entries(kinds)) {
    const partly = kind === 'training';
    made[kind] = await people.raise(who, violation, `traceback_${kind}`, 'violation_traceback', {
      verdict: partly ? 'not_done' : 'done', facts: partly ? '本年度无停送电专项培训记录' : '责任到人，交底有记录', ...(partly ? { measures: '一周内补训并考试' } : {}),
    });
  }
  const again = await people.open('aqy1', violation);
  await again.getByTestId('raise-traceback_training').click();
  const dialog = again.getByTestId('raise-dialog').filter({ visible: true });
  await fillFields(dialog, again, { verdict: 'done', facts: '再登记一次' });
  await dialog.getByTestId('raise-submit').click();
  await dialog.getByRole('alert').first().waitFor();
  assert.match((await dialog.getByRole('alert').allInnerTexts()).join('\n'), /该项倒查已登记/);
  await again.keyboard.press('Escape');
  await people.step('kz1', made.responsibility, 'confirm');
  await people.step('kz1', made.protection, 'confirm');
  const people_in_charge = { section_head: { choose: staff[2].title }, deputy: { choose: staff[3].title } };
  const { page, words } = await people.refusedStep('aqy1', violation, 'trace', people_in_charge);
  assert.match(words, /培训倒查尚未审定/);
  await picture(page, 'violation-05-training-open');
  await people.step('kz1', made.training, 'confirm');
  await people.step('aqy1', violation, 'trace', people_in_charge);
  assert.equal((await read(violation)).state, 'traced');
  await picture(await people.open('kz1', made.training, { size: 'phone' }), 'violation-06-traceback-phone');
});

test('the section head answers and the deputy criticises himself before it is carried out', async () => {
  const head = await people.raise('aqy1', violation, 'consequence_head', 'violation_consequence', { basis: '区队管理失职' });
  const deputy = await people.raise('aqy1', violation, 'consequence_deputy', 'violation_consequence', { basis: '分管领导履职不到位' });
  assert.equal((await read(head)).fields.who, staff[2].title, 'taken over from the violation');
  assert.equal((await read(deputy)).fields.sanction, 'self_criticism');
  await people.step('aqy1', violation, 'decide', { points: '6', fine: '500' });
  await people.sign('kz1', violation, 'agree', '同意');
  const { words } = await people.refusedStep('aqy1', violation, 'execute', {}, '罚款已扣');
  assert.match(words, /区队负责人问责尚未执行/);
  for (const record of [head, deputy]) {
    await people.step('kz1', record, 'decide');
    await people.step('aqy1', record, 'execute', { executed_on: day(0), ...(record === deputy ? { self_criticism: { file: '书面检查.pdf' } } : {}) });
  }
  await people.step('aqy1', violation, 'execute', {}, '罚款已扣，学习班已参加');
  await people.step('aqy1', violation, 'count');
  const page = await people.open('aqy1', violation);
  await page.getByTestId('next-hands').waitFor();
  await picture(page, 'violation-07-counted');
});

test('the county hands it to accountability; the month has its circular, and the case is in it', async () => {
  const accountability = await people.raise('xian', violation, 'accountability', 'accountability_case');
  await picture(await people.open('xian', accountability), 'violation-08-accountability');
  assert.equal((await hands.refused('juzhang', accountability, 'open')).status, 400, 'it is opened against somebody, by a body, on a day');
  await hands.step('juzhang', accountability, 'open', { opened_on: day(0), person_name: '机电副矿长', post: '机电副矿长', handled_by_body: '示例县能源局' });
  await hands.step('xian', accountability, 'investigate', { findings: '停送电制度未落实', duty_breached: '分管范围内三违失管' });
  await hands.step('xian', accountability, 'decide', { sanction: 'circular', decided_on: day(0), decision_number: '示能问〔2026〕3号' });
  await hands.sign('fzsh', accountability);
  await hands.sign('fuxianzhang', accountability);
  await hands.step('xian', accountability, 'execute', { executed_on: day(0) });
  await hands.step('juzhang', accountability, 'archive');
  assert.equal(await hands.state('xian', accountability), 'archived');
  circular = await people.raise('aqy1', violation, 'circular', 'violation_circular', { cases: '2' });
  await people.step('kz1', circular, 'issue', { issued_on: day(0) });
  const page = await people.open('aqy1', violation);
  const dialog = await people.begin(page, 'circulate');
  await dialog.getByTestId('step-submit').click();
  await dialog.waitFor({ state: 'hidden' });
  assert.equal((await read(violation)).state, 'circulated');
  await page.getByTestId('value-circular').getByRole('link').click();
  await page.waitForURL(new RegExp(`/records/violation_circular/${circular.id}$`));
  await picture(page, 'violation-09-circular');
  const actions = (await officer.get(`/records/violation/${violation.id}/history`)).changes.map((c) => c.action);
  for (const step of ['register', 'correct', 'trace', 'decide', 'execute', 'count', 'circulate']) assert.ok(actions.includes(`step:${step}`), step);
});

test('the same on a phone and in English', async () => {
  const phone = await people.open('kz1', violation, { size: 'phone' });
  await phone.getByTestId('person-facts').waitFor();
  assert.ok(await fits(phone));
  await picture(phone, 'violation-10-phone');
  const english = await people.open('xian', violation, { language: 'en' });
  await english.getByTestId('person-facts').waitFor();
  await picture(english, 'violation-11-en');
});
