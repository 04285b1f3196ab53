// Shapes of the API: uploads.

export interface Feed {
  mine: string;
  mine_name: string;
  system: string;
  last_file?: string | null;
  last_arrival?: string | null;
  last_event?: string | null;
  lag_s?: number | null;
  accepted_today: number;
  rejected_today: number;
  quarantined: number;
  gaps_today: number;
}
export interface LedgerRow {
  id: string;
  mine: string;
  mine_name?: string;
  mine_code?: string;
  file_name: string;
  file_type: string;
  system?: string;
  verdict: string;
  code?: string | null;
  message?: string | null;
  header_time?: string | null;
  arrived: string;
  records: number;
  bad_records: number;
  quarantined: number;
  faults?: string[];
}
export interface LedgerPage {
  rows: LedgerRow[];
  next: string | null;
}
export interface QuarantineRow {
  mine: string;
  mine_name: string;
  point_code: string;
  reason: string;
  readings: number;
  first?: string | null;
  last?: string | null;
  arrived?: string | null;
}
