// What the phone pages send. Every write carries a key of the draft, so that a lost answer never makes two records of one report.
import { api, ApiError } from '@/api/client';
import type { Account, FieldValues, RecordData, StoredFile } from '@/api/types';
import type { DraftPhoto } from './drafts';

/** Where a report of this account comes from: who only works there reports as a worker. */
export function originOf(account: Account | null): string {
  const roles = account?.roles ?? [];
  if (roles.length > 0 && roles.every((role) => role === 'worker')) return 'worker';
  return roles.some((role) => /_officer$/.test(role) && !['safety_officer', 'training_officer', 'equipment_officer', 'finance_officer', 'group_officer'].includes(role)) ? 'inspection' : 'self_check';
}
/** The tier that an account most likely checks at. */
export function tierOf(account: Account | null): 'team' | 'section' | 'mine' | 'group' {
  const has = (role: string): boolean => account?.roles.includes(role) ?? false;
  if (has('group_officer')) return 'group';
  if (has('mine_manager') || has('chief_engineer')) return 'mine';
  return has('safety_officer') || has('reviewer') ? 'section' : 'team';
}

export async function sendPhotos(photos: DraftPhoto[]): Promise<string[]> {
  const sent: string[] = [];
  for (const photo of photos) {
    const stored = await api.raw<StoredFile>(`/attachments?name=${encodeURIComponent(photo.name)}`, new Blob([photo.bytes], { type: photo.type }), photo.type);
    sent.push(stored.sha256);
  }
  return sent;
}
export async function sendHazard(fields: FieldValues, photos: DraftPhoto[], key: string): Promise<RecordData> {
  return api.once<RecordData>('POST', '/records/hazard', { fields: { ...fields, photos_before: await sendPhotos(photos) } }, key);
}

export const isOffline = (error: unknown): boolean => error instanceof ApiError && (error.code === 'offline' || error.code === 'unavailable');

// ---- a self-check
export interface CheckValues {
  tier: string;
  place: string;
  /** item -> pass, fail, none (not there); not answered yet: missing. */
  answers: Record<string, string>;
  /** item -> what was found */
  found: Record<string, string>;
  signature: string;
  checked_at: string;
  /** What the server has already, when the connection was lost half way. */
  sent: { id: string; key: string; hazards: string[] } | null;
}
export type CheckFault = 'place' | 'found' | 'open' | 'nothing' | 'signature';

/** What is missing, by field or item. Who found nothing must have looked at everything, and signs. */
export function checkFaults(values: CheckValues, items: string[]): Record<string, CheckFault> {
  const out: Record<string, CheckFault> = {};
  const of = (answer: string): string[] => items.filter((item) => values.answers[item] === answer);
  if (!values.place.trim()) out.place = 'place';
  for (const item of of('fail')) if (!values.found[item]?.trim()) out[item] = 'found';
  if (of('fail').length > 0) return out;
  if (items.some((item) => !values.answers[item])) out.items = 'open';
  else if (of('pass').length === 0) out.items = 'nothing';
  if (!values.signature.trim()) out.signature = 'signature';
  return out;
}

interface Sending {
  values: CheckValues;
  mine: string;
  title: string;
  items: string[];
  photosOf: (item: string) => DraftPhoto[];
  key: string;
  /** Notes on the device how far it came. */
  keep: () => Promise<void>;
}
/** The check first, then a hazard of each finding; goes on where it was cut off. */
export async function sendCheck({ values, mine, title, items, photosOf, key, keep }: Sending): Promise<RecordData> {
  const of = (answer: string): string[] => items.filter((item) => values.answers[item] === answer);
  const failed = of('fail');
  if (!values.sent) {
    const made = await api.once<RecordData>('POST', '/records/self_check', {
      fields: { mine, tier: values.tier, title, coverage: values.place, checked_at: values.checked_at, findings: failed.length, items_passed: of('pass'), items_failed: failed },
    }, key);
    values.sent = { id: made.id, key, hazards: [] };
    await keep();
  }
  const path = `/records/self_check/${values.sent.id}`;
  for (const item of failed) {
    if (values.sent.hazards.includes(item)) continue;
    const fields = { title: values.found[item] ?? '', place: values.place, photos_before: await sendPhotos(photosOf(item)) };
    await api.once<RecordData>('POST', `${path}/raise/hazard`, { fields }, `${values.sent.key}-${item}`);
    values.sent.hazards.push(item);
    await keep();
  }
  const now = await api.get<RecordData>(path);
  if (failed.length > 0 || now.fields.zero_finding_signed_at) return now;
  return api.post<RecordData>(`${path}/steps/sign_zero_finding`, { version: now.version, fields: { zero_finding_signature: values.signature } });
}
