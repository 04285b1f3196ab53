import { useI18n } from 'vue-i18n';
import { switchWord, type PointWords } from '@/lib/points';

/** Words for the values of points. In Chinese what the mine sent is shown as it is. */
export function usePointWords(): () => PointWords {
  const { t, locale } = useI18n();
  const sent = (text: string, other: string): string => {
    const word = locale.value === 'zh-CN' ? undefined : switchWord(text, other);
    return word ? t(`mine.switch.${word}`) : text;
  };
  return () => ({ on: t('mine.on'), off: t('mine.off'), none: t('mine.noValue'), sent });
}
