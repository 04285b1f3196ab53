// Signatures and time limits, as the screens show them.
import type { Change, Clock, Label, Signature, Signing, Source, Transition, Workflow, WorkflowState } from '@/api/types';
import { formatInstant } from './format';

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

/** Whether a clock has a beginning worth telling: one that only bears the day of its own end, or that counts back from a later day, has none. */
export function tellsStart(clock: Clock): boolean {
  return !clock.due || formatInstant(clock.started, 'date') < formatInstant(clock.due, 'date') || formatInstant(clock.started, 'time') !== '00:00:00';
}

const han = /[㐀-鿿]/;
const official = /[法例程则规]\s*\d|第.+条|〔\d{4}〕|[令号]|办法/;
/**
 * What a time limit rests on: texts by their official names, or a clause by its number; neither = a term of our own. Remarks of
 * those who keep the pack are left out, in English all that is no name of a text.
 */
export function basisOf(source: Source, english: boolean): { text?: string; clause?: string } {
  const sent = (source.text ?? '').replace(/（[^（）]*(待核|本系统)[^（）]*）/g, '').trim();
  const text = english ? sent.split(/(?<=[；，])/).filter((part) => official.test(part)).join('').replace(/[；，]$/, '') : sent;
  if (text && han.test(text)) return { text };
  return source.clause ? { clause: source.clause } : {};
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
export function passedStates(workflow: Workflow | null, changes: (Pick<Change, 'action'> & Partial<Pick<Change, 'diff'>>)[]): Set<string> {
  const out = new Set((workflow?.states ?? []).filter((s) => s.initial).map((s) => s.name));
  for (const change of changes) {
    const [what, name] = change.action.split(':');
    const step = what === 'step' || what === 'sign' ? workflow?.transitions.find((t) => t.name === name) : undefined;
    if (step) out.add(step.to);
    // A step of another record may have moved this one.
    for (const state of change.diff?.state ?? []) if (typeof state === 'string') out.add(state);
  }
  return out;
}

/** Steps onward by state, as the order of the states says: from the place of a state to the places it leads to. */
type Ways = Map<number, Set<number>>;
function waysOn(flow: Workflow, withReason: boolean): Ways {
  const place = new Map(flow.states.map((s, i) => [s.name, i]));
  const ways: Ways = new Map(flow.states.map((_, i) => [i, new Set<number>()]));
  for (const step of flow.transitions) {
    const to = place.get(step.to) ?? -1;
    for (const name of step.from) {
      const from = place.get(name) ?? to;
      if (to > from && (withReason || !step.reason_required)) ways.get(from)?.add(to);
    }
  }
  return ways;
}
/** The longest way from each place up to `end`, by the places on it; places that do not lead there are not in it. */
function longestTo(end: number, ways: Ways): Map<number, number[]> {
  const out = new Map<number, number[]>([[end, [end]]]);
  for (let at = end - 1; at >= 0; at--) {
    const next = [...(ways.get(at) ?? [])].map((to) => out.get(to)).filter((way): way is number[] => way !== undefined);
    next.sort((a, b) => b.length - a.length);
    const [best, second] = next;
    // Two states that stand for one another (a normal or a strict review) are both left out: which of them it will be is not known.
    const either = best && second && best[0] !== second[0] && best.slice(1).join() === second.slice(1).join();
    if (best) out.set(at, [at, ...(either ? best.slice(1) : best)]);
  }
  return out;
}
function reached(from: number, ways: Ways): Set<number> {
  const out = new Set([from]);
  for (const at of [...ways.keys()].sort((a, b) => a - b)) if (out.has(at)) ways.get(at)?.forEach((to) => out.add(to));
  return out;
}
/**
 * Where the main way of a flow ends: the first end that is reached without a reason having to be given. Where every end needs one
 * (a licence is in force until it is withdrawn), the last state that steps onward lead to and that does not lead back.
 */
function goal(flow: Workflow, start: number, ways: Ways): number {
  const onward = [...reached(start, ways)].sort((a, b) => a - b);
  const end = onward.find((i) => i !== start && flow.states[i]?.final);
  if (end !== undefined) return end;
  const turnsBack = (i: number): boolean => flow.transitions.some((t) => !t.reason_required && t.from.includes(flow.states[i]?.name ?? '') && flow.states.findIndex((s) => s.name === t.to) < i);
  const open = onward.filter((i) => !flow.states[i]?.final);
  return open.filter((i) => !turnsBack(i)).at(-1) ?? open.at(-1) ?? start;
}
/** Steps that need no reason, and one that does where it is the only way on to an end (a penalty that is carried out is explained). */
function plainWays(flow: Workflow, start: number): Ways {
  const ways = waysOn(flow, false);
  const end = goal(flow, start, ways);
  if (flow.states[end]?.final) return ways;
  const only = [...(waysOn(flow, true).get(end) ?? [])].filter((to) => !flow.states[to]?.final);
  const leads = only.length === 1 && [...reached(only[0] ?? end, ways)].some((i) => flow.states[i]?.final);
  if (leads) ways.get(end)?.add(only[0] ?? end);
  return ways;
}

export interface FlowLine {
  states: WorkflowState[];
  /** Place of the present state in it. */
  at: number;
  /** Nothing of the main way lies ahead. */
  done: boolean;
}
/**
 * The way of one record as a line: what it went through, where it is, and the main way ahead. States beside the main way (appeals,
 * breaches, refusals) stand in it only while the record is there. `visited` is what the history says; null = not known.
 */
export function flowLine(flow: Workflow | null, state: string, visited: Set<string> | null): FlowLine {
  const states = flow?.states ?? [];
  const here = states.findIndex((s) => s.name === state);
  if (!flow || here < 0) return { states: [], at: -1, done: false };
  const start = Math.max(0, states.findIndex((s) => s.initial));
  const ways = plainWays(flow, start);
  const toGoal = longestTo(goal(flow, start, ways), ways);
  const main = toGoal.get(start) ?? [start];
  const ahead = states[here]?.final ? [] : toGoal.get(here)?.slice(1) ?? main.filter((i) => i > here);
  // Behind: what leads on. A detour that came back to where it began is no part of the way.
  const behind = visited ? states.map((_, i) => i).filter((i) => i < here && visited.has(states[i]?.name ?? '') && toGoal.has(i)) : main.filter((i) => i < here && (main.includes(here) || i === start));
  const line = [...behind, here, ...ahead];
  return { states: line.map((i) => states[i]).filter((s): s is WorkflowState => s !== undefined), at: behind.length, done: ahead.length === 0 };
}
