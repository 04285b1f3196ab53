import { computed, type ComputedRef, type Ref, type ShallowRef } from 'vue';
import { api, ApiError } from '@/api/client';
import type { RecordData } from '@/api/types';
import { useLoad } from './useLoad';

/** One record; `gone` when it does not exist for this account. */
export function useRecord(type: () => string, id: () => string): {
  record: ShallowRef<RecordData | null>; busy: Ref<boolean>; error: ShallowRef<unknown>; gone: ComputedRef<boolean>;
  load: (quiet?: boolean) => Promise<void>; take: (next: RecordData) => void;
} {
  const { data, busy, error, load } = useLoad((signal) => api.get<RecordData>(`/records/${type()}/${id()}`, {}, signal));
  const gone = computed(() => error.value instanceof ApiError && error.value.status === 404);
  /** Shows what a write gave back at once, then asks again for labels and steps. */
  function take(next: RecordData): void {
    data.value = { ...next, labels: { ...data.value?.labels, ...next.labels } };
    void load(true);
  }
  void load();
  return { record: data, busy, error, gone, load, take };
}
