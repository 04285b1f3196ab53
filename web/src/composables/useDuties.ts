import { computed, type ComputedRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { useRoute, useRouter } from 'vue-router';
import type { Duty, PeriodKind } from '@/api/types';
import { periodWords, readFilters, stateKey, writeFilters, type DutyFilters } from '@/lib/duties';

/** Words for periods, progress and states of duties. */
export function useDutyWords(): {
  periodText: (every: PeriodKind, start: string, end: string) => string; dutyPeriod: (duty: Duty) => string; progressText: (duty: Pick<Duty, 'progress' | 'needed' | 'is_limit'>) => string; monthText: (month: string) => string;
  stateText: (state: Duty['state'], isLimit?: boolean) => string;
} {
  const { t, te } = useI18n();
  function periodText(every: PeriodKind, start: string, end: string): string {
    const words = periodWords(every, start, end);
    const ordinal = te(`duties.ordinal.${words.n}`) ? t(`duties.ordinal.${words.n}`) : String(words.n);
    return t(`duties.period.${words.key}`, { ...words, month: t(`duties.month.${words.month}`), n: words.key === 'week' ? words.n : ordinal, half: t(`duties.half.${words.n > 1 ? 2 : 1}`) });
  }
  return {
    periodText,
    dutyPeriod: (duty) => periodText(duty.every, duty.period_start, duty.period_end),
    progressText: (duty) => (duty.is_limit ? t('duties.overBy', { n: duty.progress, most: duty.needed }) : `${duty.progress} / ${duty.needed}`),
    monthText: (month) => periodText('month', `${month}-01T00:00:00+08:00`, `${month}-01T00:00:00+08:00`),
    stateText: (state, isLimit = false) => t(stateKey(state, isLimit)),
  };
}

/** The filters of the duties page, in the address. */
export function useDutyFilters(): { filters: ComputedRef<DutyFilters>; change: (part: Partial<DutyFilters>, more?: Record<string, string | undefined>) => void } {
  const route = useRoute();
  const router = useRouter();
  const filters = computed(() => readFilters(route.query));
  function change(part: Partial<DutyFilters>, more: Record<string, string | undefined> = {}): void {
    const kept = Object.fromEntries(['view', 'month', 'sort'].map((name) => [name, route.query[name] as string | undefined]));
    const query = { ...kept, ...writeFilters({ ...filters.value, ...part }), ...more };
    void router.replace({ query: Object.fromEntries(Object.entries(query).filter(([, value]) => value)) as Record<string, string> });
  }
  return { filters, change };
}
