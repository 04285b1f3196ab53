// What a person is shown first. Told from what his roles may read and do, as the packs say; the server has the last word.
import type { Account, RecordType, Workflow, WorkType } from '@/api/types';
import { supervisors } from './navigation';
import { allows } from './records';

export type Block =
  | 'alarms' | 'mine' | 'hazards' | 'duties' | 'todo' | 'work' | 'concern' | 'regions' | 'major' | 'forms' | 'supervision'
  | 'own' | 'feeds' | 'accounts' | 'packs' | 'log';

export interface Facts {
  account: Account | null;
  type: (name: string) => RecordType | undefined;
  workflow: (of: RecordType | undefined) => Workflow | null;
  /** Every flow and every record type of the packs. */
  flows: Workflow[];
  types: RecordType[];
}

/** Whether a role of the account takes some step of the type's flow. */
export function takesSteps(facts: Facts, name: string): boolean {
  const flow = facts.workflow(facts.type(name));
  return (flow?.transitions ?? []).some((step) => allows(step.roles, facts.account));
}

/** Whether a role of the account takes this very step. */
function takesStep(facts: Facts, name: string, step: string): boolean {
  const found = facts.workflow(facts.type(name))?.transitions.find((s) => s.name === step);
  return allows(found?.roles ?? [], facts.account);
}

/** Blocks of the home page, what cannot wait first. */
export function homeBlocks(facts: Facts): Block[] {
  const { account } = facts;
  if (!account) return [];
  if (allows(facts.type('account')?.access.read ?? [], account)) {
    return ['accounts', 'log', 'packs', ...(allows(supervisors, account) ? (['supervision'] as const) : []), 'todo'];
  }
  return account.level === 'mine' ? mineBlocks(facts) : officeBlocks(facts);
}

/** Of a mine: who answers alarms sees them, or the hazards that he has to rectify, or what his mine owes. */
function mineBlocks(facts: Facts): Block[] {
  const answers = takesSteps(facts, 'alarm');
  const rectifies = allows(facts.type('hazard')?.access.update ?? [], facts.account);
  const manages = rectifies && takesStep(facts, 'planned_work', 'approve');
  const now: Block[] = !answers ? (takesSteps(facts, 'hazard') ? ['hazards'] : [])
    : manages ? ['duties', 'mine', 'hazards', 'alarms'] : rectifies ? ['hazards', 'duties', 'alarms', 'mine'] : ['alarms', 'mine', 'hazards', 'duties'];
  if (!takesSomething(facts)) return ['feeds', 'todo'];
  return [...now, 'todo', 'work', ...(answers ? [] : (['own'] as const))];
}

/** Of an office: city and province rank regions, a county ranks mines, others see what waits for them. */
function officeBlocks(facts: Facts): Block[] {
  const supervises: Block[] = allows(supervisors, facts.account) ? ['supervision'] : [];
  if (!takesSteps(facts, 'alarm')) return ['todo', 'work', 'own', ...supervises];
  if (facts.account?.level === 'county') return ['concern', 'alarms', 'todo', 'work', 'duties', 'major', 'forms', ...supervises];
  return ['regions', 'major', 'forms', 'alarms', 'concern', ...supervises, 'todo', 'work', 'duties'];
}

/** Whether a role of the account takes a step of any flow. */
function takesSomething(facts: Facts): boolean {
  return facts.flows.some((flow) => flow.transitions.some((step) => step.roles.some((role) => facts.account?.roles.includes(role))));
}

/** Whether a flow has come to its end in a state: nothing but an exception with a reason leaves it. */
export function isOver(flow: Workflow | null, state: string): boolean {
  const found = flow?.states.find((s) => s.name === state);
  return Boolean(found?.final) || !(flow?.transitions ?? []).some((step) => !step.reason_required && step.from.includes(state));
}

/** Record types that are the account's own business: its roles, by name, make them or take their steps. */
export function ownTypes(facts: Facts): RecordType[] {
  const named = (roles: string[]): boolean => roles.some((role) => facts.account?.roles.includes(role));
  return facts.types.filter((type) => named(type.access.create) || (facts.workflow(type)?.transitions ?? []).some((step) => named(step.roles) || (step.sign_off ?? []).some((stage) => named(stage.roles))));
}

/** The list of a type with just the states that were counted. */
export function workPath(work: Pick<WorkType, 'type' | 'states'>, more: Record<string, string> = {}): { path: string; query: Record<string, string> } {
  const states = work.states.filter((s) => s.count > 0).map((s) => s.state).join(',');
  if (work.type === 'alarm') return { path: '/alarms', query: { tab: 'all', 'f.state': states, ...more } };
  if (work.type === 'hazard') return { path: '/hazards', query: { tab: 'all', 'f.state': states, ...more } };
  return { path: `/records/${work.type}`, query: { 'f.state': states, ...more } };
}

/** Types with work, those with something late first, then those with most. */
export function rankWork(types: WorkType[]): WorkType[] {
  return [...types].filter((t) => t.count > 0).sort((a, b) => b.late - a.late || b.count - a.count || a.type.localeCompare(b.type));
}

/** Whole days from now to a due time, counted by Beijing days: 0 = today, negative = over. */
export function daysTo(due: string, now: number): number {
  const day = (ms: number): number => Math.floor((ms + 8 * 3_600_000) / 86_400_000);
  return day(Date.parse(due)) - day(now);
}

/** A count as it is shown: "10000+" where counting stopped. */
export const countText = (count: number, exact: boolean): string => (exact ? String(count) : `${count}+`);
