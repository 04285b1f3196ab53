// Dates that name a period by its first day.
import type { Field } from '@/api/types';

type FirstOf = Field['first_of'];

/** Months in a period; 1 for any other word. */
export const monthsOf = (period: FirstOf): number => ({ month: 1, quarter: 3, half_year: 6, year: 12 })[period ?? 'month'];

export interface Period {
  kind: NonNullable<FirstOf> | 'second_half_year';
  year: string;
  /** Two digits. */
  month: string;
  /** Which quarter of its year. */
  n: number;
}

/** The period that a day names; null for a day that begins none, or a field that names none. */
export function periodOf(day: string, firstOf: FirstOf): Period | null {
  const [year, month, date] = day.split('-');
  const months = monthsOf(firstOf);
  if (!firstOf || !year || !month || date !== '01' || (Number(month) - 1) % months !== 0) return null;
  const n = (Number(month) - 1) / months + 1;
  return { kind: firstOf === 'half_year' && n === 2 ? 'second_half_year' : firstOf, year, month, n };
}
