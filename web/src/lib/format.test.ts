import { describe, expect, it } from 'vitest';
import { formatBound, formatBytes, formatInstant, formatInteger, formatMoney, formatNumber, isYear, splitDuration, toRfc3339 } from './format';
import { unitKey } from './units';

describe('times are Beijing times wherever the browser stands', () => {
  // 2026-01-05T16:30:05Z is past midnight in Beijing.
  const at = Date.UTC(2026, 0, 5, 16, 30, 5);
  it.each([
    ['full', '2026-01-06 00:30:05'], ['minute', '2026-01-06 00:30'], ['time', '00:30:05'], ['short', '01-06 00:30'], ['date', '2026-01-06'],
  ] as const)('%s', (shape, text) => {
    expect(formatInstant(at, shape)).toBe(text);
    expect(formatInstant('2026-01-06T00:30:05+08:00', shape)).toBe(text);
    expect(formatInstant('2026-01-05T16:30:05Z', shape)).toBe(text);
  });
  it('writes what the server takes', () => expect(toRfc3339(at)).toBe('2026-01-06T00:30:05+08:00'));
  it('a midnight that stands for a day is no time', () => {
    expect(formatInstant('2026-01-06T00:00:00+08:00', 'day')).toBe('2026-01-06');
    expect(formatInstant('2026-01-06T00:00:01+08:00', 'day')).toBe('2026-01-06 00:00');
  });
  it('shows a dash for nothing', () => expect(formatInstant(null)).toBe('—'));
});

describe('numbers', () => {
  it.each([[1, '1'], [1.5, '1.50'], [0.123456, '0.12'], [12345.6, '12,345.60'], [null, '—']] as const)('%s', (value, text) => expect(formatNumber(value)).toBe(text));
  it.each([['1234.5', '1,234.50'], ['12', '12.00'], ['1234567.89', '1,234,567.89'], ['0.00', '0.00']])('money %s', (text, shown) => expect(formatMoney(text)).toBe(shown));
  it.each([[{ op: 'ge', value: 1 }, '≥ 1'], [{ op: '<', value: 0.25 }, '< 0.25'], [null, '']] as const)('limit %j', (bound, text) => expect(formatBound(bound)).toBe(text));
  it.each([
    [2026, { min: 2000, max: 2100 }, '2026'], [1998, { min: 1990, max: 2100 }, '1998'], [2026, { min: 0, max: 100_000 }, '2,026'], [1_200_000, {}, '1,200,000'],
  ])('whole number %d within %j', (value, bounds, text) => expect(formatInteger(value, { type: 'integer', ...bounds })).toBe(text));
  it('only a whole number is a year', () => expect(isYear({ type: 'decimal', min: 2000, max: 2100 })).toBe(false));
  it('units that one language writes otherwise have a name, the others stay', () => expect(['万t/a', 'h', '人', 'MPa', '%CH4'].map(unitKey)).toEqual(['tenThousandTonsYear', 'hour', 'person', undefined, undefined]));
  it('bytes', () => expect([formatBytes(10), formatBytes(2048), formatBytes(3_145_728)]).toEqual(['10 B', '2 KiB', '3.0 MiB']));
});

describe('durations', () => {
  it.each([
    [0, [['s', 0]]], [59, [['s', 59]]], [60, [['min', 1]]], [3_725, [['h', 1], ['min', 2]]], [90_000, [['d', 1], ['h', 1]]], [86_460, [['d', 1]]],
  ])('%d s', (seconds, parts) => expect(splitDuration(seconds)).toEqual(parts));
});
