// What can be said of a record from the catalogue alone.
import type { Account, Field, FieldValue, FieldValues, Label, RecordData, RecordType, Transition, Workflow } from '@/api/types';

export function allows(roles: string[], account: Account | null): boolean {
  if (!account) return false;
  return roles.includes('*') || roles.some((role) => account.roles.includes(role));
}

export function isEmpty(value: FieldValue | undefined): boolean {
  return value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
}

export const sameValue = (a: FieldValue | undefined, b: FieldValue | undefined): boolean =>
  (isEmpty(a) && isEmpty(b)) || JSON.stringify(a) === JSON.stringify(b);

export const isFinal = (workflow: Workflow | null, state: string | null | undefined): boolean => workflow?.states.find((s) => s.name === state)?.final ?? false;

/** Whether fields of a record may be changed: not what another body entered, not while it waits for signatures, nor once its flow has ended (the server refuses all three). */
export function mayEdit(type: RecordType | undefined, workflow: Workflow | null, record: RecordData | null, account: Account | null): boolean {
  return type !== undefined && record !== null && record.acts !== false && !record.signing && record.fields.withdrawn !== true && !isFinal(workflow, record.state) && allows(type.access.update, account) && openFields(type).length > 0;
}

/** The fields a person may fill in. */
export function openFields(type: RecordType): Field[] {
  return type.fields.filter((field) => !field.system);
}

/** Fields that belong to later steps of a workflow. What a step may still mend before the record leaves its first state is not one of them. */
export function laterFields(workflow: Workflow | null): Set<string> {
  const first = workflow?.states.find((s) => s.initial)?.name ?? '';
  const steps = workflow?.transitions ?? [];
  const mends = (s: Transition): boolean => s.to === first && s.from.every((from) => from === first);
  const early = new Set(steps.filter(mends).flatMap((s) => s.editable ?? []));
  return new Set(steps.flatMap((s) => s.editable ?? []).filter((name) => !early.has(name)));
}

/** What differs between what was loaded and what the form holds. */
export function changedFields(before: FieldValues, after: FieldValues): FieldValues {
  const changed: FieldValues = {};
  for (const [name, value] of Object.entries(after)) {
    if (!sameValue(before[name], value)) changed[name] = isEmpty(value) ? null : (value as FieldValue);
  }
  return changed;
}

/** Code of the fault in a value as far as a browser can tell, or null. The server has the last word. */
export function faultOf(field: Field, value: FieldValue | undefined, required: boolean): string | null {
  if (isEmpty(value)) return required && field.type !== 'boolean' ? 'required' : null;
  if (typeof value === 'string') {
    if (field.max_length && [...value].length > field.max_length) return 'too_long';
    if (field.pattern && !new RegExp(`^(?:${field.pattern})$`).test(value)) return 'bad_format';
  }
  if (field.type === 'integer' || field.type === 'decimal' || field.type === 'money') {
    const text = String(value).trim();
    const shape = { integer: /^-?\d{1,18}$/, decimal: /^-?\d+(\.\d+)?$/, money: /^\d{1,15}(\.\d{1,2})?$/ }[field.type];
    if (!shape.test(text)) return 'bad_format';
    const number = Number(text);
    if ((field.min ?? -Infinity) > number || (field.max ?? Infinity) < number) return 'out_of_range';
  }
  return null;
}

/** Text of an input as the server takes it: numbers become numbers, money stays text. */
export function toWire(field: Field, value: FieldValue | undefined): FieldValue {
  if (isEmpty(value)) return null;
  if ((field.type === 'integer' || field.type === 'decimal') && typeof value === 'string') return Number(value);
  return value as FieldValue;
}

export interface StepOffer {
  step: Transition;
  /** Field names that hold this very account though they must not: the step needs another person. */
  samePerson: string[];
  /** Why the record cannot take it, whatever is given with it. */
  blocked?: Label;
}

/** Whether it can be taken now: else it is shown with the reason why not. */
export const isOpen = (offer: StepOffer): boolean => offer.samePerson.length === 0 && !offer.blocked;

/** Steps to show for a record: those the server offers, and those that only want another person. */
export function stepOffers(workflow: Workflow | null, record: RecordData, account: Account | null, withdraw?: Transition): StepOffer[] {
  if (!account) return [];
  if (!workflow) return withdraw && record.steps?.includes(withdraw.name) ? [{ step: withdraw, samePerson: [] }] : [];
  const offers: StepOffer[] = [];
  for (const step of workflow.transitions) {
    const samePerson = (step.distinct_from ?? []).filter((name) => record.fields[name] === account.id);
    const offered = record.steps?.includes(step.name) ?? false;
    const wouldBe = step.from.includes(record.state ?? '') && allows(step.roles, account);
    const blocked = record.blocked?.[step.name];
    if (offered || (wouldBe && samePerson.length > 0)) offers.push({ step, samePerson, ...(blocked ? { blocked } : {}) });
  }
  return offers;
}
