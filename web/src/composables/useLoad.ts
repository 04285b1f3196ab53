import { onScopeDispose, ref, shallowRef, type Ref, type ShallowRef } from 'vue';
import { isAborted } from '@/api/client';

export interface Loaded<T> {
  data: ShallowRef<T | null>;
  busy: Ref<boolean>;
  error: ShallowRef<unknown>;
  /** `quiet` keeps what is shown until the new data are there. */
  load: (quiet?: boolean) => Promise<void>;
}

/** Fetches, remembers the last answer, and gives up an older question when a newer one is asked. */
export function useLoad<T>(ask: (signal: AbortSignal) => Promise<T>): Loaded<T> {
  const data = shallowRef<T | null>(null);
  const busy = ref(false);
  const error = shallowRef<unknown>(null);
  let running: AbortController | null = null;

  async function load(quiet = false): Promise<void> {
    running?.abort();
    const mine = new AbortController();
    running = mine;
    busy.value = true;
    if (!quiet) error.value = null;
    try {
      const answer = await ask(mine.signal);
      if (running !== mine) return;
      data.value = answer;
      error.value = null;
    } catch (problem) {
      if (running !== mine || isAborted(problem)) return;
      if (!quiet || data.value === null) error.value = problem;
    } finally {
      if (running === mine) busy.value = false;
    }
  }
  onScopeDispose(() => running?.abort());
  return { data, busy, error, load };
}
