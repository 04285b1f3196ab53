import { describe, expect, it } from 'vitest';
import type { Clock, Signing, Transition } from '@/api/types';
import { clockStage, stagesOf } from './flows';

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
