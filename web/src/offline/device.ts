// What is kept on the device while the server may be away: tasks with all they need, visits, files, writes not yet sent. Everything
// carries the id of the account it belongs to, and nothing is read but by that id. What is no id is sealed (seal.ts says what that
// protects), and all of it goes when the account signs out. The catalogue is the same for everybody and stays open.
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { Account, Catalog, RecordData } from '@/api/types';
import { dropKey, inOrder, seal, unseal, type Sealed } from './seal';
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
interface Values {
  tasks: KeptTask;
  visits: Visit;
  files: KeptFile;
  writes: Write;
}
type Owned = keyof Values;
/** A row: the ids by which it is found, and its value sealed. */
type Row = { account: string; id?: string; task?: string; sha256?: string; seq?: number } & Sealed;
interface Kept extends DBSchema {
  accounts: { key: string; value: Row };
  catalog: { key: string; value: { name: string; catalog: Catalog } };
  tasks: { key: [string, string]; value: Row; indexes: { account: string } };
  visits: { key: [string, string]; value: Row; indexes: { account: string } };
  files: { key: [string, string]; value: Row; indexes: { account: string } };
  writes: { key: number; value: Row; indexes: { account: string } };
}
const owned = ['tasks', 'visits', 'files', 'writes'] as const;
/** The ids that stay open, beside the account. */
const openIds = { tasks: 'id', visits: 'task', files: 'sha256', writes: 'seq' } as const;

async function rowOf<S extends Owned>(store: S, value: Values[S]): Promise<Row> {
  const { bytes, ...rest } = value as Values[S] & Partial<KeptFile>;
  const id = (value as unknown as Record<string, unknown>)[openIds[store]];
  return { account: value.account, ...(id === undefined ? {} : { [openIds[store]]: id }), ...(await seal(value.account, store, rest, bytes ? [bytes] : [])) };
}
async function valueOf<S extends Owned>(store: S, row: Row | undefined): Promise<Values[S] | undefined> {
  if (!row) return undefined;
  if (!row.sealed && !row.plain) return row as unknown as Values[S];  // an earlier release kept it open
  const inside = await unseal(row.account, store, row);
  if (!inside) return undefined;
  const [bytes] = inside.bytes;
  return { ...(inside.value as Values[S]), ...(row.seq === undefined ? {} : { seq: row.seq }), ...(bytes ? { bytes } : {}) };
}

let opened: Promise<IDBPDatabase<Kept>> | null = null;
async function open(): Promise<IDBPDatabase<Kept>> {
  const db = await openDB<Kept>('mineward', 1, {
    upgrade(fresh) {
      fresh.createObjectStore('accounts', { keyPath: 'id' });
      fresh.createObjectStore('catalog', { keyPath: 'name' });
      fresh.createObjectStore('tasks', { keyPath: ['account', 'id'] }).createIndex('account', 'account');
      fresh.createObjectStore('visits', { keyPath: ['account', 'task'] }).createIndex('account', 'account');
      fresh.createObjectStore('files', { keyPath: ['account', 'sha256'] }).createIndex('account', 'account');
      fresh.createObjectStore('writes', { keyPath: 'seq', autoIncrement: true }).createIndex('account', 'account');
    },
    terminated: () => (opened = null),
  });
  if (localStorage.getItem(sealedKey) === null) await sealOld(db);
  return db;
}
/** Set once all is sealed. A new version of the database would say so too, but would wait for older pages to be closed. */
const sealedKey = 'mineward.sealed';
/** An earlier release kept everything open. Each row is replaced by its sealed form; one that was not reached can still be read. */
async function sealOld(db: IDBPDatabase<Kept>): Promise<void> {
  for (const row of await db.getAll('accounts')) {
    if (row.sealed || row.plain) continue;
    const account = row.account as unknown as Account;
    await db.put('accounts', { id: account.id, account: account.id, ...(await seal(account.id, 'accounts', account)) });
  }
  for (const store of owned) {
    const old = (await db.getAll(store)).filter((row) => !row.sealed && !row.plain);
    for (const row of old) await db.put(store, await rowOf(store, row as unknown as Values[typeof store]));
  }
  localStorage.setItem(sealedKey, '1');
}
export function database(): Promise<IDBPDatabase<Kept>> {
  opened ??= open().catch((error: unknown) => {
    opened = null;
    throw error;
  });
  return opened;
}
/** As it is now: what Vue watches goes on changing. */
export const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
const put = <S extends Owned>(store: S, value: Values[S]): Promise<void> =>
  inOrder(async () => void (await (await database()).put(store, await rowOf(store, value))));

// ---- whose device it is now. One account at a time may go on without the server: the one that kept something and did not sign out.
const ownerKey = 'mineward.device';
export const owner = (): string | null => localStorage.getItem(ownerKey);
export async function ownBy(account: Account): Promise<void> {
  const { id } = account;
  const value = plain(account);
  await inOrder(async () => (await database()).put('accounts', { id, account: id, ...(await seal(id, 'accounts', value)) }));
  localStorage.setItem(ownerKey, id);
}
/** Somebody else signs in: what the other one kept stays, but opens to nobody. */
export function disownOthers(account: string): void {
  if (owner() !== account) localStorage.removeItem(ownerKey);
}
export async function keptAccount(): Promise<Account | null> {
  const id = owner();
  const row = id ? await (await database()).get('accounts', id) : undefined;
  return id && row ? ((await unseal(id, 'accounts', row))?.value as Account | undefined) ?? null : null;
}

// ---- the catalogue
export async function keepCatalog(catalog: Catalog): Promise<void> {
  await (await database()).put('catalog', { name: 'catalog', catalog });
}
export async function keptCatalog(): Promise<Catalog | null> {
  return (await (await database()).get('catalog', 'catalog'))?.catalog ?? null;
}

// ---- tasks, visits, files
/** All that opens: what another sign-in of the account sealed is gone with its key. */
export async function all<S extends Owned>(store: S, account: string): Promise<Values[S][]> {
  const rows = (await (await database()).getAllFromIndex(store, 'account' as never, account as never)) as Row[];
  const values = await Promise.all(rows.map((row) => valueOf(store, row)));
  return values.filter((value) => value !== undefined);
}
export async function task(account: string, id: string): Promise<KeptTask | undefined> {
  return valueOf('tasks', await (await database()).get('tasks', [account, id]));
}
export const putTask = (kept: KeptTask): Promise<void> => put('tasks', plain(kept));
export async function visit(account: string, id: string): Promise<Visit | undefined> {
  return valueOf('visits', await (await database()).get('visits', [account, id]));
}
export const putVisit = (value: Visit): Promise<void> => put('visits', plain(value));
export async function file(account: string, sha256: string): Promise<KeptFile | undefined> {
  return valueOf('files', await (await database()).get('files', [account, sha256]));
}
export const putFile = (value: KeptFile): Promise<void> => put('files', value);

// ---- writes. A visit and its writes are kept together or not at all.
export async function putWrites(writes: Write[], with_visit?: Visit): Promise<void> {
  const now = plain({ writes, with_visit });
  await inOrder(async () => {
    const rows = await Promise.all(now.writes.map((write) => rowOf('writes', write)));
    const beside = now.with_visit ? await rowOf('visits', now.with_visit) : null;
    // Sealed before the transaction: one that waits for anything else ends by itself.
    const tx = (await database()).transaction(['writes', 'visits'], 'readwrite');
    for (const row of rows) await tx.objectStore('writes').put(row);
    if (beside) await tx.objectStore('visits').put(beside);
    await tx.done;
  });
}

/** Removes a task with its visit, its writes and the files that only it uses. */
export function removeTask(account: string, id: string): Promise<void> {
  return inOrder(async () => {
    const db = await database();
    const writes = await all('writes', account);
    const elsewhere = new Set(writes.filter((w) => w.visit !== id).flatMap((w) => w.files));
    const mine = new Set(writes.filter((w) => w.visit === id).flatMap((w) => w.files));
    const tx = db.transaction(owned, 'readwrite');
    for (const write of writes) if (write.visit === id && write.seq !== undefined) await tx.objectStore('writes').delete(write.seq);
    for (const sha of mine) if (!elsewhere.has(sha)) await tx.objectStore('files').delete([account, sha]);
    await tx.objectStore('tasks').delete([account, id]);
    await tx.objectStore('visits').delete([account, id]);
    await tx.done;
  });
}
/** Everything of the account goes, first the key that opens it: it signs out. */
export function forget(account: string): Promise<void> {
  return inOrder(async () => {
    await dropKey(account);
    const tx = (await database()).transaction(['accounts', ...owned], 'readwrite');
    await tx.objectStore('accounts').delete(account);
    for (const store of owned) {
      const keys = await tx.objectStore(store).index('account').getAllKeys(account as never);
      for (const key of keys) await tx.objectStore(store).delete(key as never);
    }
    await tx.done;
    if (owner() === account) localStorage.removeItem(ownerKey);
  });
}
