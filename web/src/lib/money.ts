// Money of a case in whole fen, so that sums are exact.
import type { RecordData } from '@/api/types';

/** Fen of "1234.50"; 0 when it is not set. */
export function fen(value: unknown): number {
  return typeof value === 'string' && /^-?\d+(\.\d{1,2})?$/.test(value) ? Math.round(Number(value) * 100) : 0;
}
export const yuanText = (amount: number): string => `${amount < 0 ? '-' : ''}${Math.floor(Math.abs(amount) / 100)}.${String(Math.abs(amount) % 100).padStart(2, '0')}`;

export interface CaseSums {
  /** Fine and instalments that are due; a fine that is paid in instalments is not counted twice. */
  due: number;
  paid: number;
  owed: number;
  surcharge: number;
  surchargePaid: number;
}
/** What a case comes to. `payments` and `surcharges` without those withdrawn. */
export function sumsOf(fine: number, payments: RecordData[], surcharges: RecordData[]): CaseSums {
  const alive = payments.filter((p) => p.state !== 'withdrawn');
  const sum = (rows: RecordData[], field: string): number => rows.reduce((total, row) => total + fen(row.fields[field]), 0);
  const ofFine = alive.filter((p) => ['principal', 'instalment'].includes(String(p.fields.kind)));
  const paid = sum(ofFine, 'paid');
  return {
    due: fine, paid, owed: fine - paid,
    surcharge: sum(surcharges.filter((s) => s.state === 'decided'), 'charged'),
    surchargePaid: sum(alive.filter((p) => p.fields.kind === 'surcharge'), 'paid'),
  };
}
