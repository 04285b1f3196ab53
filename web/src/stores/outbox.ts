import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import { api } from '@/api/client';
import type { FieldValues, RecordData, StoredFile } from '@/api/types';
import * as device from '@/offline/device';
import { sendAll, type Outcome, type Server } from '@/offline/sender';
import type { Visit } from '@/offline/visit';
import type { Write } from '@/offline/writes';
import { useSession } from './session';

const server: Server = {
  upload: (file) => api.raw<StoredFile>(`/attachments?name=${encodeURIComponent(file.name)}`, new Blob([file.bytes], { type: file.type }), file.type),
  send: (write, path, body) => api.once<RecordData>(write.method, path, body, write.key),
};
const everyMs = 15_000;

/** What waits on this device to be sent, for the account that is signed in. */
export const useOutbox = defineStore('outbox', () => {
  const session = useSession();
  const writes = shallowRef<Write[]>([]);
  const sending = ref(false);
  const last = ref<Outcome | null>(null);
  const lastTry = ref<number | null>(null);
  let timer: ReturnType<typeof setInterval> | undefined;

  const open = computed(() => writes.value.filter((w) => w.state !== 'sent'));
  const waiting = computed(() => open.value.filter((w) => w.state === 'waiting'));
  const stuck = computed(() => open.value.filter((w) => w.state === 'conflict' || w.state === 'refused'));
  const aside = computed(() => open.value.filter((w) => w.state === 'aside'));
  const sent = computed(() => writes.value.filter((w) => w.state === 'sent'));
  const ofVisit = (task: string): Write[] => writes.value.filter((w) => w.visit === task);

  const account = (): string => session.account?.id ?? '';
  async function refresh(): Promise<void> {
    writes.value = account() ? (await device.all('writes', account())).sort((a, b) => (a.seq ?? 0) - (b.seq ?? 0)) : [];
  }
  function changed(write: Write): void {
    writes.value = writes.value.map((w) => (w.seq === write.seq ? write : w));
  }

  /** One round; a second tab of this device waits its turn elsewhere. */
  async function round(): Promise<Outcome> {
    if (session.away) await session.load();
    if (!session.account) return 'signed_out';
    const outcome = await sendAll(account(), server, changed);
    if (outcome !== 'signed_out') return outcome;
    await session.load();  // the token may be an old one; a session that is over leads to the sign-in page
    return session.account ? sendAll(account(), server, changed) : 'signed_out';
  }
  async function send(): Promise<void> {
    if (sending.value || waiting.value.length === 0) return;
    sending.value = true;
    try {
      const locked = async (): Promise<void> => {
        last.value = await round().catch((): Outcome => 'away');
      };
      if (navigator.locks) await navigator.locks.request('mineward-outbox', locked);
      else await locked();
    } finally {
      lastTry.value = Date.now();
      sending.value = false;
      await refresh();
    }
  }
  const kick = (): void => void send();

  /** Begins to look after the queue of the account. May be called again. */
  async function start(): Promise<void> {
    await refresh();
    if (timer === undefined) {
      timer = setInterval(kick, everyMs);
      window.addEventListener('online', kick);
    }
    kick();
  }
  function stop(): void {
    clearInterval(timer);
    timer = undefined;
    window.removeEventListener('online', kick);
    writes.value = [];
    last.value = null;
  }

  async function queue(more: Write[], visit: Visit): Promise<void> {
    await device.putWrites(more, visit);
    await refresh();
    kick();
  }
  /** Puts a changed write back; unless it is set aside, it is sent again. Its key stays: a refused write was not kept by the server. */
  async function put(write: Write): Promise<void> {
    await device.putWrites([write]);
    await refresh();
    kick();
  }
  const again = (write: Write): Promise<void> => put({ ...write, state: 'waiting', problem: null });
  const setAside = (write: Write): Promise<void> => put({ ...write, state: 'aside' });
  /** Sends mine on what the server has now. */
  const overwrite = (write: Write): Promise<void> =>
    put({ ...write, state: 'waiting', problem: null, body: { ...write.body, version: write.problem?.current?.version ?? write.body.version ?? 1 } });
  const amend = (write: Write, fields: FieldValues, reason?: string): Promise<void> =>
    put({ ...write, state: 'waiting', problem: null, body: { ...write.body, fields: { ...write.body.fields, ...fields }, ...(reason ? { reason } : {}) } });

  return { writes, open, waiting, stuck, aside, sent, sending, last, lastTry, ofVisit, refresh, start, stop, send, queue, again, setAside, overwrite, amend };
});
