import { onScopeDispose, ref, shallowRef, type Ref, type ShallowRef } from 'vue';
import { ApiError, api } from '@/api/client';
import type { LedgerImport, LedgerOptions } from '@/api/types';

const runs = ['checking', 'applying', 'undoing'];
export const isRunning = (state: string): boolean => runs.includes(state);

/** One import, asked for once a second while the server works on it; the work goes on without us. */
export function useImport(id: () => string): {
  view: ShallowRef<LedgerImport | null>; error: ShallowRef<unknown>; busy: Ref<boolean>; load: () => Promise<void>;
  check: (options: LedgerOptions) => Promise<void>; apply: (skipFaulty: boolean) => Promise<void>; undo: () => Promise<void>; discard: () => Promise<void>;
} {
  const view = shallowRef<LedgerImport | null>(null);
  const error = shallowRef<unknown>(null);
  const busy = ref(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let gone = false;

  function show(answer: LedgerImport): void {
    if (gone || answer.id !== id()) return;
    view.value = answer;
    error.value = null;
    clearTimeout(timer);
    if (isRunning(answer.state)) timer = setTimeout(() => void load(), 1_000);
  }
  async function load(): Promise<void> {
    if (!id()) return;
    try {
      show(await api.get<LedgerImport>(`/imports/${id()}`));
    } catch (problem) {
      if (gone) return;
      error.value = problem;
      // The server is away for a moment: what it works on goes on, and so do we.
      if (problem instanceof ApiError && problem.status !== 404) timer = setTimeout(() => void load(), 5_000);
    }
  }
  async function order(name: string, body: unknown): Promise<void> {
    if (busy.value) return;
    busy.value = true;
    try {
      show(await api.post<LedgerImport>(`/imports/${id()}/${name}`, body));
    } catch (problem) {
      error.value = problem;
      await load();
      error.value = problem;
    } finally {
      busy.value = false;
    }
  }
  onScopeDispose(() => {
    gone = true;
    clearTimeout(timer);
  });
  return {
    view, error, busy, load,
    check: (options) => order('check', options),
    apply: (skipFaulty) => order('apply', { skip_faulty: skipFaulty }),
    undo: () => order('undo', {}),
    discard: () => order('discard', {}),
  };
}
