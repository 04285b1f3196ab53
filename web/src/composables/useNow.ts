import { onScopeDispose, ref, type Ref } from 'vue';

/** The time of the browser, renewed every so often, for "5 min ago". */
export function useNow(everyMs = 15_000): Ref<number> {
  const now = ref(Date.now());
  const timer = setInterval(() => (now.value = Date.now()), everyMs);
  onScopeDispose(() => clearInterval(timer));
  return now;
}
