import { describe, expect, it } from 'vitest';
import type { MineEvent } from '@/api/types';
import { eventDays } from './mineCard';

const event = (seq: number, at: string): MineEvent => ({ seq, type: 'hazard', id: '1', system: 'HAZ', title: '', action: 'create', actor: '', at, happened_at: null, reason: '', state_before: '', state_after: '' });

describe('time line of a mine', () => {
  it('groups by the day in Beijing, not by that of the browser or of UTC', () => {
    const days = eventDays([event(4, '2026-03-02T00:30:00+08:00'), event(3, '2026-03-01T16:10:00Z'), event(2, '2026-03-01T23:59:00+08:00'), event(1, '2026-02-27T10:00:00+08:00')]);
    expect(days.map((day) => [day.date, day.events.map((e) => e.seq)])).toEqual([['2026-03-02', [4, 3]], ['2026-03-01', [2]], ['2026-02-27', [1]]]);
    expect(eventDays([])).toEqual([]);
  });
});
