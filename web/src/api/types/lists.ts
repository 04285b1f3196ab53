// Shapes of the API: what a list offers beside its rows.
import type { Fault } from './errors';

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
  /** How many papers are issued of it, when the step issues one. */
  papers?: number;
  refused?: { code: string; message: string; faults: Fault[] };
}
