import { useI18n } from 'vue-i18n';
import { useRouter } from 'vue-router';
import { confirmStep } from '@/lib/confirm';
import { forgetDrafts } from '@/lib/drafts';
import { all, forget } from '@/offline/device';
import { useOutbox } from '@/stores/outbox';
import { useSession } from '@/stores/session';

/** Before signing out: what this device kept for the account goes. With something unsent it asks first; false = stay signed in. */
export function useLeaveDevice(): () => Promise<boolean> {
  const { t } = useI18n();
  const router = useRouter();
  const session = useSession();
  const outbox = useOutbox();

  async function unsent(account: string): Promise<number> {
    const [writes, visits] = await Promise.all([all('writes', account), all('visits', account)]);
    return writes.filter((w) => w.state !== 'sent').length + visits.filter((v) => !v.finished).length;
  }
  return async () => {
    const account = session.account?.id;
    if (!account || !('indexedDB' in window)) return true;
    const left = await unsent(account).catch(() => 0);
    if (left > 0 && !(await confirmStep(t('outbox.leaveTitle'), t('outbox.leaveText', { n: left }), t('outbox.leaveDelete'), t('outbox.leaveStay')))) {
      await router.push('/inspections/outbox');
      return false;
    }
    await forget(account).catch(() => undefined);
    await forgetDrafts(account).catch(() => undefined);
    outbox.stop();
    return true;
  };
}
