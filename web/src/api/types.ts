// What the server sends and takes, as docs/api.md says. The one place where these shapes are written down.
// Ids are text; times are RFC 3339 with +08:00; dates yyyy-MM-dd; money is text in yuan.

export interface Label {
  zh: string;
  en: string;
}
export interface Source {
  clause?: string | null;
  text?: string | null;
  confidence?: string | null;
}

// ---- errors ----
export interface Fault {
  field: string;
  code: string;
  message: string;
}
export interface ErrorBody {
  code: string;
  message: string;
  faults?: Fault[] | null;
  current?: RecordData | null;
  retry_after?: number | null;
  request?: string | null;
}

// ---- session ----
export interface Account {
  id: string;
  name: string;
  display_name: string;
  roles: string[];
  level: string;
  organisation: { id: string; name: string };
  home: string;
}
export interface Session {
  account: Account;
  csrf: string;
  must_change_password?: boolean;
}

// ---- catalogue ----
export type FieldType =
  | 'text' | 'long_text' | 'integer' | 'decimal' | 'money' | 'boolean' | 'date' | 'instant'
  | 'choice' | 'choices' | 'reference' | 'attachments';

export interface Field {
  name: string;
  label: Label;
  type: FieldType;
  required?: boolean;
  system?: boolean;
  personal?: boolean;
  searchable?: boolean;
  unit?: string | null;
  scale?: number | null;
  min?: number | null;
  max?: number | null;
  max_length?: number | null;
  pattern?: string | null;
  dictionary?: string | null;
  target?: string | null;
  default_value?: string | null;
  file_kinds?: string[] | null;
  source?: Source | null;
  help?: Label | null;
}
export interface RecordType {
  name: string;
  label: Label;
  system: string;
  owner_field?: string | null;
  workflow?: string | null;
  title_field: string;
  list_fields: string[];
  access: { read: string[]; create: string[]; update: string[] };
  pack?: string;
  fields: Field[];
}
export interface WorkflowState {
  name: string;
  label: Label;
  initial?: boolean;
  final?: boolean;
}
export interface Transition {
  name: string;
  label: Label;
  from: string[];
  to: string;
  roles: string[];
  required?: string[];
  editable?: string[];
  evidence?: string[];
  distinct_from?: string[];
  reason_required?: boolean;
  danger?: string | null;
  source?: Source | null;
}
export interface Workflow {
  name: string;
  label: Label;
  states: WorkflowState[];
  transitions: Transition[];
  source?: Source | null;
}
export interface DictionaryEntry {
  code: string;
  label: Label;
  extra?: Record<string, string>;
}
export interface Dictionary {
  name: string;
  label: Label;
  entries: DictionaryEntry[];
}
export interface Role {
  name: string;
  label: Label;
  level: string;
}
export interface RuleName {
  id: string;
  label: Label;
  advice?: Label | null;
}
export interface Catalog {
  record_types: RecordType[];
  workflows: Workflow[];
  dictionaries: Dictionary[];
  roles: Role[];
  rules?: RuleName[];
}

// ---- packs ----
export interface Pack {
  name: string;
  version: string;
  label: Label;
  level: string;
  jurisdiction: string;
  sha256: string;
  counts: Record<string, number>;
}
export interface Rule extends RuleName {
  detector: string;
  enabled: boolean;
  params: Record<string, string | number | string[]>;
  grade: string;
  grade_by_peak?: { value: number; grade: string }[];
  reraise_after_s?: number;
  mine_kinds?: string[];
  suppress_if?: string[];
  source?: Source | null;
  valid_from?: string | null;
  valid_to?: string | null;
  jurisdiction?: string;
  pack?: string;
}
export interface EscalationStep {
  grade?: string | null;
  rule?: string | null;
  to_level: string;
  after_s: number;
  source?: Source | null;
}
export interface RulesAnswer {
  rules: Rule[];
  escalation?: EscalationStep[];
}
export interface LimitRow {
  id: string;
  gas: string;
  role?: string | null;
  where: Label;
  keywords?: string[];
  alarm_text?: string | null;
  cut_text?: string | null;
  restore_text?: string | null;
  unit?: string | null;
  floor?: boolean;
  mine_kind?: string | null;
  source?: Source | null;
  valid_from?: string | null;
  valid_to?: string | null;
  jurisdiction?: string | null;
  pack?: string;
}

// ---- records ----
export type FieldValue = string | number | boolean | string[] | null;
export type FieldValues = Record<string, FieldValue | undefined>;

export interface RecordData {
  id: string;
  type: string;
  version: number;
  state?: string | null;
  owner?: string | null;
  title: string;
  created_at: string;
  updated_at: string;
  created_by: string;
  updated_by: string;
  fields: FieldValues;
  labels?: Record<string, string>;
  steps?: string[];
}
export interface RecordPage {
  records: RecordData[];
  next: string | null;
  total: number | null;
}
export interface Change {
  seq: number;
  type?: string;
  id?: string;
  version: number;
  action: string;
  actor: string;
  origin?: string;
  at: string;
  reason?: string | null;
  diff: Record<string, [FieldValue, FieldValue]> | null;
  hash?: string;
}
export interface LogPage {
  changes: Change[];
  next?: string | number | null;
}
export interface LogVerdict {
  ok: boolean;
  entries: number;
  first_bad_seq?: number | null;
  message?: string | null;
}
export interface Option {
  id: string;
  title: string;
}
export interface SearchHit {
  type: string;
  id: string;
  title: string;
}
export interface StoredFile {
  sha256: string;
  size: number;
  media_type: string;
  name: string;
}
export interface ImportResult {
  created: number;
  updated: number;
  unchanged: number;
  faults: { row: number; column: string; message: string }[];
}

// ---- monitoring ----
export interface Concern {
  mine: string;
  organisation: string;
  code: string;
  name: string;
  status: string;
  simulated: boolean;
  score: number;
  red: number;
  orange: number;
  yellow: number;
  blue: number;
  unanswered: number;
  oldest_unanswered?: string | null;
  overdue_hazards: number;
  open_hazards: number;
  people: number;
  quota?: number | null;
  silence_s?: number | null;
  parts: { name: string; points: number }[];
}
export interface Board {
  as_of: string;
  mines: Concern[];
}
export interface Bound {
  op: 'ge' | 'gt' | 'le' | 'lt' | '>=' | '>' | '<=' | '<';
  value: number;
}
export interface LivePoint {
  id: string;
  code: string;
  place: string;
  working_area?: string | null;
  role?: string | null;
  sensor_type: string;
  gas?: string | null;
  unit?: string | null;
  value_type: string;
  value: number | null;
  state: number | null;
  at: string | null;
  quality?: string | null;
  alarm?: Bound | null;
  alarm_low?: Bound | null;
  cut?: Bound | null;
  restore?: Bound | null;
  limit_source?: string | null;
  mine_alarm?: string | null;
  on_text?: string | null;
  off_text?: string | null;
  alarm_id?: string | null;
  alarm_grade?: string | null;
}
export interface MineLive {
  mine: RecordData;
  as_of: string | null;
  points: LivePoint[];
}
export interface Underground {
  as_of: string | null;
  people: number;
  leaders: number;
  quota?: number | null;
  areas: { area: string; code: string; name: string; kind?: string | null; people: number; quota?: number | null }[];
  persons: {
    card: string; name: string; area: string; area_id?: string | null; entered?: string | null;
    is_leader?: boolean; sos?: boolean;
  }[];
}
export interface Series {
  unit?: string | null;
  from: string;
  to: string;
  width_s: number;
  buckets: { at: string; count: number; min: number; max: number; mean: number; last: number; states: number }[];
  samples?: [number, number | null, number][];
  limits?: { alarm?: Bound | null; alarm_low?: Bound | null; cut?: Bound | null; restore?: Bound | null };
  alarms?: { id: string; rule: string; grade: string; begin_at: string; cleared_at?: string | null }[];
}

// ---- uploads ----
export interface Feed {
  mine: string;
  mine_name: string;
  system: string;
  last_file?: string | null;
  last_arrival?: string | null;
  last_event?: string | null;
  lag_s?: number | null;
  accepted_today: number;
  rejected_today: number;
  quarantined: number;
  gaps_today: number;
}
export interface LedgerRow {
  id: string;
  mine: string;
  mine_name?: string;
  mine_code?: string;
  file_name: string;
  file_type: string;
  system?: string;
  verdict: string;
  code?: string | null;
  message?: string | null;
  header_time?: string | null;
  arrived: string;
  records: number;
  bad_records: number;
  quarantined: number;
  faults?: string[];
}
export interface LedgerPage {
  rows: LedgerRow[];
  next: string | null;
}
export interface QuarantineRow {
  mine: string;
  mine_name: string;
  point_code: string;
  reason: string;
  readings: number;
  first?: string | null;
  last?: string | null;
  arrived?: string | null;
}

// ---- live push ----
export type LiveMessage =
  | { kind: 'alarm'; alarm: RecordData }
  | { kind: 'values'; mine: string; at: string; points: { id: string; value: number | null; state: number | null; at: string }[] }
  | { kind: 'people'; mine: string; people: number }
  | { kind: 'upload'; mine: string; row: LedgerRow };
