import { describe, expect, it } from 'vitest';
import type { LivePoint } from '@/api/types';
import { gradeRank, stateBits } from './monitoring';
import { groupPoints, limitText, pointValue, switchWord } from './points';

const point = (more: Partial<LivePoint>): LivePoint => ({ id: '1', code: 'c', place: 'p', sensor_type: '0001', value_type: 'MN', value: 1, state: 0, at: null, ...more });
const words = { on: 'on', off: 'off', none: 'none' };

describe('groups', () => {
  it('the gravest area first, points of no area last', () => {
    const groups = groupPoints([
      point({ id: 'a', place: 'x' }), point({ id: 'b', working_area: 'A' }), point({ id: 'c', working_area: 'B', alarm_grade: 'yellow' }), point({ id: 'd', working_area: 'B', alarm_grade: 'red' }),
    ]);
    expect(groups.map((g) => [g.name, g.points.map((p) => p.id)])).toEqual([['B', ['d', 'c']], ['A', ['b']], ['', ['a']]]);
  });
  it('ranks grades', () => expect(['red', 'orange', 'yellow', 'blue', null, 'pink'].map(gradeRank)).toEqual([4, 3, 2, 1, 0, 0]));
});

describe('values', () => {
  it('no value is never a number', () => expect(pointValue(point({ value: null }), words).text).toBe('none'));
  it('zero is a number', () => expect(pointValue(point({ value: 0, unit: '%CH4' }), words)).toEqual({ text: '0', unit: '%CH4' }));
  it('a switch speaks its own words', () => {
    expect(pointValue(point({ value_type: 'KG', value: 1, on_text: '运行' }), words).text).toBe('运行');
    expect(pointValue(point({ value_type: 'KG', value: 0 }), words).text).toBe('off');
  });
  it('开 of a machine is running, of a door open; unknown words have no name', () => {
    expect([switchWord('开', '停'), switchWord('开', '关'), switchWord('断电', '复电'), switchWord('半开', '关')]).toEqual(['running', 'opened', 'cut', undefined]);
    const sent = (text: string, other: string): string => `${text} not ${other}`;
    expect(pointValue(point({ value_type: 'KG', value: 0, on_text: '开', off_text: '停' }), { ...words, sent }).text).toBe('停 not 开');
  });
  it('both limits', () => expect(limitText(point({ alarm: { op: '>', value: 4 }, alarm_low: { op: '<', value: 0.25 } }))).toBe('> 4 / < 0.25'));
  it('state bits', () => {
    expect(stateBits(5)).toEqual(['1', '4']);
    expect(stateBits(128)).toEqual(['128']);
    expect(stateBits(null)).toEqual([]);
  });
});
