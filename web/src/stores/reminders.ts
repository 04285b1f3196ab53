import { defineStore } from 'pinia';
import { ref } from 'vue';
import { api } from '@/api/client';
import type { Reminder } from '@/api/types';

/** Reminders of my time limits that I have not seen, newest first. The bell and the home page show the same ones. */
export const useReminders = defineStore('reminders', () => {
  const list = ref<Reminder[]>([]);
  const ready = ref(false);
  const error = ref<unknown>(null);

  async function load(): Promise<void> {
    try {
      list.value = (await api.get<{ reminders: Reminder[] }>('/reminders')).reminders;
      ready.value = true;
      error.value = null;
    } catch (problem) {
      error.value = problem;
    }
  }
  async function seen(reminders: Reminder[]): Promise<void> {
    list.value = (await api.post<{ reminders: Reminder[] }>('/reminders/seen', { seqs: reminders.map((r) => r.seq) })).reminders;
  }
  function forget(): void {
    list.value = [];
    ready.value = false;
    error.value = null;
  }
  return { list, ready, error, load, seen, forget };
});
