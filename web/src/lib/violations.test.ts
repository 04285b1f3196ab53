import { describe, expect, it } from 'vitest';
import type { RecordData } from '@/api/types';
import { certificatesOn, monthsBefore } from './violations';

describe('months before a day', () => {
  it('keep the day where the month has it', () => {
    expect(monthsBefore('2026-11-27', 12)).toBe('2025-11-27');
    expect(monthsBefore('2024-02-29', 12)).toBe('2023-02-28');
    expect(monthsBefore('2026-03-31', 1)).toBe('2026-02-28');
    expect(monthsBefore('2026-01-15', 2)).toBe('2025-11-15');
  });
});

describe('certificates on a day', () => {
  const of = (fields: Record<string, string>, state = 'valid'): RecordData => ({ id: '1', type: 'certificate', title: '', version: 1, state, fields } as unknown as RecordData);
  it('count from the day of issue to the last day, both', () => {
    const c = of({ issued_on: '2026-01-01', valid_to: '2026-06-30' });
    expect(['2025-12-31', '2026-01-01', '2026-06-30', '2026-07-01'].map((day) => certificatesOn([c], day).length)).toEqual([0, 1, 1, 0]);
  });
  it('do not count without a day of issue, when revoked, or when false', () => {
    expect(certificatesOn([of({}), of({ issued_on: '2026-01-01' }, 'revoked'), of({ issued_on: '2026-01-01', genuineness: 'fake' })], '2026-02-01')).toEqual([]);
  });
});
