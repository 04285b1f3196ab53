// Signatures and time limits, as the screens show them.
import type { Clock, Label, Signature, Signing, Transition } from '@/api/types';

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
