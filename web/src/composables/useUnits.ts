import { useI18n } from 'vue-i18n';
import type { Field } from '@/api/types';
import { isYear } from '@/lib/format';
import { unitKey } from '@/lib/units';

/** The unit of a field in the language of the screen; a year needs none in English ("2026"). */
export function useUnits(): (field: Field, unit: string, count?: number) => string {
  const { t, locale } = useI18n();
  return (field, unit, count = 2) => {
    if (isYear(field) && locale.value !== 'zh-CN') return '';
    const key = unitKey(unit);
    return key ? t(`units.${key}`, count) : unit;
  };
}
