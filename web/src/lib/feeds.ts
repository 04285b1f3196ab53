import type { Feed } from '@/api/types';

export type FeedMark = 'fine' | 'rejects' | 'lagging' | 'silent';

/** Seconds since the last file came, null when none ever came. */
export function sinceArrival(feed: Feed, now: number): number | null {
  const at = Date.parse(feed.last_arrival ?? '');
  return Number.isFinite(at) ? Math.max(0, (now - at) / 1000) : null;
}

/** One word for the state of a feed, to sort the list for the eye. Whether silence is an alarm is for rule C-1 of the packs. */
export function feedMark(feed: Feed, now: number): FeedMark {
  const since = sinceArrival(feed, now);
  if (since === null || since > 600) return 'silent';
  if ((feed.lag_s ?? 0) > 300) return 'lagging';
  return feed.rejected_today > 0 ? 'rejects' : 'fine';
}

const systems = ['aqjk', 'rydw'];
export const systemKey = (system: string | null | undefined): string => `uploads.system.${systems.includes(system ?? '') ? system : 'other'}`;
