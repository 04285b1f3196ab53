// Duties made fit to read: periods as words, states as signs, months as grids. Pure; the screen puts the words.
import type { DutyCounts, DutyState, PeriodKind } from '@/api/types';
import { formatInstant } from './format';

export const dutyStates: DutyState[] = ['late', 'missed', 'upcoming', 'met_late', 'met'];

const signs: Record<DutyState, string> = { upcoming: '…', met: '✓', met_late: '↺', late: '!', missed: '✕' };
export const stateSign = (state: DutyState): string => signs[state] ?? '?';
/** Key of the word for a state. A limit is kept or broken, not done or left undone. */
export const stateKey = (state: DutyState, isLimit = false): string => (isLimit ? `duties.limitState.${state}` : `duties.state.${state}`);

const day = 86_400_000;
const beijing = (at: string): Date => new Date(Date.parse(at) + 8 * 3_600_000);

export interface PeriodWords {
  /** Key under duties.period. */
  key: PeriodKind;
  year: number;
  month: number;
  day: number;
  /** Number of the week (ISO 8601), the quarter, the half, or the shift of the day. */
  n: number;
  /** First and last minute of a shift. */
  from: string;
  to: string;
}

/** ISO week: the one that holds the Thursday gives the year. */
export function isoWeek(date: Date): { year: number; week: number } {
  const thursday = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()));
  thursday.setUTCDate(thursday.getUTCDate() + 3 - ((thursday.getUTCDay() + 6) % 7));
  const year = thursday.getUTCFullYear();
  return { year, week: 1 + Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / (7 * day)) };
}

/** A period in parts, in Beijing time. A shift is numbered by the part of the day in which it begins. */
export function periodWords(every: PeriodKind, start: string, end: string): PeriodWords {
  const d = beijing(start);
  const month = d.getUTCMonth() + 1;
  const hours = (Date.parse(end) - Date.parse(start)) / 3_600_000 || 24;
  const week = isoWeek(d);
  const n = {
    shift: Math.floor((d.getUTCHours() + d.getUTCMinutes() / 60) / hours) + 1, day: 1, week: week.week, month, quarter: Math.ceil(month / 3), half_year: Math.ceil(month / 6), year: 1,
  }[every];
  return {
    key: every, year: every === 'week' ? week.year : d.getUTCFullYear(), month, day: d.getUTCDate(), n,
    from: formatInstant(start, 'short').slice(6), to: formatInstant(end, 'short').slice(6),
  };
}

/** "2026-11" and so many months on. */
export function addMonths(month: string, n: number): string {
  const [year = 1970, m = 1] = month.split('-').map(Number);
  const at = year * 12 + m - 1 + n;
  return `${Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, '0')}`;
}
export function addDays(date: string, n: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + n * day).toISOString().slice(0, 10);
}

/** The days of a month in weeks from Monday, with the days before and after it that fill the weeks. */
export function monthGrid(month: string): { date: string; inside: boolean }[][] {
  const first = `${month}-01`;
  const lead = (new Date(`${first}T00:00:00Z`).getUTCDay() + 6) % 7;
  const length = Math.round((Date.parse(`${addMonths(month, 1)}-01T00:00:00Z`) - Date.parse(`${first}T00:00:00Z`)) / day);
  const weeks = Math.ceil((lead + length) / 7);
  return Array.from({ length: weeks }, (_, w) => Array.from({ length: 7 }, (_unused, d) => {
    const date = addDays(first, w * 7 + d - lead);
    return { date, inside: date.startsWith(month) };
  }));
}

export const countSum = (counts: DutyCounts): number => dutyStates.reduce((n, state) => n + (counts[state] ?? 0), 0);
/** States that occur, the gravest first. */
export const present = (counts: DutyCounts): [DutyState, number][] =>
  dutyStates.filter((state) => counts[state] > 0).map((state) => [state, counts[state]]);

// ---- filters in the address ----
export interface DutyFilters {
  state: string;
  rule: string;
  clause: string;
  subject: string;
  mine: string;
  level: string;
  from: string;
  to: string;
}
export const filterNames = ['state', 'rule', 'clause', 'subject', 'mine', 'level', 'from', 'to'] as const;
/** What the list shows when the address says nothing: what can still be done. */
export const usualState = 'late,upcoming';

/** Filters of an address; "*" stands for "any" where the usual filter would apply. */
export function readFilters(query: Record<string, unknown>): DutyFilters {
  const one = (name: string): string => {
    const value = query[name];
    return typeof value === 'string' ? value : '';
  };
  const filters = Object.fromEntries(filterNames.map((name) => [name, one(name)])) as unknown as DutyFilters;
  const wanted = filters.state.split(',').filter((state) => (dutyStates as string[]).includes(state));
  filters.state = filters.state === '*' ? '' : wanted.join(',') || usualState;
  for (const name of ['from', 'to'] as const) if (!/^\d{4}-\d{2}-\d{2}$/.test(filters[name])) filters[name] = '';
  return filters;
}
/** The address of filters, without what is usual. */
export function writeFilters(filters: DutyFilters): Record<string, string> {
  const out: Record<string, string> = {};
  for (const name of filterNames) if (filters[name]) out[name] = filters[name];
  if (filters.state === usualState) delete out.state;
  if (!filters.state) out.state = '*';
  return out;
}
/** Filters as the server takes them. In the address `to` is the last day; the server wants the end, exclusive. */
export function askFilters(filters: DutyFilters): Record<string, string> {
  return { ...filters, to: filters.to ? addDays(filters.to, 1) : '' };
}
/** Address of one duty's page. */
export function dutyPath(duty: { rule: string; subject: string; period: string }): { path: string; query: Record<string, string> } {
  return { path: '/duties/one', query: { rule: duty.rule, subject: duty.subject, period: duty.period } };
}
