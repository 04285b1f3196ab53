import { computed, ref, watch, type ComputedRef } from 'vue';
import { useLoad, type Loaded } from './useLoad';

export interface CursorPages<T> {
  loaded: Loaded<T>;
  page: ComputedRef<number>;
  next: () => void;
  previous: () => void;
}

/** A list that goes by cursor. Begins again when what it asks for changes. */
export function useCursor<T extends { next: string | null }>(ask: (after: string | undefined, signal: AbortSignal) => Promise<T>, wanted: () => unknown): CursorPages<T> {
  const cursors = ref<string[]>([]);
  const loaded = useLoad<T>((signal) => ask(cursors.value.at(-1), signal));
  function next(): void {
    const cursor = loaded.data.value?.next;
    if (!cursor) return;
    cursors.value = [...cursors.value, cursor];
    void loaded.load();
  }
  function previous(): void {
    cursors.value = cursors.value.slice(0, -1);
    void loaded.load();
  }
  watch(() => JSON.stringify(wanted()), () => {
    cursors.value = [];
    void loaded.load();
  }, { immediate: true });
  return { loaded, page: computed(() => cursors.value.length + 1), next, previous };
}
