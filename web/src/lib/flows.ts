// Signatures and time limits, as the screens show them.
import type { Change, Clock, Label, Signature, Signing, Transition, Workflow } from '@/api/types';

export interface StageRow {
  key: string;
  name: string;
  label: Label;
  roles: string[];
  state: 'done' | 'now' | 'later';
  signature: Signature | null;
}

/** One row a signature that a step needs, in order: given, next, or later. */
export function stagesOf(step: Transition, signing: Signing): StageRow[] {
  const given = [...signing.signatures].filter((s) => s.agrees);
  let next = true;
  return (step.sign_off ?? []).flatMap((stage) => Array.from({ length: stage.count }, (_, i) => {
    const at = given.findIndex((s) => s.stage === stage.name);
    const signature = at >= 0 ? given.splice(at, 1)[0] ?? null : null;
    const state: StageRow['state'] = signature ? 'done' : next ? 'now' : 'later';
    if (!signature) next = false;
    return { key: `${stage.name}/${i}`, name: stage.name, label: stage.label, roles: stage.roles, state, signature };
  }));
}

export type ClockStage = Clock['state'] | 'half' | 'soon';

/** A clock at a time: half of it gone, four fifths of it gone, over. */
export function clockStage(clock: Clock, now: number): ClockStage {
  if (clock.state !== 'running') return clock.state;
  if (clock.due && now > Date.parse(clock.due)) return 'overdue';
  if (clock.fifths && now >= Date.parse(clock.fifths)) return 'soon';
  return clock.half && now >= Date.parse(clock.half) ? 'half' : 'running';
}

export interface NextHand {
  step: Transition;
  /** The first few roles that may take it; the others are counted. */
  roles: string[];
  more: number;
}
/** The steps that lead on from a state, with who may take them: ways back and ways out are left out. */
export function nextHands(flow: Workflow | null, state: string, most = 3): NextHand[] {
  if (!flow) return [];
  const order = flow.states.map((s) => s.name);
  const onward = flow.transitions.filter((s) => s.from.includes(state) && s.roles.length > 0 && order.indexOf(s.to) > order.indexOf(state) && !s.reason_required);
  return onward.slice(0, 2).map((step) => ({ step, roles: step.roles.slice(0, most), more: Math.max(0, step.roles.length - most) }));
}

/** The states that a record went through, by its history. */
export function passedStates(workflow: Workflow | null, changes: Pick<Change, 'action'>[]): Set<string> {
  const out = new Set((workflow?.states ?? []).filter((s) => s.initial).map((s) => s.name));
  for (const change of changes) {
    const [what, name] = change.action.split(':');
    const step = what === 'step' || what === 'sign' ? workflow?.transitions.find((t) => t.name === name) : undefined;
    if (step) out.add(step.to);
  }
  return out;
}
