import { onBeforeUnmount, onMounted } from 'vue';
import { useI18n } from 'vue-i18n';
import { onBeforeRouteLeave } from 'vue-router';
import { confirmStep } from '@/lib/confirm';

/** Asks before a page with unsaved input is left. */
export function useUnsaved(dirty: () => boolean): void {
  const { t } = useI18n();
  const warn = (event: BeforeUnloadEvent): void => {
    if (dirty()) event.preventDefault();
  };
  onMounted(() => window.addEventListener('beforeunload', warn));
  onBeforeUnmount(() => window.removeEventListener('beforeunload', warn));
  onBeforeRouteLeave(async () => (dirty() ? confirmStep(t('form.leaveTitle'), t('form.leaveText'), t('form.leave'), t('common.stay')) : true));
}
