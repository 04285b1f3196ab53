import type { Feed } from '@/api/types';

export type FeedMark = 'fine' | 'rejects' | 'lagging' | 'silent';

/** One word for the state of a feed. The server judges silence (rule C-1); this only sorts the list for the eye. */
export function feedMark(feed: Feed): FeedMark {
  if (feed.lag_s === null || feed.lag_s === undefined || feed.lag_s > 600) return 'silent';
  if (feed.lag_s > 180) return 'lagging';
  return feed.rejected_today > 0 ? 'rejects' : 'fine';
}

const systems = ['aqjk', 'rydw'];
export const systemKey = (system: string | null | undefined): string => `uploads.system.${systems.includes(system ?? '') ? system : 'other'}`;
