import { onBeforeUnmount, onMounted, ref, watch, type Ref } from 'vue';

/** True when keys belong to a field, a dialog or a menu and not to the page. */
export function keysAreTaken(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return true;
  const target = event.target as HTMLElement | null;
  if (target?.closest('input, textarea, select, [contenteditable], [role="dialog"], [role="menu"]')) return true;
  return document.querySelector('.el-overlay:not([style*="display: none"])') !== null;
}

export function useKey(handler: (event: KeyboardEvent) => void): void {
  const listen = (event: KeyboardEvent): void => {
    if (!keysAreTaken(event)) handler(event);
  };
  onMounted(() => window.addEventListener('keydown', listen));
  onBeforeUnmount(() => window.removeEventListener('keydown', listen));
}

/** Puts the focus on the link of the chosen row, so that Enter and a screen reader find it there. */
function focusChosen(): void {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-chosen="true"]')];
  const row = rows.find((element) => element.offsetParent !== null);
  row?.scrollIntoView({ block: 'nearest' });
  (row?.matches('a') ? row : row?.querySelector<HTMLElement>('a'))?.focus({ preventScroll: true });
}

/** j / k move through a queue, Enter opens. Gives the index of the chosen row, -1 for none. */
export function useQueueKeys(count: () => number, open: (index: number) => void): Ref<number> {
  const chosen = ref(-1);
  useKey((event) => {
    if (event.key === 'j') chosen.value = Math.min(count() - 1, chosen.value + 1);
    else if (event.key === 'k') chosen.value = Math.max(0, chosen.value - 1);
    else if (event.key === 'Enter' && chosen.value >= 0 && !(event.target as HTMLElement).closest('a, button')) open(chosen.value);
    else return;
    event.preventDefault();
    if (event.key !== 'Enter') requestAnimationFrame(focusChosen);
  });
  watch(count, (n) => {
    if (chosen.value >= n) chosen.value = n - 1;
  });
  return chosen;
}
