// The device against a server that fails as servers do: the answer is lost, the connection is lost, somebody else was faster.
import 'fake-indexeddb/auto';
import { deleteDB, openDB } from 'idb';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError } from '@/api/client';
import type { Account, RecordData } from '@/api/types';
import * as device from './device';
import { imageType, keepImage } from './files';
import { sendAll, type Server } from './sender';
import { lacksOf, newFinding, newVisit, type Visit } from './visit';
import { beginWrites, finishWrites, needs, resolved, type Write } from './writes';

const record = (type: string, id: string, fields: RecordData['fields'], more: Partial<RecordData> = {}): RecordData =>
  ({ id, type, version: 1, title: `${type} ${id}`, created_at: '', updated_at: '', created_by: '', updated_by: '', fields, ...more });
const keptTask = (account: string, id: string): device.KeptTask => ({
  account, id, task: record('inspection_task', id, { mine: '9' }, { version: 3, state: 'assigned' }), mine: record('mine', '9', {}), inspection: null, list: null,
  lines: [2, 1].map((n) => record('check_list_item', `${n}0`, { line: n, content: `line ${n}`, basis: `rule ${n}`, must_photo: n === 2 })), rechecks: [record('inspection_finding', '77', {}, { version: 5 })], kept_at: 0,
});
let counter = 0;
const key = (): string => `key-${String((counter += 1)).padStart(6, '0')}`;

/** A visit with a finding in line 1, a photo in line 2, a recheck and all signatures. */
async function visited(account: string, task: string): Promise<{ begin: Write[]; finish: Write[]; visit: Visit }> {
  const kept = keptTask(account, task);
  const keys = { inspection: key(), start: key() };
  const visit = newVisit(kept, '2026-11-27T09:00:00+08:00', keys);
  const begin = beginWrites(kept, visit, keys);
  const png = await keepImage(account, 'p.png', new Blob([new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, counter])]));
  const sha = 'sha256' in png ? png.sha256 : '';
  Object.assign(visit.lines[0]!, { result: 'problem', at: '2026-11-27T09:10:00+08:00' });
  Object.assign(visit.lines[1]!, { result: 'ok', at: '2026-11-27T09:20:00+08:00', photos: [sha] });
  visit.findings.push({ ...newFinding(visit, visit.lines[0]!, 'f', '2026-11-27T09:11:00+08:00'), deadline: '2026-12-05' });
  Object.assign(visit.rechecks[0]!, { passed: true, opinion: 'done' });
  Object.assign(visit, { signatures: { lead: sha, second: sha, unit: sha }, unit_head: 'someone', ended_at: '2026-11-27T11:00:00+08:00', finished: true });
  return { begin, finish: finishWrites(visit, 'mine', 'found', key), visit };
}

/** Keeps what it was asked, once a key. `lose` says for each call what goes wrong: nothing, the request, or the answer. */
class FakeServer implements Server {
  made = new Map<string, RecordData>();
  log: string[] = [];
  files = 0;
  calls = 0;
  lose: (call: number) => 'nothing' | 'request' | 'answer' = () => 'nothing';
  refuse: (write: Write, body: { version?: number }) => ApiError | null = () => null;
  upload(): Promise<unknown> {
    this.files += 1;
    return Promise.resolve();
  }
  send(write: Write, path: string, body: unknown): Promise<RecordData> {
    const fate = this.lose((this.calls += 1));
    if (fate === 'request') return Promise.reject(new ApiError(0, 'offline'));
    const refusal = this.made.has(write.key) ? null : this.refuse(write, body as { version?: number });
    if (refusal) return Promise.reject(refusal);
    if (!this.made.has(write.key)) {
      this.made.set(write.key, record(write.type, String(1000 + this.made.size), {}, { version: 4, updated_at: '2026-11-27T12:00:00+08:00' }));
      this.log.push(`${write.method} ${path} ${JSON.stringify(body)}`);
    }
    return fate === 'answer' ? Promise.reject(new ApiError(0, 'offline')) : Promise.resolve(this.made.get(write.key)!);
  }
}
async function queued(account: string, task: string): Promise<void> {
  const { begin, finish, visit } = await visited(account, task);
  await device.putWrites([...begin, ...finish], visit);
}
const stateOf = async (account: string): Promise<string[]> => (await device.all('writes', account)).map((w) => `${w.visit} ${w.kind} ${w.state}`);
const run = (account: string, server: Server): ReturnType<typeof sendAll> => sendAll(account, server, () => undefined);

beforeEach(async () => {
  counter = 0;
  for (const account of ['a', 'b']) await device.forget(account);
});

describe('writes of a visit', () => {
  it('stand in the order in which they are entered, each with what it needs before it', async () => {
    const { begin, finish } = await visited('a', '1');
    const all = [...begin, ...finish];
    expect(all.map((w) => w.kind)).toEqual(['begin', 'start', 'answer', 'finding', 'hazard', 'answer', 'recheck', 'record', 'sign']);
    all.forEach((write, i) => needs(write).forEach((needed) => expect(all.slice(0, i).map((w) => w.key)).toContain(needed)));
    expect(new Set(all.map((w) => w.key)).size).toBe(all.length);
    const answers = new Map(all.map((w, i) => [w.key, { type: w.type, id: String(100 + i), version: 7, entered_at: '' }]));
    expect(resolved(all[3]!, answers)?.path).toBe('/records/check_item/102/raise/finding');
    expect(resolved(all[4]!, answers)?.path).toBe('/records/inspection_finding/103/raise/hazard');
    expect(resolved(all[7]!, answers)).toMatchObject({ path: '/records/inspection/100', body: { version: 7, fields: { ended_at: '2026-11-27T11:00:00+08:00', signed_on: '2026-11-27' } } });
    expect(resolved(all[8]!, answers)?.body).toMatchObject({ version: 7 });
    expect(resolved(all[8]!, new Map())).toBeNull();
    expect(all[2]!.body.fields).toMatchObject({ line: 1, result: 'problem', checked_at: '2026-11-27T09:10:00+08:00' });
  });
  it('are not made before the visit is complete', async () => {
    const { visit } = await visited('a', '1');
    expect(lacksOf(visit, '2026-11-27')).toEqual([]);
    expect(lacksOf({ ...visit, signatures: { ...visit.signatures, second: null } }, '2026-11-27')).toEqual([{ what: 'sign_second' }]);
    expect(lacksOf({ ...visit, refused: true }, '2026-11-27')).toEqual([{ what: 'refusal' }]);
    expect(lacksOf(visit, '2026-12-06')).toEqual([{ what: 'finding_fields', line: 1 }]);
    visit.lines[1]!.photos = [];
    expect(lacksOf(visit, '2026-11-27')).toEqual([{ what: 'photo', line: 2 }]);
  });
});

describe('sending', () => {
  it('does each write once and in order, whichever requests and answers are lost', async () => {
    await queued('a', '1');
    const calm = new FakeServer();
    expect(await run('a', calm)).toBe('done');
    expect(calm.log).toHaveLength(9);
    expect(calm.files).toBe(1);
    for (let seed = 1; seed <= 40; seed += 1) {
      await device.forget('a');
      counter = 0;
      await queued('a', '1');
      const server = new FakeServer();
      let noise = seed;
      server.lose = () => (['nothing', 'request', 'answer', 'nothing'] as const)[((noise = (noise * 48271) % 2147483647) >> 8) % 4]!;
      let rounds = 0;
      while ((await run('a', server)) === 'away' && rounds < 200) rounds += 1;
      expect(server.log, `seed ${seed}`).toEqual(calm.log);
      expect((await stateOf('a')).every((s) => s.endsWith('sent'))).toBe(true);
    }
  }, 60_000);
  it('stops the visit of a write that met a newer version, and no other; both versions are kept', async () => {
    await queued('a', '1');
    await queued('a', '2');
    const server = new FakeServer();
    const now = record('inspection_task', '1', { lead: '5' }, { version: 4, state: 'assigned', updated_by: 'xian' });
    server.refuse = (write, body) => (write.visit === '1' && write.kind === 'start' && body.version !== 4 ? new ApiError(409, 'conflict', { current: now }) : null);
    expect(await run('a', server)).toBe('done');
    const states = await stateOf('a');
    expect(states.filter((s) => s.startsWith('2')).every((s) => s.endsWith('sent'))).toBe(true);
    expect(states.slice(0, 4)).toEqual(['1 begin sent', '1 start conflict', '1 answer waiting', '1 finding waiting']);
    const stuck = (await device.all('writes', 'a')).find((w) => w.state === 'conflict')!;
    expect([stuck.body.version, stuck.problem?.current?.version]).toEqual([3, 4]);
    await run('a', server);
    expect((await stateOf('a'))[1]).toBe('1 start conflict');  // nothing is tried behind a person's back
    await device.putWrites([{ ...stuck, state: 'waiting', problem: null, body: { ...stuck.body, version: 4 } }]);
    await run('a', server);
    expect((await stateOf('a')).every((s) => s.endsWith('sent'))).toBe(true);
  });
  it('takes no offence at a newer version that changes nothing it stands on', async () => {
    await queued('a', '1');
    const server = new FakeServer();
    const approved = record('inspection_task', '1', { mine: '9', scheme_approved_by: '8' }, { version: 4, state: 'assigned' });
    server.refuse = (write, body) => (write.kind === 'start' && body.version !== 4 ? new ApiError(409, 'conflict', { current: approved }) : null);
    await run('a', server);
    expect((await stateOf('a')).every((s) => s.endsWith('sent'))).toBe(true);
  });
  it('goes on beside what was set aside, but not with what stands on it', async () => {
    await queued('a', '1');
    const server = new FakeServer();
    server.refuse = (write) => (write.kind === 'start' ? new ApiError(409, 'conflict', { current: record('inspection_task', '1', {}, { version: 3, state: 'withdrawn' }) }) : null);
    await run('a', server);
    const stuck = (await device.all('writes', 'a')).find((w) => w.kind === 'start')!;
    await device.putWrites([{ ...stuck, state: 'aside' }]);
    await run('a', server);
    expect((await stateOf('a')).slice(-2)).toEqual(['1 record sent', '1 sign refused']);
    expect((await device.all('writes', 'a')).at(-1)?.problem?.code).toBe('needs_aside');
  });
  it('keeps everything when the session is over, and goes on after the next sign-in', async () => {
    await queued('a', '1');
    const server = new FakeServer();
    let over = true;
    server.refuse = (write) => (over && write.kind === 'finding' ? new ApiError(401, 'unauthenticated') : null);
    expect(await run('a', server)).toBe('signed_out');
    expect((await stateOf('a')).filter((s) => s.endsWith('waiting'))).toHaveLength(6);
    over = false;
    expect(await run('a', server)).toBe('done');
    expect(server.log).toHaveLength(9);
  });
  it('says which file a server does not take', async () => {
    await queued('a', '1');
    const server = new FakeServer();
    server.upload = () => Promise.reject(new ApiError(400, 'bad_input'));
    await run('a', server);
    const refused = (await device.all('writes', 'a')).find((w) => w.state === 'refused')!;
    expect([refused.kind, refused.problem?.code]).toEqual(['answer', 'bad_file']);
  });
});

describe('the device', () => {
  const account = (id: string): Account => ({ id, name: id, display_name: id, roles: [], level: 'county', organisation: { id: '1', name: 'x' }, home: '' });
  it('shows nothing of one account to another', async () => {
    await queued('a', '1');
    await device.ownBy(account('a'));
    const server = new FakeServer();
    expect(await run('b', server)).toBe('done');
    expect(server.calls).toBe(0);
    for (const store of ['tasks', 'visits', 'files', 'writes'] as const) expect(await device.all(store, 'b')).toEqual([]);
    expect(await device.visit('b', '1')).toBeUndefined();
    expect((await device.keptAccount())?.id).toBe('a');
    device.disownOthers('b');  // b signs in: without the server, the device opens to nobody
    expect(await device.keptAccount()).toBeNull();
    expect(await stateOf('a')).toHaveLength(9);  // and a finds its own when it signs in again
    await device.forget('a');
    for (const store of ['tasks', 'visits', 'files', 'writes'] as const) expect(await device.all(store, 'a')).toEqual([]);
  });
  /** What lies in the browser's database as it is, without the program that reads it. */
  async function raw(store: string): Promise<Record<string, unknown>[]> {
    const db = await openDB('mineward');
    const rows = (await db.getAll(store)) as Record<string, unknown>[];
    db.close();
    return rows;
  }
  const words = (value: unknown): string => (value instanceof ArrayBuffer || ArrayBuffer.isView(value) ? new TextDecoder('latin1').decode(value) : value !== null && typeof value === 'object' ? Object.values(value).map(words).join('|') : String(value));
  it('holds nothing in the open but ids, and nothing that opens once the account signed out', async () => {
    await queued('a', '1');
    await device.putTask(keptTask('a', '1'));
    await device.ownBy(account('a'));
    for (const store of ['accounts', 'tasks', 'visits', 'files', 'writes']) {
      const rows = await raw(store);
      expect(rows.length, store).toBeGreaterThan(0);
      for (const row of rows) {
        expect(Object.keys(row).filter((name) => !['account', 'id', 'task', 'sha256', 'seq'].includes(name)).sort(), store).toEqual(['iv', 'sealed']);
        for (const secret of ['someone', 'done', 'line 2', 'PNG', 'display_name']) expect(words(row), store).not.toContain(secret);
      }
    }
    expect((await device.visit('a', '1'))?.unit_head).toBe('someone');
    expect((await device.task('a', '1'))?.lines).toHaveLength(2);
    const photo = (await device.all('files', 'a'))[0]!;
    expect(new Uint8Array(photo.bytes).slice(0, 4)).toEqual(new Uint8Array([0x89, 0x50, 0x4e, 0x47]));
    const keys = await openDB('mineward-keys');
    const key = (await keys.get('keys', 'a')) as CryptoKey;
    expect(key.extractable).toBe(false);
    // A copy that somebody made before the sign-out, put back after it: it stays shut, also to a new key.
    const [copy] = await raw('visits');
    await device.forget('a');
    expect(await keys.get('keys', 'a')).toBeUndefined();
    keys.close();
    const db = await openDB('mineward');
    await db.put('visits', copy);
    db.close();
    expect(await device.visit('a', '1')).toBeUndefined();
    await device.putTask(keptTask('a', '2'));
    expect(await device.visit('a', '1')).toBeUndefined();
    expect(await device.all('visits', 'a')).toEqual([]);
  });
  it('keeps the last of many changes, however long sealing takes', async () => {
    const { visit } = await visited('a', '1');
    const large = { ...visit, summary_of: 'x'.repeat(3_000_000) };
    await Promise.all([device.putVisit(large as Visit), device.putVisit({ ...visit, unit_head: 'the last' })]);
    expect((await device.visit('a', '1'))?.unit_head).toBe('the last');
  });
  it('takes a picture by its content, not by its name', async () => {
    expect(imageType(new Uint8Array([0xff, 0xd8, 0xff, 0xe0]))).toBe('image/jpeg');
    expect(imageType(new TextEncoder().encode('RIFF1234WEBPVP8 '))).toBe('image/webp');
    expect(await keepImage('a', 'photo.jpg', new Blob(['MZ\u0090\u0000 This program cannot be run in DOS mode']))).toEqual({ fault: 'not_image' });
    expect(await keepImage('a', 'photo.png', new Blob(['#!/bin/sh\nrm -rf /']))).toEqual({ fault: 'not_image' });
    expect(await keepImage('a', 'photo.png', new Blob([]))).toEqual({ fault: 'empty' });
    expect(await device.all('files', 'a')).toEqual([]);
  });
  it('seals what an earlier release kept open, and loses none of it', async () => {
    const { visit, begin } = await visited('a', '1');
    (await device.database()).close();
    await deleteDB('mineward');
    const old = await openDB('mineward', 1, {
      upgrade(db) {
        db.createObjectStore('accounts', { keyPath: 'id' });
        db.createObjectStore('catalog', { keyPath: 'name' });
        for (const [store, id] of [['tasks', 'id'], ['visits', 'task'], ['files', 'sha256']] as const) db.createObjectStore(store, { keyPath: ['account', id] }).createIndex('account', 'account');
        db.createObjectStore('writes', { keyPath: 'seq', autoIncrement: true }).createIndex('account', 'account');
      },
    });
    await old.put('accounts', { id: 'a', account: account('a') });
    await old.put('visits', device.plain(visit));
    await old.put('files', { account: 'a', sha256: 'f0', name: 'p.png', type: 'image/png', bytes: new Uint8Array([1, 2, 3]).buffer, sent: true });
    for (const write of begin) await old.put('writes', device.plain(write));
    old.close();
    localStorage.removeItem('mineward.sealed');
    vi.resetModules();
    const next = await import('./device');
    localStorage.setItem('mineward.device', 'a');
    expect(await next.visit('a', '1')).toEqual(device.plain(visit));
    expect((await next.keptAccount())?.name).toBe('a');
    expect(new Uint8Array((await next.file('a', 'f0'))!.bytes)).toEqual(new Uint8Array([1, 2, 3]));
    expect((await next.all('writes', 'a')).map((w) => [w.seq, w.kind])).toEqual([[1, 'begin'], [2, 'start']]);
    for (const store of ['accounts', 'visits', 'files', 'writes']) for (const row of await raw(store)) expect(Object.keys(row), store).toContain('sealed');
    await next.forget('a');
    (await next.database()).close();
  });
});
