// A visit as it is carried out on the device: answers, findings, rechecks, signatures. Pure: no screen, no server, no clock.
import type { KeptTask } from './device';

export type Result = 'ok' | 'problem' | 'not_applicable' | 'not_checked';

export interface Line {
  id: string;
  line: number;
  point: string | null;
  content: string;
  method: string;
  basis: string;
  must_photo: boolean;
  result: Result | null;
  remark: string;
  photos: string[];
  /** When it was answered, by the device. */
  at: string | null;
}
export interface Finding {
  key: string;
  /** Line of the check-list that it belongs to; null: found beside the list. */
  line: string | null;
  title: string;
  description: string;
  kind: string;
  level: string;
  disposal: string;
  deadline: string | null;
  place: string;
  basis: string;
  photos: string[];
  at: string;
  hazard: boolean;
}
export interface Recheck {
  finding: string;
  version: number;
  title: string;
  passed: boolean | null;
  opinion: string;
}
export type Signer = 'lead' | 'second' | 'unit';
/** What an answer to an earlier write says: its id or its version. */
export interface Ref {
  $of: string;
  $is: 'id' | 'version';
}
export interface Visit {
  account: string;
  task: string;
  finished: boolean;
  begun_at: string;
  ended_at: string | null;
  inspection: { id: string | Ref; version: number | Ref };
  task_version: number | Ref;
  place: string;
  cards: string;
  lines: Line[];
  findings: Finding[];
  rechecks: Recheck[];
  signatures: Record<Signer, string | null>;
  unit_head: string;
  unit_opinion: string;
  refused: boolean;
  refusal_note: string;
  exam_held: boolean;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** `keys`: of the writes that make the inspection and begin the task; null when both are there already. */
export function newVisit(kept: KeptTask, now: string, keys: { inspection: string; start: string } | null): Visit {
  return {
    account: kept.account,
    task: kept.id,
    finished: false,
    begun_at: now,
    ended_at: null,
    inspection: keys
      ? { id: { $of: keys.inspection, $is: 'id' }, version: { $of: keys.inspection, $is: 'version' } }
      : { id: kept.inspection?.id ?? '', version: kept.inspection?.version ?? 0 },
    task_version: keys ? { $of: keys.start, $is: 'version' } : kept.task.version,
    place: '',
    cards: '',
    lines: [...kept.lines].sort((a, b) => Number(a.fields.line) - Number(b.fields.line)).map((line) => ({
      id: line.id, line: Number(line.fields.line), point: text(line.fields.point) || null, content: text(line.fields.content), method: text(line.fields.method),
      basis: text(line.fields.basis), must_photo: line.fields.must_photo === true, result: null, remark: '', photos: [], at: null,
    })),
    findings: [],
    rechecks: kept.rechecks.map((record) => ({ finding: record.id, version: record.version, title: record.title, passed: null, opinion: '' })),
    signatures: { lead: null, second: null, unit: null },
    unit_head: '',
    unit_opinion: '',
    refused: false,
    refusal_note: '',
    exam_held: false,
  };
}

/** A finding of a line: what the list says already stands in it. */
export function newFinding(visit: Visit, line: Line | null, key: string, now: string): Finding {
  return {
    key, line: line?.id ?? null, title: (line?.content ?? '').slice(0, 200), description: '', kind: 'hazard', level: 'ordinary', disposal: 'deadline', deadline: null,
    place: visit.place, basis: (line?.basis ?? '').slice(0, 300), photos: [], at: now, hazard: true,
  };
}

export function progress(visit: Visit): { done: number; total: number; problems: number } {
  return { done: visit.lines.filter((l) => l.result).length, total: visit.lines.length, problems: visit.findings.length };
}

/** What a finding still lacks, as names of its fields. */
export function findingLacks(finding: Finding, day: string): string[] {
  const lacks: string[] = [];
  if (!finding.title.trim()) lacks.push('title');
  if (!finding.basis.trim()) lacks.push('basis');
  if (['deadline', 'reach_requirement'].includes(finding.disposal) && (!finding.deadline || finding.deadline < day)) lacks.push('deadline');
  return lacks;
}
/** A message key of `visit.lack` and where it belongs. */
export interface Lack {
  what: 'unanswered' | 'photo' | 'finding' | 'finding_fields' | 'opinion' | 'sign_lead' | 'sign_second' | 'sign_unit' | 'unit_head' | 'refusal';
  line?: number;
}
/** What must still be done before the visit can be finished. `day`: the day on which it happened. */
export function lacksOf(visit: Visit, day: string): Lack[] {
  const out: Lack[] = [];
  for (const line of visit.lines) {
    if (!line.result) out.push({ what: 'unanswered', line: line.line });
    else if (line.must_photo && line.result === 'ok' && line.photos.length === 0) out.push({ what: 'photo', line: line.line });
    if (line.result === 'problem' && !visit.findings.some((f) => f.line === line.id)) out.push({ what: 'finding', line: line.line });
  }
  for (const finding of visit.findings) {
    const line = visit.lines.find((l) => l.id === finding.line)?.line;
    if (findingLacks(finding, day).length > 0) out.push({ what: 'finding_fields', ...(line === undefined ? {} : { line }) });
  }
  if (visit.rechecks.some((r) => r.passed !== null && !r.opinion.trim())) out.push({ what: 'opinion' });
  if (!visit.signatures.lead) out.push({ what: 'sign_lead' });
  if (!visit.signatures.second) out.push({ what: 'sign_second' });
  if (visit.refused) {
    if (!visit.refusal_note.trim()) out.push({ what: 'refusal' });
  } else {
    if (!visit.unit_head.trim()) out.push({ what: 'unit_head' });
    if (!visit.signatures.unit) out.push({ what: 'sign_unit' });
  }
  return out;
}
