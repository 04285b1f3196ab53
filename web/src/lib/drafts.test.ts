import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import { dropDraft, forgetDrafts, keepDraft, keptDraft, keptPages, type Draft } from './drafts';

const draft = (account: string, page: string, title: string): Draft<{ title: string }> => ({
  account, page, key: `${account}-${page}`, values: { title }, kept_at: 0,
  photos: [{ id: '1', name: 'a.jpg', type: 'image/jpeg', bytes: new Uint8Array([0xff, 0xd8, 0xff, 0xe0]).buffer }],
});

describe('drafts', () => {
  it('give back what was kept, photos with every byte, and the newest of it', async () => {
    await keepDraft(draft('7', 'hazard', 'first'));
    await keepDraft(draft('7', 'hazard', 'second'));
    const kept = await keptDraft<{ title: string }>('7', 'hazard');
    expect(kept?.values.title).toBe('second');
    expect([...new Uint8Array(kept?.photos[0]?.bytes ?? new ArrayBuffer(0))]).toEqual([0xff, 0xd8, 0xff, 0xe0]);
    expect(kept?.kept_at).toBeGreaterThan(0);
  });
  it('belong to one person', async () => {
    expect(await keptDraft('8', 'hazard')).toBeUndefined();
    expect(await keptPages('8')).toEqual([]);
  });
  it('go one by one when sent, and all of a person at sign-out', async () => {
    await keepDraft(draft('9', 'hazard', 'other'));
    await keepDraft(draft('7', 'self_check', 'check'));
    await dropDraft('7', 'hazard');
    expect(await keptPages('7')).toEqual(['self_check']);
    await forgetDrafts('7');
    expect(await keptPages('7')).toEqual([]);
    expect(await keptPages('9')).toEqual(['hazard']);
  });
});
