// Shapes of the API: regulation: forms.
import type { Label } from './basics';

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
