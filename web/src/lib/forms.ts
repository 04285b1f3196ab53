// A printed form: its header lines, its figures, and the state of an edit. Pure; the page sends what `patchOf` gives.
import type { FilingState, FormCell, FormCells, FormColumn, FormLayout, FormPage, Label } from '@/api/types';

export interface HeadCell {
  text: string | Label;
  columns: number[];
  /** Header lines it covers, of the two below the groups. */
  rows: 1 | 2;
}
/** Second header line: columns of the same name that have a second heading stand under one cell. */
export function headLine(columns: FormColumn[]): HeadCell[] {
  const out: HeadCell[] = [];
  for (const column of columns) {
    const last = out.at(-1);
    if (column.sub && last && last.rows === 1 && same(last.text, column.name)) last.columns.push(column.number);
    else out.push({ text: column.name, columns: [column.number], rows: column.sub ? 1 : 2 });
  }
  return out;
}
const same = (a: string | Label, b: string | Label): boolean => JSON.stringify(a) === JSON.stringify(b);

export const cellOf = (cells: FormCells, row: string, column: number): FormCell | undefined => cells[row]?.[String(column)];
/** A figure as printed: "" where there is none (a share of nothing). */
export function figureText(value: number | null | undefined, column: FormColumn): string {
  return value === null || value === undefined ? '' : value.toLocaleString('en-US', { minimumFractionDigits: column.decimals, maximumFractionDigits: column.decimals });
}
export interface Correction {
  row: string;
  column: number;
  cell: FormCell;
}
export const corrections = (form: FormLayout, cells: FormCells): Correction[] => listCells(form, cells).filter((c) => c.cell.corrected);
/** Figures whose records have changed since they were drawn. */
export const moved = (form: FormLayout, cells: FormCells): Correction[] =>
  listCells(form, cells).filter(({ cell }) => cell.drawn !== undefined && cell.now !== undefined && cell.now !== null && cell.drawn !== cell.now);
function listCells(form: FormLayout, cells: FormCells): Correction[] {
  return form.rows.flatMap((row) => form.columns.flatMap((column) => {
    const cell = cellOf(cells, row.name, column.number);
    return cell ? [{ row: row.name, column: column.number, cell }] : [];
  }));
}

// ---- an edit ----
export interface FigureEdit {
  row: string;
  column: number;
  text: string;
  reason: string;
}
export interface FormEdit {
  cases: string;
  compiler: string;
  contact: string;
  /** Figures that differ from what is stored, by "row.column". */
  figures: Record<string, FigureEdit>;
  /** Corrections taken back: the figure of the records stands again. */
  cleared: string[];
}
const keyOf = (row: string, column: number): string => `${row}.${column}`;

export function startEdit(page: FormPage): FormEdit {
  const { cases, compiler, contact } = page.filing ?? {};
  return { cases: cases ?? '', compiler: compiler ?? '', contact: contact ?? '', figures: {}, cleared: [] };
}
/** What the field of a figure shows. */
export function editText(edit: FormEdit, page: FormPage, row: string, column: number): string {
  const key = keyOf(row, column);
  const cell = cellOf(page.cells, row, column);
  const value = edit.cleared.includes(key) ? cell?.drawn : cell?.value;
  return edit.figures[key]?.text ?? (value === null || value === undefined ? '' : String(value));
}
/** Types into a figure. Typing the stored number again is no change; typing the records' number takes a correction back. */
export function typeFigure(edit: FormEdit, page: FormPage, row: string, column: number, text: string): FormEdit {
  const key = keyOf(row, column);
  const cell = cellOf(page.cells, row, column);
  const figures = { ...edit.figures };
  const before = figures[key];
  delete figures[key];
  const cleared = edit.cleared.filter((k) => k !== key);
  const number = numberOf(text);
  const equals = (value: number | null | undefined): boolean => number !== null && (value ?? null) === number;
  if (equals(cell?.value) || (text.trim() === '' && cell?.value === null)) return { ...edit, figures, cleared };
  if (cell?.corrected && equals(cell.drawn)) return { ...edit, figures, cleared: [...cleared, key] };
  figures[key] = { row, column, text, reason: before?.reason ?? (cell?.corrected ? cell.reason ?? '' : '') };
  return { ...edit, figures, cleared };
}
export function giveReason(edit: FormEdit, key: string, reason: string): FormEdit {
  const figure = edit.figures[key];
  return figure ? { ...edit, figures: { ...edit.figures, [key]: { ...figure, reason } } } : edit;
}
export function takeBack(edit: FormEdit, page: FormPage, row: string, column: number): FormEdit {
  const key = keyOf(row, column);
  const figures = { ...edit.figures };
  delete figures[key];
  const corrected = cellOf(page.cells, row, column)?.corrected;
  return { ...edit, figures, cleared: corrected && !edit.cleared.includes(key) ? [...edit.cleared, key] : edit.cleared };
}
function numberOf(text: string): number | null {
  const plain = text.trim().replace(/,/g, '');
  return /^\d{1,12}(\.\d{1,6})?$/.test(plain) ? Number(plain) : null;
}
export const isDirty = (edit: FormEdit, page: FormPage): boolean => Object.keys(patchOf(edit, page)).length > 1;

/** Fault codes by field, named as the server names them: a figure that is no number, a changed figure without a reason. */
export function editFaults(edit: FormEdit, form: FormLayout): Record<string, string> {
  const out: Record<string, string> = {};
  for (const [key, figure] of Object.entries(edit.figures)) {
    const number = numberOf(figure.text);
    const column = form.columns.find((c) => c.number === figure.column);
    const decimals = figure.text.trim().split('.')[1]?.length ?? 0;
    if (number === null || decimals > (column?.decimals ?? 0)) out[`cells.${key}`] = 'bad_format';
    else if (!figure.reason.trim()) out[`cells.${key}`] = 'reason_required';
  }
  return out;
}
/** The body of the PATCH: only what changed. */
export function patchOf(edit: FormEdit, page: FormPage): Record<string, unknown> {
  const body: Record<string, unknown> = { version: page.filing?.version };
  for (const name of ['cases', 'compiler', 'contact'] as const) if (edit[name] !== (page.filing?.[name] ?? '')) body[name] = edit[name];
  const cells = Object.values(edit.figures).map(({ row, column, text, reason }) => ({ row, column, value: numberOf(text), reason: reason.trim() }));
  if (cells.length > 0) body.cells = cells;
  if (edit.cleared.length > 0) {
    body.clear = edit.cleared.map((key) => {
      const at = key.lastIndexOf('.');
      return { row: key.slice(0, at), column: Number(key.slice(at + 1)) };
    });
  }
  return body;
}

// ---- filing ----
const rank: Record<FilingState, number> = { none: 0, draft: 1, returned: 2, filed: 3, accepted: 4, frozen: 5 };
/** Units as the one who waits for them wants to see them: late ones first, then those furthest behind. */
export function byUrgency<T extends { state: FilingState; late: boolean; name: string }>(units: T[]): T[] {
  return [...units].sort((a, b) => Number(b.late) - Number(a.late) || rank[a.state] - rank[b.state] || a.name.localeCompare(b.name, 'zh'));
}
