// Shapes of the API: ledgers as XLSX.
import type { Label } from './basics';

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
