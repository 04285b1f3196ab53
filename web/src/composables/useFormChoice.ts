import { computed, type ComputedRef } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import { api } from '@/api/client';
import type { FormName, FormUnit } from '@/api/types';
import { addMonths } from '@/lib/duties';
import { today } from '@/lib/format';
import { useSession } from '@/stores/session';
import { useLoad, type Loaded } from './useLoad';

/** Which form, unit and month the address asks for; last month and the account's own unit when it says nothing. */
export function useFormChoice(): {
  name: ComputedRef<string>; month: ComputedRef<string>; unit: ComputedRef<string>; now: string; units: ComputedRef<FormUnit[]>; forms: Loaded<FormName[] | { forms: FormName[] }>; go: (part: { month?: string; unit?: string }) => void;
} {
  const route = useRoute();
  const router = useRouter();
  const session = useSession();
  const now = today().slice(0, 7);
  const name = computed(() => String(route.params.name ?? ''));
  const month = computed(() => (/^\d{4}-\d{2}$/.test(String(route.query.month)) ? String(route.query.month) : addMonths(now, -1)));
  const forms = useLoad((signal) => api.get<FormName[] | { forms: FormName[] }>('/forms', {}, signal));
  const units = computed(() => (Array.isArray(forms.data.value) ? forms.data.value : forms.data.value?.forms ?? []).find((f) => f.name === name.value)?.units ?? []);
  const unit = computed(() => {
    if (typeof route.query.unit === 'string' && route.query.unit) return route.query.unit;
    const own = session.account?.organisation.id ?? '';
    return units.value.some((u) => u.id === own) ? own : units.value[0]?.id ?? own;
  });
  const go = (part: { month?: string; unit?: string }): void => void router.replace({ query: { ...route.query, ...part } });
  return { name, month, unit, now, units, forms, go };
}
