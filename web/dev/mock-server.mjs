// A stand-in for `mineward serve` while pages are made: node dev/mock-server.mjs [port]. Keeps everything in memory, serves
// dist/ too, and raises an alarm now and then. Password of every account: mineward-demo. Development only.
import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WebSocketServer } from 'ws';
import { accounts, catalog, db, log, mines, newId, points, put, random, rfc, typeOf, workflowOf } from './mock-data.mjs';
import { regulationRoutes } from './mock-regulation.mjs';

const port = Number(process.argv[2] ?? 8731);
const dist = fileURLToPath(new URL('../dist', import.meta.url));
const sessions = new Map();
const sockets = new Set();

class Refusal extends Error {
  constructor(status, code, more = {}) {
    super(code);
    Object.assign(this, { status, body: { error: { code, message: code, faults: [], request: 'mock', ...more } } });
  }
}
const fault = (field, code) => ({ field, code, message: code });

// ---- who sees what ----
const visible = (who, record) => {
  if (!who.mine) return who.record.fields.name !== 'neighbour';
  const mine = mines.find((m) => m.id === who.mine);
  return record.type === 'region' || record.fields.mine === who.mine || record.id === who.mine || record.fields.organisation === mine.fields.organisation || record.id === mine.fields.organisation;
};
const may = (who, roles) => roles.includes('*') || roles.some((r) => who.record.fields.roles.includes(r));
const myMines = (who) => mines.filter((m) => visible(who, m));
const labelOf = (record) => record?.type === 'account' ? record.fields.display_name : record?.title;

function show(record, who, single = false) {
  const labels = {};
  for (const field of typeOf(record.type).fields) {
    const id = record.fields[field.name];
    if (field.type === 'reference' && id) labels[field.name] = labelOf(db.records.get(id)) ?? '';
  }
  const out = { ...record, labels };
  if (single) out.steps = (workflowOf(record.type)?.transitions ?? []).filter((s) => s.from.includes(record.state) && may(who, s.roles) && !(s.distinct_from ?? []).some((f) => record.fields[f] === who.record.id)).map((s) => s.name);
  return out;
}
function find(who, type, id) {
  const record = db.records.get(id);
  if (!record || record.type !== type || !visible(who, record)) throw new Refusal(404, 'not_found');
  return record;
}
const inMine = (who, id) => {
  const mine = mines.find((m) => m.id === id);
  if (!mine || !visible(who, mine)) throw new Refusal(404, 'not_found');
  return mine;
};

// ---- lists ----
const tests = {
  ge: (a, b) => a >= b, gt: (a, b) => a > b, le: (a, b) => a <= b, lt: (a, b) => a < b, ne: (a, b) => String(a) !== b, contains: (a, b) => String(a).includes(b),
  null: (a, b) => (a === null || a === undefined) === (b === '1'),
};
function matches(record, name, value) {
  const [field, op] = name.split('.');
  const actual = field === 'state' ? record.state : record.fields[field];
  if (op === 'null') return tests.null(actual, value);
  if (op) return actual !== null && actual !== undefined && tests[op](actual, value);
  return value.split(',').includes(String(actual));
}
function list(who, type, query) {
  const t = typeOf(type);
  if (!t || !may(who, t.access.read)) throw new Refusal(404, 'not_found');
  let rows = [...db.records.values()].filter((r) => r.type === type && visible(who, r));
  for (const [name, value] of query) if (name.startsWith('f.')) rows = rows.filter((r) => matches(r, name.slice(2), value));
  const words = query.get('q');
  if (words) rows = rows.filter((r) => JSON.stringify(r.fields).includes(words));
  const sort = query.get('sort') || '-id';
  const key = sort.replace(/^-/, '');
  const value = (r) => (key === 'id' ? r.id : key === 'state' ? r.state : r.fields[key]) ?? '';
  rows.sort((a, b) => (value(a) < value(b) ? -1 : value(a) > value(b) ? 1 : a.id < b.id ? -1 : 1));
  if (sort.startsWith('-')) rows.reverse();
  const limit = Math.min(500, Number(query.get('limit') ?? 50));
  const from = Number(query.get('after') ?? 0);
  return { records: rows.slice(from, from + limit).map((r) => show(r, who)), next: from + limit < rows.length ? String(from + limit) : null, total: query.get('total') ? rows.length : null };
}

// ---- writes ----
function change(who, record, fields, action, reason = '') {
  const diff = {};
  for (const [name, value] of Object.entries(fields)) {
    if (JSON.stringify(record.fields[name] ?? null) === JSON.stringify(value)) continue;
    diff[name] = [record.fields[name] ?? null, value];
    record.fields[name] = value;
  }
  Object.assign(record, { version: record.version + 1, updated_at: rfc(Date.now()), updated_by: who.record.fields.name, title: String(record.fields[typeOf(record.type).title_field] ?? record.title) });
  log(record.type, record, action, who.record.fields.name, diff, reason);
  if (record.type === 'alarm') push({ kind: 'alarm', alarm: show(record, who) });
}
function stale(who, record, version) {
  if (version !== record.version) throw new Refusal(409, 'conflict', { current: show(record, who) });
}
function step(who, record, name, body) {
  const s = workflowOf(record.type)?.transitions.find((x) => x.name === name);
  if (!s) throw new Refusal(404, 'not_found');
  stale(who, record, body.version);
  if (!s.from.includes(record.state)) throw new Refusal(409, 'conflict', { current: show(record, who) });
  if (!may(who, s.roles)) throw new Refusal(403, 'forbidden');
  const after = { ...record.fields, ...body.fields };
  const empty = (v) => v === null || v === undefined || v === '' || (Array.isArray(v) && v.length === 0);
  const faults = [...(s.required ?? []).filter((f) => empty(after[f])).map((f) => fault(f, 'required')), ...(s.evidence ?? []).filter((f) => empty(after[f])).map((f) => fault(f, 'evidence')), ...(s.distinct_from ?? []).filter((f) => record.fields[f] === who.record.id).map((f) => fault(f, 'same_person'))];
  if (s.reason_required && !body.reason) faults.push(fault('reason', 'required'));
  if (faults.length) throw new Refusal(400, 'bad_input', { faults });
  const sets = Object.fromEntries(Object.entries(s.sets ?? {}).map(([f, v]) => [f, v === 'me' ? who.record.id : v === 'now' ? rfc(Date.now()) : v]));
  const before = record.state;
  record.state = s.to;
  change(who, record, { ...body.fields, ...sets }, `step:${name}`, body.reason);
  db.changes.at(-1).diff.state = [before, s.to];
  return show(record, who, true);
}
function create(who, type, body) {
  const t = typeOf(type);
  if (!may(who, t.access.create)) throw new Refusal(403, 'forbidden');
  const faults = t.fields.filter((f) => f.required && !f.system && (body.fields[f.name] ?? '') === '').map((f) => fault(f.name, 'required'));
  if (t.name === 'account' && accounts.some((a) => a.record.fields.name === body.fields.name)) faults.push(fault('name', 'not_unique'));
  if (faults.length) throw new Refusal(400, 'bad_input', { faults });
  const record = put(type, { ...body.fields, ...(t.fields.some((f) => f.name === 'number') ? { number: `XH-${db.records.size}` } : {}) }, { created_by: who.record.fields.name, owner: body.fields.organisation ?? null });
  return show(record, who, true);
}

// ---- monitoring ----
function valueAt(point, ms) {
  if (point.swing === 0) return Math.floor(ms / 5_400_000) % 4 === 0 ? 0 : 1;
  const wave = Math.sin(ms / 3_100_000 + point.index) * point.swing + Math.sin(ms / 240_000 + point.index * 3) * point.swing * 0.35;
  const alarm = db.records.get(point.alarm_id ?? '');
  const peak = alarm && point.gas === 'CH4' ? Math.exp(-(((ms - Date.parse(alarm.fields.peak_at ?? 0)) / 420_000) ** 2)) * 1.1 : 0;
  return Math.max(0, Math.round((point.base + wave + peak) * 100) / 100);
}
function series(point, query) {
  const from = Date.parse(query.get('from'));
  const to = Date.parse(query.get('to'));
  const width = Number((query.get('width') ?? '60s').replace('s', '')) * 1000;
  const buckets = [];
  for (let at = Math.floor(from / width) * width; at < to; at += width) {
    if (Math.floor(at / 1_800_000) % 17 === 3) continue;
    const v = valueAt(point, at);
    const half = point.swing * (0.2 + random() * 0.3);
    const round = (x) => Math.round(x * 100) / 100;
    buckets.push({ at: rfc(at), count: 6, min: round(Math.max(0, v - half)), max: round(v + half), mean: v, last: v, states: 0 });
  }
  const alarms = [...db.records.values()].filter((r) => r.type === 'alarm' && r.fields.point === point.id && Date.parse(r.fields.begin_at) < to && Date.parse(r.fields.cleared_at ?? rfc(Date.now())) > from);
  return { unit: point.unit, from: rfc(from), to: rfc(to), width_s: width / 1000, buckets, samples: [], limits: { alarm: point.alarm, alarm_low: point.alarm_low, cut: point.cut, restore: point.restore }, alarms: alarms.map((a) => ({ id: a.id, rule: a.fields.rule, grade: a.fields.grade, begin_at: a.fields.begin_at, cleared_at: a.fields.cleared_at ?? null })) };
}
function board(who) {
  const concerns = myMines(who).map((m) => {
    const open = [...db.records.values()].filter((r) => r.type === 'alarm' && r.fields.mine === m.id && r.state !== 'closed');
    const hazards = [...db.records.values()].filter((r) => r.type === 'hazard' && r.fields.mine === m.id && !['closed', 'withdrawn'].includes(r.state));
    const n = (grade) => open.filter((a) => a.fields.grade === grade).length;
    const waiting = open.filter((a) => a.state === 'raised');
    const overdue = hazards.filter((h) => h.fields.deadline && h.fields.deadline < rfc(Date.now()).slice(0, 10)).length;
    const people = db.people.get(m.id);
    const parts = [['red', n('red') * 40], ['orange', n('orange') * 20], ['yellow', n('yellow') * 8], ['unanswered', waiting.length * 5], ['overdue_hazards', overdue * 4], ['people_over_quota', people.people > 100 ? 15 : 0], ['hours_of_silence', m === mines[3] ? 25 : 0]].map(([name, points]) => ({ name, points })).filter((p) => p.points);
    return { mine: m.id, organisation: m.fields.organisation, code: m.fields.code, name: m.fields.name, status: m.fields.status, simulated: m.fields.simulated, score: parts.reduce((s, p) => s + p.points, 0), red: n('red'), orange: n('orange'), yellow: n('yellow'), blue: n('blue'), unanswered: waiting.length, oldest_unanswered: waiting.map((a) => a.fields.raised_at).sort()[0] ?? null, overdue_hazards: overdue, open_hazards: hazards.length, people: people.people, quota: 100, silence_s: m === mines[3] ? 4300 : 22, parts };
  });
  return { as_of: rfc(Date.now()), mines: concerns.sort((a, b) => b.score - a.score) };
}
const feeds = (who) => myMines(who).flatMap((m) => ['aqjk', 'rydw'].map((system) => {
  const rows = db.ledger.filter((r) => r.mine === m.id && r.system === system);
  const silent = m === mines[3];
  return { mine: m.id, mine_name: m.fields.name, system, last_file: rows[0]?.file_name ?? null, last_arrival: silent ? rfc(Date.now() - 4_300_000) : rfc(Date.now() - 20_000), last_event: rows[0]?.header_time ?? null, lag_s: silent ? 4300 : system === 'rydw' && m === mines[2] ? 260 : 22, accepted_today: 812 + rows.length, rejected_today: rows.filter((r) => r.verdict === 'rejected').length, quarantined: m === mines[2] ? 1840 : 0, gaps_today: silent ? 3 : 0 };
}));

// ---- routes ----
const routes = [
  ['GET', /^\/catalog$/, () => ({ record_types: catalog.record_types, workflows: catalog.workflows, dictionaries: catalog.dictionaries, roles: catalog.roles, rules: catalog.rules })],
  ['GET', /^\/packs$/, () => catalog.packs],
  ['GET', /^\/packs\/rules$/, () => ({ rules: catalog.alarm_rules, escalation: [{ grade: 'red', to_level: 'city', after_s: 600, source: { confidence: 'D' } }, { grade: 'red', to_level: 'province', after_s: 1200, source: { confidence: 'D' } }, { grade: null, to_level: 'county', after_s: 900, source: { confidence: 'D' } }] })],
  ['GET', /^\/packs\/limits$/, () => ({ limits: catalog.limits })],
  ['GET', /^\/records\/(\w+)$/, (c, type) => list(c.who, type, c.query)],
  ['POST', /^\/records\/(\w+)$/, (c, type) => ({ $status: 201, ...create(c.who, type, c.json()) })],
  ['GET', /^\/records\/(\w+)\/export\.csv$/, (c, type) => ({ $text: `﻿${typeOf(type).list_fields.join(',')}\n`, $type: 'text/csv' })],
  ['POST', /^\/records\/(\w+)\/import$/, () => ({ created: 12, updated: 3, unchanged: 5, faults: [{ row: 7, column: 'name', message: 'required' }, { row: 19, column: 'born', message: 'found "1988/13/01", expected yyyy-MM-dd' }] })],
  ['GET', /^\/records\/(\w+)\/(\d+)$/, (c, type, id) => show(find(c.who, type, id), c.who, true)],
  ['PATCH', /^\/records\/(\w+)\/(\d+)$/, (c, type, id) => {
    const record = find(c.who, type, id);
    const body = c.json();
    if (!may(c.who, typeOf(type).access.update)) throw new Refusal(403, 'forbidden');
    stale(c.who, record, body.version);
    change(c.who, record, body.fields, 'update', body.reason);
    return show(record, c.who, true);
  }],
  ['GET', /^\/records\/(\w+)\/(\d+)\/history$/, (c, type, id) => ({ changes: db.changes.filter((x) => x.id === find(c.who, type, id).id) })],
  ['POST', /^\/records\/(\w+)\/(\d+)\/steps\/(\w+)$/, (c, type, id, name) => step(c.who, find(c.who, type, id), name, c.json())],
  ['POST', /^\/attachments$/, (c) => {
    const sha256 = createHash('sha256').update(c.raw).digest('hex');
    db.files.set(sha256, { bytes: c.raw, type: c.headers['content-type'] });
    return { sha256, size: c.raw.length, media_type: c.headers['content-type'], name: c.query.get('name') };
  }],
  ['GET', /^\/attachments\/(\w+)$/, (_c, sha) => {
    const file = db.files.get(sha);
    if (!file) throw new Refusal(404, 'not_found');
    return { $text: file.bytes, $type: file.type };
  }],
  ['GET', /^\/options\/(\w+)$/, (c, type) => {
    const q = c.query.get('q') ?? '';
    return { options: [...db.records.values()].filter((r) => r.type === type && visible(c.who, r) && labelOf(r).includes(q)).slice(0, Number(c.query.get('limit') ?? 20)).map((r) => ({ id: r.id, title: labelOf(r) })) };
  }],
  ['GET', /^\/search$/, (c) => ({ hits: [...db.records.values()].filter((r) => r.type !== 'account' && visible(c.who, r) && JSON.stringify(r.fields).includes(c.query.get('q'))).slice(0, 40).map((r) => ({ type: r.type, id: r.id, title: r.title })) })],
  ['GET', /^\/board$/, (c) => board(c.who)],
  ['GET', /^\/mines\/(\d+)\/live$/, (c, id) => ({ mine: show(inMine(c.who, id), c.who), as_of: rfc(Date.now()), points: points.filter((p) => p.mine === id).map(({ base, swing, index, mine, ...p }) => p) })],
  ['GET', /^\/mines\/(\d+)\/people$/, (c, id) => db.people.get(inMine(c.who, id).id)],
  ['GET', /^\/points\/(\d+)\/series$/, (c, id) => series(points.find((p) => p.id === id), c.query)],
  ['POST', /^\/alarms\/(\d+)\/hazard$/, (c, id) => {
    const alarm = find(c.who, 'alarm', id);
    if (alarm.fields.hazard) throw new Refusal(409, 'conflict');
    const hazard = put('hazard', { number: `YH-202601-${db.records.size}`, organisation: alarm.fields.organisation, mine: alarm.fields.mine, title: alarm.title, description: alarm.fields.evidence, place: alarm.fields.place, origin: 'alarm', alarm: alarm.id, found_by: c.who.record.id, found_at: rfc(Date.now()) }, { created_by: c.who.record.fields.name, owner: alarm.owner });
    change(c.who, alarm, { hazard: hazard.id }, 'update');
    return { $status: 201, ...show(hazard, c.who, true) };
  }],
  ['GET', /^\/uploads\/health$/, (c) => ({ feeds: feeds(c.who) })],
  ['GET', /^\/uploads\/quarantine$/, (c) => ({ rows: db.quarantine.filter((r) => myMines(c.who).some((m) => m.id === r.mine)) })],
  ['GET', /^\/uploads$/, (c) => {
    const rows = db.ledger.filter((r) => myMines(c.who).some((m) => m.id === r.mine) && ['mine', 'verdict', 'file_type'].every((n) => !c.query.get(n) || r[n] === c.query.get(n)));
    const from = c.query.get('before') ? rows.findIndex((r) => r.id === c.query.get('before')) + 1 : 0;
    return { rows: rows.slice(from, from + 50), next: rows[from + 50] ? rows[from + 49].id : null };
  }],
  ['POST', /^\/accounts\/\d+\/password$/, () => ({ password: 'Tq7-wmPe-38xd' })],
  ['POST', /^\/accounts\/\d+\/token$/, () => ({ token: `mw_${randomBytes(24).toString('hex')}` })],
  ['GET', /^\/log$/, (c) => {
    const rows = db.changes.filter((x) => (!c.query.get('type') || x.type === c.query.get('type')) && (!c.query.get('actor') || x.actor.includes(c.query.get('actor'))) && (!c.query.get('before') || x.seq < Number(c.query.get('before')))).reverse();
    return { changes: rows.slice(0, 50), next: rows[50] ? String(rows[49].seq) : null };
  }],
  ...regulationRoutes(Refusal),
  ['GET', /^\/log\/verify$/, () => ({ ok: true, entries: db.changes.length, first_bad_seq: null, message: '' })],
];

const sessionBody = (who, csrf) => ({
  account: { id: who.record.id, name: who.record.fields.name, display_name: who.record.fields.display_name, roles: who.record.fields.roles, level: who.level, home: who.home, organisation: { id: who.record.fields.organisation, name: db.records.get(who.record.fields.organisation).title } },
  csrf, must_change_password: who.record.fields.must_change_password,
});
const cookieOf = (headers) => /mw_session=(\w+)/.exec(headers.cookie ?? '')?.[1];

function sessionRoute(c, method, path, res) {
  if (path === '/session/password') {
    const body = c.json();
    if (body.old !== c.who.password) throw new Refusal(401, 'bad_credentials');
    c.who.password = body.new;
    c.who.record.fields.must_change_password = false;
    return {};
  }
  if (method === 'GET') return sessionBody(c.who, c.session.csrf);
  if (method === 'DELETE') {
    sessions.delete(cookieOf(c.headers));
    return {};
  }
  const { name, password } = c.json();
  const who = accounts.find((a) => a.record.fields.name === name);
  if (name === 'locked') throw new Refusal(429, 'locked', { retry_after: 840 });
  if (!who || who.password !== password) throw new Refusal(401, 'bad_credentials');
  const id = randomBytes(16).toString('hex');
  sessions.set(id, { who, csrf: randomBytes(8).toString('hex') });
  res.setHeader('Set-Cookie', `mw_session=${id}; HttpOnly; SameSite=Strict; Path=/`);
  return sessionBody(who, sessions.get(id).csrf);
}

async function api(req, res, url) {
  const chunks = [];
  for await (const chunk of req) chunks.push(chunk);
  const raw = Buffer.concat(chunks);
  const session = sessions.get(cookieOf(req.headers));
  const c = { who: session?.who, session, query: url.searchParams, raw, headers: req.headers, json: () => JSON.parse(raw.toString() || '{}') };
  const path = url.pathname.slice('/api/v1'.length);
  if (!session && !(path === '/session' && req.method === 'POST')) throw new Refusal(401, 'unauthenticated');
  if (session && !['GET', 'HEAD'].includes(req.method) && req.headers['x-csrf-token'] !== session.csrf && path !== '/session') throw new Refusal(403, 'forbidden');
  if (path.startsWith('/session')) return sessionRoute(c, req.method, path, res);
  for (const [method, pattern, run] of routes) {
    const found = method === req.method ? pattern.exec(path) : null;
    if (found) return run(c, ...found.slice(1));
  }
  throw new Refusal(404, 'not_found');
}

const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };
// The policy of the real server, so that a page which breaks it is seen here.
const policy = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'";
async function page(url, res) {
  const file = types[extname(url.pathname)] ? url.pathname : '/index.html';
  try {
    const bytes = await readFile(join(dist, file));
    res.writeHead(200, { 'Content-Type': types[extname(file)] ?? 'application/octet-stream', 'Content-Security-Policy': policy }).end(bytes);
  } catch {
    res.writeHead(404).end();
  }
}

const server = createServer(async (req, res) => {
  const url = new URL(req.url, 'http://mock');
  if (!url.pathname.startsWith('/api/')) return page(url, res);
  try {
    const { $status = 200, $text, $type, ...body } = await wrap(api(req, res, url));
    res.writeHead($status, { 'Content-Type': $type ?? 'application/json' }).end($text ?? JSON.stringify('$list' in body ? body.$list : body));
  } catch (error) {
    if (!(error instanceof Refusal)) console.error(error);
    res.writeHead(error.status ?? 500, { 'Content-Type': 'application/json' }).end(JSON.stringify(error.body ?? { error: { code: 'internal', message: String(error) } }));
  }
});
const wrap = async (answer) => {
  const value = await answer;
  return Array.isArray(value) ? { $list: value } : value;
};

// ---- live ----
const hub = new WebSocketServer({ noServer: true });
server.on('upgrade', (req, socket, head) => {
  const session = sessions.get(cookieOf(req.headers));
  if (!session) return socket.destroy();
  hub.handleUpgrade(req, socket, head, (ws) => {
    const me = { ws, who: session.who, watch: [] };
    sockets.add(me);
    ws.on('message', (data) => {
      const message = JSON.parse(data);
      if (message.watch) me.watch = message.watch;
    });
    ws.on('close', () => sockets.delete(me));
  });
});
function push(message) {
  const mine = message.mine ?? message.alarm?.fields.mine;
  for (const { ws, who, watch } of sockets) {
    if (!myMines(who).some((m) => m.id === mine)) continue;
    if (message.kind !== 'values' || watch.includes(mine)) ws.send(JSON.stringify(message));
  }
}
setInterval(() => {
  for (const mine of mines) {
    const mineOnes = points.filter((p) => p.mine === mine.id && p.quality === 'good');
    for (const p of mineOnes) Object.assign(p, { value: valueAt(p, Date.now()), at: rfc(Date.now()) });
    push({ kind: 'values', mine: mine.id, at: rfc(Date.now()), points: mineOnes.map(({ id, value, state, at }) => ({ id, value, state, at })) });
  }
}, 3000);
function raise() {
  const point = points[Math.floor(random() * 3)];
  const mine = mines[0];
  const alarm = put('alarm', { number: `BJ-${db.records.size}`, event_key: newId(), title: `${point.place} 瓦斯超限`, organisation: mine.fields.organisation, mine: mine.id, rule: 'G-1', grade: 'yellow', point: point.id, place: point.place, begin_at: rfc(Date.now() - 30_000), raised_at: rfc(Date.now()), peak: 1.08, peak_at: rfc(Date.now()), unit: '%CH4', limit_text: '≥1.0 %CH4', clause: '煤矿安全规程 第四百九十八条', late: false }, { owner: mine.fields.organisation, created_by: 'system:watch' });
  push({ kind: 'alarm', alarm: show(alarm, accounts[0]) });
}
const every = Number(process.env.MOCK_ALARM_EVERY_S ?? 45);
if (every > 0) setInterval(raise, every * 1000);
server.listen(port, '127.0.0.1', () => console.log(`mock on http://127.0.0.1:${port}  (accounts: ${accounts.map((a) => a.record.fields.name).join(' ')}; password mineward-demo)`));
