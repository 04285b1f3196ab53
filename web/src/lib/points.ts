// Grouping and judging of live points for the screen. The server's grade decides; this only sorts and words.
import type { LivePoint } from '@/api/types';
import { formatBound, formatInstant, formatNumber } from './format';
import { gradeRank, isSwitch } from './monitoring';

export interface PointGroup {
  name: string;
  rank: number;
  points: LivePoint[];
}

/** By working area; points of no area come together at the end, unless they are in alarm. Gravest group first, then by name. */
export function groupPoints(points: LivePoint[]): PointGroup[] {
  const groups = new Map<string, PointGroup>();
  for (const point of points) {
    const name = point.working_area ?? '';
    const group = groups.get(name) ?? { name, rank: 0, points: [] };
    group.points.push(point);
    group.rank = Math.max(group.rank, gradeRank(point.alarm_grade));
    groups.set(name, group);
  }
  const list = [...groups.values()];
  for (const group of list) group.points.sort((a, b) => gradeRank(b.alarm_grade) - gradeRank(a.alarm_grade) || a.place.localeCompare(b.place, 'zh'));
  return list.sort((a, b) => b.rank - a.rank || Number(a.name === '') - Number(b.name === '') || a.name.localeCompare(b.name, 'zh'));
}

/** Value as shown: number and unit apart; on/off points give their own words. */
export function pointValue(point: LivePoint, words: { on: string; off: string; none: string }): { text: string; unit: string } {
  if (point.value === null || point.value === undefined) return { text: words.none, unit: '' };
  if (isSwitch(point.value_type)) {
    return { text: point.value > 0 ? point.on_text || words.on : point.off_text || words.off, unit: '' };
  }
  return { text: formatNumber(point.value), unit: point.unit ?? '' };
}

export function limitText(point: LivePoint): string {
  return [formatBound(point.alarm), formatBound(point.alarm_low)].filter(Boolean).join(' / ');
}

/** Time of a value: of today only the clock. */
export function valueTime(at: string | null | undefined, now: number): string {
  if (!at) return '';
  return formatInstant(at, 'date') === formatInstant(now, 'date') ? formatInstant(at, 'time') : formatInstant(at, 'short');
}
