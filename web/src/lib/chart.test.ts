import { describe, expect, it } from 'vitest';
import type { Series } from '@/api/types';
import { axisNumber, labelRows, lines, niceTop, seriesOption, type ChartWords } from './chart';

const bucket = (at: string, mean: number, count = 2) => ({ at, count, min: mean - 0.1, max: mean + 0.1, mean, last: mean, states: 0 });
const series = (more: Partial<Series> = {}): Series => ({
  unit: '%CH4', from: '2026-01-05T08:00:00+08:00', to: '2026-01-05T09:00:00+08:00', width_s: 60,
  buckets: [bucket('2026-01-05T08:00:00+08:00', 0.5), bucket('2026-01-05T08:01:00+08:00', 0.6), bucket('2026-01-05T08:30:00+08:00', 0.7)], ...more,
});
const words: ChartWords = { color: (n) => n, word: (k) => k, rule: (r) => r, stepped: false };
type Drawn = { series: { data: [number, number | null][]; markLine?: { data: { yAxis?: number; label: { formatter?: string } }[] }; markArea?: { data: { xAxis: number }[][] } }[]; useUTC: boolean };
const drawn = (s: Series): Drawn => seriesOption(s, words) as unknown as Drawn;

describe('curve', () => {
  it('breaks where data are missing instead of drawing across', () => {
    expect(lines(series()).mean.map(([, v]) => v)).toEqual([0.5, 0.6, null, 0.7]);
  });
  it('shows an empty bucket as nothing, never as zero', () => {
    expect(lines(series({ buckets: [bucket('2026-01-05T08:00:00+08:00', 0, 0)] })).mean[0]?.[1]).toBeNull();
  });
  it('draws raw samples when there are some', () => {
    expect(lines(series({ buckets: [], samples: [[0, 1, 0], [1000, null, 0]] })).mean.map(([, v]) => v)).toEqual([1, null]);
  });
  it('puts eight o’clock in Beijing at eight on the axis', () => {
    const option = drawn(series());
    expect(option.useUTC).toBe(true);
    expect(new Date(option.series[2]?.data[0]?.[0] ?? 0).getUTCHours()).toBe(8);
  });
  it('draws limits once each, and alarms until they clear', () => {
    const option = drawn(series({
      limits: { alarm: { op: '>=', value: 1 }, cut: { op: '>=', value: 1.5 }, restore: { op: '<', value: 1 } },
      alarms: [{ id: '1', rule: 'G-1', grade: 'orange', begin_at: '2026-01-05T08:10:00+08:00' }],
    }));
    expect(option.series[2]?.markLine?.data.map((l) => l.yAxis)).toEqual([1, 1.5]);
    const [span] = option.series[2]?.markArea?.data ?? [];
    expect((span?.[1]?.xAxis ?? 0) - (span?.[0]?.xAxis ?? 0)).toBe(50 * 60_000);
  });
  it('lets no unit become part of the page', () => {
    const tip = seriesOption(series({ unit: '<img src=x onerror="alert(1)">' }), words) as unknown as { tooltip: { formatter: (items: { value: [number, number | null] }[]) => string } };
    const shown = tip.tooltip.formatter([{ value: [0, 0.5] }]);
    expect(shown).not.toContain('<img');
    expect(shown).toContain('&lt;img src=x onerror=&quot;alert(1)&quot;&gt;');
  });
  it('names no span over another', () => {
    expect(labelRows([[0.2, 1], [0.3, 1]]).map((l) => l.row)).toEqual([0, 1]);
    expect(labelRows([[0, 0.1], [0.5, 1]]).map((l) => l.row)).toEqual([0, 0]);
    expect(labelRows([[0.1, 1], [0.15, 1], [0.2, 1], [0.25, 1]]).map((l) => l.row)).toEqual([0, 1, 2, null]);
    expect(labelRows([[0.9, 1]])).toEqual([{ row: 0, right: true }]);
  });
  it.each([[1.7000000000000002, '1.7'], [0.30000000000000004, '0.3'], [0, '0'], [0.25, '0.25'], [2500, '2,500']])('writes %d beside the axis as %s', (value, shown) => expect(axisNumber(value)).toBe(shown));
  it('ends the axis on a round number', () => expect(niceTop(1.5)).toBe(1.7));
  it.each([[0, 1], [1, 1.2], [1.5, 1.7], [24, 27], [1850, 2100]])('leaves air above %d', (top, shown) => expect(niceTop(top)).toBeCloseTo(shown));
});
