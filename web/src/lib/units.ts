// Units as packs write them, by what they are called on the screen. What both languages write alike (m, %CH4, MPa) is no key here.
const keys: Record<string, string> = {
  h: 'hour', d: 'day', 天: 'day', min: 'minute', s: 'second', a: 'year', 年: 'year', 月: 'month', 岁: 'age', 人: 'person', 分: 'point', 学时: 'classHour',
  处: 'place', 路: 'channel', 题: 'question', 次: 'time', 条: 'item', 期: 'instalment', 例: 'case', 家: 'firm', 台: 'machine', '台（套）': 'set', 回路: 'circuit', 本: 'copy', 座: 'building',
  '万t/a': 'tenThousandTonsYear', 万t: 'tenThousandTons', '万m³': 'tenThousandCubicMetres',
};
export const unitKey = (unit: string): string | undefined => keys[unit];
