// What a visit asks of the server, as writes that are sent in order, each with a key of its own so that sending it twice does it
// once. A write may need what an earlier one gave (the id of the inspection): a Ref stands there until it is known.
import type { FieldValue, FieldValues, Label, RecordData } from '@/api/types';
import { sameValue } from '@/lib/records';
import type { KeptTask } from './device';
import type { Finding, Ref, Visit } from './visit';

export type WriteState = 'waiting' | 'conflict' | 'refused' | 'aside' | 'sent';
export type WriteKind = 'begin' | 'start' | 'answer' | 'finding' | 'hazard' | 'recheck' | 'record' | 'sign';
export interface Problem {
  code: string;
  message: string;
  faults: { field: string; code: string; words: Label | null }[];
  /** What the server has now; for a conflict. */
  current: RecordData | null;
}
export interface Answer {
  type: string;
  id: string;
  version: number;
  /** Entry time, by the server. */
  entered_at: string;
}
export interface Write {
  account: string;
  /** Place in the queue; given by the device. */
  seq?: number;
  key: string;
  visit: string;
  kind: WriteKind;
  /** Record type of the fields in the body. */
  type: string;
  title: string;
  method: 'POST' | 'PATCH';
  /** `{key}` stands for the id that the write of that key gave. */
  path: string;
  body: { version?: number | Ref; fields: Record<string, unknown>; reason?: string };
  /** What it stands on: while this is unchanged, a newer version is no conflict (the scheme was approved meanwhile). Null: any is. */
  seen: { state: string; fields: Record<string, FieldValue> } | null;
  /** SHA-256 of the files that must be there first. */
  files: string[];
  /** Event time, by the device. */
  at: string;
  state: WriteState;
  problem: Problem | null;
  answer: Answer | null;
}

const isRef = (value: unknown): value is Ref => typeof value === 'object' && value !== null && '$of' in value;
/** Keys of the writes that this one needs an answer of. */
export function needs(write: Write): string[] {
  const found = new Set([...write.path.matchAll(/\{([\w-]+)\}/g)].map((m) => m[1] ?? ''));
  const look = (value: unknown): void => {
    if (isRef(value)) found.add(value.$of);
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(look);
  };
  look(write.body);
  return [...found];
}
/** Path and body with everything known put in; null while an answer is missing. */
export function resolved(write: Write, answers: Map<string, Answer>): { path: string; body: unknown } | null {
  if (needs(write).some((key) => !answers.has(key))) return null;
  const put = (value: unknown): unknown => {
    if (isRef(value)) return answers.get(value.$of)?.[value.$is];
    if (Array.isArray(value)) return value.map(put);
    return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, put(inner)])) : value;
  };
  return { path: write.path.replace(/\{([\w-]+)\}/g, (_, key: string) => answers.get(key)?.id ?? ''), body: put(write.body) };
}

type Made = Pick<Write, 'kind' | 'type' | 'title' | 'path' | 'body' | 'at'> & Partial<Pick<Write, 'method' | 'files' | 'key' | 'seen'>>;
const write = (visit: Pick<Visit, 'account' | 'task'>, key: string, made: Made): Write => ({
  account: visit.account, visit: visit.task, method: 'POST', files: [], seen: null, state: 'waiting', problem: null, answer: null, ...made, key: made.key ?? key,
});
/** Fields without those that are empty. */
const filled = (fields: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== '' && !(Array.isArray(value) && value.length === 0)));

const seenOf = (record: RecordData, names: string[]): Write['seen'] => ({ state: record.state ?? '', fields: Object.fromEntries(names.map((name) => [name, record.fields[name] ?? null])) });
/** The write on the version that is there now, when nothing it stands on has changed; else null. */
export function onPresent(write: Write, current: RecordData | null): Write | null {
  const { seen, body } = write;
  if (!seen || !current || typeof body.version !== 'number' || current.version <= body.version || current.state !== seen.state) return null;
  const same = Object.entries(seen.fields).every(([name, value]) => sameValue(value, current.fields[name]));
  return same ? { ...write, body: { ...body, version: current.version } } : null;
}

/** The inspection is made of the task, and the task begins. */
export function beginWrites(kept: KeptTask, visit: Visit, keys: { inspection: string; start: string }): Write[] {
  const title = kept.mine?.title ?? kept.task.title;
  return [
    write(visit, keys.inspection, {
      kind: 'begin', type: 'inspection', title, path: `/records/inspection_task/${kept.id}/raise/inspection`, at: visit.begun_at,
      body: { fields: { started_at: visit.begun_at, inspected_on: visit.begun_at.slice(0, 10) } },
    }),
    write(visit, keys.start, {
      kind: 'start', type: 'inspection_task', title, path: `/records/inspection_task/${kept.id}/steps/start`, at: visit.begun_at, seen: seenOf(kept.task, ['mine', 'lead', 'second', 'check_list']),
      body: { version: kept.task.version, fields: { inspection: { $of: keys.inspection, $is: 'id' } } },
    }),
  ];
}

function findingFields(finding: Finding): Record<string, unknown> {
  return filled({
    title: finding.title.trim(), description: finding.description.trim() || finding.title.trim(), kind: finding.kind, level: ['hazard', 'both'].includes(finding.kind) ? finding.level : null,
    disposal: finding.disposal, deadline: finding.deadline, place: finding.place.trim(), basis: finding.basis.trim(), photos: finding.photos, found_at: finding.at,
  });
}
function findingWrites(visit: Visit, finding: Finding, from: string, newKey: () => string): Write[] {
  const made = write(visit, newKey(), { kind: 'finding', type: 'inspection_finding', title: finding.title, path: `${from}/raise/finding`, at: finding.at, files: finding.photos, body: { fields: findingFields(finding) } });
  const isHazard = finding.hazard && ['hazard', 'both'].includes(finding.kind);
  return isHazard
    ? [made, write(visit, newKey(), { kind: 'hazard', type: 'hazard', title: finding.title, path: `/records/inspection_finding/{${made.key}}/raise/hazard`, at: finding.at, body: { fields: {} } })]
    : [made];
}

/** Everything that was done on the spot, in the order in which it is entered. `summary`: the findings in words, for the record. */
export function finishWrites(visit: Visit, title: string, summary: string, newKey: () => string): Write[] {
  const out: Write[] = [];
  const inspection = visit.inspection.id;
  const at = visit.ended_at ?? visit.begun_at;
  const path = typeof inspection === 'string' ? `/records/inspection/${inspection}` : `/records/inspection/{${inspection.$of}}`;
  for (const line of visit.lines) {
    const own = visit.findings.filter((f) => f.line === line.id);
    const item = write(visit, newKey(), {
      kind: 'answer', type: 'check_item', title: line.content, path: '/records/check_item', at: line.at ?? at, files: line.photos,
      body: { fields: filled({ inspection, list_item: line.id, line: line.line, point: line.point, content: line.content, result: line.result ?? 'not_checked', place: visit.place, remark: line.remark.trim(), photos: line.photos, checked_at: line.at ?? at }) },
    });
    out.push(item, ...own.flatMap((finding) => findingWrites(visit, finding, `/records/check_item/{${item.key}}`, newKey)));
  }
  for (const finding of visit.findings.filter((f) => f.line === null)) out.push(...findingWrites(visit, finding, path, newKey));
  for (const recheck of visit.rechecks.filter((r) => r.passed !== null)) {
    out.push(write(visit, newKey(), {
      kind: 'recheck', type: 'inspection_finding', title: recheck.title, path: `/records/inspection_finding/${recheck.finding}/steps/${recheck.passed ? 'pass' : 'fail'}`, at,
      body: { version: recheck.version, fields: { recheck_opinion: recheck.opinion.trim() }, ...(recheck.passed ? {} : { reason: recheck.opinion.trim() }) },
    }));
  }
  const signatures = (['lead', 'second', 'unit'] as const).map((who) => visit.signatures[who]).filter((sha): sha is string => sha !== null);
  out.push(write(visit, newKey(), {
    kind: 'record', type: 'inspection', title, method: 'PATCH', path, at, files: signatures,
    body: { version: visit.inspection.version, fields: filled({
      ended_at: at, place: visit.place, cards: visit.cards, findings: summary, unit_head: visit.unit_head.trim(), unit_opinion: visit.unit_opinion.trim(), refused: visit.refused,
      refusal_note: visit.refused ? visit.refusal_note.trim() : null, signatures, signed_on: at.slice(0, 10), signed_at: at, exam_held: visit.exam_held,
    }) },
  }));
  out.push(write(visit, newKey(), { kind: 'sign', type: 'inspection_task', title, path: `/records/inspection_task/${visit.task}/steps/sign`, at, body: { version: visit.task_version, fields: {} } }));
  return out;
}

/** Fields of a write as a form shows them; what refers to another write has no value yet. */
export const shownFields = (write: Write): FieldValues =>
  Object.fromEntries(Object.entries(write.body.fields).filter(([, value]) => !isRef(value))) as FieldValues;
