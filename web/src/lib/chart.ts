// Turns a series into what ECharts draws. Kept apart from the component so that it can be tested.
import { LineChart, CustomChart } from 'echarts/charts';
import { DataZoomComponent, GridComponent, MarkAreaComponent, MarkLineComponent, TooltipComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import type { EChartsCoreOption } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import type { Bound, Series } from '@/api/types';
import { formatBound, formatInstant, formatNumber } from './format';
import { asGrade, gradeSigns } from './monitoring';

echarts.use([LineChart, CustomChart, DataZoomComponent, GridComponent, MarkAreaComponent, MarkLineComponent, TooltipComponent, CanvasRenderer]);
export { echarts };

export interface ChartWords {
  color: (name: string) => string;
  word: (key: 'mean' | 'min' | 'max' | 'value' | 'alarm' | 'alarmLow' | 'cut' | 'restore' | 'none') => string;
  rule: (id: string) => string;
  stepped: boolean;
  /** Family of the labels; the library's own when absent. */
  font?: string;
  /** Time to point at. */
  mark?: string | undefined;
}
type Point = [number, number | null];

// The axis runs in UTC; eight hours are added so that its round labels are Beijing's.
const shift = 8 * 3_600_000;
const onAxis = (at: string | number): number => (typeof at === 'number' ? at : Date.parse(at)) + shift;

/** Mean, min and max lines; a pause longer than three buckets breaks the line instead of bridging it. */
export function lines(series: Series): { mean: Point[]; min: Point[]; max: Point[] } {
  const mean: Point[] = [];
  const min: Point[] = [];
  const max: Point[] = [];
  if (series.samples && series.samples.length > 0) {
    for (const [at, value] of series.samples) mean.push([onAxis(at), value]);
    return { mean, min, max };
  }
  let last = NaN;
  for (const bucket of series.buckets) {
    const at = onAxis(bucket.at);
    if (at - last > 3_000 * Math.max(series.width_s, 1)) for (const line of [mean, min, max]) line.push([last + 1, null]);
    const known = bucket.count > 0;
    mean.push([at, known ? bucket.mean : null]);
    min.push([at, known ? bucket.min : null]);
    max.push([at, known ? bucket.max : null]);
    last = at;
  }
  return { mean, min, max };
}

function limitLines(series: Series, words: ChartWords): object[] {
  const line = (bound: Bound | null | undefined, word: 'alarm' | 'alarmLow' | 'cut' | 'restore', dash: number[]): object[] =>
    bound ? [{ yAxis: bound.value, lineStyle: { color: words.color('ink-2'), type: dash, width: 1.3 }, label: { formatter: `${words.word(word)} ${formatBound(bound)}`, position: 'insideStartTop', color: words.color('ink-2'), fontSize: 11 } }] : [];
  const l = series.limits ?? {};
  const same = l.restore && l.alarm && l.restore.value === l.alarm.value;
  const sameCut = l.cut && l.alarm && l.cut.value === l.alarm.value;
  return [
    ...line(l.alarm, 'alarm', [6, 4]), ...(sameCut ? [] : line(l.cut, 'cut', [2, 3])), ...line(l.alarm_low, 'alarmLow', [6, 4]),
    ...(same ? [] : line(l.restore, 'restore', [1, 5])),
    ...(words.mark ? [{ xAxis: onAxis(words.mark), lineStyle: { color: words.color('ink'), type: 'solid', width: 1 }, label: { show: false } }] : []),
  ];
}

/** Where the names of spans stand so that none covers another: rows from the top, at most three; `right` when the name ends at the span's end. */
export function labelRows(spans: [number, number][]): { row: number | null; right: boolean }[] {
  const taken: [number, number][][] = [[], [], []];
  return spans.map(([begin, end]) => {
    const right = begin + nameWidth > 1;
    const place: [number, number] = right ? [end - nameWidth, end] : [begin, begin + nameWidth];
    const row = taken.findIndex((names) => names.every(([from, to]) => place[1] <= from || place[0] >= to));
    taken[row]?.push(place);
    return { row: row < 0 ? null : row, right };
  });
}
// Part of the chart's width that a name may fill; on a phone it is about this much.
const nameWidth = 0.4;

function alarmSpans(series: Series, words: ChartWords): object[] {
  const range = Date.parse(series.to) - Date.parse(series.from);
  const part = (at: string): number => Math.min(1, Math.max(0, (Date.parse(at) - Date.parse(series.from)) / range));
  const alarms = [...(series.alarms ?? [])].sort((a, b) => Date.parse(a.begin_at) - Date.parse(b.begin_at));
  const rows = labelRows(alarms.map((a) => [part(a.begin_at), part(a.cleared_at ?? series.to)]));
  return alarms.map((alarm, i) => {
    const grade = asGrade(alarm.grade) ?? 'blue';
    const { row, right } = rows[i] ?? { row: null, right: false };
    return [
      { xAxis: onAxis(alarm.begin_at), name: `${gradeSigns[grade]} ${words.rule(alarm.rule)}`, itemStyle: { color: words.color(grade), opacity: 0.16 }, label: { color: words.color('ink-2'), fontSize: 11, show: row !== null, position: right ? 'insideTopRight' : 'insideTopLeft', offset: [0, (row ?? 0) * 14], overflow: 'truncate', width: 120 } },
      { xAxis: onAxis(alarm.cleared_at ?? series.to) },
    ];
  });
}

function tooltip(series: Series, words: ChartWords, band: Map<number, [number | null, number | null]>): (items: { value: Point }[]) => string {
  // What this gives goes into the page as HTML, and a unit is what a mine sent.
  const unit = series.unit ? ` ${echarts.format.encodeHTML(series.unit)}` : '';
  return (items) => {
    const first = items[0];
    if (!first) return '';
    const [at, value] = first.value;
    const time = formatInstant(at - shift);
    if (value === null || value === undefined) return `${time}<br>${words.word('none')}`;
    const range = band.get(at);
    const line = `${words.word(range ? 'mean' : 'value')} <b>${formatNumber(value, 3)}${unit}</b>`;
    return range ? `${time}<br>${line}<br>${words.word('min')} ${formatNumber(range[0], 3)} · ${words.word('max')} ${formatNumber(range[1], 3)}${unit}` : `${time}<br>${line}`;
  };
}

export function seriesOption(series: Series, words: ChartWords): EChartsCoreOption {
  const { mean, min, max } = lines(series);
  const line = words.color('accent');
  const band = new Map(min.map(([at, low], i) => [at, [low, max[i]?.[1] ?? null] as [number | null, number | null]]));
  const height: Point[] = min.map(([at, low], i) => [at, low === null ? null : (max[i]?.[1] ?? low) - low]);
  const quiet = { type: 'line', symbol: 'none', silent: true, lineStyle: { opacity: 0 }, stack: 'band', stackStrategy: 'all', z: 1 };
  const limits = series.limits ?? {};
  const tops = [limits.alarm, limits.alarm_low].filter((b): b is Bound => Boolean(b)).map((b) => b.value);
  return {
    useUTC: true,
    ...(words.font ? { textStyle: { fontFamily: words.font } } : {}),
    animation: false,
    grid: { left: 8, right: 14, top: 26, bottom: 8, containLabel: true },
    tooltip: { trigger: 'axis', formatter: tooltip(series, words, band), backgroundColor: words.color('surface'), borderColor: words.color('line-strong'), textStyle: { color: words.color('ink'), fontSize: 12.5 } },
    dataZoom: [{ type: 'inside', filterMode: 'none' }],
    xAxis: { type: 'time', min: onAxis(series.from), max: onAxis(series.to), axisLabel: { color: words.color('ink-3'), hideOverlap: true, formatter: { year: '{yyyy}', month: '{MM}-{dd}', day: '{MM}-{dd}', hour: '{HH}:{mm}', minute: '{HH}:{mm}', second: '{HH}:{mm}:{ss}', millisecond: '{HH}:{mm}:{ss}', none: '{HH}:{mm}' } }, axisLine: { lineStyle: { color: words.color('line-strong') } }, splitLine: { show: false } },
    yAxis: {
      type: 'value', name: series.unit ?? '', nameTextStyle: { color: words.color('ink-3'), align: 'left' }, scale: true,
      min: (v: { min: number }) => Math.min(0, v.min, ...tops), max: (v: { max: number }) => niceTop(Math.max(v.max, ...tops), (series.alarms?.length ?? 0) > 0 ? 1.3 : 1.12),
      axisLabel: { color: words.color('ink-3'), formatter: axisNumber, hideOverlap: true }, splitLine: { lineStyle: { color: words.color('line') } },
    },
    series: [
      { ...quiet, data: min },
      { ...quiet, data: height, areaStyle: { color: line, opacity: 0.18 } },
      {
        type: 'line', data: mean, symbol: 'none', connectNulls: false, step: words.stepped ? 'end' : false, lineStyle: { color: line, width: 1.6 }, itemStyle: { color: line }, z: 3,
        markLine: { symbol: 'none', silent: true, data: limitLines(series, words) },
        markArea: { silent: true, data: alarmSpans(series, words) },
      },
    ],
  };
}

/** A little air above the highest thing drawn, rounded to two digits. */
export function niceTop(top: number, air = 1.12): number {
  if (!Number.isFinite(top) || top <= 0) return 1;
  const unit = 10 ** Math.floor(Math.log10(top)) / 10;
  return Number((Math.ceil((top * air) / unit) * unit).toPrecision(3));
}

/** A number beside the axis, without the dust of binary fractions. */
export function axisNumber(value: number): string {
  return formatNumber(Number(value.toPrecision(4)), 4).replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '');
}
