// One paper on one device. Answers are kept here first and sent at once; what could not be sent is sent again until
// the server has it, also after the page was closed. The time is the server's.
import { computed, onScopeDispose, ref, shallowRef, type ComputedRef, type Ref, type ShallowRef } from 'vue';
import { api, ApiError } from '@/api/client';
import type { ShownPaper } from '@/api/types';
import { clockOffset, secondsLeft } from '@/lib/exam';
import { useNow } from './useNow';

/** How a paper is reached: with an account by its id, else by a code. */
export type Door = { paper: string } | { code: string };

const retryMs = 3_000;
const kept = (paper: string): string => `mineward.exam.${paper}`;

function ask<T>(door: Door, what: 'view' | 'start' | 'answers' | 'hand-in', body: Record<string, unknown> = {}): Promise<T> {
  if ('code' in door) return api.post<T>(`/exam-codes/${what === 'view' ? 'paper' : what}`, { ...body, code: door.code });
  const path = `/exam-papers/${door.paper}`;
  return what === 'view' ? api.get<T>(path) : api.post<T>(`${path}/${what}`, body);
}

/** Worth another try: nobody heard it, or nobody could do it now. */
const passing = (error: unknown): boolean => error instanceof ApiError && (error.status === 0 || error.status >= 500 || error.status === 429);

export interface Exam {
  shown: ShallowRef<ShownPaper | null>;
  problem: ShallowRef<unknown>;
  busy: Ref<boolean>;
  left: ComputedRef<number | null>;
  /** Answers that the server does not have yet. */
  unsent: ComputedRef<number>;
  load: () => Promise<void>;
  start: () => Promise<void>;
  answer: (sequence: number, given: string) => void;
  handIn: () => Promise<void>;
}

export function useExam(door: Door): Exam {
  const shown = shallowRef<ShownPaper | null>(null);
  const problem = shallowRef<unknown>(null);
  const busy = ref(false);
  const offset = ref(0);
  const now = useNow(250);
  const waiting = ref<Record<string, string>>({});
  let sending: Promise<void> | null = null;
  let again: ReturnType<typeof setTimeout> | undefined;

  const remember = (): void => {
    const id = shown.value?.paper.id;
    if (!id) return;
    if (Object.keys(waiting.value).length) localStorage.setItem(kept(id), JSON.stringify(waiting.value));
    else localStorage.removeItem(kept(id));
  };
  const recall = (id: string): Record<string, string> => {
    try {
      return JSON.parse(localStorage.getItem(kept(id)) ?? '{}') as Record<string, string>;
    } catch {
      return {};
    }
  };
  /** What is answered here stands over what the server has: it is on its way. */
  function take(answer: ShownPaper): void {
    now.value = Date.now(); // a tick may be old: the time left must not begin above the whole
    offset.value = clockOffset(answer, now.value);
    if (answer.paper.state !== 'started') {
      localStorage.removeItem(kept(answer.paper.id));
      waiting.value = {};
    } else if (answer.candidate) {
      waiting.value = { ...recall(answer.paper.id), ...waiting.value };
    }
    shown.value = { ...answer, questions: answer.questions.map((q) => ({ ...q, given: waiting.value[q.sequence] ?? q.given })) };
    problem.value = null;
    if (Object.keys(waiting.value).length) void flush();
  }
  async function run(what: 'view' | 'start' | 'hand-in'): Promise<void> {
    if (busy.value) return;
    busy.value = true;
    try {
      take(await ask<ShownPaper>(door, what));
    } catch (error) {
      problem.value = error;
    } finally {
      busy.value = false;
    }
  }
  async function sendAll(): Promise<void> {
    for (let next = Object.entries(waiting.value)[0]; next; next = Object.entries(waiting.value)[0]) {
      const [sequence, given] = next;
      try {
        await ask(door, 'answers', { sequence: Number(sequence), given });
      } catch (error) {
        if (passing(error)) {
          again = setTimeout(() => void flush(), retryMs);
          return;
        }
        // Refused for good: too late, or no longer open. The server says how the paper stands.
        waiting.value = {};
        remember();
        await run('view');
        problem.value = error;
        return;
      }
      if (waiting.value[sequence] === given) {
        const { [sequence]: _sent, ...rest } = waiting.value;
        waiting.value = rest;
        remember();
      }
    }
  }
  function flush(): Promise<void> {
    clearTimeout(again);
    sending ??= sendAll().finally(() => (sending = null));
    return sending;
  }
  function answer(sequence: number, given: string): void {
    if (!shown.value) return;
    waiting.value = { ...waiting.value, [sequence]: given };
    remember();
    shown.value = { ...shown.value, questions: shown.value.questions.map((q) => (q.sequence === sequence ? { ...q, given } : q)) };
    void flush();
  }
  async function handIn(): Promise<void> {
    await flush();
    if (Object.keys(waiting.value).length) {
      problem.value = new ApiError(0, 'offline');
      return;
    }
    await run('hand-in');
  }
  const online = (): void => void flush();
  window.addEventListener('online', online);
  onScopeDispose(() => {
    window.removeEventListener('online', online);
    clearTimeout(again);
  });
  return {
    shown, problem, busy,
    left: computed(() => (shown.value ? secondsLeft(shown.value, offset.value, now.value) : null)),
    unsent: computed(() => Object.keys(waiting.value).length),
    load: () => run('view'),
    start: () => run('start'),
    answer,
    handIn,
  };
}
