import { describe, expect, it } from 'vitest';
import type { ShownPaper } from '@/api/types';
import { clockOffset, clockText, pressed, secondsLeft, tidyCode } from './exam';

const running = (due: string): ShownPaper => ({ paper: { state: 'started', due_at: due } } as ShownPaper);

describe('exam', () => {
  it('collects letters of a multiple choice and changes the one of a single choice', () => {
    expect(pressed({ kind: 'multiple', given: 'C' }, 'A')).toBe('AC');
    expect(pressed({ kind: 'multiple', given: 'AC' }, 'A')).toBe('C');
    expect(pressed({ kind: 'single', given: 'C' }, 'A')).toBe('A');
    expect(pressed({ kind: 'judge', given: 'A' }, 'A')).toBe('');
  });
  it('counts by the clock of the server, whatever ours says', () => {
    const here = Date.parse('2026-03-02T12:00:00+08:00');
    const offset = clockOffset({ now: '2026-03-02T09:00:00.000+08:00' }, here);
    expect(secondsLeft(running('2026-03-02T09:30:00.000+08:00'), offset, here)).toBe(1800);
    expect(secondsLeft(running('2026-03-02T09:30:00.000+08:00'), offset, here + 1_799_001)).toBe(1);
    expect(secondsLeft(running('2026-03-02T09:30:00.000+08:00'), offset, here + 1_900_000)).toBe(0);
    expect(secondsLeft({ paper: { state: 'passed', due_at: null } } as ShownPaper, 0, here)).toBe(null);
  });
  it('writes times and codes', () => {
    expect(clockText(1798)).toBe('29:58');
    expect(clockText(3909)).toBe('1:05:09');
    expect(tidyCode('ab3de fghj0')).toBe('AB3DE-FGHJ0');
    expect(tidyCode('ab-3')).toBe('AB3');
  });
});
