// Shapes of the API: records.
import type { Label } from './basics';

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
/** A time limit of mine that has come to half, four fifths or its end, until I have seen it. */
export interface Reminder {
  seq: number;
  type: string;
  id: string;
  title: string;
  clock: string;
  stage: 'half' | 'fifths' | 'due';
  due: string;
  at: string;
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
  /** Of `steps`, those that would be refused for what the record is, and why. */
  blocked?: Record<string, Label>;
  raises?: string[];
  /** false: another body entered it about this one; its fields are not ours to change. */
  acts?: boolean;
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
  /** Of the record, as far as the reader may know it; in the log only. */
  title?: string;
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
  /** What tells those of one title apart. */
  note?: string;
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
