// Shapes of the API: monitoring.
import type { RecordData } from './records';

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
