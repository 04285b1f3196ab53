import { describe, expect, it } from 'vitest';
import type { Account } from '@/api/types';
import { checkFaults, originOf, tierOf, type CheckValues } from './reporting';

const account = (...roles: string[]): Account => ({ id: '1', name: 'a', display_name: 'a', roles, level: 'mine', organisation: { id: '1', name: 'o' }, home: '/' });
const items = ['roof', 'gas', 'fan'];
const values = (answers: Record<string, string>, more: Partial<CheckValues> = {}): CheckValues => ({ tier: 'team', place: '1301 工作面', answers, found: {}, signature: '', checked_at: '', sent: null, ...more });

describe('a self-check', () => {
  it('that found nothing has every item answered and is signed', () => {
    expect(checkFaults(values({ roof: 'pass', gas: 'none', fan: 'pass' }, { signature: '张三' }), items)).toEqual({});
    expect(checkFaults(values({ roof: 'pass', gas: 'pass', fan: 'pass' }), items)).toEqual({ signature: 'signature' });
    expect(checkFaults(values({ roof: 'pass' }, { signature: '张三' }), items)).toEqual({ items: 'open' });
    expect(checkFaults(values({ roof: 'none', gas: 'none', fan: 'none' }, { signature: '张三' }), items)).toEqual({ items: 'nothing' });
  });
  it('that found something says what, and needs no signature', () => {
    expect(checkFaults(values({ roof: 'fail' }), items)).toEqual({ roof: 'found' });
    expect(checkFaults(values({ roof: 'fail' }, { found: { roof: ' ' } }), items)).toEqual({ roof: 'found' });
    expect(checkFaults(values({ roof: 'fail' }, { found: { roof: '锚杆外露' } }), items)).toEqual({});
  });
  it('says where it was made', () => {
    expect(checkFaults(values({ roof: 'fail' }, { found: { roof: '锚杆外露' }, place: '' }), items)).toEqual({ place: 'place' });
  });
  it('counts only items of its own tier', () => {
    expect(checkFaults(values({ roof: 'pass', gas: 'pass', fan: 'pass', other: 'fail' }, { signature: '张三' }), items)).toEqual({});
  });
});

describe('who reports', () => {
  it('says where a hazard comes from', () => {
    expect(originOf(account('worker'))).toBe('worker');
    expect(originOf(account('worker', 'safety_officer'))).toBe('self_check');
    expect(originOf(account('dispatcher'))).toBe('self_check');
    expect(originOf(account('county_officer'))).toBe('inspection');
    expect(originOf(null)).toBe('self_check');
  });
  it('checks at a tier', () => {
    expect([account('worker'), account('safety_officer'), account('mine_manager'), account('group_officer')].map(tierOf)).toEqual(['team', 'section', 'mine', 'group']);
  });
});
