import { describe, expect, it } from 'vitest';
import type { Account, RecordType, Workflow } from '@/api/types';
import { countText, daysTo, homeBlocks, isOver, ownTypes, rankWork, takesSteps, workPath, type Facts } from './home';

const flow = (roles: string[]): Workflow => ({ name: 'f', label: { zh: '', en: '' }, states: [], transitions: [{ name: 'approve', label: { zh: '', en: '' }, from: ['a'], to: 'b', roles }] });
const type = (name: string, read: string[], update: string[]): RecordType => ({ name, label: { zh: '', en: '' }, system: 'X', workflow: name, title_field: 'title', list_fields: [], access: { read, create: [], update }, fields: [] });
const types: Record<string, RecordType> = {
  alarm: type('alarm', ['*'], []), hazard: type('hazard', ['*'], ['safety_officer', 'mine_manager']), account: type('account', ['system_admin', 'auditor'], []), planned_work: type('planned_work', ['*'], []),
};
const flows: Record<string, Workflow> = {
  alarm: flow(['dispatcher', 'safety_officer', 'mine_manager', 'county_officer', 'city_officer']), hazard: flow(['safety_officer', 'reviewer', 'county_officer', 'mine_manager']), planned_work: flow(['mine_manager']),
};
const who = (level: string, ...roles: string[]): Facts => ({
  account: { id: '1', name: 'a', display_name: 'A', roles, level, organisation: { id: '2', name: 'O' }, home: '' } as Account,
  type: (name) => types[name], workflow: (of) => (of ? flows[of.name] ?? null : null), flows: [...Object.values(flows), flow(['finance_officer'])], types: Object.values(types),
});

describe('home', () => {
  it('shows a dispatcher the alarms first, a safety officer the hazards, a manager what his mine owes, a county its mines, a city its regions', () => {
    expect(homeBlocks(who('mine', 'dispatcher')).slice(0, 2)).toEqual(['alarms', 'mine']);
    expect(homeBlocks(who('mine', 'safety_officer'))[0]).toBe('hazards');
    expect(homeBlocks(who('mine', 'mine_manager')).slice(0, 2)).toEqual(['duties', 'mine']);
    expect(homeBlocks(who('county', 'county_officer')).slice(0, 2)).toEqual(['concern', 'alarms']);
    expect(homeBlocks(who('city', 'city_officer')).slice(0, 3)).toEqual(['regions', 'major', 'forms']);
    expect(homeBlocks(who('province', 'system_admin'))[0]).toBe('accounts');
  });
  it('shows everybody what waits for him, and nothing twice', () => {
    for (const facts of [who('mine', 'finance_officer'), who('province', 'expert'), who('county', 'county_officer'), who('city', 'city_officer'), who('county', 'department_head'), who('mine', 'mine_manager')]) {
      const blocks = homeBlocks(facts);
      expect(blocks).toContain('todo');
      expect(blocks).toContain('work');
      expect(new Set(blocks).size).toBe(blocks.length);
    }
    expect(homeBlocks({ ...who('mine'), account: null })).toEqual([]);
  });
  it('shows a machine that uploads how its uploads do', () => {
    expect(homeBlocks(who('mine', 'uploader'))).toEqual(['feeds', 'todo']);
    expect(homeBlocks(who('mine', 'finance_officer'))).not.toContain('feeds');
  });
  it('offers the supervision only to those who stand over others', () => {
    expect(homeBlocks(who('county', 'department_head'))).toContain('supervision');
    expect(homeBlocks(who('mine', 'mine_manager'))).not.toContain('supervision');
    expect(homeBlocks(who('province', 'expert'))).not.toContain('supervision');
  });
  it('knows who takes a step', () => {
    expect(takesSteps(who('mine', 'reviewer'), 'hazard')).toBe(true);
    expect(takesSteps(who('mine', 'reviewer'), 'alarm')).toBe(false);
    expect(takesSteps(who('mine', 'reviewer'), 'nothing')).toBe(false);
  });
  it('tells the record types that are one\'s own business', () => {
    expect(ownTypes(who('mine', 'reviewer')).map((t) => t.name)).toEqual(['hazard']);
    expect(ownTypes(who('mine', 'mine_manager')).map((t) => t.name)).toEqual(['alarm', 'hazard', 'planned_work']);
    expect(ownTypes(who('mine', 'uploader'))).toEqual([]);
  });
  it('leads to the list of what was counted', () => {
    const states = [{ state: 'found', count: 2, late: 0 }, { state: 'accepting', count: 0, late: 0 }, { state: 'graded', count: 1, late: 1 }];
    expect(workPath({ type: 'hazard', states })).toEqual({ path: '/hazards', query: { tab: 'all', 'f.state': 'found,graded' } });
    expect(workPath({ type: 'recheck', states }, { 'f.mine': '7' })).toEqual({ path: '/records/recheck', query: { 'f.state': 'found,graded', 'f.mine': '7' } });
  });
  it('knows when a flow is over', () => {
    const label = { zh: '', en: '' };
    const of: Workflow = { name: 'w', label, states: ['a', 'b', 'c'].map((name) => ({ name, label, final: name === 'c' })), transitions: [{ name: 's', label, from: ['a'], to: 'b', roles: [] }, { name: 'back', label, from: ['b'], to: 'a', roles: [], reason_required: true }] };
    expect(['a', 'b', 'c'].map((state) => isOver(of, state))).toEqual([false, true, true]);
  });
  it('puts what is late first', () => {
    const work = (name: string, count: number, late: number) => ({ type: name, count, late, exact: true, states: [], first: [] });
    expect(rankWork([work('a', 9, 0), work('b', 1, 1), work('c', 0, 0), work('d', 3, 1)]).map((t) => t.type)).toEqual(['d', 'b', 'a']);
  });
  it('counts days by the calendar of Beijing', () => {
    const now = Date.parse('2026-03-01T23:30:00+08:00');
    expect(daysTo('2026-03-01T23:59:59+08:00', now)).toBe(0);
    expect(daysTo('2026-03-02T00:10:00+08:00', now)).toBe(1);
    expect(daysTo('2026-02-27T23:00:00+08:00', now)).toBe(-2);
    expect(countText(10000, false)).toBe('10000+');
    expect(countText(3, true)).toBe('3');
  });
});
