import { onBeforeUnmount, onMounted, ref, watch, type Ref } from 'vue';
import { dropDraft, keepDraft, keptDraft, type DraftPhoto } from '@/lib/drafts';
import { useSession } from '@/stores/session';

/** Values and photos of a page that outlive its closing. `restored` says that they came from the device. */
export function useDraft<T extends object>(page: string, fresh: () => T): {
  values: Ref<T>; photos: Ref<DraftPhoto[]>; key: Ref<string>; restored: Ref<boolean>; ready: Ref<boolean>; keep: () => Promise<void>; clear: () => Promise<void>; trying: () => void;
} {
  const account = useSession().account?.id ?? '';
  const values = ref(fresh()) as Ref<T>;
  const photos = ref<DraftPhoto[]>([]) as Ref<DraftPhoto[]>;
  const key = ref<string>(crypto.randomUUID());
  const restored = ref(false);
  const ready = ref(false);
  let touched = false;
  let tried = false;
  let writing: Promise<void> | null = null;
  let again = false;

  /** Writes what stands there now; what changes meanwhile is written right after. */
  async function write(): Promise<void> {
    do {
      again = false;
      await keepDraft({ account, page, key: key.value, values: values.value, photos: photos.value, kept_at: 0 });
    } while (again && touched);
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
    if (!ready.value) return;
    touched = true;
    if (tried) key.value = crypto.randomUUID();  // what is changed after a try is another report
    tried = false;
    void keep();
  };
  watch([values, photos], later, { deep: true });
  /** From now on the content goes with its key: call it after keep(), right before sending. */
  const trying = (): void => void (tried = true);
  const hidden = (): void => void keep();
  onMounted(async () => {
    const kept = await keptDraft<T>(account, page).catch(() => undefined);  // a browser without storage: the page still works
    if (kept) {
      values.value = { ...fresh(), ...kept.values };
      photos.value = kept.photos;
      key.value = kept.key;
      restored.value = true;
      touched = true;
    }
    ready.value = true;
    document.addEventListener('visibilitychange', hidden);
  });
  onBeforeUnmount(() => {
    document.removeEventListener('visibilitychange', hidden);
    void keep();
  });
  return { values, photos, key, restored, ready, keep, clear, trying };
}
