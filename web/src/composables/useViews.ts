// Named filters of a list. A link with ?view= opens one; a list without any condition begins with the default one.
import { computed, ref, watch, type ComputedRef, type Ref } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import { api } from '@/api/client';
import type { SavedView } from '@/api/types';

interface Answer {
  views: SavedView[];
}
export interface Views {
  views: Ref<SavedView[]>;
  /** The one that is open; its conditions may have been changed since. */
  current: ComputedRef<SavedView | null>;
  changed: ComputedRef<boolean>;
  open: (view: SavedView | null) => void;
  save: (name: string, shared: boolean) => Promise<void>;
  update: (view: SavedView, part: Partial<Pick<SavedView, 'name' | 'shared'>> | 'conditions') => Promise<void>;
  remove: (view: SavedView) => Promise<void>;
  restore: (view: SavedView) => Promise<void>;
  makeDefault: (view: SavedView | null) => Promise<void>;
}

const same = (a: Record<string, string>, b: Record<string, string>): boolean =>
  JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort());

export function useViews(type: () => string, query: () => Record<string, string>, columns: Ref<string[]>): Views {
  const route = useRoute();
  const router = useRouter();
  const views = ref<SavedView[]>([]);
  const path = (): string => `/views/${type()}`;
  const take = (answer: Answer): void => {
    views.value = answer.views;
  };
  const current = computed(() => views.value.find((view) => view.id === route.query.view) ?? null);
  const changed = computed(() => current.value !== null
    && (!same(current.value.query, query()) || (current.value.columns.length > 0 && current.value.columns.join() !== columns.value.join())));

  function open(view: SavedView | null): void {
    // "none" keeps a default from coming back at once.
    void router.replace({ query: view ? { view: view.id, ...view.query } : { view: 'none' } });
    if (view?.columns.length) columns.value = [...view.columns];
  }
  /** What a list that was just entered begins with. */
  function begin(): void {
    const asked = Object.keys(route.query).some((name) => name === 'q' || name === 'sort' || name.startsWith('f.'));
    if (current.value?.columns.length) columns.value = [...current.value.columns];
    if (asked || route.query.view === 'none') return;
    const view = current.value ?? (route.query.view ? undefined : views.value.find((v) => v.default));
    if (view) open(view);
  }
  async function load(): Promise<void> {
    views.value = [];
    const asked = type();
    const answer = await api.get<Answer>(`/views/${asked}`).catch(() => null);  // a list works without its names
    if (!answer || asked !== type()) return;
    take(answer);
    begin();
  }
  watch(type, () => void load(), { immediate: true });

  const write = async (how: 'POST' | 'PATCH', end: string, body: unknown): Promise<void> =>
    take(how === 'POST' ? await api.post<Answer>(path() + end, body) : await api.patch<Answer>(path() + end, body));
  return {
    views, current, changed, open,
    async save(name, shared) {
      await write('POST', '', { name, query: query(), columns: columns.value, shared });
      const made = views.value.find((view) => view.mine && view.name === name);
      if (made) open(made);
    },
    update: (view, part) => write('PATCH', `/${view.id}`, { version: view.version, ...(part === 'conditions' ? { query: query(), columns: columns.value } : part) }),
    async remove(view) {
      await write('POST', `/${view.id}/remove`, {});
      if (route.query.view === view.id) open(null);
    },
    restore: (view) => write('POST', `/${view.id}/restore`, {}),
    makeDefault: (view) => write('POST', '/default', { id: view?.id ?? null }),
  };
}
