import { describe, expect, it } from 'vitest';
import type { Clock, Signing, Transition, Workflow } from '@/api/types';
import { basisOf, clockStage, flowLine, nextHands, passedStates, stagesOf, tellsStart } from './flows';

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

describe('the line of a flow', () => {
  const flow = (states: string, ...steps: string[]): Workflow => ({
    name: 'f', label, clocks: [],
    states: states.split(' ').map((name, i) => ({ name: name.replace('*', ''), label, initial: i === 0, final: name.endsWith('*') })),
    transitions: steps.map((step) => {
      const [from = '', to = '', why] = step.split(' ');
      return { name: `${from}_${to}`, label, from: from.split(','), to, roles: ['officer'], reason_required: why === 'why' };
    }),
  });
  const shown = (of: Workflow, state: string, visited: string[] | null = null): string => {
    const line = flowLine(of, state, visited ? new Set(visited) : null);
    return line.states.map((s, i) => (i === line.at ? `<${s.name}>` : s.name)).join(' ');
  };
  // Worked by hand from the flow of a suspension: breach and closing are no part of stopping, rectifying and resuming.
  const suspension = flow('proposed ordered stopped breached rectified resumed closing ended* withdrawn*', 'proposed ordered', 'ordered stopped', 'stopped breached why', 'breached stopped why', 'stopped rectified', 'rectified stopped why', 'rectified resumed', 'resumed ended', 'stopped,breached,rectified closing why', 'closing ended', 'proposed,ordered withdrawn why');
  it('leaves out what lies beside the way', () => expect(shown(suspension, 'stopped')).toBe('proposed ordered <stopped> rectified resumed ended'));
  it('shows a state beside the way while the record is there, with what may follow', () => {
    expect(shown(suspension, 'breached', ['proposed', 'ordered', 'stopped', 'breached'])).toBe('proposed ordered stopped <breached> rectified resumed ended');
    expect(shown(suspension, 'closing', ['proposed', 'ordered', 'stopped', 'closing'])).toBe('proposed ordered stopped <closing> ended');
  });
  it('ends where the record ended', () => {
    expect(shown(suspension, 'withdrawn', ['proposed', 'ordered', 'withdrawn'])).toBe('proposed ordered <withdrawn>');
    expect(flowLine(suspension, 'ended', null).done).toBe(true);
  });
  it('a detour that came back is no part of the way', () => {
    const inquiry = flow('forming investigating appraising reporting approved* withdrawn*', 'forming investigating', 'investigating appraising', 'appraising investigating', 'investigating reporting', 'reporting approved');
    expect(shown(inquiry, 'reporting', ['forming', 'investigating', 'appraising', 'reporting'])).toBe('forming investigating <reporting> approved');
    expect(shown(inquiry, 'appraising', ['forming', 'investigating', 'appraising'])).toBe('forming investigating <appraising> reporting approved');
  });
  it('what was passed over is not shown as done', () => {
    const accident = flow('reported verified responding investigating archived*', 'reported verified', 'reported,verified responding', 'verified,responding investigating', 'investigating archived');
    expect(shown(accident, 'reported')).toBe('<reported> verified responding investigating archived');
    expect(shown(accident, 'responding', ['reported', 'responding'])).toBe('reported <responding> investigating archived');
  });
  it('where every end needs a reason, it goes to the state that lasts', () => {
    const licence = flow('entered in_force suspended withdrawn*', 'entered in_force', 'in_force suspended why', 'suspended in_force why', 'in_force,suspended withdrawn why');
    expect(shown(licence, 'in_force')).toBe('entered <in_force>');
    expect(flowLine(licence, 'in_force', null).done).toBe(true);
    expect(shown(licence, 'suspended', ['entered', 'in_force', 'suspended'])).toBe('entered in_force <suspended>');
  });
  it('a step that must be explained and is the only way on belongs to it', () => {
    const violation = flow('found decided executed counted* dismissed*', 'found decided', 'decided executed why', 'executed counted', 'found dismissed why');
    expect(shown(violation, 'found')).toBe('<found> decided executed counted');
  });
  it('of two ways as good as one another neither is promised', () => {
    const admission = flow('gated strict normal approved*', 'gated strict', 'gated normal', 'strict,normal approved');
    expect(shown(admission, 'gated')).toBe('<gated> approved');
    expect(shown(admission, 'approved', ['gated', 'strict', 'approved'])).toBe('gated strict <approved>');
  });
  it('nothing without a flow', () => expect(flowLine(null, 'x', null).states).toEqual([]));
});

describe('what a time limit says of itself', () => {
  const clock = (started: string, due: string): Clock => ({ type: 'case', id: '1', clock: 'c', state: 'running', started, due, half: null, fifths: null, ended: null });
  it('its beginning, unless that is only the day of its own end', () => {
    expect(tellsStart(clock('2026-11-28T05:06:00+08:00', '2026-11-28T06:06:00+08:00'))).toBe(true);
    expect(tellsStart(clock('2026-11-20T00:00:00+08:00', '2026-12-18T23:59:59+08:00'))).toBe(true);
    expect(tellsStart(clock('2026-12-18T00:00:00+08:00', '2026-12-18T23:59:59+08:00'))).toBe(false);
    expect(tellsStart(clock('2026-12-18T00:00:00+08:00', '2026-11-27T23:59:59+08:00'))).toBe(false);
  });
  it.each([
    ['国务院令493号 第九条；国务院令774号 第五十九条', '国务院令493号 第九条；国务院令774号 第五十九条', '国务院令493号 第九条；国务院令774号 第五十九条'],
    ['煤矿安全生产条例 41（单位待核）', '煤矿安全生产条例 41', '煤矿安全生产条例 41'],
    ['安全生产法 70，紧急情形除外', '安全生产法 70，紧急情形除外', '安全生产法 70'],
    ['挂牌督办通知书载明的日期', '挂牌督办通知书载明的日期', undefined],
    ['our own design', undefined, undefined],
  ])('%s', (text, chinese, english) => {
    expect(basisOf({ text }, false).text).toBe(chinese);
    expect(basisOf({ text }, true).text).toBe(english);
  });
  it('a clause by its number', () => expect(basisOf({ clause: 'YN2014-14-03', text: 'time limits' }, true)).toEqual({ clause: 'YN2014-14-03' }));
});
