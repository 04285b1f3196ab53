// What is kept on the device while the server may be away: tasks with all they need, visits, files, writes not yet sent. Everything
// carries the id of the account it belongs to, and nothing is read but by that id. It is not encrypted: who holds the unlocked
// device can read it, so it goes when the account signs out.
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { Account, Catalog, RecordData } from '@/api/types';
import type { Visit } from './visit';
import type { Write } from './writes';

/** A task with what a visit needs, as the server had it at `kept_at`. */
export interface KeptTask {
  account: string;
  id: string;
  task: RecordData;
  mine: RecordData | null;
  inspection: RecordData | null;
  list: RecordData | null;
  lines: RecordData[];
  /** Findings at this mine that wait for a recheck. */
  rechecks: RecordData[];
  kept_at: number;
}
/** A photo or a signature under its SHA-256; `sent` when the server has it. */
export interface KeptFile {
  account: string;
  sha256: string;
  name: string;
  type: string;
  bytes: ArrayBuffer;
  sent: boolean;
}
interface Kept extends DBSchema {
  accounts: { key: string; value: { id: string; account: Account } };
  catalog: { key: string; value: { name: string; catalog: Catalog } };
  tasks: { key: [string, string]; value: KeptTask; indexes: { account: string } };
  visits: { key: [string, string]; value: Visit; indexes: { account: string } };
  files: { key: [string, string]; value: KeptFile; indexes: { account: string } };
  writes: { key: number; value: Write; indexes: { account: string } };
}
type Owned = 'tasks' | 'visits' | 'files' | 'writes';

let opened: Promise<IDBPDatabase<Kept>> | null = null;
export function database(): Promise<IDBPDatabase<Kept>> {
  opened ??= openDB<Kept>('mineward', 1, {
    upgrade(db) {
      db.createObjectStore('accounts', { keyPath: 'id' });
      db.createObjectStore('catalog', { keyPath: 'name' });
      db.createObjectStore('tasks', { keyPath: ['account', 'id'] }).createIndex('account', 'account');
      db.createObjectStore('visits', { keyPath: ['account', 'task'] }).createIndex('account', 'account');
      db.createObjectStore('files', { keyPath: ['account', 'sha256'] }).createIndex('account', 'account');
      db.createObjectStore('writes', { keyPath: 'seq', autoIncrement: true }).createIndex('account', 'account');
    },
    terminated: () => (opened = null),
  }).catch((error: unknown) => {
    opened = null;
    throw error;
  });
  return opened;
}
/** IndexedDB keeps plain data only; what Vue watches is not. */
export const plain = <T>(value: T): T => structuredClone(JSON.parse(JSON.stringify(value)) as T);

// ---- whose device it is now. One account at a time may go on without the server: the one that kept something and did not sign out.
const ownerKey = 'mineward.device';
export const owner = (): string | null => localStorage.getItem(ownerKey);
export async function ownBy(account: Account): Promise<void> {
  await (await database()).put('accounts', { id: account.id, account: plain(account) });
  localStorage.setItem(ownerKey, account.id);
}
/** Somebody else signs in: what the other one kept stays, but opens to nobody. */
export function disownOthers(account: string): void {
  if (owner() !== account) localStorage.removeItem(ownerKey);
}
export async function keptAccount(): Promise<Account | null> {
  const id = owner();
  return id ? (await (await database()).get('accounts', id))?.account ?? null : null;
}

// ---- the catalogue
export async function keepCatalog(catalog: Catalog): Promise<void> {
  await (await database()).put('catalog', { name: 'catalog', catalog });
}
export async function keptCatalog(): Promise<Catalog | null> {
  return (await (await database()).get('catalog', 'catalog'))?.catalog ?? null;
}

// ---- tasks, visits, files
export async function all<S extends Owned>(store: S, account: string): Promise<Kept[S]['value'][]> {
  return (await database()).getAllFromIndex(store, 'account' as never, account as never);
}
export async function task(account: string, id: string): Promise<KeptTask | undefined> {
  return (await database()).get('tasks', [account, id]);
}
export async function putTask(kept: KeptTask): Promise<void> {
  await (await database()).put('tasks', plain(kept));
}
export async function visit(account: string, id: string): Promise<Visit | undefined> {
  return (await database()).get('visits', [account, id]);
}
export async function putVisit(value: Visit): Promise<void> {
  await (await database()).put('visits', plain(value));
}
export async function file(account: string, sha256: string): Promise<KeptFile | undefined> {
  return (await database()).get('files', [account, sha256]);
}
export async function putFile(value: KeptFile): Promise<void> {
  await (await database()).put('files', value);
}

// ---- writes. A visit and its writes are kept together or not at all.
export async function putWrites(writes: Write[], with_visit?: Visit): Promise<void> {
  const tx = (await database()).transaction(['writes', 'visits'], 'readwrite');
  for (const write of writes) await tx.objectStore('writes').put(plain(write));
  if (with_visit) await tx.objectStore('visits').put(plain(with_visit));
  await tx.done;
}

/** Removes a task with its visit, its writes and the files that only it uses. */
export async function removeTask(account: string, id: string): Promise<void> {
  const db = await database();
  const writes = await all('writes', account);
  const elsewhere = new Set(writes.filter((w) => w.visit !== id).flatMap((w) => w.files));
  const mine = new Set(writes.filter((w) => w.visit === id).flatMap((w) => w.files));
  const tx = db.transaction(['tasks', 'visits', 'files', 'writes'], 'readwrite');
  for (const write of writes) if (write.visit === id && write.seq !== undefined) await tx.objectStore('writes').delete(write.seq);
  for (const sha of mine) if (!elsewhere.has(sha)) await tx.objectStore('files').delete([account, sha]);
  await tx.objectStore('tasks').delete([account, id]);
  await tx.objectStore('visits').delete([account, id]);
  await tx.done;
}
/** Everything of the account goes: it signs out. */
export async function forget(account: string): Promise<void> {
  const tx = (await database()).transaction(['accounts', 'tasks', 'visits', 'files', 'writes'], 'readwrite');
  await tx.objectStore('accounts').delete(account);
  for (const store of ['tasks', 'visits', 'files', 'writes'] as const) {
    const keys = await tx.objectStore(store).index('account').getAllKeys(account as never);
    for (const key of keys) await tx.objectStore(store).delete(key as never);
  }
  await tx.done;
  if (owner() === account) localStorage.removeItem(ownerKey);
}
