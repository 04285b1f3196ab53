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
  /** For code "rule": what the pack says to people. */
  words?: Label | null;
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
  format?: string | null;
  protect?: string | null;
}
export interface RaiseOffer {
  name: string;
  record: string;
  label: Label;
  /** Fields that the new record takes over. */
  sets: string[];
  /** Reference field: one may be made for every record that it can name. */
  each?: string | null;
}
/** A region as it was on a day, and as it is today; `then` is null for records that belong to nobody. */
export interface Division {
  id: string;
  code: string;
  name: string;
}
export interface RecordDivision {
  on: string | null;
  then: Division | null;
  above?: Division[];
  now?: Division;
  certain?: boolean;
}
export interface SupervisedMines {
  total: number;
  mines: { id: string; code: string; name: string; status: string }[];
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
  raises?: RaiseOffer[];
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
  sign_off?: { name: string; label: Label; roles: string[]; count: number }[];
  return_to?: string | null;
}
export interface ClockRule {
  name: string;
  label: Label;
  limit: string;
  before: boolean;
  owed_by: string[];
  source?: Source | null;
  unverified: boolean;
}
export interface Workflow {
  name: string;
  label: Label;
  states: WorkflowState[];
  transitions: Transition[];
  clocks?: ClockRule[];
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
  switchable?: boolean;
  documents?: string[];
  rules?: string[];
  settings?: string[];
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

export interface Signature {
  stage: string;
  name: string;
  at: string;
  agrees: boolean;
  opinion: string;
}
export interface Signing {
  step: string;
  begun_by: string;
  begun_at: string;
  signatures: Signature[];
  may_sign: boolean;
  may_withdraw: boolean;
}
export interface SigningRow {
  type: string;
  id: string;
  title: string;
  step: string;
  begun_by: string;
  begun_at: string;
}
export interface Clock {
  type: string;
  id: string;
  title?: string;
  clock: string;
  state: 'waiting' | 'running' | 'paused' | 'overdue' | 'met' | 'met_late' | 'over';
  started: string | null;
  due: string | null;
  half: string | null;
  fifths: string | null;
  ended: string | null;
}
export interface LinkRow {
  type: string;
  id: string;
  title: string;
  kind: string;
  outward: boolean;
  state: string;
  at: string;
  by: string;
}
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
  raises?: string[];
  clocks?: Clock[];
  signing?: Signing | null;
}
export interface RecordPage {
  records: RecordData[];
  next: string | null;
  total: number | null;
  /** false: there are at least `total`. */
  total_exact?: boolean | null;
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
  state: string;
  /** Name of the mine that it belongs to; empty for none. */
  mine: string;
  at: string | null;
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

// ---- ledgers as XLSX ----
export interface LedgerOptions {
  sheet: string;
  hidden_rows: 'ask' | 'read' | 'skip';
  ignore_unknown_columns: boolean;
  kept_values: boolean;
  clear_empty: boolean;
}
export interface LedgerFault {
  row: number;
  cell: string;
  field: string;
  code: string;
  words: Label;
}
export interface LedgerRowSample {
  row: number;
  fate: 'new' | 'changed' | 'unchanged' | 'faulty';
  cells: Record<string, string>;
  faults: LedgerFault[];
}
export interface LedgerPreview {
  sheet: string;
  header_row: number;
  columns: { column: string; header: string; field: string | null; use: 'value' | 'key' | 'id' | 'row_number' | 'program' | 'files' | 'unknown' }[];
  rows: number;
  examples: number;
  formulas: number;
  hidden_rows: number;
  hidden: number[];
  hidden_columns: string[];
  merged: string[];
  stray_columns: string[];
  other_sheets: string[];
  hidden_sheets: string[];
  macros: boolean;
  undecided: string[];
  way_back: 'step' | 'flag' | 'none';
  counts: Record<LedgerRowSample['fate'], number>;
  fault_count: number;
  faults: LedgerFault[];
  sample: LedgerRowSample[];
}
export interface LedgerImport {
  id: string;
  type: string;
  state: string;
  phase: string;
  file_name: string;
  sha256: string;
  bytes: number;
  created_at: string;
  finished_at: string | null;
  options: LedgerOptions;
  trouble: Label | null;
  done: number;
  total: number;
  counts: Partial<Record<string, number>> | null;
  preview?: LedgerPreview | null;
}
export interface LedgerOutcome {
  row: number;
  outcome: string;
  undo: string;
  record: string | null;
  faults: LedgerFault[];
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

// ---- regulation: duties ----
export type DutyState = 'upcoming' | 'met' | 'late' | 'missed' | 'met_late';
export type DutyCounts = Record<DutyState, number>;
export type PeriodKind = 'shift' | 'day' | 'week' | 'month' | 'quarter' | 'half_year' | 'year';
export interface DutyRule {
  id: string;
  pack: string;
  family?: string | null;
  label: Label;
  clause: string;
  sentence: Label;
  every: PeriodKind;
  owed_by: string;
  overseen_by: string;
  done_by: string[];
  counts: string;
  at_least?: number | null;
  at_most?: number | null;
  longer_than_h?: number | null;
  due: string;
  late_for_h?: number | null;
  climbs: { to: string; after_h: number; source?: Source | null }[];
  valid_from: string;
  valid_to?: string | null;
  source?: Source | null;
}
export interface Duty {
  rule: string;
  label: Label;
  clause: string;
  subject_type: string;
  subject: string;
  subject_name: string;
  owner: string;
  owner_name: string;
  every: PeriodKind;
  period: string;
  period_start: string;
  period_end: string;
  due: string;
  state: DutyState;
  progress: number;
  needed: number;
  is_limit: boolean;
  unconfirmed: number;
  met_at?: string | null;
  level: string;
  overseen_by: string;
}
export interface DutyPage {
  duties: Duty[];
  next: string | null;
  total: number;
  as_of: string;
}
export interface DutySummary {
  as_of: string;
  counts: DutyCounts;
  by_owner: { owner: string; owner_name: string; counts: DutyCounts }[];
  climbed: { level: string; count: number }[];
}
export interface DutyMonth {
  month: string;
  days: { date: string; counts: DutyCounts; working_day?: boolean }[];
}
export interface DutyCell {
  counts: DutyCounts;
  worst: DutyState;
  progress?: number | null;
  needed?: number | null;
  period?: string | null;
}
export interface DutyMatrix {
  rules: { id: string; label: Label; clause: string; every: PeriodKind }[];
  subjects: { subject: string; subject_type: string; name: string; owner_name: string }[];
  cells: (DutyCell | null)[][];
}
export interface DutyDetail extends Duty {
  rule_detail: DutyRule;
  clause_detail?: Clause | null;
  evidence: { type: string; id: string; title: string; at: string; done: string; counted: boolean; why: Label }[];
  claims: { type: string; id: string; title: string; at: string; confirmed: boolean }[];
  also_bound_by: { rule: DutyRule; why: Label }[];
}

// ---- regulation: clauses ----
export interface Clause {
  id: string;
  document: string;
  document_title: Label;
  article: string;
  text: Label;
  original?: string | null;
  kind: string;
  kind_label: Label;
  binds: string[];
  quantities: string[];
  checkable: string;
  system: string;
  system_label: Label;
  also: string[];
  families: { code: string; label: Label }[];
  carried_by: { what: 'duty' | 'form' | 'record' | 'workflow' | 'limit' | 'alarm_rule'; name: string; label: Label }[];
  pack: string;
  jurisdiction?: string | null;
  valid_from?: string | null;
  valid_to?: string | null;
}
/** A clause as it stands in a list of relatives: not all of it is sent. */
export type ClauseShort = Pick<Clause, 'id' | 'text' | 'document_title'> & Partial<Clause> & { carried?: boolean };
export interface ClausePage {
  clauses: Clause[];
  total: number;
  documents: { id: string; title: Label; jurisdiction?: string | null; valid_from?: string | null; valid_to?: string | null; clauses: number; carried: number }[];
  systems: { code: string; label: Label; clauses: number; carried: number }[];
}
export interface Standing {
  subject_type: string;
  subject: string;
  name: string;
  owner_name: string;
  counts: DutyCounts;
  last?: { period: string; state: DutyState; progress: number; needed: number; due: string } | null;
}
export interface ClauseDetail extends Clause {
  rules: DutyRule[];
  standing: Standing[];
  siblings: ClauseShort[];
}

// ---- regulation: packs switched ----
export interface PackSetting {
  id: string;
  version: number;
  pack: string;
  pack_label: Label;
  action: 'switch_on' | 'switch_off' | 'replace';
  replaced_by?: string | null;
  region: string;
  region_name: string;
  first_day: string;
  last_day?: string | null;
  reason: string;
  state: 'prepared' | 'in_force' | 'withdrawn';
  put_in_force_at?: string | null;
  steps: string[];
}
export interface PreviewPart {
  count: number;
  by_rule?: { rule: string; label: Label; count: number }[];
  by_change?: { from: DutyState; to: DutyState; count: number }[];
  sample: (Duty & { was?: DutyState | null })[];
}
export interface PackPreview {
  rules: { id: string; label: Label; clause: string }[];
  appear: PreviewPart;
  vanish: PreviewPart;
  turn: PreviewPart;
  unchanged: number;
  warnings: Label[];
}

// ---- regulation: forms ----
export interface FormUnit {
  id: string;
  name: string;
  level: string;
}
export interface FormName {
  name: string;
  label: Label;
  clause: string;
  filed_by: string[];
  pack: string;
  units: FormUnit[];
}
export interface FormColumn {
  number: number;
  name: Label;
  sub?: Label | null;
  unit: string | Label;
  decimals: number;
  is_share: boolean;
}
export interface FormLayout {
  name: string;
  label: Label;
  title: string;
  clause: string;
  groups: { name: string | Label; columns: number[] }[];
  columns: FormColumn[];
  rows: { name: string; label: Label }[];
  narrative: Label;
  footer: Label[];
  note: string | Label;
}
export interface FormCell {
  value: number | null;
  drawn?: number | null;
  now?: number | null;
  corrected?: boolean;
  reason?: string | null;
  corrected_by?: string | null;
}
export type FormCells = Record<string, Record<string, FormCell>>;
export type FilingState = 'none' | 'draft' | 'filed' | 'returned' | 'accepted' | 'frozen';
export interface Filing {
  id: string;
  version: number;
  state: FilingState;
  cases?: string | null;
  compiler?: string | null;
  contact?: string | null;
  filed_on?: string | null;
  filed_at?: string | null;
  filed_late?: boolean;
  accepted_at?: string | null;
  return_reason?: string | null;
}
export type FormAction = 'open' | 'edit' | 'file' | 'return' | 'accept' | 'freeze';
export interface FormPage {
  form: FormLayout;
  unit: FormUnit;
  month: string;
  due_at?: string | null;
  filing: Filing | null;
  cells: FormCells;
  can: FormAction[];
  /** A corrected figure names its row and column. */
  history: { at: string; actor: string; action: string; reason?: string | null; row?: string; column?: number }[];
}
export interface FormSummary {
  form: FormLayout;
  unit?: FormUnit;
  month: string;
  cells: FormCells;
  units: (FormUnit & { state: FilingState; filed_at?: string | null; due_at?: string | null; late: boolean; filing?: string | null })[];
  counted: number;
  missing: number;
  late: number;
}
export interface FigureRecords {
  indicator: { counts: string; label: Label; sentence: Label };
  records: { type: string; id: string; title: string; at?: string | null; owner_name: string; adds?: number | string | null }[];
  next: string | null;
  total: number;
  /** How many of them lie outside the scope of the account: counted, not listed. */
  hidden?: number;
  sum?: number | string | null;
}

// ---- home: open work, boards of a flow, what happened at a mine, supervision ----
export interface WorkItem {
  id: string;
  title: string;
  /** Whose record it is; empty: nobody's. */
  owner_name: string;
  state: string;
  clock: string | null;
  due: string | null;
}
export interface WorkType {
  type: string;
  count: number;
  late: number;
  /** false: there are more than were counted. */
  exact: boolean;
  states: { state: string; count: number; late: number }[];
  first: WorkItem[];
}
export interface WorkAnswer {
  as_of: string;
  types: WorkType[];
}
export interface FlowCard {
  record: RecordData;
  clock: string | null;
  due: string | null;
}
export interface FlowColumn {
  state: string;
  count: number;
  late: number;
  cards: FlowCard[];
}
export interface FlowBoardAnswer {
  as_of: string;
  type: string;
  exact: boolean;
  columns: FlowColumn[];
}
export interface RegionConcern {
  id: string;
  name: string;
  level: string;
  mines: number;
  score: number;
  red: number;
  orange: number;
  yellow: number;
  blue: number;
  unanswered: number;
  overdue_hazards: number;
  people: number;
}
export interface MineEvent {
  seq: number;
  type: string;
  id: string;
  system: string;
  title: string;
  action: string;
  actor: string;
  /** When it was entered. */
  at: string;
  /** When it happened, where the entry names a time of its own. */
  happened_at: string | null;
  reason: string;
  state_before: string;
  state_after: string;
}
export interface MineEventPage {
  events: MineEvent[];
  next: number | null;
  searched_to: string | null;
}
export interface SupervisionMatter {
  code: string;
  label: Label | null;
  source?: Source | null;
  exact: boolean;
}
export interface SupervisedOfficer {
  /** Account name; empty: nobody in particular. */
  account: string;
  name: string;
  counts: Record<string, number>;
}
export interface SupervisedRegulator {
  id: string;
  name: string;
  level: string;
  counts: Record<string, number>;
  officers: SupervisedOfficer[];
}
export interface SupervisionAnswer {
  as_of: string;
  matters: SupervisionMatter[];
  regulators: SupervisedRegulator[];
}
export interface LapseRow {
  matter: string;
  type: string;
  id: string;
  title: string;
  regulator: string;
  officer: string;
  officer_name: string;
  clock: string | null;
  since: string;
}

// ---- examinations ----
export interface ExamQuestion {
  sequence: number;
  kind: string;
  stem: string;
  /** In the candidate's order; empty texts of a true-or-false question mean true, then false. */
  options: string[];
  worth: number;
  /** Letters of the candidate's order. */
  given: string;
  right?: string;
  correct?: boolean;
  basis?: string;
}
export interface ShownPaper {
  paper: {
    id: string; state: string; attempt: number; questions: number | null; pass_mark: number | null; score: number | null;
    result: string | null; started_at: string | null; due_at: string | null; submitted_at: string | null;
  };
  exam: {
    id: string; state: string; number: string; title: string; kind: string; trade: string; minutes: number | null; pass_mark: number | null;
    resits: number | null; held_at: string | null; place: string | null; single_count: number; multiple_count: number; judge_count: number;
  };
  person: string;
  candidate: boolean;
  review: boolean;
  /** The server's clock: the remaining time counts from it. */
  now: string;
  questions: ExamQuestion[];
}
export interface ExamBank {
  parts: { kind: string; count: number; points: number; on_hazards: number }[];
  shortages: { kind: string; on_hazards: boolean; needed: number; found: number }[];
  questions: number;
  unusable: number;
}
export interface ExamAnswer {
  exam: RecordData;
  bank: ExamBank;
  papers: RecordData[];
}
export interface ExamFigures {
  papers: number;
  questions: { question: string; kind: string; stem: string; right: string; asked: number; answered: number; correct: number; given: { letters: string; count: number }[] }[];
}

// ---- what a list offers beside its rows ----
export interface SavedView {
  id: string;
  version: number;
  name: string;
  query: Record<string, string>;
  columns: string[];
  shared: boolean;
  mine: boolean;
  default: boolean;
  by: string;
}
export interface SelectedRow {
  id: string;
  version: number;
}
export interface Selection {
  rows: SelectedRow[];
  steps: { name: string; count: number }[];
  /** There are more than a selection may hold. */
  more: boolean;
}
export interface BulkResult {
  id: string;
  title?: string;
  done: boolean;
  state?: string;
  version?: number;
  refused?: { code: string; message: string; faults: Fault[] };
}

// ---- tip-offs: public pages, posters, sealed fields ----
export interface PublicMine {
  id: string;
  name: string;
}
export interface PublicChoice {
  code: string;
  label: Label;
}
export interface TipFormNeeds {
  mine: PublicMine | null;
  authorities: { id: string; name: string; level: string }[];
  matters: PublicChoice[];
  reporter_kinds: PublicChoice[];
  most_photos: number;
}
export interface TipReceipt {
  number: string;
  authority: string;
  code: string;
}
export interface TipMessage {
  from_reporter: boolean;
  text: string;
  at: string;
  read: boolean;
  photos: number;
}
export interface TipRewardView {
  state: string;
  label: Label | null;
  number: string;
  paid_on: string | null;
  amount: string | null;
}
export interface FollowedTip {
  number: string;
  state: string;
  label: Label | null;
  authority: string;
  received_at: string;
  about: string;
  reply: string | null;
  messages: TipMessage[];
  rewards: TipRewardView[];
  payout_way: string | null;
  may_write: boolean;
  may_claim: boolean;
  channels: { name: string; address: string }[];
}
export interface TipPoster {
  address: string;
  link: string;
  svg: string;
  mine: string | null;
  authority: string | null;
}
export interface Opening extends RecordData {
  until: string | null;
  open: boolean;
  may_look: boolean;
}

// ---- papers ----
export interface PaperOffer {
  name: string;
  label: Label;
  can_issue: boolean;
  /** Why not: issued, state, role, hidden; none = it can be issued. */
  bar: string;
  /** The step that issues it. */
  step: Label | null;
}
export interface IssuedPaper {
  id: string;
  paper: string;
  title: string;
  number: string;
  office: string;
  code: string;
  sha256: string;
  pages: number;
  issued_on: string;
  issued_at: string;
  issued_by: string;
}
export interface PapersAnswer {
  version: number;
  papers: PaperOffer[];
  issued: IssuedPaper[];
}
/** All that anybody is told about a code. */
export interface GenuinePaper {
  office: string;
  title: string;
  number: string;
  issued_on: string;
  /** null: no file was shown. */
  same_file: boolean | null;
}
