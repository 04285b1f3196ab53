import { computed, ref, shallowRef, type ComputedRef, type Ref, type ShallowRef } from 'vue';
import { ApiError } from '@/api/client';
import { all, type KeptTask } from '@/offline/device';
import { canKeep, keepShell } from '@/offline/shell';
import { keepTasks } from '@/offline/tasks';
import type { Visit } from '@/offline/visit';
import { useCatalog } from '@/stores/catalog';
import { useSession } from '@/stores/session';

export interface TaskRow {
  kept: KeptTask;
  visit: Visit | null;
}

/** My inspection tasks: what the device has at once, what the server has when it answers. */
export function useTasks(): { rows: ShallowRef<TaskRow[]>; busy: Ref<boolean>; away: Ref<boolean>; error: ShallowRef<unknown>; keptAt: ComputedRef<number | null>; load: () => Promise<void> } {
  const session = useSession();
  const catalog = useCatalog();
  const rows = shallowRef<TaskRow[]>([]);
  const busy = ref(false);
  const away = ref(false);
  const error = shallowRef<unknown>(null);
  const keptAt = computed(() => (rows.value.length > 0 ? Math.min(...rows.value.map((row) => row.kept.kept_at)) : null));

  async function local(): Promise<void> {
    const account = session.account?.id ?? '';
    const [tasks, visits] = await Promise.all([all('tasks', account), all('visits', account)]);
    rows.value = tasks
      .map((kept) => ({ kept, visit: visits.find((v) => v.task === kept.id) ?? null }))
      .sort((a, b) => String(a.kept.task.fields.planned_on).localeCompare(String(b.kept.task.fields.planned_on)));
  }
  async function load(): Promise<void> {
    if (!session.account || !canKeep() || busy.value) return;
    busy.value = true;
    error.value = null;
    try {
      await local();
      if (session.away) await session.load();
      await Promise.all([keepShell().catch(() => undefined), keepTasks(session.account, catalog.catalog)]);
      away.value = false;
      await local();
    } catch (problem) {
      away.value = problem instanceof ApiError && (problem.status === 0 || problem.status >= 500);
      if (!away.value) error.value = problem;
    } finally {
      busy.value = false;
    }
  }
  return { rows, busy, away, error, keptAt, load };
}
