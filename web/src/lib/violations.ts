// What a violation asks about a person.
import type { RecordData } from '@/api/types';

/** The same day so many months before; the last day of a shorter month. */
export function monthsBefore(day: string, months: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const first = new Date(Date.UTC(year, month - 1 - months, 1));
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  return `${first.toISOString().slice(0, 8)}${String(Math.min(date, last)).padStart(2, '0')}`;
}

const ended = ['replaced', 'revoked', 'found_false', 'surrendered', 'withdrawn'];
/** Certificates that were good on a day: issued by then, not expired before it, not revoked. */
export function certificatesOn(certificates: RecordData[], day: string): RecordData[] {
  return certificates.filter((c) => {
    const from = String(c.fields.issued_on ?? ''), to = String(c.fields.valid_to ?? '');
    return !ended.includes(c.state ?? '') && from !== '' && from <= day && (to === '' || to >= day) && c.fields.genuineness !== 'fake';
  });
}
