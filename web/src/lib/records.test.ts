import { describe, expect, it } from 'vitest';
import type { Account, Field, RecordData, RecordType, Workflow } from '@/api/types';
import { allows, changedFields, faultOf, isOpen, laterFields, mayEdit, stepOffers, toWire } from './records';

const field = (more: Partial<Field>): Field => ({ name: 'x', label: { zh: '', en: '' }, type: 'text', ...more });
const account = (id: string, ...roles: string[]): Account => ({ id, name: id, display_name: id, roles, level: 'mine', home: 'hazards', organisation: { id: '1', name: '' } });

describe('faults that a browser can tell', () => {
  it.each([
    ['required and empty', field({}), '', true, 'required'], ['empty and free', field({}), '', false, null], ['no evidence', field({ type: 'attachments' }), [], true, 'required'],
    ['too long, counted in characters', field({ max_length: 2 }), '一二三', false, 'too_long'], ['astral characters count once', field({ max_length: 2 }), '𠮷𠮷', false, null],
    ['pattern is for the whole text', field({ pattern: '[0-9]{6}' }), '5223011', false, 'bad_format'], ['pattern with alternatives', field({ pattern: 'a|b' }), 'ab', false, 'bad_format'],
    ['whole number', field({ type: 'integer' }), '1.5', false, 'bad_format'], ['below', field({ type: 'integer', min: 0 }), '-1', false, 'out_of_range'], ['above', field({ type: 'decimal', max: 24 }), '24.1', false, 'out_of_range'],
    ['at the edge', field({ type: 'decimal', max: 24 }), '24', false, null], ['money has two decimals', field({ type: 'money' }), '1.234', false, 'bad_format'], ['money', field({ type: 'money' }), '12500.00', false, null],
    ['no is an answer', field({ type: 'boolean' }), false, true, null],
  ] as const)('%s', (_name, f, value, required, code) => expect(faultOf(f, value as never, required)).toBe(code));
});

describe('what is sent', () => {
  it('makes numbers of numbers and leaves money alone', () => {
    expect(toWire(field({ type: 'decimal' }), '1.50')).toBe(1.5);
    expect(toWire(field({ type: 'money' }), '1.50')).toBe('1.50');
    expect(toWire(field({ type: 'text' }), '')).toBeNull();
  });
  it('sends only what changed', () => {
    expect(changedFields({ a: 'x', b: null, c: ['1'] }, { a: 'x', b: '', c: ['1', '2'] })).toEqual({ c: ['1', '2'] });
    expect(changedFields({ a: 'x' }, { a: '' })).toEqual({ a: null });
  });
});

describe('what is asked for later', () => {
  const step = (from: string[], to: string, editable: string[]) => ({ name: `${from}-${to}`, label: { zh: '', en: '' }, from, to, roles: [], editable });
  const flow = { name: 'f', label: { zh: '', en: '' }, states: [{ name: 'new', label: { zh: '', en: '' }, initial: true }, { name: 'done', label: { zh: '', en: '' } }], transitions: [
    step(['new'], 'new', ['title', 'deaths']), step(['new'], 'done', ['approved_on', 'deaths']), step(['new', 'done'], 'new', ['reason']),
  ] } as unknown as Workflow;
  it('is what only steps out of the first state take', () => expect([...laterFields(flow)].sort()).toEqual(['approved_on', 'reason']));
  it('is nothing without a flow', () => expect(laterFields(null).size).toBe(0));
});

describe('who may', () => {
  it('by role or everybody', () => {
    expect(allows(['*'], account('a'))).toBe(true);
    expect(allows(['reviewer'], account('a', 'reviewer'))).toBe(true);
    expect(allows(['reviewer'], account('a', 'worker'))).toBe(false);
    expect(allows(['*'], null)).toBe(false);
  });
});

describe('steps to show', () => {
  const workflow = {
    name: 'hazard', label: { zh: '', en: '' }, states: [],
    transitions: [
      { name: 'accept', label: { zh: '', en: '' }, from: ['accepting'], to: 'closed', roles: ['safety_officer', 'reviewer'], distinct_from: ['rectified_by', 'responsible'] },
      { name: 'plan', label: { zh: '', en: '' }, from: ['found'], to: 'rectifying', roles: ['safety_officer'] },
    ],
  } satisfies Workflow;
  const record = (steps: string[]): RecordData => ({
    id: '1', type: 'hazard', version: 1, state: 'accepting', title: '', created_at: '', updated_at: '', created_by: '', updated_by: '', fields: { rectified_by: 'officer', responsible: 'officer' }, steps,
  });
  it('offers what the server offers', () => {
    expect(stepOffers(workflow, record(['accept']), account('reviewer', 'reviewer')).map((o) => [o.step.name, o.samePerson])).toEqual([['accept', []]]);
  });
  it('shows a step that only wants another person, and says why', () => {
    expect(stepOffers(workflow, record([]), account('officer', 'safety_officer')).map((o) => [o.step.name, o.samePerson])).toEqual([['accept', ['rectified_by', 'responsible']]]);
  });
  it('shows a step that the record cannot take, and says why', () => {
    const why = { zh: '尚未复核', en: 'Not reviewed yet' };
    const offers = stepOffers(workflow, { ...record(['accept']), blocked: { accept: why } }, account('reviewer', 'reviewer'));
    expect(offers.map((o) => [o.step.name, o.blocked, isOpen(o)])).toEqual([['accept', why, false]]);
    expect(stepOffers(workflow, record(['accept']), account('reviewer', 'reviewer')).map(isOpen)).toEqual([true]);
  });
  it('hides what another role or state would need', () => {
    expect(stepOffers(workflow, record([]), account('officer', 'dispatcher'))).toEqual([]);
    expect(stepOffers(workflow, record([]), account('third', 'safety_officer'))).toEqual([]);
  });
});

describe('who may change fields', () => {
  const type = { name: 'case', fields: [field({})], access: { read: [], create: [], update: ['officer'] } } as unknown as RecordType;
  const flow = { name: 'case', states: [{ name: 'open', initial: true }, { name: 'archived', final: true }], transitions: [] } as unknown as Workflow;
  const at = (state: string, more: object = {}): RecordData => ({ id: '1', type: 'case', state, version: 1, fields: {}, ...more }) as unknown as RecordData;
  it('nobody after the end of the flow, nobody while signatures are awaited', () => {
    const officer = account('1', 'officer');
    expect(mayEdit(type, flow, at('open'), officer)).toBe(true);
    expect(mayEdit(type, flow, at('archived'), officer)).toBe(false);
    expect(mayEdit(type, flow, at('open', { signing: { step: 'x' } }), officer)).toBe(false);
    expect(mayEdit(type, flow, at('open', { acts: false }), officer)).toBe(false);
    expect(mayEdit(type, flow, at('open'), account('2', 'worker'))).toBe(false);
    expect(mayEdit({ ...type, fields: [field({ system: true })] }, flow, at('open'), officer)).toBe(false);
  });
});
