import { defineStore } from 'pinia';
import { computed, ref } from 'vue';
import { api, ApiError, setCsrf } from '@/api/client';
import type { Account, Session } from '@/api/types';

const homes: Record<string, string> = {
  live: '/live', hazards: '/hazards', board: '/board', alarms: '/alarms', uploads: '/uploads',
  accounts: '/admin/accounts', log: '/admin/log', records: '/records',
};

export const useSession = defineStore('session', () => {
  const account = ref<Account | null>(null);
  const mustChangePassword = ref(false);
  const known = ref(false);

  const home = computed(() => {
    const wanted = account.value?.home ?? '';
    return homes[wanted.replace(/^\//, '')] ?? '/alarms';
  });
  const hasRole = (...roles: string[]): boolean => roles.some((role) => account.value?.roles.includes(role));

  function take(session: Session): void {
    account.value = session.account;
    mustChangePassword.value = session.must_change_password ?? false;
    setCsrf(session.csrf ?? '');
    known.value = true;
  }
  function forget(): void {
    account.value = null;
    mustChangePassword.value = false;
    setCsrf('');
    known.value = true;
  }

  /** Asks the server who we are; leaves `account` empty when nobody is signed in. */
  async function load(): Promise<void> {
    try {
      take(await api.get<Session>('/session'));
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      forget();
    }
  }
  async function signIn(name: string, password: string): Promise<void> {
    take(await api.post<Session>('/session', { name, password }));
  }
  async function signOut(): Promise<void> {
    try {
      await api.remove('/session');
    } finally {
      forget();
    }
  }
  async function changePassword(old: string, fresh: string): Promise<void> {
    await api.post('/session/password', { old, new: fresh });
    await load();
  }
  return { account, mustChangePassword, known, home, hasRole, load, signIn, signOut, changePassword, forget };
});
