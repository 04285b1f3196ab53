// Drafts of the phone pages, photos and all: kept on the device until they are sent, one a person and page. They open to nobody
// else, are sealed like all that the device keeps (offline/seal.ts), and go when the person signs out.
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import { inOrder, seal, unseal, type Sealed } from '@/offline/seal';

export interface DraftPhoto {
  id: string;
  name: string;
  type: string;
  bytes: ArrayBuffer;
}
export interface Draft<T> {
  account: string;
  page: string;
  /** Sent twice, it is done once: goes with every write that this draft becomes. */
  key: string;
  values: T;
  photos: DraftPhoto[];
  kept_at: number;
}
interface Kept extends DBSchema {
  drafts: { key: [string, string]; value: { account: string; page: string } & Sealed; indexes: { account: string } };
}

let opened: Promise<IDBPDatabase<Kept>> | null = null;
function database(): Promise<IDBPDatabase<Kept>> {
  opened ??= openDB<Kept>('mineward-drafts', 1, {
    upgrade(db) {
      db.createObjectStore('drafts', { keyPath: ['account', 'page'] }).createIndex('account', 'account');
    },
    terminated: () => (opened = null),
  }).catch((error: unknown) => {
    opened = null;
    throw error;
  });
  return opened;
}

export async function keptDraft<T>(account: string, page: string): Promise<Draft<T> | undefined> {
  const row = await (await database()).get('drafts', [account, page]);
  const open = row && (await unseal(account, 'drafts', row));
  if (!open) return undefined;  // none, or of an earlier sign-in
  const draft = open.value as Draft<T>;
  return { ...draft, photos: draft.photos.map((photo, i) => ({ ...photo, bytes: open.bytes[i] ?? new ArrayBuffer(0) })) };
}
export async function keepDraft<T>(draft: Draft<T>): Promise<void> {
  const { account, page } = draft;
  const bytes = draft.photos.map((p) => p.bytes);
  const now = JSON.parse(JSON.stringify({ ...draft, photos: draft.photos.map((p) => ({ ...p, bytes: undefined })), kept_at: Date.now() })) as Draft<T>;
  await inOrder(async () => (await database()).put('drafts', { account, page, ...(await seal(account, 'drafts', now, bytes)) }));
}
export async function dropDraft(account: string, page: string): Promise<void> {
  await inOrder(async () => (await database()).delete('drafts', [account, page]));
}
export async function keptPages(account: string): Promise<string[]> {
  return (await (await database()).getAllFromIndex('drafts', 'account', account)).map((d) => d.page);
}
export async function forgetDrafts(account: string): Promise<void> {
  for (const page of await keptPages(account)) await dropDraft(account, page);
}
