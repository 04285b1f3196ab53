// Shapes of the API: regulation: clauses.
import type { Label } from './basics';
import type { DutyCounts, DutyRule, DutyState } from './duties';

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
