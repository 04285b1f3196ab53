import { onBeforeUnmount, ref, type Ref } from 'vue';
import { api } from '@/api/client';
import type { RecordPage } from '@/api/types';
import { chime } from '@/lib/chime';
import { gradeRank } from '@/lib/monitoring';
import { useLive } from '@/stores/live';
import { useNotices } from '@/stores/notices';
import { usePrefs } from '@/stores/prefs';

/** Hears every alarm of the scope: counts the unanswered ones, shows and sounds the new ones. */
export function useAlarmWatch(): { unanswered: Ref<number | null> } {
  const live = useLive();
  const notices = useNotices();
  const prefs = usePrefs();
  const unanswered = ref<number | null>(null);
  const seen = new Set<string>();
  let later: ReturnType<typeof setTimeout> | undefined;

  async function count(): Promise<void> {
    try {
      const page = await api.get<RecordPage>('/records/alarm', { 'f.state': 'raised', limit: 1, total: 1 });
      unanswered.value = page.total;
    } catch {
      unanswered.value = null;
    }
  }
  const countSoon = (): void => {
    clearTimeout(later);
    later = setTimeout(() => void count(), 400);
  };
  const stops = [
    live.on('alarm', ({ alarm }) => {
      countSoon();
      const young = alarm.version <= 1 || Date.now() - Date.parse(alarm.created_at) < 60_000;
      const fresh = alarm.state === 'raised' && !seen.has(alarm.id) && young;
      seen.add(alarm.id);
      if (!fresh) return;
      notices.alarm(alarm);
      if (prefs.sound) chime(gradeRank(alarm.fields.grade));
    }),
    live.on('resumed', countSoon),
  ];
  void count();
  onBeforeUnmount(() => {
    clearTimeout(later);
    stops.forEach((stop) => stop());
  });
  return { unanswered };
}
