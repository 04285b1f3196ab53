import { describe, expect, it } from 'vitest';
import type { PeriodKind } from '@/api/types';
import { addDays, addMonths, askFilters, isoWeek, monthGrid, periodWords, present, readFilters, stateKey, stateSign, usualState, writeFilters, dutyStates } from './duties';

describe('periods', () => {
  const cases: [string, PeriodKind, string, string, Record<string, unknown>][] = [
    ['month', 'month', '2026-10-01T00:00:00+08:00', '2026-11-01T00:00:00+08:00', { year: 2026, month: 10 }],
    ['second of three shifts from midnight', 'shift', '2026-11-03T08:00:00+08:00', '2026-11-03T16:00:00+08:00', { month: 11, day: 3, n: 2, from: '08:00', to: '16:00' }],
    ['third of three shifts from six', 'shift', '2026-11-03T22:00:00+08:00', '2026-11-04T06:00:00+08:00', { month: 11, day: 3, n: 3, from: '22:00', to: '06:00' }],
    ['fourth of four shifts', 'shift', '2026-11-03T18:00:00+08:00', '2026-11-04T00:00:00+08:00', { n: 4 }],
    ['week 47', 'week', '2026-11-16T00:00:00+08:00', '2026-11-23T00:00:00+08:00', { year: 2026, n: 47 }],
    ['week 1 that begins in the old year', 'week', '2024-12-30T00:00:00+08:00', '2025-01-06T00:00:00+08:00', { year: 2025, n: 1 }],
    ['quarter', 'quarter', '2026-10-01T00:00:00+08:00', '2027-01-01T00:00:00+08:00', { year: 2026, n: 4 }],
    ['half year', 'half_year', '2026-07-01T00:00:00+08:00', '2027-01-01T00:00:00+08:00', { n: 2 }],
    ['day sent in UTC', 'day', '2026-11-02T16:00:00Z', '2026-11-03T16:00:00Z', { month: 11, day: 3 }],
    ['year', 'year', '2026-01-01T00:00:00+08:00', '2027-01-01T00:00:00+08:00', { year: 2026 }],
  ];
  it.each(cases)('%s', (_why, every, start, end, want) => expect(periodWords(every, start, end)).toMatchObject({ key: every, ...want }));
  // From the table of ISO 8601 weeks: 2026 has 53, and its last one reaches into 2027.
  it('numbers weeks as ISO 8601 does', () => {
    expect(isoWeek(new Date('2026-12-31T00:00:00Z'))).toEqual({ year: 2026, week: 53 });
    expect(isoWeek(new Date('2027-01-03T00:00:00Z'))).toEqual({ year: 2026, week: 53 });
    expect(isoWeek(new Date('2027-01-04T00:00:00Z'))).toEqual({ year: 2027, week: 1 });
    expect(isoWeek(new Date('2023-01-01T00:00:00Z'))).toEqual({ year: 2022, week: 52 });
  });
});

describe('months', () => {
  it('adds months over the year', () => {
    expect(addMonths('2026-11', 2)).toBe('2027-01');
    expect(addMonths('2026-01', -1)).toBe('2025-12');
    expect(addMonths('2026-12', 0)).toBe('2026-12');
  });
  it('adds days over a leap February', () => expect(addDays('2024-02-28', 2)).toBe('2024-03-01'));
  it('fills whole weeks from Monday', () => {
    const november = monthGrid('2026-11');  // the 1st is a Sunday
    expect(november.map((week) => week.length)).toEqual([7, 7, 7, 7, 7, 7]);
    expect(november[0]?.map((d) => d.date).at(-1)).toBe('2026-11-01');
    expect(november.flat().filter((d) => d.inside)).toHaveLength(30);
    expect(monthGrid('2027-02')).toHaveLength(4);  // 1 February 2027 is a Monday and the month has 28 days
  });
});

describe('states', () => {
  it('are told apart without colour', () => {
    expect(new Set(dutyStates.map((state) => stateSign(state))).size).toBe(5);
    expect(new Set(dutyStates.map((state) => stateKey(state))).size).toBe(5);
  });
  it('of a limit have words of their own', () => expect(stateKey('missed', true)).not.toBe(stateKey('missed')));
  it('are listed gravest first, empty ones left out', () =>
    expect(present({ upcoming: 2, met: 9, late: 1, missed: 0, met_late: 0 })).toEqual([['late', 1], ['upcoming', 2], ['met', 9]]));
});

describe('filters in the address', () => {
  it('show what can still be done when nothing is said', () => expect(readFilters({}).state).toBe(usualState));
  it('come back as they were written', () => {
    for (const query of [{}, { state: '*' }, { state: 'missed', rule: 'D-1', from: '2026-11-01', to: '2026-11-30' }, { mine: '71', level: 'city' }]) {
      const filters = readFilters(query);
      expect(readFilters(writeFilters(filters))).toEqual(filters);
      expect(writeFilters(filters)).toEqual(query);
    }
  });
  it('drop what makes no sense', () => {
    expect(readFilters({ state: 'late,nonsense', from: 'yesterday', to: ['2026-11-01'] })).toMatchObject({ state: 'late', from: '', to: '' });
    expect(readFilters({ state: 'nonsense' }).state).toBe(usualState);
  });
  it('end after the last day', () => expect(askFilters(readFilters({ to: '2026-11-30' })).to).toBe('2026-12-01'));
});
