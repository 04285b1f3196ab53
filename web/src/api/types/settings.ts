// Shapes of the API: regulation: packs switched.
import type { Label } from './basics';
import type { Duty, DutyState } from './duties';

export interface PackSetting {
  id: string;
  version: number;
  pack: string;
  pack_label: Label;
  action: 'switch_on' | 'switch_off' | 'replace';
  replaced_by?: string | null;
  region: string;
  region_name: string;
  first_day: string;
  last_day?: string | null;
  reason: string;
  state: 'prepared' | 'in_force' | 'withdrawn';
  put_in_force_at?: string | null;
  steps: string[];
}
export interface PreviewPart {
  count: number;
  by_rule?: { rule: string; label: Label; count: number }[];
  by_change?: { from: DutyState; to: DutyState; count: number }[];
  sample: (Duty & { was?: DutyState | null })[];
}
export interface PackPreview {
  rules: { id: string; label: Label; clause: string }[];
  appear: PreviewPart;
  vanish: PreviewPart;
  turn: PreviewPart;
  unchanged: number;
  warnings: Label[];
}
