// Shapes of the API: errors.
import type { Label } from './basics';
import type { RecordData } from './records';

export interface Fault {
  field: string;
  code: string;
  message: string;
  /** For code "rule": what the pack says to people. */
  words?: Label | null;
}
export interface ErrorBody {
  code: string;
  message: string;
  faults?: Fault[] | null;
  current?: RecordData | null;
  retry_after?: number | null;
  request?: string | null;
}
