import { describe, expect, it } from 'vitest';
import type { RecordData } from '@/api/types';
import { fen, sumsOf, yuanText } from './money';

const row = (state: string, fields: RecordData['fields']): RecordData => ({ id: '1', type: 'payment', version: 1, state, title: '', created_at: '', updated_at: '', created_by: '', updated_by: '', fields });

describe('money of a case', () => {
  it('is counted in fen', () => {
    expect([fen('33333.33'), fen('0.07'), fen(null), fen('-12.5')]).toEqual([3333333, 7, 0, -1250]);
    expect([yuanText(3333333), yuanText(7), yuanText(-1205)]).toEqual(['33333.33', '0.07', '-12.05']);
  });
  it('adds instalments up and leaves out what was withdrawn', () => {
    const payments = [
      row('confirmed', { kind: 'instalment', due: '33333.33', paid: '33333.33' }), row('reported', { kind: 'instalment', due: '33333.33', paid: '20000.00' }),
      row('due', { kind: 'instalment', due: '33333.34' }), row('withdrawn', { kind: 'principal', due: '100000.00', paid: '100000.00' }), row('confirmed', { kind: 'surcharge', due: '12000.00', paid: '12000.00' }),
    ];
    expect(sumsOf(10000000, payments, [row('decided', { charged: '12000.00' }), row('reckoned', { charged: '500.00' })]))
      .toEqual({ due: 10000000, paid: 5333333, owed: 4666667, surcharge: 1200000, surchargePaid: 1200000 });
  });
});
