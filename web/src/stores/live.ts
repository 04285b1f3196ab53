import { defineStore } from 'pinia';
import { computed, ref } from 'vue';
import { LiveChannel, type LiveStatus } from '@/api/live';
import type { LiveMessage } from '@/api/types';

type Kind = LiveMessage['kind'] | 'resumed';
type Handler = (message: LiveMessage | null) => void;

/** The live channel of the signed-in page, and who listens to it. */
export const useLive = defineStore('live', () => {
  const status = ref<LiveStatus>('off');
  const lastHeard = ref<number | null>(null);
  const lostAt = ref<number | null>(null);
  const handlers = new Map<Kind, Set<Handler>>();
  const watchers = new Map<symbol, string[]>();

  const tell = (kind: Kind, message: LiveMessage | null): void => handlers.get(kind)?.forEach((handler) => handler(message));

  const channel = new LiveChannel(
    () => `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/api/v1/live`,
    {
      message: (message) => {
        lastHeard.value = Date.now();
        tell(message.kind, message);
      },
      status: (next) => {
        if (next === 'live') {
          lostAt.value = null;
          lastHeard.value = Date.now();
        } else if (status.value === 'live') {
          lostAt.value = Date.now();
        }
        status.value = next;
      },
      resumed: () => tell('resumed', null),
    },
  );
  window.addEventListener('online', () => channel.hurry());

  /** Hears messages of one kind; the answer stops it. */
  function on<K extends LiveMessage['kind']>(kind: K, handler: (message: Extract<LiveMessage, { kind: K }>) => void): () => void;
  function on(kind: 'resumed', handler: () => void): () => void;
  function on(kind: Kind, handler: (message: never) => void): () => void {
    const set = handlers.get(kind) ?? new Set<Handler>();
    handlers.set(kind, set);
    set.add(handler as Handler);
    return () => set.delete(handler as Handler);
  }

  const refresh = (): void => channel.watch([...new Set([...watchers.values()].flat())]);
  /** Asks for the values of some mines; the answer ends it. */
  function watchMines(mines: string[]): () => void {
    const me = Symbol('watcher');
    watchers.set(me, mines);
    refresh();
    return () => {
      watchers.delete(me);
      refresh();
    };
  }
  const stale = computed(() => status.value === 'reconnecting');
  return { status, lastHeard, lostAt, stale, on, watchMines, start: () => channel.start(), stop: () => channel.stop(), hurry: () => channel.hurry() };
});
