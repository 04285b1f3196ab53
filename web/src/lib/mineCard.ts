// The time line of a mine. Pure.
import type { MineEvent } from '@/api/types';
import { formatInstant } from './format';

export interface EventDay {
  date: string;
  events: MineEvent[];
}

/** Events by the Beijing day of their entry, in the order in which they came. */
export function eventDays(events: MineEvent[]): EventDay[] {
  const days: EventDay[] = [];
  for (const event of events) {
    const date = formatInstant(event.at, 'date');
    const last = days[days.length - 1];
    if (last?.date === date) last.events.push(event);
    else days.push({ date, events: [event] });
  }
  return days;
}
