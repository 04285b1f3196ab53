import { describe, expect, it } from 'vitest';
import type { Clock, Signing, Transition, Workflow } from '@/api/types';
import { clockStage, nextHands, stagesOf, passedStates } from './flows';

const label = { zh: '签', en: 'sign' };
const step = { name: 'decide', label, from: [], to: '', roles: [], sign_off: [
  { name: 'legal', label, roles: ['legal_reviewer'], count: 1 }, { name: 'board', label, roles: ['department_head'], count: 2 },
] } as Transition;
const hand = (stage: string, agrees = true) => ({ stage, name: stage, at: '2026-01-01T00:00:00+08:00', agrees, opinion: '' });
const signing = (...signatures: ReturnType<typeof hand>[]): Signing => ({ step: 'decide', begun_by: 'a', begun_at: '', signatures, may_sign: false, may_withdraw: false });

describe('stages of a step that is signed', () => {
  it('has one row a signature; only the first that lacks one is next', () => {
    expect(stagesOf(step, signing()).map((s) => s.state)).toEqual(['now', 'later', 'later']);
    expect(stagesOf(step, signing(hand('legal'))).map((s) => s.state)).toEqual(['done', 'now', 'later']);
    expect(stagesOf(step, signing(hand('legal'), hand('board'))).map((s) => s.state)).toEqual(['done', 'done', 'now']);
  });
  it('does not count a hand that sent it back', () => {
    expect(stagesOf(step, signing(hand('legal', false)))[0]?.state).toBe('now');
  });
});

describe('a clock', () => {
  const clock: Clock = { type: 'case', id: '1', clock: 'decide', state: 'running', started: '2026-01-01T00:00:00+08:00', due: '2026-01-11T00:00:00+08:00', half: '2026-01-06T00:00:00+08:00', fifths: '2026-01-09T00:00:00+08:00', ended: null };
  const at = (day: string): number => Date.parse(`${day}T00:00:00+08:00`);
  it('turns at half, at four fifths and when it is over', () => {
    expect(clockStage(clock, at('2026-01-05'))).toBe('running');
    expect(clockStage(clock, at('2026-01-06'))).toBe('half');
    expect(clockStage(clock, at('2026-01-09'))).toBe('soon');
    expect(clockStage(clock, at('2026-01-11'))).toBe('soon');
    expect(clockStage(clock, at('2026-01-11') + 1)).toBe('overdue');
  });
  it('keeps what was judged', () => {
    expect(clockStage({ ...clock, state: 'paused', due: null }, at('2030-01-01'))).toBe('paused');
    expect(clockStage({ ...clock, state: 'met' }, at('2030-01-01'))).toBe('met');
  });
});

describe('who moves a record on', () => {
  const flow = {
    name: 'case', label, states: ['found', 'rectifying', 'accepting', 'closed'].map((name) => ({ name, label })),
    transitions: [
      { name: 'plan', label, from: ['found'], to: 'rectifying', roles: ['safety_officer', 'mine_manager'] },
      { name: 'claim', label, from: ['rectifying'], to: 'accepting', roles: ['a', 'b', 'c', 'd', 'e'] },
      { name: 'send_back', label, from: ['accepting'], to: 'rectifying', roles: ['reviewer'], reason_required: true },
      { name: 'extend', label, from: ['rectifying'], to: 'rectifying', roles: ['reviewer'] },
      { name: 'clear', label, from: ['accepting'], to: 'closed', roles: [] },
    ],
  } as unknown as Workflow;
  it('are those of the steps onward; ways back, standing still and what the program does are no hand', () => {
    expect(nextHands(flow, 'found').map((h) => h.step.name)).toEqual(['plan']);
    expect(nextHands(flow, 'accepting')).toEqual([]);
    expect(nextHands(flow, 'closed')).toEqual([]);
    expect(nextHands(null, 'found')).toEqual([]);
  });
  it('names a few roles and counts the rest', () => {
    expect(nextHands(flow, 'rectifying')).toMatchObject([{ roles: ['a', 'b', 'c'], more: 2 }]);
  });
});

describe('the way of a record', () => {
  it('is what its history says, not what the flow could be', () => {
    const step = (name: string, to: string) => ({ name, to, from: [], roles: [], label: { zh: '', en: '' } });
    const state = (name: string, more = {}) => ({ name, label: { zh: '', en: '' }, ...more });
    const flow = { name: 'case', label: { zh: '', en: '' }, states: [state('proposed', { initial: true }), state('filed'), state('annulled'), state('closed', { final: true })], transitions: [step('file', 'filed'), step('annul', 'annulled'), step('close', 'closed')] };
    expect([...passedStates(flow, [{ action: 'create' }, { action: 'step:file' }, { action: 'begin:annul' }, { action: 'sign:close' }])]).toEqual(['proposed', 'filed', 'closed']);
  });
});
