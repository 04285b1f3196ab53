import { ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import { ApiError } from '@/api/client';
import { toRfc3339 } from '@/lib/format';
import * as device from '@/offline/device';
import { keepTask } from '@/offline/tasks';
import { newVisit, type Visit } from '@/offline/visit';
import { beginWrites, finishWrites } from '@/offline/writes';
import { useCatalog } from '@/stores/catalog';
import { useOutbox } from '@/stores/outbox';
import { useSession } from '@/stores/session';

const newKey = (): string => crypto.randomUUID();
const now = (): string => toRfc3339(Date.now());

export type Saved = 'saving' | 'kept' | 'failed';
/** One visit on this device. Every change is kept at once. */
export function useVisit(id: string): {
  kept: ShallowRef<device.KeptTask | null>; visit: Ref<Visit | null>; saved: Ref<Saved>; busy: Ref<boolean>; error: ShallowRef<unknown>;
  load: () => Promise<void>; begin: () => Promise<void>; finish: (title: string, summary: string) => Promise<void>; newKey: () => string; now: () => string;
} {
  const session = useSession();
  const outbox = useOutbox();
  const catalog = useCatalog();
  const kept = shallowRef<device.KeptTask | null>(null);
  const visit = ref<Visit | null>(null);
  /** Whether the device has the last change; `failed` = it has no room, or refuses. */
  const saved = ref<Saved>('kept');
  const busy = ref(true);
  const error = shallowRef<unknown>(null);

  async function load(): Promise<void> {
    const account = session.account;
    if (!account) return;
    busy.value = true;
    error.value = null;
    try {
      const [here, begun] = await Promise.all([device.task(account.id, id), device.visit(account.id, id)]);
      kept.value = here ?? null;
      visit.value = begun ?? null;
      // Before it begins the newest is wanted, when the server can be asked.
      if (!begun) kept.value = await keepTask(account, id, catalog.catalog).catch((problem: unknown) => fallback(problem, here));
    } catch (problem) {
      error.value = problem;
    } finally {
      busy.value = false;
    }
  }
  function fallback(problem: unknown, here: device.KeptTask | undefined): device.KeptTask {
    const away = problem instanceof ApiError && (problem.status === 0 || problem.status >= 500);
    if (!here || !away) throw problem;
    return here;
  }

  async function begin(): Promise<void> {
    if (!kept.value || visit.value) return;
    const there = kept.value.inspection !== null;  // begun on another device or at the desk
    const keys = { inspection: newKey(), start: newKey() };
    const made = newVisit(kept.value, now(), there ? null : keys);
    await outbox.queue(there ? [] : beginWrites(kept.value, made, keys), made);
    visit.value = made;
  }
  async function finish(title: string, summary: string): Promise<void> {
    if (!visit.value || visit.value.finished) return;
    const done: Visit = { ...visit.value, finished: true, ended_at: now() };
    await outbox.queue(finishWrites(done, title, summary, newKey), done);
    visit.value = done;
  }
  let changes = 0;
  watch(visit, async (value) => {
    if (!value || value.finished) return;
    const mine = (changes += 1);
    saved.value = 'saving';
    const done = await device.putVisit(value).then(() => 'kept' as const, () => 'failed' as const);
    if (mine === changes) saved.value = done;
  }, { deep: true });

  return { kept, visit, saved, busy, error, load, begin, finish, newKey, now };
}
