// Shapes of the API: papers.
import type { Label } from './basics';

export interface PaperOffer {
  name: string;
  label: Label;
  can_issue: boolean;
  /** Why not: issued, state, role, hidden; none = it can be issued. */
  bar: string;
  /** The step that issues it. */
  step: Label | null;
}
export interface IssuedPaper {
  id: string;
  paper: string;
  title: string;
  number: string;
  office: string;
  code: string;
  sha256: string;
  pages: number;
  issued_on: string;
  issued_at: string;
  issued_by: string;
}
export interface PapersAnswer {
  version: number;
  papers: PaperOffer[];
  issued: IssuedPaper[];
}
/** All that anybody is told about a code. */
export interface GenuinePaper {
  office: string;
  title: string;
  number: string;
  issued_on: string;
  state: 'valid' | 'void';
  void_since: string | null;
  /** null: no file was shown. */
  same_file: boolean | null;
}
