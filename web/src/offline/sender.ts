// Sends what the device kept, in order. A write that the server refuses stops the rest of its visit, not the other visits, and stays
// on the device until a person decides. A write whose answer was lost is sent again with the same key: it is done once.
import { ApiError } from '@/api/client';
import type { RecordData } from '@/api/types';
import * as device from './device';
import { needs, onPresent, resolved, type Answer, type Problem, type Write } from './writes';

export interface Server {
  upload(file: device.KeptFile): Promise<unknown>;
  send(write: Write, path: string, body: unknown): Promise<RecordData>;
}
export type Outcome = 'done' | 'away' | 'signed_out';

const away = (error: ApiError): boolean => error.status === 0 || error.status === 408 || error.status === 429 || error.status >= 500;
const problemOf = (error: ApiError): Problem => ({
  code: error.code, message: error.message, current: error.current,
  faults: error.faults.map((fault) => ({ field: fault.field, code: fault.code, words: fault.words ?? null })),
});
const simple = (code: string): Problem => ({ code, message: code, faults: [], current: null });

async function sendFiles(write: Write, server: Server): Promise<Problem | null> {
  for (const sha of write.files) {
    const file = await device.file(write.account, sha);
    if (!file) return simple('file_gone');
    if (file.sent) continue;
    try {
      await server.upload(file);
    } catch (error) {
      if (error instanceof ApiError && !away(error) && error.status !== 401) return { ...problemOf(error), code: 'bad_file' };
      throw error;
    }
    await device.putFile({ ...file, sent: true });
  }
  return null;
}

/** The write after one try. Throws when the server is away or the session is over. */
async function tried(write: Write, server: Server, answers: Map<string, Answer>, aside: Set<string>): Promise<Write> {
  if (needs(write).some((key) => aside.has(key))) return { ...write, state: 'refused', problem: simple('needs_aside') };
  const ready = resolved(write, answers);
  if (!ready) return { ...write, state: 'refused', problem: simple('needs_earlier') };
  const bad = await sendFiles(write, server);
  if (bad) return { ...write, state: 'refused', problem: bad };
  try {
    const record = await server.send(write, ready.path, ready.body);
    return { ...write, state: 'sent', problem: null, answer: { type: record.type, id: record.id, version: record.version, entered_at: record.updated_at } };
  } catch (error) {
    if (!(error instanceof ApiError) || away(error) || error.status === 401 || error.code === 'csrf' || error.code === 'must_change_password') throw error;
    const fresh = error.status === 409 ? onPresent(write, error.current) : null;
    if (fresh) return tried(fresh, server, answers, aside);
    return { ...write, state: error.status === 409 ? 'conflict' : 'refused', problem: problemOf(error) };
  }
}

/** Sends all that waits. `tell` hears every write that changed. */
export async function sendAll(account: string, server: Server, tell: (write: Write) => void): Promise<Outcome> {
  const writes = (await device.all('writes', account)).sort((a, b) => (a.seq ?? 0) - (b.seq ?? 0));
  const answers = new Map(writes.flatMap((w) => (w.answer ? [[w.key, w.answer] as const] : [])));
  const aside = new Set(writes.filter((w) => w.state === 'aside').map((w) => w.key));
  const stopped = new Set<string>();
  for (const write of writes) {
    if (write.state === 'sent' || write.state === 'aside' || stopped.has(write.visit)) continue;
    if (write.state !== 'waiting') {
      stopped.add(write.visit);
      continue;
    }
    let next: Write;
    try {
      next = await tried(write, server, answers, aside);
    } catch (error) {
      if (error instanceof ApiError && (error.status === 401 || error.code === 'csrf' || error.code === 'must_change_password')) return 'signed_out';
      if (error instanceof ApiError) return 'away';
      throw error;
    }
    await device.putWrites([next]);
    tell(next);
    if (next.answer) answers.set(next.key, next.answer);
    else stopped.add(next.visit);
  }
  return 'done';
}
