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
      const step = catalog.workflow(of)?.transitions.find((s) => s.name === name) ?? (of?.withdraw?.name === name ? of.withdraw : undefined);
      const label = catalog.text(step?.label) || t('history.step');
      return kind === 'step' ? label : t(`history.${kind}`, { step: label });
    }
    if (kind === 'total') return t('history.total', { type: catalog.text(catalog.type(name)?.label) || t('history.system') });
    if (kind === 'remind' || kind === 'remind_seen') return t(`history.${kind}`, { stage: t(`reminders.stage.${name}`) });
    if (kind === 'raise') return catalog.text(of?.raises?.find((r) => r.name === name)?.label) || t('history.raise');
    return te(`history.action.${action}`) ? t(`history.action.${action}`) : t('history.action.update');
  }
  return { actionText, who: (actor) => (actor.startsWith('system:') ? t('history.system') : actor) };
}
