import { computed, onBeforeUnmount, type ComputedRef } from 'vue';
import { triggerRef } from 'vue';
import { api } from '@/api/client';
import type { LivePoint, MineLive, Underground } from '@/api/types';
import { useLive } from '@/stores/live';
import { useLoad, type Loaded } from './useLoad';

/** A mine's points and people, kept fresh by the live channel. */
export function useMineLive(id: () => string): { mine: Loaded<MineLive>; people: Loaded<Underground>; points: ComputedRef<LivePoint[]> } {
  const live = useLive();
  const mine = useLoad((signal) => api.get<MineLive>(`/mines/${id()}/live`, {}, signal));
  const people = useLoad((signal) => api.get<Underground>(`/mines/${id()}/people`, {}, signal));
  const points = computed(() => mine.data.value?.points ?? []);
  const reload = (quiet: boolean): void => {
    void mine.load(quiet);
    void people.load(quiet);
  };
  reload(false);

  const timers: Record<string, ReturnType<typeof setTimeout>> = {};
  const soon = (name: 'mine' | 'people'): void => {
    timers[name] ??= setTimeout(() => {
      delete timers[name];
      void (name === 'mine' ? mine : people).load(true);
    }, 1_500);
  };
  const stops = [
    live.watchMines([id()]),
    live.on('values', (message) => {
      const data = mine.data.value;
      if (message.mine !== id() || !data) return;
      const byId = new Map(data.points.map((point) => [point.id, point]));
      for (const { id: point, value, state, at } of message.points) {
        const known = byId.get(point);
        if (known) Object.assign(known, { value, state, at });
      }
      data.as_of = message.at;
      triggerRef(mine.data);
    }),
    live.on('people', (message) => {
      if (message.mine === id()) soon('people');
    }),
    live.on('alarm', ({ alarm }) => {
      if (alarm.fields.mine === id()) soon('mine');
    }),
    live.on('resumed', () => reload(true)),
  ];
  const timer = setInterval(() => reload(true), 60_000);
  onBeforeUnmount(() => {
    clearInterval(timer);
    Object.values(timers).forEach(clearTimeout);
    stops.forEach((stop) => stop());
  });
  return { mine, people, points };
}
