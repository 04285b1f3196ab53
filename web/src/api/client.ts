// The one door to the server. Every refusal becomes an ApiError whose `code` the screens translate.
import type { ErrorBody, Fault, RecordData } from './types';

const base = '/api/v1';

export class ApiError extends Error {
  readonly faults: Fault[];
  readonly current: RecordData | null;
  readonly retryAfter: number | null;
  readonly request: string | null;
  constructor(readonly status: number, readonly code: string, body: Partial<ErrorBody> = {}) {
    super(body.message ?? code);
    this.faults = body.faults ?? [];
    this.current = body.current ?? null;
    this.retryAfter = body.retry_after ?? null;
    this.request = body.request ?? null;
  }
}

let csrf = '';
let onSignedOut: () => void = () => undefined;

export function setCsrf(token: string): void {
  csrf = token;
}
/** Called when the server says that the session is over (not for a failed sign-in). */
export function whenSignedOut(handler: () => void): void {
  onSignedOut = handler;
}

export type Query = Record<string, string | number | boolean | null | undefined>;

/** "?a=1&b=2", or "" ; empty values are left out. */
export function queryText(query: Query): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') params.set(name, String(value));
  }
  const text = params.toString();
  return text ? `?${text}` : '';
}

const codeByStatus: Record<number, string> = {
  400: 'bad_input', 401: 'unauthenticated', 403: 'forbidden', 404: 'not_found', 409: 'conflict',
  413: 'too_large', 415: 'unsupported', 429: 'too_many', 503: 'unavailable',
};

async function refusal(response: Response): Promise<ApiError> {
  let body: Partial<ErrorBody> = {};
  try {
    const parsed = (await response.json()) as { error?: ErrorBody } | null;
    body = parsed?.error ?? {};
  } catch {
    // a proxy's page, or nothing at all: the status must do
  }
  const retry = body.retry_after ?? Number(response.headers.get('Retry-After') || NaN);
  if (Number.isFinite(retry)) body.retry_after = retry;
  return new ApiError(response.status, body.code ?? codeByStatus[response.status] ?? 'internal', body);
}

interface Call {
  body?: BodyInit | null;
  type?: string;
  signal?: AbortSignal;
  /** Sent twice, it is done once (docs/api.md). */
  key?: string;
}

async function send(method: string, path: string, call: Call = {}): Promise<Response> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (call.type) headers['Content-Type'] = call.type;
  if (method !== 'GET' && csrf) headers['X-CSRF-Token'] = csrf;
  if (call.key) headers['Idempotency-Key'] = call.key;
  let response: Response;
  try {
    response = await fetch(base + path, {
      method, headers, credentials: 'same-origin', body: call.body ?? null, ...(call.signal ? { signal: call.signal } : {}),
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError(0, 'offline');
  }
  if (response.ok) return response;
  const error = await refusal(response);
  if (error.status === 401 && error.code !== 'bad_credentials') onSignedOut();
  throw error;
}

async function json<T>(method: string, path: string, call?: Call): Promise<T> {
  const response = await send(method, path, call);
  if (response.status === 204) return undefined as T;
  const text = await response.text();
  return (text ? JSON.parse(text) : undefined) as T;
}

const asJson = (body: unknown): Call => ({ body: JSON.stringify(body ?? {}), type: 'application/json' });

export const api = {
  get: <T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<T> =>
    json<T>('GET', path + queryText(query), signal ? { signal } : {}),
  post: <T>(path: string, body?: unknown): Promise<T> => json<T>('POST', path, asJson(body)),
  patch: <T>(path: string, body: unknown): Promise<T> => json<T>('PATCH', path, asJson(body)),
  remove: <T>(path: string): Promise<T> => json<T>('DELETE', path),
  /** A write with a key of its own: whatever is lost on the way, it is done once. */
  once: <T>(method: 'POST' | 'PATCH', path: string, body: unknown, key: string): Promise<T> => json<T>(method, path, { ...asJson(body), key }),
  raw: <T>(path: string, body: BodyInit, type: string): Promise<T> => json<T>('POST', path, { body, type }),
  /** Address of a file for <img>, <a download>. */
  url: (path: string, query: Query = {}): string => base + path + queryText(query),
};

/** True for a call that was given up by the page itself. */
export function isAborted(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}
