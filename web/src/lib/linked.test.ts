import { describe, expect, it } from 'vitest';
import type { Field, LinkRow } from '@/api/types';
import { newestLinks } from './linked';

const field = (name: string, target: string): Field => ({ name, target, type: 'reference', label: { zh: name, en: name } });
const link = (type: string, id: string, at: string, more: Partial<LinkRow> = {}): LinkRow => ({ type, id, title: `${type} ${id}`, kind: 'x', outward: true, state: '', at, by: '', ...more });

describe('the record that a step means', () => {
  const fields = [field('notice', 'official_document'), field('hearing', 'hearing'), field('inspection', 'inspection')];
  const links = [
    link('official_document', '1', '2026-01-01'), link('official_document', '3', '2026-01-03'), link('official_document', '4', '2026-01-04', { state: 'void' }),
    link('inspection', '9', '2026-01-01', { outward: false }),
  ];
  it('is the newest that was made of this one and stands', () => {
    expect(newestLinks(fields, {}, links)).toEqual({ values: { notice: '3' }, labels: { notice: 'official_document 3' } });
  });
  it('is never put over what is there', () => {
    expect(newestLinks(fields, { notice: '1' }, links).values).toEqual({});
  });
});
