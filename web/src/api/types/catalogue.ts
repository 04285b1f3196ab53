// Shapes of the API: catalogue.
import type { Label, Source } from './basics';

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
  /** A date that names a period by its first day. */
  first_of?: 'month' | 'quarter' | 'half_year' | 'year' | null;
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
  /** The step that withdraws a record of a type without workflow. */
  withdraw?: Transition;
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
