// Shapes of the API: packs.
import type { Label, Source } from './basics';
import type { RuleName } from './catalogue';

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
