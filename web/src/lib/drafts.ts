// Drafts of the phone pages, photos and all: kept on the device until they are sent, one a person and page. They open to nobody
// else, and go when the person signs out.
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';

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
  drafts: { key: [string, string]; value: Draft<unknown>; indexes: { account: string } };
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
  return (await (await database()).get('drafts', [account, page])) as Draft<T> | undefined;
}
export async function keepDraft<T>(draft: Draft<T>): Promise<void> {
  const { photos, ...rest } = draft;  // what Vue watches cannot be stored; bytes can
  const plain = JSON.parse(JSON.stringify(rest)) as Omit<Draft<T>, 'photos'>;
  await (await database()).put('drafts', { ...plain, photos: photos.map((p) => ({ ...p })), kept_at: Date.now() } as Draft<unknown>);
}
export async function dropDraft(account: string, page: string): Promise<void> {
  await (await database()).delete('drafts', [account, page]);
}
export async function keptPages(account: string): Promise<string[]> {
  return (await (await database()).getAllFromIndex('drafts', 'account', account)).map((d) => d.page);
}
export async function forgetDrafts(account: string): Promise<void> {
  for (const page of await keptPages(account)) await dropDraft(account, page);
}
