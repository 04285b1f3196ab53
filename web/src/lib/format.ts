// How numbers, times and durations look. All times are shown in Beijing time, wherever the browser stands.
import type { Bound, Field } from '@/api/types';

const beijingOffset = 8 * 3_600_000;
export const dash = '—';

const pad = (n: number, width = 2): string => String(n).padStart(width, '0');

export type TimeShape = 'full' | 'minute' | 'time' | 'short' | 'date' | 'day';

/** "2026-01-05 14:03:09", "2026-01-05 14:03", "14:03:09", "01-05 14:03" or "2026-01-05" in Beijing time; `day` is `minute` without the midnight of what is only known as a day. */
export function formatInstant(
  at: string | number | null | undefined, shape: TimeShape = 'full',
): string {
  if (at === null || at === undefined || at === '') return dash;
  const ms = typeof at === 'number' ? at : Date.parse(at);
  if (!Number.isFinite(ms)) return String(at);
  const d = new Date(ms + beijingOffset);
  const date = `${d.getUTCFullYear()}-${pad(d.getUTCMonth() + 1)}-${pad(d.getUTCDate())}`;
  const minute = `${pad(d.getUTCHours())}:${pad(d.getUTCMinutes())}`;
  const second = `${minute}:${pad(d.getUTCSeconds())}`;
  if (shape === 'date' || (shape === 'day' && second === '00:00:00')) return date;
  if (shape === 'time') return second;
  if (shape === 'short') return `${date.slice(5)} ${minute}`;
  return `${date} ${shape === 'minute' || shape === 'day' ? minute : second}`;
}

/** RFC 3339 with +08:00, as the server takes it. */
export function toRfc3339(ms: number): string {
  return `${new Date(ms + beijingOffset).toISOString().slice(0, 19)}+08:00`;
}

/** Today in Beijing, yyyy-MM-dd. */
export function today(now: number = Date.now()): string {
  return formatInstant(now, 'date');
}

export function formatNumber(value: number | null | undefined, scale = 2): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return dash;
  return value.toLocaleString('en-US', { maximumFractionDigits: scale, minimumFractionDigits: Number.isInteger(value) ? 0 : Math.min(scale, 2) });
}

/** A whole number that can only be a year, by the bounds that its pack gives. */
export const isYear = (field: Pick<Field, 'type' | 'min' | 'max'>): boolean => field.type === 'integer' && (field.min ?? 0) >= 1800 && (field.max ?? Infinity) <= 2300;

/** "12,345"; a year has no thousands: "2026". */
export function formatInteger(value: number, field: Pick<Field, 'type' | 'min' | 'max'>): string {
  return isYear(field) ? String(value) : value.toLocaleString('en-US');
}

/** "1,234.50" from "1234.5"; yuan. */
export function formatMoney(text: string): string {
  const [whole = '0', part = ''] = text.split('.');
  return `${whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',')}.${(part + '00').slice(0, 2)}`;
}

const signs: Record<string, string> = { ge: '≥', gt: '>', le: '≤', lt: '<', '>=': '≥', '<=': '≤' };
export function formatBound(bound: Bound | null | undefined): string {
  if (!bound) return '';
  return `${signs[bound.op] ?? bound.op} ${bound.value}`;
}

/** Largest two parts of a duration: [["h", 2], ["min", 5]]. The screen puts the words. */
export function splitDuration(seconds: number): [('d' | 'h' | 'min' | 's'), number][] {
  const s = Math.max(0, Math.round(seconds));
  const parts: [('d' | 'h' | 'min' | 's'), number][] = [
    ['d', Math.floor(s / 86_400)], ['h', Math.floor(s / 3_600) % 24], ['min', Math.floor(s / 60) % 60], ['s', s % 60],
  ];
  const first = parts.findIndex(([, n]) => n > 0);
  if (first < 0) return [['s', 0]];
  return parts.slice(first, first + 2).filter(([, n], i) => i === 0 || n > 0);
}

export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(0)} KiB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}
