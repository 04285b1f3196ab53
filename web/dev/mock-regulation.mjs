// Duties, clauses, forms and pack settings for the mock server, shaped as docs/api.md says. Development only.
import { catalog, county, db, mines, newId, put, random, rfc } from './mock-data.mjs';

const day = 86_400_000;
const beijing = 8 * 3_600_000;
const startOfDay = (ms) => Math.floor((ms + beijing) / day) * day - beijing;
const dateOf = (ms) => rfc(ms).slice(0, 10);
const { clauses, documents, duties: rules, forms } = catalog.regulation;
const labelOf = (dictionary, code) => catalog.dictionaries.filter((d) => d.name === dictionary).flatMap((d) => d.entries).find((e) => e.code === code)?.label ?? { zh: code, en: code };
const zero = () => ({ upcoming: 0, met: 0, late: 0, missed: 0, met_late: 0 });

// ---- duties ----
const hours = (text) => (text ? Number.parseFloat(text) * (text.endsWith('d') ? 24 : text.endsWith('min') ? 1 / 60 : 1) : 0);
const sentence = (r) => ({ zh: `${r.label.zh}：每${{ shift: '班', day: '日', week: '周', month: '月', quarter: '季度' }[r.every] ?? '期'}${r.at_least ? `至少 ${r.at_least} 次` : `超过 ${r.longer_than} 的不多于 ${r.at_most} 次`}，${r.due} 前完成；逾期 ${r.late_for ?? '0'} 后记为未完成。`, en: `${r.label.en}: at least ${r.at_least ?? 0} every ${r.every}, due ${r.due}; missed ${r.late_for ?? '0'} after that.` });
const asRule = (r) => ({ id: r.id, pack: r.pack, family: r.family, label: r.label, clause: r.clause, sentence: sentence(r), every: r.every, owed_by: r.owed_by, overseen_by: r.overseen_by, done_by: r.done_by ?? [], counts: r.counts, at_least: r.at_least ?? null, at_most: r.at_most ?? null, longer_than_h: r.longer_than ? hours(r.longer_than) : null, due: r.due, late_for_h: hours(r.late_for), climbs: (r.climbs ?? []).map((c) => ({ to: c.to, after_h: hours(c.after), source: c.source })), valid_from: r.valid_from, valid_to: null, source: r.source });
function periodAt(every, ms) {
  const d = new Date(startOfDay(ms) + beijing);
  const [y, m] = [d.getUTCFullYear(), d.getUTCMonth()];
  const at = (yy, mm) => Date.UTC(yy, mm, 1) - beijing;
  if (every === 'shift') { const s = startOfDay(ms); const i = Math.floor((ms - s) / (8 * 3_600_000)); return [s + i * 8 * 3_600_000, s + (i + 1) * 8 * 3_600_000]; }
  if (every === 'day') return [startOfDay(ms), startOfDay(ms) + day];
  if (every === 'week') { const s = startOfDay(ms) - ((d.getUTCDay() + 6) % 7) * day; return [s, s + 7 * day]; }
  if (every === 'month') return [at(y, m), at(y, m + 1)];
  if (every === 'quarter') return [at(y, m - (m % 3)), at(y, m - (m % 3) + 3)];
  return every === 'half_year' ? [at(y, m - (m % 6)), at(y, m - (m % 6) + 6)] : [at(y, 0), at(y + 1, 0)];
}
const now = Date.now();
const persons = mines.flatMap((mine) => [...db.records.values()].filter((r) => r.type === 'person' && r.fields.mine === mine.id).slice(0, 2));
const duties = [];
for (const rule of rules) {
  const subjects = rule.owed_by === 'mine' ? mines : rule.owed_by === 'person' ? persons : [county];
  for (const subject of subjects) {
    const mine = mines.find((m) => m.id === (subject.fields.mine ?? subject.id));
    for (let at = now - 62 * day; at < now + 20 * day;) {
      const [from, to] = periodAt(rule.every, at);
      at = to + 1;
      const due = to + (rule.due.includes('working') ? 5 * day : 0) - 1000;
      const needed = rule.at_least ?? rule.at_most ?? 1;
      const dice = random();
      const limit = Boolean(rule.longer_than);
      const state = due > now ? (dice < 0.25 && !limit ? 'met' : 'upcoming') : dice < 0.86 ? 'met' : dice < 0.9 ? 'met_late' : due > now - 2 * day ? 'late' : 'missed';
      const progress = limit ? (['late', 'missed'].includes(state) ? needed + 1 : 0) : state.startsWith('met') ? needed : Math.floor(random() * needed);
      duties.push({ rule: rule.id, label: rule.label, clause: rule.clause, subject_type: rule.owed_by, subject: subject.id, subject_name: subject.title, owner: mine?.fields.organisation ?? subject.id, owner_name: db.records.get(mine?.fields.organisation ?? subject.id)?.title ?? '', every: rule.every, period: String(from), period_start: rfc(from), period_end: rfc(to), due: rfc(due), dueMs: due, mine: mine?.id, state, progress, needed, is_limit: limit, unconfirmed: rule.claims && dice > 0.8 ? 1 : 0, met_at: state.startsWith('met') ? rfc(due - 3_600_000) : null, level: state === 'missed' ? (dice > 0.95 ? 'city' : 'county') : '', overseen_by: rule.overseen_by });
    }
  }
}
const ms = (text) => (text ? Date.parse(text.length === 10 ? `${text}T00:00:00+08:00` : text) : null);
function pickDuties(who, q) {
  const get = (name) => q.get(name) ?? '';
  return duties.filter((d) => (!who.mine || d.mine === who.mine) && (!get('state') || get('state').split(',').includes(d.state)) && (!get('rule') || d.rule === get('rule')) && (!get('clause') || d.clause === get('clause'))
    && (!get('subject') || d.subject === get('subject')) && (!get('mine') || d.mine === get('mine')) && (!get('level') || (d.level && ['mine', 'county', 'city', 'province'].indexOf(d.level) >= ['mine', 'county', 'city', 'province'].indexOf(get('level'))))
    && (!get('from') || d.dueMs >= ms(get('from'))) && (!get('to') || d.dueMs < ms(get('to'))));
}
const countsOf = (list) => list.reduce((c, d) => { c[d.state] += 1; return c; }, zero());
const out = ({ dueMs, mine, ...d }) => d;
const worst = (c) => ['missed', 'late', 'upcoming', 'met_late'].find((s) => c[s]) ?? 'met';
const asClause = (c) => {
  const document = documents.find((d) => d.id === c.document);
  const carried = [...rules.filter((r) => r.clause === c.id).map((r) => ({ what: 'duty', name: r.id, label: r.label })), ...forms.filter((f) => f.clause === c.id || f.columns.some((x) => x.source?.clause === c.id)).map((f) => ({ what: 'form', name: f.name, label: f.label }))];
  return { id: c.id, document: c.document, document_title: document?.title ?? { zh: c.document, en: c.document }, article: c.article, text: c.text, original: c.original ?? null, kind: c.kind, kind_label: labelOf('clause_kind', c.kind), binds: c.binds ?? [], quantities: c.quantities ?? [], checkable: c.checkable, system: c.system, system_label: labelOf('system', c.system), also: c.also ?? [], families: (c.families ?? []).map((code) => ({ code, label: labelOf('clause_family', code) })), carried_by: carried, carried: carried.length > 0, pack: c.pack, jurisdiction: document?.jurisdiction ?? '', valid_from: document?.valid_from ?? null, valid_to: document?.valid_to ?? null };
};
const every = clauses.map(asClause);
const facet = (list, key, rest) => list.map((x) => { const own = every.filter((c) => c[key] === (x.id ?? x.code)); return { ...rest(x), clauses: own.length, carried: own.filter((c) => c.carried).length }; });

// ---- forms ----
const city = db.records.get(county.fields.parent);
const units = [county, city, ...['邻县能源局', '青山县能源局', '白水县应急管理局'].map((name, i) => put('organisation', { code: `C${i}`, name, kind: 'regulator', level: 'county', parent: city.id }))].map((o) => ({ id: o.id, name: o.title, level: o.fields.level }));
const filings = new Map();
const seen = (who) => units.filter((u) => who.record.fields.name !== 'neighbour' && !who.mine && (u.level === 'county' || true));
const layout = (form, month) => ({ name: form.name, label: form.label, title: form.title.replace('{yyyy}', month.slice(0, 4)).replace('{M}', String(Number(month.slice(5)))), clause: form.clause, groups: [...new Set(form.columns.map((c) => c.group))].map((name) => ({ name, columns: form.columns.filter((c) => c.group === name).map((c) => c.number) })), columns: form.columns.map((c) => ({ number: c.number, name: c.name, sub: c.sub ?? null, unit: c.unit, decimals: c.decimals ?? 0, is_share: Boolean(c.share_of) })), rows: form.rows.map((r) => ({ name: r.name, label: r.label })), narrative: form.narrative, footer: form.footer, note: form.note ?? '' });
const drawnOf = (form, unit, month, row, n) => {
  const column = form.columns.find((c) => c.number === n);
  if (column.share_of) { const all = drawnOf(form, unit, month, row, column.share_in); return all ? Math.round((1000 * drawnOf(form, unit, month, row, column.share_of)) / all) / 10 : null; }
  const base = (Number(unit.slice(-4)) * 7 + n * 13 + Number(month.slice(5)) * 5) % (n > 12 ? 6 : 40);
  return (row === 'month' || column.indicator?.stock ? base : base * 9 + n) / (column.decimals ? 4 : 1);
};
function cells(form, unit, month, filing) {
  const all = {};
  for (const row of form.rows) {
    all[row.name] = {};
    for (const { number } of form.columns) {
      const drawn = drawnOf(form, unit, month, row.name, number);
      const fixed = filing?.fixed[`${row.name}.${number}`];
      all[row.name][number] = { value: fixed?.value ?? drawn, drawn, now: filing?.state === 'filed' && number === 7 ? drawn + 1 : drawn, corrected: Boolean(fixed), reason: fixed?.reason ?? null, corrected_by: fixed?.by ?? null };
    }
  }
  return all;
}
const dueOf = (month) => { const [y, m] = month.split('-').map(Number); return rfc(Date.UTC(y, m, 7) - beijing); };
function formPage(who, form, unitId, month, Refusal) {
  const unit = units.find((u) => u.id === unitId);
  if (!unit || who.mine) throw new Refusal(404, 'not_found');
  const filing = filings.get(`${form.name}|${unit.id}|${month}`) ?? null;
  const own = who.record.fields.organisation === unit.id;
  const state = filing?.state ?? 'none';
  const can = own ? { none: ['open'], draft: ['edit', 'file'], returned: ['edit', 'file'], filed: ['return', 'accept'], accepted: ['return', 'freeze'] }[state] ?? [] : { filed: ['return', 'accept'], accepted: ['freeze', 'return'] }[state] ?? [];
  return { form: layout(form, month), unit, month, due_at: dueOf(month), filing: filing && { ...filing, fixed: undefined, history: undefined }, cells: cells(form, unit.id, month, filing), can, history: filing?.history ?? [] };
}
for (const [i, unit] of units.entries()) {
  if (i === 0 || i === 4) continue;
  const month = dateOf(startOfDay(now) - 32 * day).slice(0, 7);
  filings.set(`annex2|${unit.id}|${month}`, { id: newId(), version: 2, form: 'annex2', unit: unit.id, month, state: ['', 'draft', 'accepted', 'filed'][i], cases: '', compiler: '赵某', contact: '0859-1234567', filed_on: dateOf(now - 20 * day), filed_at: i > 1 ? rfc(now - 20 * day) : null, filed_late: i === 3, accepted_at: null, return_reason: null, fixed: {}, history: [{ at: rfc(now - 22 * day), actor: 'xian2', action: 'open', reason: null }] });
}

// ---- pack settings ----
const settings = [{ id: newId(), version: 2, pack: 'yangcheng_2024', pack_label: { zh: '阳城百日攻坚', en: 'Yangcheng 100 days' }, action: 'switch_on', replaced_by: null, region: '990101', region_name: '示例县', first_day: dateOf(now - 30 * day), last_day: dateOf(now + 60 * day), reason: '示例县安委办〔2026〕12 号，开展百日攻坚。', state: 'in_force', put_in_force_at: rfc(now - 30 * day), steps: ['withdraw'] }];

export function regulationRoutes(Refusal) {
  const formOf = (name) => forms.find((f) => f.name === name) ?? (() => { throw new Refusal(404, 'not_found'); })();
  const stepOf = { file: 'filed', return: 'returned', accept: 'accepted', freeze: 'frozen' };
  const filingOf = (id) => [...filings.values()].find((f) => f.id === id) ?? (() => { throw new Refusal(404, 'not_found'); })();
  return [
    ['GET', /^\/duties$/, (c) => {
      const all = pickDuties(c.who, c.query).sort((a, b) => (c.query.get('sort') === '-due' ? b.dueMs - a.dueMs : a.dueMs - b.dueMs));
      const [from, limit] = [Number(c.query.get('after') ?? 0), Number(c.query.get('limit') ?? 50)];
      return { duties: all.slice(from, from + limit).map(out), next: from + limit < all.length ? String(from + limit) : null, total: all.length, as_of: rfc(Date.now()) };
    }],
    ['GET', /^\/duties\/summary$/, (c) => { const all = pickDuties(c.who, c.query); return { as_of: rfc(Date.now()), counts: countsOf(all), by_owner: [], climbed: ['county', 'city'].map((level) => ({ level, count: all.filter((d) => d.level === level).length })) }; }],
    ['GET', /^\/duties\/calendar$/, (c) => {
      const days = new Map();
      for (const d of pickDuties(c.who, c.query)) if (d.due.startsWith(c.query.get('month'))) days.set(d.due.slice(0, 10), [...(days.get(d.due.slice(0, 10)) ?? []), d]);
      return { month: c.query.get('month'), days: [...days].map(([date, list]) => ({ date, counts: countsOf(list), working_day: ![0, 6].includes(new Date(date).getUTCDay()) })) };
    }],
    ['GET', /^\/duties\/matrix$/, (c) => {
      const all = pickDuties(c.who, c.query);
      const subjects = [...new Map(all.map((d) => [d.subject, { subject: d.subject, subject_type: d.subject_type, name: d.subject_name, owner_name: d.owner_name }])).values()];
      const used = rules.filter((r) => all.some((d) => d.rule === r.id));
      return { rules: used.map(({ id, label, clause, every: e }) => ({ id, label, clause, every: e })), subjects, cells: subjects.map((s) => used.map((r) => { const own = all.filter((d) => d.subject === s.subject && d.rule === r.id); const counts = countsOf(own); return own.length ? { counts, worst: worst(counts), progress: own.at(-1).progress, needed: own.at(-1).needed, period: own.at(-1).period } : null; })) };
    }],
    ['GET', /^\/duties\/one$/, (c) => {
      const duty = duties.find((d) => d.rule === c.query.get('rule') && d.subject === c.query.get('subject') && d.period === c.query.get('period'));
      if (!duty) throw new Refusal(404, 'not_found');
      const rule = rules.find((r) => r.id === duty.rule);
      const counted = Array.from({ length: duty.progress + 1 }, (_, i) => ({ type: rule.counts, id: newId(), title: `${labelOf('x', '').zh}${rule.label.zh} ${i + 1}`, at: rfc(Number(duty.period) + (i + 1) * 3_600_000), done: rfc(Number(duty.period) + (i + 2) * 3_600_000), counted: i < duty.progress, why: i < duty.progress ? { zh: '在本期内，按时录入', en: 'within the period, entered in time' } : { zh: '状态为“已填报”，须经审核', en: 'its state is "entered"; it has to be confirmed' } }));
      return { ...out(duty), rule_detail: asRule(rule), clause_detail: every.find((x) => x.id === duty.clause), evidence: counted, claims: rule.claims ? [{ type: rule.claims.record, id: newId(), title: '入井带班自报', at: duty.period_start, confirmed: true }, { type: rule.claims.record, id: newId(), title: '入井带班自报', at: duty.period_start, confirmed: false }] : [], also_bound_by: rules.filter((r) => r.family && r.family === rule.family && r.id !== rule.id).slice(0, 1).map((r) => ({ rule: asRule(r), why: { zh: '本条的数字更严，以本条为准', en: 'this number is stricter: it holds' } })) };
    }],
    ['GET', /^\/duties\/export$/, () => ({ $text: '﻿条款,应办事项\n', $type: 'text/csv' })],
    ['GET', /^\/clauses$/, (c) => {
      const get = (name) => c.query.get(name) ?? '';
      const hits = every.filter((x) => (!get('words') || JSON.stringify(x).toLowerCase().includes(get('words').toLowerCase())) && (!get('document') || x.document === get('document')) && (!get('system') || x.system === get('system')) && (!get('carried') || x.carried === (get('carried') === '1')));
      const offset = Number(c.query.get('offset') ?? 0);
      return { clauses: hits.slice(offset, offset + 50), total: hits.length, documents: facet(documents, 'document', ({ id, title, jurisdiction, valid_from, valid_to }) => ({ id, title, jurisdiction, valid_from, valid_to })), systems: facet(catalog.dictionaries.filter((d) => d.name === 'system').flatMap((d) => d.entries), 'system', ({ code, label }) => ({ code, label })) };
    }],
    ['GET', /^\/clauses\/([^/]+)$/, (c, id) => {
      const clause = every.find((x) => x.id === decodeURIComponent(id));
      if (!clause) throw new Refusal(404, 'not_found');
      const own = pickDuties(c.who, new URLSearchParams({ clause: clause.id }));
      const standing = [...new Set(own.map((d) => d.subject))].map((subject) => { const list = own.filter((d) => d.subject === subject); const last = list.filter((d) => d.dueMs < now).at(-1) ?? list[0]; return { subject_type: last.subject_type, subject, name: last.subject_name, owner_name: last.owner_name, counts: countsOf(list), last: out(last) }; });
      return { ...clause, rules: rules.filter((r) => r.clause === clause.id).map(asRule), standing, siblings: every.filter((x) => x.id !== clause.id && x.families.some((f) => clause.families.some((g) => g.code === f.code))).map(({ id: other, text, carried, document_title }) => ({ id: other, text, carried, document_title })) };
    }],
    ['GET', /^\/packs\/settings$/, () => ({ settings })],
    ['POST', /^\/packs\/preview$/, (c) => { const own = duties.filter((d) => rules.find((r) => r.id === d.rule).pack === c.json().pack); const part = (list) => ({ count: list.length, by_rule: rules.map((r) => ({ rule: r.id, label: r.label, count: list.filter((d) => d.rule === r.id).length })).filter((r) => r.count), by_change: [], sample: list.slice(0, 8).map((d) => ({ ...out(d), was: null })) }); return { rules: rules.filter((r) => r.pack === c.json().pack).map(({ id, label, clause }) => ({ id, label, clause })), appear: part(own), vanish: part([]), turn: { ...part(own.slice(0, 3)), by_rule: [], by_change: [{ from: 'met', to: 'late', count: 3 }] }, unchanged: duties.length - own.length, warnings: [{ zh: '2 家矿山在此期间停产，不受约束', en: 'Two mines are stopped in this time and not bound' }] }; }],
    ['POST', /^\/packs\/settings$/, (c) => { const b = c.json(); const s = { id: newId(), version: 1, pack_label: catalog.packs.find((p) => p.name === b.pack)?.label, region_name: '示例县', replaced_by: null, last_day: null, ...b, state: 'prepared', put_in_force_at: null, steps: ['put_in_force', 'withdraw'] }; settings.unshift(s); return { $status: 201, ...s }; }],
    ['POST', /^\/packs\/settings\/(\d+)\/(put_in_force|withdraw)$/, (c, id, step) => { const s = settings.find((x) => x.id === id); Object.assign(s, { version: s.version + 1, state: step === 'withdraw' ? 'withdrawn' : 'in_force', steps: step === 'withdraw' ? [] : ['withdraw'] }); return s; }],
    ['GET', /^\/forms$/, (c) => forms.map((f) => ({ name: f.name, label: f.label, clause: f.clause, filed_by: f.filed_by, pack: f.pack, units: seen(c.who) }))],
    ['GET', /^\/forms\/(\w+)\/records$/, (c, name) => { const n = Number(c.query.get('column')); const column = formOf(name).columns.find((x) => x.number === n); const total = Math.ceil(drawnOf(formOf(name), c.query.get('unit'), c.query.get('month'), c.query.get('row'), n) ?? 0); const hazards = [...db.records.values()].filter((r) => r.type === 'hazard').slice(0, total); return { indicator: { counts: column.indicator?.counts ?? '', label: column.name, sentence: { zh: `统计${column.name.zh}：本期内符合条件的记录数。`, en: `Counts ${column.name.en} within the period.` } }, records: hazards.map((h) => ({ type: 'hazard', id: h.id, title: h.title, at: h.fields.found_at, owner_name: db.records.get(h.owner)?.title ?? '', ...(column.indicator?.adds ? { adds: 2 } : {}) })), next: null, total, sum: column.indicator?.adds ? total * 2 : null }; }],
    ['GET', /^\/forms\/(\w+)\/summary$/, (c, name) => {
      const form = formOf(name);
      const month = c.query.get('month');
      const rows = units.map((u) => { const f = filings.get(`${name}|${u.id}|${month}`); return { ...u, state: f?.state ?? 'none', filed_at: f?.filed_at ?? null, due_at: dueOf(month), late: f ? f.filed_late || !f.filed_at : Date.parse(dueOf(month)) < now, filing: f?.id ?? null }; });
      const counted = rows.filter((r) => ['accepted', 'frozen'].includes(r.state));
      const sums = {};
      for (const row of form.rows) { sums[row.name] = {}; for (const { number } of form.columns) sums[row.name][number] = { value: counted.reduce((s, u) => s + (cells(form, u.id, month, filings.get(`${name}|${u.id}|${month}`))[row.name][number].value ?? 0), 0) }; }
      return { form: layout(form, month), month, unit: units[1], cells: sums, units: rows, counted: counted.length, missing: rows.length - counted.length, late: rows.filter((r) => r.late).length };
    }],
    ['GET', /^\/forms\/(\w+)\/export$/, () => ({ $text: 'x', $type: 'text/csv' })],
    ['POST', /^\/forms\/(\w+)\/filings$/, (c, name) => { const { unit, month } = c.json(); filings.set(`${name}|${unit}|${month}`, { id: newId(), version: 1, form: name, unit, month, state: 'draft', cases: '', compiler: '', contact: '', filed_on: null, filed_at: null, filed_late: false, accepted_at: null, return_reason: null, fixed: {}, history: [{ at: rfc(Date.now()), actor: c.who.record.fields.name, action: 'open', reason: null }] }); return { $status: 201, ...formPage(c.who, formOf(name), unit, month, Refusal) }; }],
    ['PATCH', /^\/forms\/filings\/(\d+)$/, (c, id) => {
      const f = filingOf(id);
      const b = c.json();
      const faults = (b.cells ?? []).filter((x) => !x.reason).map((x) => ({ field: `cells.${x.row}.${x.column}`, code: 'reason_required', message: '' }));
      if (faults.length) throw new Refusal(400, 'bad_input', { faults });
      for (const x of b.cells ?? []) f.fixed[`${x.row}.${x.column}`] = { value: x.value, reason: x.reason, by: c.who.record.fields.display_name };
      for (const x of b.clear ?? []) delete f.fixed[`${x.row}.${x.column}`];
      for (const k of ['cases', 'compiler', 'contact']) if (b[k] !== undefined) f[k] = b[k];
      f.version += 1;
      f.history = [{ at: rfc(Date.now()), actor: c.who.record.fields.name, action: 'edit', reason: b.cells?.[0]?.reason ?? null }, ...f.history];
      return formPage(c.who, formOf(f.form), f.unit, f.month, Refusal);
    }],
    ['POST', /^\/forms\/filings\/(\d+)\/(file|return|accept|freeze)$/, (c, id, step) => { const f = filingOf(id); const b = c.json(); Object.assign(f, { version: f.version + 1, state: stepOf[step], return_reason: step === 'return' ? b.reason : null, ...(step === 'file' ? { filed_at: rfc(Date.now()), filed_on: dateOf(Date.now()), filed_late: true } : {}) }); f.history = [{ at: rfc(Date.now()), actor: c.who.record.fields.name, action: step, reason: b.reason ?? null }, ...f.history]; return formPage(c.who, formOf(f.form), f.unit, f.month, Refusal); }],
    ['GET', /^\/forms\/(\w+)$/, (c, name) => formPage(c.who, formOf(name), c.query.get('unit'), c.query.get('month'), Refusal)],
  ];
}
