import { describe, expect, it } from 'vitest';
import { monthsOf, periodOf } from './periods';

describe('a period named by its first day', () => {
  it.each([
    ['2026-02-01', 'month', 'month', 2], ['2026-10-01', 'quarter', 'quarter', 4], ['2026-01-01', 'half_year', 'half_year', 1],
    ['2026-07-01', 'half_year', 'second_half_year', 2], ['2026-01-01', 'year', 'year', 1],
  ] as const)('%s of a %s', (day, firstOf, kind, n) => expect(periodOf(day, firstOf)).toEqual({ kind, year: '2026', month: day.slice(5, 7), n }));
  it.each([['2026-02-02', 'month'], ['2026-02-01', 'quarter'], ['2026-04-01', 'half_year'], ['2026-07-01', 'year'], ['2026-02-01', null], ['', 'month']] as const)(
    '%s begins no %s', (day, firstOf) => expect(periodOf(day, firstOf)).toBeNull());
  it('has so many months', () => expect([monthsOf('month'), monthsOf('quarter'), monthsOf('half_year'), monthsOf('year'), monthsOf(null)]).toEqual([1, 3, 6, 12, 1]));
});
