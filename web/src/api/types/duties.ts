// Shapes of the API: regulation: duties.
import type { Label, Source } from './basics';
import type { Clause } from './clauses';

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
