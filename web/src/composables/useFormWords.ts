import { useI18n } from 'vue-i18n';
import type { FormColumn, FormLayout, Label } from '@/api/types';
import { useDutyWords } from './useDuties';
import { useCatalog } from '@/stores/catalog';

// Units and group headings that packs give only as they are printed; the printed words stay where the screen is Chinese or the
// words are not known.
const groups: Record<string, string> = { 风险清单建立情况: 'risks', 排查整治情况: 'hazards', 处罚情况: 'penalties' };
const units: Record<string, string> = {
  数量: 'number', 条数: 'items', 组次: 'groupTimes', 人次: 'personTimes', 矿次: 'mineTimes', 项: 'items', 条: 'items', 次: 'times', 处: 'places', 万元: 'tenThousandYuan', 个次: 'faceTimes', '台、套': 'sets', '%': 'percent',
};

/** Words of a printed form in the language of the screen. */
export function useFormWords(): {
  words: (text: string | Label | null | undefined) => string; unitText: (unit: string | Label) => string; columnText: (column: FormColumn | undefined) => string; titleText: (form: FormLayout, month: string) => string; rowText: (form: FormLayout, row: string) => string;
} {
  const { t, locale } = useI18n();
  const catalog = useCatalog();
  const { monthText } = useDutyWords();
  const abroad = (): boolean => locale.value !== 'zh-CN';
  function words(text: string | Label | null | undefined): string {
    if (typeof text !== 'string') return catalog.text(text);
    return abroad() && groups[text] ? t(`forms.group.${groups[text]}`) : text;
  }
  function unitText(unit: string | Label): string {
    if (typeof unit !== 'string') return catalog.text(unit);
    return abroad() && units[unit] ? t(`forms.unit.${units[unit]}`) : unit;
  }
  return {
    words,
    unitText,
    columnText: (column) => (column ? [words(column.name), words(column.sub)].filter(Boolean).join(' · ') : ''),
    titleText: (form, month) => (!abroad() && form.title ? form.title : `${catalog.text(form.label)} · ${monthText(month)}`),
    rowText: (form, row) => words(form.rows.find((r) => r.name === row)?.label ?? row),
  };
}
