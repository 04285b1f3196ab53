// Shapes of the API: live push.
import type { RecordData } from './records';
import type { LedgerRow } from './uploads';

export type LiveMessage =
  | { kind: 'alarm'; alarm: RecordData }
  | { kind: 'values'; mine: string; at: string; points: { id: string; value: number | null; state: number | null; at: string }[] }
  | { kind: 'people'; mine: string; people: number }
  | { kind: 'reminder'; seq: number; type: string; id: string; clock: string; stage: 'half' | 'fifths' | 'due'; due: string; at: string }
  | { kind: 'upload'; mine: string; row: LedgerRow };
