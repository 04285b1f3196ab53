// Rows that were picked out of a list, or all that match its conditions, with the steps that every one of them allows.
import { computed, ref, watch, type ComputedRef, type Ref } from 'vue';
import { api } from '@/api/client';
import type { RecordData, Selection, SelectedRow } from '@/api/types';

/** So many ids fit into an address. */
export const mostPicked = 400;

export interface Picked {
  rows: Ref<SelectedRow[]>;
  ids: ComputedRef<Set<string>>;
  /** Names of the steps that all rows allow; null while it is not known. */
  steps: Ref<string[] | null>;
  /** All that match were taken. */
  all: Ref<boolean>;
  /** More match than may be taken at once. */
  cut: Ref<boolean>;
  turn: (records: RecordData[], on: boolean) => void;
  takeAll: () => Promise<void>;
  clear: () => void;
}

export function usePicked(type: () => string, query: () => Record<string, string>): Picked {
  const rows = ref<SelectedRow[]>([]);
  const steps = ref<string[] | null>(null);
  const all = ref(false);
  const cut = ref(false);
  const ids = computed(() => new Set(rows.value.map((row) => row.id)));
  let asked = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const common = (answer: Selection): string[] => answer.steps.filter((step) => step.count === answer.rows.length).map((step) => step.name);
  /** Asks for the steps once the picking pauses. */
  function ask(): void {
    const mine = ++asked;
    clearTimeout(timer);
    steps.value = rows.value.length ? null : [];
    if (!rows.value.length) return;
    timer = setTimeout(() => {
      void api.get<Selection>(`/records/${type()}/selection`, { 'f.id': rows.value.map((row) => row.id).join(',') }).then((answer) => {
        if (mine === asked) steps.value = common(answer);
      }).catch(() => {
        if (mine === asked) steps.value = [];
      });
    }, 250);
  }
  function turn(records: RecordData[], on: boolean): void {
    all.value = false;
    cut.value = false;
    const touched = new Set(records.map((record) => record.id));
    const rest = rows.value.filter((row) => !touched.has(row.id));
    rows.value = (on ? [...rest, ...records.map(({ id, version }) => ({ id, version }))] : rest).slice(0, mostPicked);
    ask();
  }
  async function takeAll(): Promise<void> {
    const mine = ++asked;
    clearTimeout(timer);
    const answer = await api.get<Selection>(`/records/${type()}/selection`, query());
    if (mine !== asked) return;
    rows.value = answer.rows;
    steps.value = common(answer);
    all.value = true;
    cut.value = answer.more;
  }
  function clear(): void {
    ++asked;
    clearTimeout(timer);
    rows.value = [];
    steps.value = [];
    all.value = cut.value = false;
  }
  // What is picked belongs to the list that is seen.
  watch(() => JSON.stringify([type(), query()]), clear);
  return { rows, ids, steps, all, cut, turn, takeAll, clear };
}
