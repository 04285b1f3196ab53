import { useI18n } from 'vue-i18n';
import type { Label } from '@/api/types';

/** A label of the packs in the language of the page; for pages that have no catalogue. */
export function useLabel(): (label: Label | null | undefined) => string {
  const { locale } = useI18n();
  return (label) => (locale.value === 'en' ? label?.en || label?.zh : label?.zh || label?.en) ?? '';
}
