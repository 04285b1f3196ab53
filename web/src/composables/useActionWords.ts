import { useI18n } from 'vue-i18n';
import { useCatalog } from '@/stores/catalog';

/** What a line of the change log did, in words: the name of the step, or the kind of writing. */
export function useActionWords(): { actionText: (type: string, action: string) => string; who: (actor: string) => string } {
  const { t, te } = useI18n();
  const catalog = useCatalog();
  function actionText(type: string, action: string): string {
    const [kind = '', name = ''] = action.split(':');
    const of = catalog.type(type);
    if (['step', 'begin', 'sign', 'return'].includes(kind)) {
      const label = catalog.text(catalog.workflow(of)?.transitions.find((s) => s.name === name)?.label) || t('history.step');
      return kind === 'step' ? label : t(`history.${kind}`, { step: label });
    }
    if (kind === 'raise') return catalog.text(of?.raises?.find((r) => r.name === name)?.label) || t('history.raise');
    return te(`history.action.${action}`) ? t(`history.action.${action}`) : t('history.action.update');
  }
  return { actionText, who: (actor) => (actor.startsWith('system:') ? t('history.system') : actor) };
}
