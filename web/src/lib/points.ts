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

/** What mines call the two states of a switch. */
const switchWords: Record<string, string> = {
  停: 'stopped', 运行: 'running', 停止: 'stopped', 关: 'closed', 打开: 'opened', 开启: 'opened', 关闭: 'closed', 断电: 'cut', 复电: 'restored', 有电: 'live', 无电: 'dead', 有风: 'air', 无风: 'noAir', 有烟: 'smoke', 无烟: 'noSmoke', 报警: 'alarm', 正常: 'normal',
};
/** Name of what a switch says, by its word and the word for its other state (开 of a door is open, of a machine running); none for a word that is not known. */
export function switchWord(text: string, other: string): string | undefined {
  if (text === '开') return other === '停' ? 'running' : 'opened';
  return switchWords[text];
}
export interface PointWords {
  on: string;
  off: string;
  none: string;
  /** A word that a mine sent, in the language of the screen. */
  sent?: (text: string, other: string) => string;
}

/** Value as shown: number and unit apart; on/off points give their own words. */
export function pointValue(point: LivePoint, words: PointWords): { text: string; unit: string } {
  if (point.value === null || point.value === undefined) return { text: words.none, unit: '' };
  if (isSwitch(point.value_type)) {
    const both = [point.on_text || words.on, point.off_text || words.off] as const;
    const [sent, other] = point.value > 0 ? both : [both[1], both[0]];
    return { text: words.sent?.(sent, other) ?? sent, unit: '' };
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
