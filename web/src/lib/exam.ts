// What the page of a candidate needs to know, apart from the screen.
import type { ExamQuestion, ShownPaper } from '@/api/types';

export const letterOf = (index: number): string => String.fromCharCode(65 + index);

/** What is given after a press on one option: a multiple choice collects, everything else has one. */
export function pressed(question: Pick<ExamQuestion, 'kind' | 'given'>, letter: string): string {
  const had = question.given.includes(letter);
  if (question.kind !== 'multiple') return had ? '' : letter;
  const letters = had ? question.given.replace(letter, '') : question.given + letter;
  return [...letters].sort().join('');
}

/** How far the server's clock is ahead of ours, in milliseconds. */
export const clockOffset = (shown: Pick<ShownPaper, 'now'>, here: number): number => Date.parse(shown.now) - here;

/** Whole seconds left by the server's clock; null when no time runs. */
export function secondsLeft(shown: ShownPaper, offset: number, here: number): number | null {
  if (shown.paper.state !== 'started' || !shown.paper.due_at) return null;
  return Math.max(0, Math.ceil((Date.parse(shown.paper.due_at) - here - offset) / 1000));
}

/** "1:05:09", "29:58". */
export function clockText(seconds: number): string {
  const pad = (n: number): string => String(n).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const rest = `${hours ? pad(Math.floor(seconds / 60) % 60) : Math.floor(seconds / 60)}:${pad(seconds % 60)}`;
  return hours ? `${hours}:${rest}` : rest;
}

/** A code as it is typed: capitals in two groups of five. */
export function tidyCode(typed: string): string {
  const plain = typed.toUpperCase().replace(/[^0-9A-Z]/g, '').slice(0, 10);
  return plain.length > 5 ? `${plain.slice(0, 5)}-${plain.slice(5)}` : plain;
}
