import { defineStore } from 'pinia';
import { ref } from 'vue';
import { api, ApiError, setCsrf } from '@/api/client';
import type { Account, Session } from '@/api/types';
import { disownOthers, keptAccount } from '@/offline/device';

/** A sign-out that the server has not heard of yet. */
const owedKey = 'mineward.signOut';

export const useSession = defineStore('session', () => {
  const account = ref<Account | null>(null);
  const mustChangePassword = ref(false);
  const known = ref(false);
  /** The server did not answer; the account is the one that this device kept. */
  const away = ref(false);

  const hasRole = (...roles: string[]): boolean => roles.some((role) => account.value?.roles.includes(role));

  function take(session: Session): void {
    account.value = session.account;
    mustChangePassword.value = session.must_change_password ?? false;
    setCsrf(session.csrf ?? '');
    known.value = true;
    away.value = false;
    disownOthers(session.account.id);
  }
  function forget(): void {
    account.value = null;
    away.value = false;
    mustChangePassword.value = false;
    setCsrf('');
    known.value = true;
  }

  /** Asks the server who we are; leaves `account` empty when nobody is signed in. */
  async function load(): Promise<void> {
    try {
      const session = await api.get<Session>('/session');
      setCsrf(session.csrf ?? '');
      if (localStorage.getItem(owedKey)) await endOwed();
      else take(session);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      forget();
    }
  }
  async function endOwed(): Promise<void> {
    await api.remove('/session');
    localStorage.removeItem(owedKey);
    forget();
  }
  /** Goes on with what this device kept while the server is away; false when it kept nothing. */
  async function takeKept(): Promise<boolean> {
    const kept = localStorage.getItem(owedKey) ? null : await keptAccount().catch(() => null);
    if (!kept) return false;
    account.value = kept;
    known.value = true;
    away.value = true;
    return true;
  }
  async function signIn(name: string, password: string): Promise<void> {
    localStorage.removeItem(owedKey);
    take(await api.post<Session>('/session', { name, password }));
  }
  async function signOut(): Promise<void> {
    try {
      await api.remove('/session');
    } catch (error) {
      if (!(error instanceof ApiError) || error.status === 0 || error.status >= 500) localStorage.setItem(owedKey, '1');
      throw error;
    } finally {
      forget();
    }
  }
  async function changePassword(old: string, fresh: string): Promise<void> {
    await api.post('/session/password', { old, new: fresh });
    await load();
  }
  return { account, mustChangePassword, known, away, hasRole, load, takeKept, signIn, signOut, changePassword, forget };
});
