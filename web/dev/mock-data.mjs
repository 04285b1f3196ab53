// Seeded data for the mock server, shaped as docs/api.md says. Development only; never part of the bundle.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

const packs = fileURLToPath(new URL('../../packs', import.meta.url));
let seed = 42;
export const random = () => ((seed = (seed * 1103515245 + 12345) & 0x7fffffff) / 0x7fffffff);
const pick = (list) => list[Math.floor(random() * list.length)];
let lastId = 7_100_000_000_000_000n;
export const newId = () => String((lastId += 137n));
export const rfc = (ms) => `${new Date(ms + 8 * 3_600_000).toISOString().slice(0, 19)}+08:00`;
const ago = (minutes) => rfc(Date.now() - minutes * 60_000);
const day = (days) => rfc(Date.now() + days * 86_400_000).slice(0, 10);

function yamlFiles(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? yamlFiles(path) : /\.yaml$/.test(entry.name) ? [path] : [];
  });
}

function readCatalog() {
  const out = { record_types: [], workflows: [], dictionaries: [], roles: [], rules: [], limits: [], alarm_rules: [], escalation: [], packs: [], regulation: { documents: [], clauses: [], duties: [], forms: [] } };
  for (const path of yamlFiles(packs)) {
    const doc = parse(readFileSync(path, 'utf8')) ?? {};
    const pack = path.slice(packs.length + 1).split('/')[0];
    for (const kind of Object.keys(out.regulation)) out.regulation[kind].push(...(doc[kind] ?? []).map((row) => ({ ...row, pack })));
    for (const type of doc.records ?? []) {
      out.record_types.push({
        name: type.name, label: type.label, system: type.system, owner_field: type.owner, workflow: type.workflow ?? null, title_field: type.title, list_fields: type.list,
        access: type.access, pack: 'core', fields: type.fields.filter((f) => !f.secret).map(({ default: standard, ...f }) => ({ ...f, default_value: standard ?? null })),
      });
    }
    out.workflows.push(...(doc.workflows ?? []));
    out.dictionaries.push(...(doc.dictionaries ?? []));
    out.roles.push(...(doc.roles ?? []));
    out.alarm_rules.push(...(doc.alarm_rules ?? doc.rules ?? []));
    for (const row of doc.limits ?? []) {
      out.limits.push({ id: row.id, gas: row.gas, role: row.role, where: row.where, keywords: row.keywords, alarm_text: row.alarm, cut_text: row.cut, restore_text: row.restore, unit: row.unit, floor: row.floor ?? false, mine_kind: row.mine_kind, source: row.source, pack: 'national' });
    }
    if (doc.pack) out.packs.push({ ...doc.pack, sha256: createHash('sha256').update(path).digest('hex'), counts: { record_types: 14, workflows: 4, dictionaries: 20, limits: 0, alarm_rules: 0 } });
  }
  if (out.alarm_rules.length === 0) out.alarm_rules = standIn;
  out.rules = out.alarm_rules.map(({ id, label, advice }) => ({ id, label, advice }));
  return out;
}

const standIn = [
  { id: 'G-1', label: { zh: '瓦斯超限', en: 'Gas over limit' }, detector: 'over_limit', enabled: true, grade: 'yellow', params: { samples: 2, hold: '20s' }, grade_by_peak: [{ value: 2, grade: 'orange' }, { value: 3, grade: 'red' }], suppress_if: ['calibration', 'late'], advice: { zh: '立即停止作业，撤人断电，查明原因。', en: 'Stop work, withdraw people, cut power, find the cause.' }, source: { clause: '煤矿安全规程 art.498', text: 'monitoring.md 3.2', confidence: 'C' } },
  { id: 'G-2', label: { zh: '达到断电值', en: 'Cut-off reached' }, detector: 'over_limit', enabled: true, grade: 'orange', params: { bound: 'cut' }, advice: { zh: '确认断电已执行。', en: 'Make sure that the power was cut.' }, source: { clause: '煤矿安全规程 art.498', confidence: 'C' } },
  { id: 'G-7', label: { zh: '风机停运且有瓦斯', en: 'Fan stopped with gas' }, detector: 'fan_stop', enabled: true, grade: 'red', params: { within: '15min' }, advice: { zh: '撤人，禁止送电。', en: 'Withdraw people; no power.' }, source: { confidence: 'D', text: 'monitoring.md 3.2' } },
  { id: 'G-11', label: { zh: '一氧化碳超限', en: 'Carbon monoxide over limit' }, detector: 'co', enabled: true, grade: 'yellow', params: { hold: '3min' }, suppress_if: ['blasting_plan'], source: { clause: '煤矿安全规程 art.135', confidence: 'C' } },
  { id: 'T-1', label: { zh: '数据长时间不变', en: 'Flat line' }, detector: 'flat_line', enabled: true, grade: 'yellow', params: { window: '4h' }, source: { confidence: 'D' } },
  { id: 'C-1', label: { zh: '数据中断', en: 'Silence' }, detector: 'silence', enabled: true, grade: 'orange', params: { after: '5min' }, source: { confidence: 'D' } },
  { id: 'P-1', label: { zh: '井下超员', en: 'Over headcount' }, detector: 'headcount', enabled: true, grade: 'orange', params: {}, source: { confidence: 'C' } },
];

export const catalog = readCatalog();
export const db = { records: new Map(), changes: [], files: new Map(), ledger: [], quarantine: [], people: new Map() };
export const typeOf = (name) => catalog.record_types.find((t) => t.name === name);
export const workflowOf = (name) => catalog.workflows.find((w) => w.name === typeOf(name)?.workflow);

export function log(type, record, action, actor, diff, reason = '') {
  db.changes.push({ seq: db.changes.length + 1, type, id: record.id, version: record.version, action, actor, origin: '10.20.1.7', at: rfc(Date.now()), reason, diff, hash: createHash('sha256').update(String(db.changes.length)).digest('hex') });
}
export function put(type, fields, extra = {}) {
  const t = typeOf(type);
  const workflow = workflowOf(type);
  const record = {
    id: newId(), type, version: 1, state: workflow?.states.find((s) => s.initial)?.name ?? null, owner: fields.organisation ?? null, title: String(fields[t.title_field] ?? fields.name ?? fields.code ?? ''),
    created_at: ago(60), updated_at: ago(30), created_by: 'system:intake', updated_by: 'system:intake', fields, ...extra,
  };
  db.records.set(record.id, record);
  log(type, record, 'create', record.created_by, Object.fromEntries(Object.entries(fields).map(([k, v]) => [k, [null, v]])));
  return record;
}

// ---- the example county ----
const region = put('region', { code: '522301', name: '示例县', level: 'county' });
const city = put('organisation', { code: 'CITY', name: '示例市应急管理局', kind: 'regulator', level: 'city', region: region.id });
export const county = put('organisation', { code: 'COUNTY', name: '示例县能源局', kind: 'regulator', level: 'county', region: region.id, parent: city.id });
export const mines = ['示例一矿', '双河煤矿', '青石坡煤矿', '永兴煤矿', '大岩脚煤矿'].map((name, i) => {
  const organisation = put('organisation', { code: `M${i + 1}`, name: `${name}有限责任公司`, kind: 'mine', level: 'mine', region: region.id, parent: county.id, contact: '李工', phone: '0859-1234567' });
  return put('mine', {
    code: `52230100000${i + 1}`, name, organisation: organisation.id, kind: 'coal', status: i === 3 ? 'stopped_production' : 'producing', gas_class: i === 0 ? 'high' : 'low', capacity: 45 + i * 15, headcount_quota: 100,
    stay_limit: 12, simulated: i > 0, severe_hazard: i === 0,
  }, { owner: organisation.id });
});

const orgOf = (mine) => mine.fields.organisation;
export const accounts = [
  ['ddy1', '王调度', mines[0], ['dispatcher'], 'live'], ['aqy1', '张安全', mines[0], ['safety_officer'], 'hazards'], ['ysy1', '刘验收', mines[0], ['reviewer'], 'hazards'], ['kz1', '陈矿长', mines[0], ['mine_manager'], 'hazards'],
  ['xian1', '赵科长', county, ['county_officer'], 'board'], ['admin', '系统管理员', county, ['system_admin'], 'accounts'], ['audit', '审计员', county, ['auditor'], 'log'], ['neighbour', '邻县孙科长', city, ['county_officer'], 'board'], ['fresh', '新来的', mines[0], ['dispatcher'], 'live'],
].map(([name, display_name, place, roles, home]) => {
  const organisation = place.type === 'mine' ? orgOf(place) : place.id;
  const record = put('account', { name, display_name, organisation, roles, disabled: false, must_change_password: name === 'fresh', failed_sign_ins: 0, last_sign_in: ago(200) });
  return { record, home, level: place.type === 'mine' ? 'mine' : 'county', mine: place.type === 'mine' ? place.id : null, password: 'mineward-demo' };
});
const person = (name) => accounts.find((a) => a.record.fields.name === name).record.id;

// ---- points ----
const bound = (op, value) => ({ op, value });
const CH4 = (where, role, area, base) => ({ place: where, role, working_area: area, sensor_type: '0001', gas: 'CH4', unit: '%CH4', value_type: 'MN', base, swing: 0.12, alarm: bound('ge', 1), cut: bound('ge', 1.5), restore: bound('lt', 1), limit_source: 'CH4-T0 煤矿安全规程 第四百九十八条 表18' });
const shapes = [
  CH4('3101综采工作面回风隅角T0', 'T0', '3101综采工作面', 0.71), CH4('3101综采工作面T1', 'T1', '3101综采工作面', 0.52), CH4('3101综采工作面回风流T2', 'T2', '3101综采工作面', 0.44),
  { place: '3101综采工作面回风流风速', working_area: '3101综采工作面', sensor_type: '0002', gas: 'WIND', unit: 'm/s', value_type: 'MN', base: 1.8, swing: 0.2, alarm: bound('gt', 4), alarm_low: bound('lt', 0.25), limit_source: 'WIND 煤矿安全规程 第一百三十六条' },
  { place: '3101综采工作面一氧化碳', working_area: '3101综采工作面', sensor_type: '0004', gas: 'CO', unit: 'ppm', value_type: 'MN', base: 6, swing: 3, alarm: bound('gt', 24), limit_source: 'CO 煤矿安全规程 第一百三十五条' },
  { place: '3101采煤机开停', working_area: '3101综采工作面', sensor_type: '1004', unit: '', value_type: 'KG', base: 1, swing: 0, on_text: '运行', off_text: '停止' },
  CH4('3203掘进工作面T1', 'T1', '3203掘进工作面', 0.31), CH4('3203掘进工作面回风流T2', 'T2', '3203掘进工作面', 0.28),
  { place: '3203局部通风机主机开停', working_area: '3203掘进工作面', sensor_type: '1001', unit: '', value_type: 'KG', base: 1, swing: 0, on_text: '开', off_text: '停' },
  { place: '总回风巷', working_area: '', sensor_type: '0001', gas: 'CH4', unit: '%CH4', value_type: 'MN', base: 0.22, swing: 0.05, alarm: bound('gt', 0.75), limit_source: 'CH4-MR 煤矿安全规程 第四百九十八条' },
  { place: '中央变电所温度', working_area: '', sensor_type: '0003', gas: 'TEMP', unit: '℃', value_type: 'MN', base: 24, swing: 1.5, alarm: bound('gt', 34) },
  { place: '主通风机负压', working_area: '', sensor_type: '0006', unit: 'Pa', value_type: 'MN', base: 1850, swing: 30 },
];
export const points = mines.flatMap((mine, m) => shapes.map((shape, i) => {
  const code = `${mine.fields.code}MN${String(i + 1).padStart(6, '0')}`;
  const record = put('point', { organisation: orgOf(mine), mine: mine.id, code, sensor_type: shape.sensor_type, value_type: shape.value_type, unit: shape.unit, place: shape.place, role: shape.role, working_area: shape.working_area, alarm_high: shape.alarm?.value ?? null, cut_high: shape.cut?.value ?? null, removed: false, defined_at: ago(9000) });
  const { base, swing, ...rest } = shape;
  return { ...rest, id: record.id, code, mine: mine.id, base, swing, value: base, state: 0, at: rfc(Date.now()), quality: 'good', mine_alarm: shape.alarm ? `≥${shape.alarm.value}` : '', alarm_id: null, alarm_grade: null, index: m * 100 + i };
}));
points[4].state = 4;
points[6].value = null;
points[6].state = 128;
points[6].quality = 'stale';

// ---- alarms ----
const alarmOf = (point, rule, grade, minutes, state, more = {}) => {
  const mine = mines.find((m) => m.id === point.mine);
  const record = put('alarm', {
    number: `BJ-20260105-${String(db.records.size).padStart(5, '0')}`, event_key: `${mine.fields.code}|${rule}|${point.code}|${minutes}`, title: `${point.place} ${catalog.rules.find((r) => r.id === rule)?.label.zh ?? rule}`, organisation: orgOf(mine), mine: mine.id, rule, grade, point: point.id, place: point.place,
    begin_at: ago(minutes), raised_at: ago(minutes - 0.6), peak: 1.42, peak_at: ago(minutes - 4), mean: 1.131, samples: 36, unit: point.unit, limit_text: '≥1.0 %CH4', limit_value: 1, limit_source: '国家限值 CH4-T0，煤矿安全规程 第四百九十八条 表18 第1行', clause: '煤矿安全规程 第四百九十八条', late: false, planned: false,
    evidence: '超限 36 个采样，5 分 40 秒；邻点 T1 同步上升。', ...more,
  }, { state, owner: orgOf(mine), created_by: 'system:watch', created_at: ago(minutes) });
  if (!more.cleared_at) Object.assign(point, { alarm_id: record.id, alarm_grade: grade, state: point.state | 1 });
  return record;
};
export const firstAlarm = alarmOf(points[0], 'G-1', 'orange', 18, 'raised', { peak: 2.13 });
alarmOf(points[13], 'G-1', 'yellow', 44, 'raised', { escalated_to: 'county', escalated_at: ago(24) });
alarmOf(points[20], 'G-7', 'red', 7, 'raised', { peak: null, mean: null, limit_text: '', escalated_to: 'city' });
const handled = alarmOf(points[2], 'G-1', 'yellow', 160, 'handled', { cleared_at: ago(150), acknowledged_by: person('ddy1'), acknowledged_at: ago(158), cause: 'ventilation', measures: '调整风门，恢复供风；现场瓦斯检查员复测 0.62%。', handled_by: person('ddy1'), handled_at: ago(140) });
alarmOf(points[37], 'C-1', 'orange', 300, 'acknowledged', { peak: null, mean: null, acknowledged_by: person('xian1'), acknowledged_at: ago(280), late: true });
for (let i = 0; i < 70; i += 1) {
  const state = i % 9 === 0 ? 'acknowledged' : 'closed';
  alarmOf(points[(i * 7) % points.length], pick(['G-1', 'T-1', 'G-11', 'C-1', 'P-1']), pick(['yellow', 'yellow', 'blue', 'orange']), 400 + i * 190, state, { cleared_at: ago(390 + i * 190), peak: 1 + random(), cause: 'sensor_fault', measures: '更换传感器', acknowledged_by: person('ddy1'), acknowledged_at: ago(395 + i * 190) });
}

// ---- hazards ----
const hazard = (title, state, mine, fields) => put('hazard', {
  number: `YH-202601-${String(db.records.size).padStart(5, '0')}`, organisation: orgOf(mine), mine: mine.id, title, origin: 'self_check', found_by: person('aqy1'), found_at: ago(2000 + random() * 4000), place: '3101运输巷', discipline: 'electrical', ...fields,
}, { state, owner: orgOf(mine), created_by: 'aqy1' });
const five = { level: 'ordinary', responsible: person('aqy1'), measures: '1. 停机检修；2. 更换托辊并紧固；3. 恢复后试运行 2 小时。', money: '12500.00', deadline: day(2), contingency_plan: '检修期间切断上级电源并挂牌，瓦检员现场值守。' };
export const hazardFound = hazard('皮带机头防护罩缺失', 'found', mines[0], { description: '3101运输巷一部皮带机头防护罩缺失两块，人员可触及转动部位。' });
hazard('回风隅角瓦斯治理不到位', 'graded', mines[0], { level: 'major', criterion: '重大隐患判定标准 第四条', origin: 'alarm', alarm: firstAlarm.id });
hazard('变电所消防器材过期', 'rectifying', mines[0], { ...five, deadline: day(-3) });
export const hazardAccepting = hazard('巷道顶板离层仪损坏', 'accepting', mines[0], { ...five, rectification: '已更换离层仪 3 台并校验。', rectified_by: person('aqy1'), rectified_at: ago(90), photos_after: [] });
hazard('电缆接头不符合要求', 'closed', mines[0], { ...five, rectification: '重新制作接头。', rectified_by: person('kz1'), review_opinion: '现场核查合格。', effect: 'removed', reviewed_by: person('ysy1'), reviewed_at: ago(60) });
for (let i = 0; i < 60; i += 1) hazard(`${pick(['人行道积水', '照明不足', '管路漏风', '支护锚杆失效', '风门闭锁失灵'])} ${i + 1}`, pick(['found', 'rectifying', 'closed', 'closed', 'accepting']), pick(mines), i % 3 ? { ...five, deadline: day(Math.floor(random() * 20 - 6)) } : {});

for (const mine of mines) {
  const areas = ['3101综采工作面', '3203掘进工作面', '井底车场', '中央变电所', '副井口'].map((name, i) => put('area', { organisation: orgOf(mine), mine: mine.id, code: `A${i + 1}`, name, kind: ['key', 'key', 'other', 'restricted', 'shaft'][i], quota: [25, 18, 60, 6, null][i] }));
  const surnames = '赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨';
  const count = mine === mines[1] ? 104 : 40 + Math.floor(random() * 30);
  const persons = Array.from({ length: count }, (_, i) => {
    const area = areas[i % 9 === 0 ? 3 : i % 3];
    return { card: `1${String(i).padStart(5, '0')}`, name: `${surnames[i % 16]}${'伟强磊军洋勇艳杰娟涛明超'[(i * 5) % 12]}`, area: area.fields.name, area_id: area.id, entered: ago(30 + random() * 600), is_leader: i % 40 === 7, sos: mine === mines[1] && i === 3 };
  });
  db.people.set(mine.id, { as_of: rfc(Date.now()), people: count, leaders: persons.filter((p) => p.is_leader).length, quota: 100, areas: areas.map((a) => ({ area: a.id, code: a.fields.code, name: a.fields.name, kind: a.fields.kind, quota: a.fields.quota, people: persons.filter((p) => p.area_id === a.id).length })), persons });
  for (let i = 0; i < 8; i += 1) put('person', { organisation: orgOf(mine), mine: mine.id, card: `1${String(i).padStart(5, '0')}`, name: persons[i].name, post: '采煤工', team: '综采一队', is_leader: false, is_special: true, withdrawn: false });
}

// ---- uploads ----
const verdicts = ['accepted', 'accepted', 'accepted', 'accepted', 'partial', 'rejected', 'duplicate', 'correction', 'stale'];
const why = { rejected: ['E_TERM', 'file:38: end mark "||" missing, found end of file'], partial: ['E_FIELDS', '2 of 96 records have 6 fields, expected 7'], duplicate: ['E_DUP', ''], stale: ['E_STALE', ''] };
for (let i = 0; i < 160; i += 1) {
  const mine = mines[i % 5];
  const verdict = i < 4 ? verdicts[i + 3] : pick(verdicts);
  const type = pick(['CDSS', 'CDSS', 'RYSS', 'CDDY', 'YCBJ']);
  const at = Date.now() - i * 95_000;
  const stamp = rfc(at).replace(/\D/g, '').slice(0, 14);
  db.ledger.push({ id: newId(), mine: mine.id, mine_name: mine.fields.name, mine_code: mine.fields.code, file_name: `${mine.fields.code}_${type}_${stamp}.txt`, file_type: type, system: type.startsWith('R') ? 'rydw' : 'aqjk', verdict, code: why[verdict]?.[0] ?? '', message: why[verdict]?.[1] ?? '', header_time: rfc(at - 4000), arrived: rfc(at), records: verdict === 'rejected' ? 0 : 94, bad_records: verdict === 'partial' ? 2 : 0, quarantined: verdict === 'partial' ? 3 : 0, faults: verdict === 'partial' ? [`${type}.txt:12:7: E_FIELDS found 6, expected 7`, `${type}.txt:40:3: E_TYPE found "abc", expected a number`] : verdict === 'rejected' ? [`${type}.txt:38: E_TERM found end of file, expected "||"`] : [] });
}
db.quarantine.push({ mine: mines[2].id, mine_name: mines[2].fields.name, point_code: `${mines[2].fields.code}MN009912`, reason: 'E_UNKNOWN_POINT', readings: 1840, first: ago(900), last: ago(3), arrived: ago(3) });
db.quarantine.push({ mine: mines[4].id, mine_name: mines[4].fields.name, point_code: `${mines[4].fields.code}KG000031`, reason: 'E_UNKNOWN_POINT', readings: 12, first: ago(90), last: ago(20), arrived: ago(20) });
export { handled };
