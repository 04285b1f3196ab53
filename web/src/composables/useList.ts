import { computed, ref, watch, type ComputedRef, type Ref } from 'vue';
import { useRoute, useRouter, type LocationQuery } from 'vue-router';
import { api } from '@/api/client';
import type { RecordPage } from '@/api/types';
import { useLoad, type Loaded } from './useLoad';

export interface ListState {
  words: string;
  sort: string;
  filters: Record<string, string>;
}
export interface RecordList {
  state: ComputedRef<ListState>;
  loaded: Loaded<RecordPage>;
  page: Ref<number>;
  total: Ref<number | null>;
  /** Whether `total` is all; else there are at least so many. */
  totalExact: Ref<boolean>;
  change: (part: Partial<ListState>) => void;
  /** Sets filters; an empty value takes one away. */
  setFilters: (part: Record<string, string>) => void;
  nextPage: () => void;
  previousPage: () => void;
  query: ComputedRef<Record<string, string>>;
}

const one = (value: LocationQuery[string]): string => (Array.isArray(value) ? value[0] : value) ?? '';

/** A list of one record type: its filters, order and words live in the address, its pages go by cursor. */
export function useList(type: () => string, standard: () => { sort?: string; filters?: Record<string, string> }, limit = 50): RecordList {
  const route = useRoute();
  const router = useRouter();
  const cursors = ref<string[]>([]);
  const page = computed(() => cursors.value.length + 1);
  const total = ref<number | null>(null);
  const totalExact = ref(true);

  const state = computed<ListState>(() => {
    const filters: Record<string, string> = { ...(standard().filters ?? {}) };
    for (const [name, value] of Object.entries(route.query)) {
      if (name.startsWith('f.')) filters[name.slice(2)] = one(value);
    }
    for (const [name, value] of Object.entries(filters)) if (value === '' || value === '*') delete filters[name];
    return { words: one(route.query.q ?? ''), sort: one(route.query.sort ?? '') || standard().sort || '', filters };
  });
  const query = computed(() => {
    const q: Record<string, string> = {};
    if (state.value.words) q.q = state.value.words;
    if (state.value.sort) q.sort = state.value.sort;
    for (const [name, value] of Object.entries(state.value.filters)) q[`f.${name}`] = value;
    return q;
  });

  const loaded = useLoad<RecordPage>(async (signal) => {
    const after = cursors.value[cursors.value.length - 1];
    const answer = await api.get<RecordPage>(`/records/${type()}`, { ...query.value, limit, ...(after ? { after } : { total: 1 }) }, signal);
    if (answer.total !== null && answer.total !== undefined) {
      total.value = answer.total;
      totalExact.value = answer.total_exact !== false;
    }
    return answer;
  });

  function change(part: Partial<ListState>): void {
    const next = { ...state.value, ...part };
    const q: Record<string, string> = {};
    for (const [name, value] of Object.entries(route.query)) {
      if (name !== 'q' && name !== 'sort' && !name.startsWith('f.')) q[name] = one(value);
    }
    if (next.words) q.q = next.words;
    if (next.sort && next.sort !== standard().sort) q.sort = next.sort;
    const usual = standard().filters ?? {};
    for (const [name, value] of Object.entries(next.filters)) if (value && value !== usual[name]) q[`f.${name}`] = value;
    for (const name of Object.keys(usual)) if (!next.filters[name]) q[`f.${name}`] = '*';
    void router.replace({ query: q });
  }
  function setFilters(part: Record<string, string>): void {
    change({ filters: Object.fromEntries(Object.entries({ ...state.value.filters, ...part }).filter(([, value]) => value !== '')) });
  }
  function nextPage(): void {
    const next = loaded.data.value?.next;
    if (!next) return;
    cursors.value = [...cursors.value, next];
    void loaded.load();
  }
  function previousPage(): void {
    cursors.value = cursors.value.slice(0, -1);
    void loaded.load();
  }
  const path = route.path;
  watch([query, type], () => {
    if (route.path !== path && !route.path.startsWith(path)) return;
    cursors.value = [];
    total.value = null;
    void loaded.load();
  }, { immediate: true });
  return { state, loaded, page, total, totalExact, change, setFilters, nextPage, previousPage, query };
}
