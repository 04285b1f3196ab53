// Shapes of the API: examinations.
import type { RecordData } from './records';

export interface ExamQuestion {
  sequence: number;
  kind: string;
  stem: string;
  /** In the candidate's order; empty texts of a true-or-false question mean true, then false. */
  options: string[];
  worth: number;
  /** Letters of the candidate's order. */
  given: string;
  right?: string;
  correct?: boolean;
  basis?: string;
}
export interface ShownPaper {
  paper: {
    id: string; state: string; attempt: number; questions: number | null; pass_mark: number | null; score: number | null;
    result: string | null; started_at: string | null; due_at: string | null; submitted_at: string | null;
  };
  exam: {
    id: string; state: string; number: string; title: string; kind: string; trade: string; minutes: number | null; pass_mark: number | null;
    resits: number | null; held_at: string | null; place: string | null; single_count: number; multiple_count: number; judge_count: number;
  };
  person: string;
  candidate: boolean;
  review: boolean;
  /** The server's clock: the remaining time counts from it. */
  now: string;
  questions: ExamQuestion[];
}
export interface ExamBank {
  parts: { kind: string; count: number; points: number; on_hazards: number }[];
  shortages: { kind: string; on_hazards: boolean; needed: number; found: number }[];
  questions: number;
  unusable: number;
}
export interface ExamAnswer {
  exam: RecordData;
  bank: ExamBank;
  papers: RecordData[];
}
export interface ExamFigures {
  papers: number;
  questions: { question: string; kind: string; stem: string; right: string; asked: number; answered: number; correct: number; given: { letters: string; count: number }[] }[];
}
