// Shapes of the API: home: open work, boards of a flow, what happened at a mine, supervision.
import type { Label, Source } from './basics';
import type { RecordData } from './records';

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
