import { describe, expect, it } from 'vitest';
import type { FormColumn, FormPage } from '@/api/types';
import { byUrgency, corrections, editFaults, editText, figureText, giveReason, headLine, isDirty, moved, patchOf, startEdit, takeBack, typeFigure } from './forms';

const label = (zh: string) => ({ zh, en: zh });
const column = (number: number, name: string, sub: string | null = null, decimals = 0, is_share = false): FormColumn => ({ number, name: label(name), sub: sub ? label(sub) : null, unit: '项', decimals, is_share });
const columns = [
  column(6, '检查煤矿'), column(7, '一般隐患', '排查'), column(8, '一般隐患', '已整改'), column(9, '一般隐患', '整改率', 1, true), column(10, '重大隐患', '排查'), column(11, '重大隐患', '已整改'), column(16, '罚款', null, 2),
];
const page = (): FormPage => ({
  form: { name: 'annex2', label: label('表'), title: '', clause: 'c', groups: [], columns, rows: [{ name: 'month', label: label('当月') }, { name: 'cumulative', label: label('累计') }], narrative: label('案例'), footer: [], note: '' },
  unit: { id: '1', name: '县', level: 'county' }, month: '2026-10',
  filing: { id: '9', version: 3, state: 'draft', cases: '', compiler: '赵', contact: '' },
  cells: {
    month: { 7: { value: 12, drawn: 12, now: 12 }, 8: { value: 9, drawn: 11, now: 11, corrected: true, reason: '重复登记两条' }, 9: { value: null, drawn: null, now: null }, 16: { value: 3.5, drawn: 3.5, now: 4 } },
    cumulative: { 7: { value: 140, drawn: 140, now: 140 } },
  },
  can: ['edit', 'file'], history: [],
});

describe('header lines', () => {
  it('put columns with a second heading under one cell, others over two lines', () =>
    expect(headLine(columns).map((c) => [(c.text as { zh: string }).zh, c.columns, c.rows])).toEqual([
      ['检查煤矿', [6], 2], ['一般隐患', [7, 8, 9], 1], ['重大隐患', [10, 11], 1], ['罚款', [16], 2],
    ]));
});

describe('figures', () => {
  it('have the digits of their column, and none where there is nothing', () => {
    expect(figureText(1234, columns[0]!)).toBe('1,234');
    expect(figureText(3.5, columns[6]!)).toBe('3.50');
    expect(figureText(null, columns[3]!)).toBe('');
    expect(figureText(0, columns[0]!)).toBe('0');
  });
  it('that were corrected, and whose records moved, are listed', () => {
    expect(corrections(page().form, page().cells).map((c) => [c.row, c.column])).toEqual([['month', 8]]);
    expect(moved(page().form, page().cells).map((c) => [c.row, c.column])).toEqual([['month', 16]]);
  });
});

describe('an edit', () => {
  it('begins clean', () => {
    const edit = startEdit(page());
    expect(isDirty(edit, page())).toBe(false);
    expect(patchOf(edit, page())).toEqual({ version: 3 });
    expect(editText(edit, page(), 'month', 7)).toBe('12');
    expect(editText(edit, page(), 'month', 9)).toBe('');
  });
  it('wants a reason for each changed figure', () => {
    let edit = typeFigure(startEdit(page()), page(), 'month', 7, '13');
    expect(editFaults(edit, page().form)).toEqual({ 'cells.month.7': 'reason_required' });
    edit = giveReason(edit, 'month.7', '  ');
    expect(editFaults(edit, page().form)).toEqual({ 'cells.month.7': 'reason_required' });
    edit = giveReason(edit, 'month.7', '漏登一条');
    expect(editFaults(edit, page().form)).toEqual({});
    expect(patchOf(edit, page())).toEqual({ version: 3, cells: [{ row: 'month', column: 7, value: 13, reason: '漏登一条' }] });
  });
  it.each(['', 'x', '-1', '1.5', '1e3'])('refuses "%s" in a column of whole numbers', (text) =>
    expect(editFaults(giveReason(typeFigure(startEdit(page()), page(), 'month', 7, text), 'month.7', 'r'), page().form)).toEqual({ 'cells.month.7': 'bad_format' }));
  it('takes as many decimals as the column has', () => {
    const typed = (text: string) => giveReason(typeFigure(startEdit(page()), page(), 'month', 16, text), 'month.16', 'r');
    expect(editFaults(typed('4.25'), page().form)).toEqual({});
    expect(editFaults(typed('4.255'), page().form)).toEqual({ 'cells.month.16': 'bad_format' });
  });
  it('forgets a figure that is typed back', () => {
    const edit = typeFigure(typeFigure(startEdit(page()), page(), 'month', 7, '13'), page(), 'month', 7, '12');
    expect(isDirty(edit, page())).toBe(false);
  });
  it('keeps the reason while the number is still being typed', () => {
    let edit = giveReason(typeFigure(startEdit(page()), page(), 'month', 7, '1'), 'month.7', '漏登');
    edit = typeFigure(edit, page(), 'month', 7, '14');
    expect(edit.figures['month.7']).toMatchObject({ text: '14', reason: '漏登' });
  });
  it('takes a correction back, by hand or by typing the number of the records', () => {
    const byHand = takeBack(startEdit(page()), page(), 'month', 8);
    expect(patchOf(byHand, page())).toEqual({ version: 3, clear: [{ row: 'month', column: 8 }] });
    expect(editText(byHand, page(), 'month', 8)).toBe('11');
    expect(patchOf(typeFigure(startEdit(page()), page(), 'month', 8, '11'), page())).toEqual(patchOf(byHand, page()));
    const again = typeFigure(byHand, page(), 'month', 8, '9');
    expect(isDirty(again, page())).toBe(false);
  });
  it('of a corrected figure begins with the old reason', () =>
    expect(typeFigure(startEdit(page()), page(), 'month', 8, '10').figures['month.8']?.reason).toBe('重复登记两条'));
  it('taking back a figure that was never corrected only forgets it', () =>
    expect(isDirty(takeBack(typeFigure(startEdit(page()), page(), 'month', 7, '5'), page(), 'month', 7), page())).toBe(false));
  it('sends texts only when they changed', () =>
    expect(patchOf({ ...startEdit(page()), cases: '某矿…', compiler: '赵' }, page())).toEqual({ version: 3, cases: '某矿…' }));
});

describe('the summary', () => {
  it('names late filers first, then those furthest behind', () => {
    const unit = (name: string, state: never, late = false) => ({ name, state, late });
    const units = [unit('a', 'accepted' as never), unit('b', 'none' as never), unit('c', 'filed' as never, true), unit('d', 'draft' as never), unit('e', 'none' as never, true)];
    expect(byUrgency(units).map((u) => u.name)).toEqual(['e', 'c', 'b', 'd', 'a']);
  });
});
