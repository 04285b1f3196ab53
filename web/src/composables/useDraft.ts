import { onBeforeUnmount, onMounted, ref, watch, type Ref } from 'vue';
import { dropDraft, keepDraft, keptDraft, type DraftPhoto } from '@/lib/drafts';
import { useSession } from '@/stores/session';

/** Values and photos of a page that outlive its closing. `restored` says that they came from the device, `kept` that all of them are on it. */
export function useDraft<T extends object>(page: string, fresh: () => T): {
  values: Ref<T>; photos: Ref<DraftPhoto[]>; key: Ref<string>; restored: Ref<boolean>; kept: Ref<boolean>; ready: Ref<boolean>; keep: () => Promise<void>; clear: () => Promise<void>; trying: () => void;
} {
  const account = useSession().account?.id ?? '';
  const values = ref(fresh()) as Ref<T>;
  const photos = ref<DraftPhoto[]>([]) as Ref<DraftPhoto[]>;
  const key = ref<string>(crypto.randomUUID());
  const restored = ref(false);
  const kept = ref(true);
  const ready = ref(false);
  let touched = false;
  let early = false;
  let tried = false;
  let writing: Promise<void> | null = null;
  let again = false;

  /** Writes what stands there now; what changes meanwhile is written right after. */
  async function write(): Promise<void> {
    do {
      again = false;
      await keepDraft({ account, page, key: key.value, values: values.value, photos: photos.value, kept_at: 0 });
    } while (again && touched);
    kept.value = true;
  }
  async function keep(): Promise<void> {
    if (!touched) return;
    again = writing !== null;
    writing ??= write().catch(() => undefined).finally(() => (writing = null));  // a browser without storage: the page still works
    await writing;
  }
  /** It was sent, or is thrown away: the page begins anew. */
  async function clear(): Promise<void> {
    touched = tried = false;
    await writing;
    ready.value = false;
    values.value = fresh();
    photos.value = [];
    key.value = crypto.randomUUID();
    restored.value = false;
    await dropDraft(account, page);
    ready.value = true;
  }
  const later = (): void => {
    if (!ready.value) {
      early = true;
      return;
    }
    touched = true;
    kept.value = false;
    if (tried) key.value = crypto.randomUUID();  // what is changed after a try is another report
    tried = false;
    void keep();
  };
  watch([values, photos], later, { deep: true });
  /** From now on the content goes with its key: call it after keep(), right before sending. */
  const trying = (): void => void (tried = true);
  const hidden = (): void => void keep();
  onMounted(async () => {
    const found = await keptDraft<T>(account, page).catch(() => undefined);  // a browser without storage: the page still works
    if (found) {
      values.value = { ...fresh(), ...found.values };
      photos.value = found.photos;
      key.value = found.key;
      restored.value = true;
      touched = true;
    }
    ready.value = true;
    if (early) later();  // typed while the device was still being asked
    document.addEventListener('visibilitychange', hidden);
  });
  onBeforeUnmount(() => {
    document.removeEventListener('visibilitychange', hidden);
    void keep();
  });
  return { values, photos, key, restored, kept, ready, keep, clear, trying };
}
