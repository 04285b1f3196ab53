// What lies on the device is sealed (AES-GCM, one key an account). The key cannot be read out by a page and goes when the account
// signs out: what the disk still holds then opens to nobody. It protects nothing while the account is signed in on an unlocked
// device, nor against somebody who copies the whole profile of the browser, key and all. Without an encrypted page (https) the
// browser has no cipher: then nothing is sealed, as nothing is on the wire.
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';

/** A value as the device keeps it; `plain` only where the browser has no cipher, or as an older version left it. */
export interface Sealed {
  iv?: Uint8Array<ArrayBuffer>;
  sealed?: ArrayBuffer;
  plain?: { value: unknown; bytes: ArrayBuffer[] };
}
interface Keys extends DBSchema {
  keys: { key: string; value: CryptoKey };
}

let opened: Promise<IDBPDatabase<Keys>> | null = null;
function database(): Promise<IDBPDatabase<Keys>> {
  opened ??= openDB<Keys>('mineward-keys', 1, {
    upgrade: (db) => void db.createObjectStore('keys'),
    terminated: () => (opened = null),
  }).catch((error: unknown) => {
    opened = null;
    throw error;
  });
  return opened;
}
// Read anew each time: another window may have signed out, and in again with a new key.
const keptKey = async (account: string): Promise<CryptoKey | undefined> => (await database()).get('keys', account);
async function keyOf(account: string): Promise<CryptoKey> {
  const kept = await keptKey(account);
  if (kept) return kept;
  const fresh = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
  const tx = (await database()).transaction('keys', 'readwrite');
  const before = await tx.store.get(account);  // two windows at once: the first key counts
  if (!before) await tx.store.put(fresh, account);
  await tx.done;
  return before ?? fresh;
}
/** The account signs out. */
export async function dropKey(account: string): Promise<void> {
  await (await database()).delete('keys', account);
}

const canSeal = (): boolean => (globalThis.crypto as Crypto | undefined)?.subtle !== undefined;
/** Bound to its account and place: a sealed value does not open elsewhere. */
const boundTo = (account: string, place: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(`${account}\n${place}`);

/** Length of the text, the text, then each of `bytes` with its length before it. */
function packed(value: unknown, bytes: ArrayBuffer[]): Uint8Array<ArrayBuffer> {
  const parts = [new TextEncoder().encode(JSON.stringify(value)), ...bytes.map((b) => new Uint8Array(b))];
  const out = new Uint8Array(parts.reduce((sum, part) => sum + 4 + part.length, 0));
  const view = new DataView(out.buffer);
  let at = 0;
  for (const part of parts) {
    view.setUint32(at, part.length);
    out.set(part, at + 4);
    at += 4 + part.length;
  }
  return out;
}
function unpacked(buffer: ArrayBuffer): { value: unknown; bytes: ArrayBuffer[] } {
  const view = new DataView(buffer);
  const parts: ArrayBuffer[] = [];
  for (let at = 0; at < buffer.byteLength;) {
    const length = view.getUint32(at);
    parts.push(buffer.slice(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return { value: JSON.parse(new TextDecoder().decode(parts[0])) as unknown, bytes: parts.slice(1) };
}

export async function seal(account: string, place: string, value: unknown, bytes: ArrayBuffer[] = []): Promise<Sealed> {
  if (!canSeal()) return { plain: { value: JSON.parse(JSON.stringify(value)) as unknown, bytes } };
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const key = await keyOf(account);
  return { iv, sealed: await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: boundTo(account, place) }, key, packed(value, bytes)) };
}
/** undefined when its key is gone or another one: the account signed out since, and what it kept was to go with it. */
export async function unseal(account: string, place: string, kept: Sealed): Promise<{ value: unknown; bytes: ArrayBuffer[] } | undefined> {
  if (kept.plain) return kept.plain;
  const { iv, sealed } = kept;
  const key = iv && sealed && canSeal() ? await keptKey(account) : undefined;
  if (!key || !iv || !sealed) return undefined;
  const opening = crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData: boundTo(account, place) }, key, sealed);
  return opening.then(unpacked, () => undefined);
}

let line: Promise<unknown> = Promise.resolve();
/** One write after the other: sealing takes time, and an older value must not overtake a newer one. */
export function inOrder<T>(write: () => Promise<T>): Promise<T> {
  const done = line.then(write);
  line = done.catch(() => undefined);
  return done;
}
