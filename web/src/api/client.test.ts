import { afterEach, describe, expect, it, vi } from 'vitest';
import { api, ApiError, queryText, setCsrf, whenSignedOut } from './client';

const answer = (status: number, body: unknown, headers: Record<string, string> = {}): void => {
  vi.stubGlobal('fetch', vi.fn(async () => new Response(typeof body === 'string' ? body : JSON.stringify(body), { status, headers })));
};
const refused = async (call: Promise<unknown>): Promise<ApiError> => call.then(() => Promise.reject(new Error('was not refused')), (e: ApiError) => e);
const sent = (): RequestInit => (vi.mocked(fetch).mock.calls[0]?.[1] ?? {}) as RequestInit;

afterEach(() => {
  vi.unstubAllGlobals();
  setCsrf('');
  whenSignedOut(() => undefined);
});

describe('the client', () => {
  it('leaves empty parameters out and escapes the rest', () => {
    expect(queryText({ a: '', b: null, c: '2026-01-05T08:00:00+08:00', d: 0 })).toBe('?c=2026-01-05T08%3A00%3A00%2B08%3A00&d=0');
    expect(queryText({})).toBe('');
  });
  it('sends the CSRF token with what writes, and only with that', async () => {
    setCsrf('secret');
    answer(200, {});
    await api.post('/x', {});
    expect(sent().headers).toMatchObject({ 'X-CSRF-Token': 'secret' });
    answer(200, {});
    await api.get('/x');
    expect(sent().headers).not.toHaveProperty('X-CSRF-Token');
  });
  it('carries code, faults and the stored record of a refusal', async () => {
    answer(409, { error: { code: 'conflict', message: 'stale', faults: [{ field: 'a', code: 'required', message: '' }], current: { id: '1', version: 4 } } });
    const error = await refused(api.patch('/x', {}));
    expect([error.code, error.status, error.faults[0]?.field, error.current?.version]).toEqual(['conflict', 409, 'a', 4]);
  });
  it('makes do with the status when a proxy answers with a page', async () => {
    answer(503, '<html>');
    expect((await refused(api.get('/x'))).code).toBe('unavailable');
  });
  it('takes the wait from the header too', async () => {
    answer(429, {}, { 'Retry-After': '30' });
    expect((await refused(api.get('/x'))).retryAfter).toBe(30);
  });
  it('tells an unreachable server from a refusal', async () => {
    vi.stubGlobal('fetch', vi.fn(async () => Promise.reject(new TypeError('network'))));
    expect((await refused(api.get('/x'))).code).toBe('offline');
  });
  it('says that the session is over, but not for a wrong password', async () => {
    const over = vi.fn();
    whenSignedOut(over);
    answer(401, { error: { code: 'bad_credentials', message: '' } });
    await refused(api.post('/session', {}));
    expect(over).not.toHaveBeenCalled();
    answer(401, { error: { code: 'unauthenticated', message: '' } });
    await refused(api.get('/board'));
    expect(over).toHaveBeenCalledOnce();
  });
});
