import { defineStore } from 'pinia';
import { ref } from 'vue';
import type { RecordData } from '@/api/types';

export interface Notice {
  id: number;
  kind: 'done' | 'problem' | 'alarm' | 'reminder';
  text: string;
  /** Where it leads; alarms open their own page. */
  to?: string;
  alarm?: RecordData;
}

/** Small messages in the corner. They go by themselves; alarms stay longer and open their page. */
export const useNotices = defineStore('notices', () => {
  const list = ref<Notice[]>([]);
  let next = 1;

  function drop(id: number): void {
    list.value = list.value.filter((notice) => notice.id !== id);
  }
  function show(kind: Notice['kind'], text: string, alarm?: RecordData, to?: string): void {
    const id = next++;
    list.value = [...list.value.slice(-3), { id, kind, text, ...(alarm ? { alarm } : {}), ...(to ? { to } : {}) }];
    setTimeout(() => drop(id), kind === 'done' ? 4_000 : 12_000);
  }
  return { list, drop, done: (text: string) => show('done', text), problem: (text: string) => show('problem', text), remind: (text: string, to: string) => show('reminder', text, undefined, to), alarm: (alarm: RecordData) => show('alarm', alarm.title || String(alarm.fields.title ?? ''), alarm) };
});
