import { useI18n } from 'vue-i18n';
import { ApiError } from '@/api/client';
import type { Fault } from '@/api/types';

/** Puts refusals of the server into words. */
export function useErrors(): { errorText: (error: unknown) => string; faultText: (code: string) => string; faultMap: (faults: Fault[]) => Record<string, string> } {
  const { t, te, locale } = useI18n();

  const faultText = (code: string): string => (te(`fault.${code}`) ? t(`fault.${code}`) : t('fault.other'));
  function errorText(error: unknown): string {
    if (!(error instanceof ApiError)) return t('error.internal');
    if (error.code === 'locked') return t('error.locked', { minutes: Math.max(1, Math.ceil((error.retryAfter ?? 60) / 60)) });
    return te(`error.${error.code}`) ? t(`error.${error.code}`) : t('error.internal');
  }
  /** The band and where it stands, of an amount that lies outside one; the server's message is for engineers, its figures are for all. */
  function bandText(message: string): string {
    const found = /expected (-?[\d.e+]+) to (-?[\d.e+]+) \(\S+ (.+)\)$/.exec(message);
    return found ? t('fault.band', { least: Number(found[1]).toLocaleString('en-US'), most: Number(found[2]).toLocaleString('en-US'), basis: found[3] ?? '' }) : '';
  }
  /** First fault of each field, translated. */
  function faultMap(faults: Fault[]): Record<string, string> {
    const map: Record<string, string> = {};
    for (const fault of faults) map[fault.field] ??= ((locale.value === 'en' ? fault.words?.en : fault.words?.zh) || faultText(fault.code)) + bandText(fault.message);
    return map;
  }
  return { errorText, faultText, faultMap };
}
