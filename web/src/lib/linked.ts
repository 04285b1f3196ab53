// A step that asks for another record usually means the one that was made of this one last.
import { api } from '@/api/client';
import type { Field, FieldValues, LinkRow, RecordData } from '@/api/types';
import { isEmpty } from './records';

/** The newest record that was raised from this one, for each empty reference among `fields`; with its title as label. */
export function newestLinks(fields: Field[], values: FieldValues, links: LinkRow[]): { values: FieldValues; labels: Record<string, string> } {
  const out: { values: FieldValues; labels: Record<string, string> } = { values: {}, labels: {} };
  const made = links.filter((link) => link.outward && link.state !== 'withdrawn' && link.state !== 'void').sort((a, b) => b.at.localeCompare(a.at) || b.id.localeCompare(a.id));
  for (const field of fields) {
    const link = field.type === 'reference' && isEmpty(values[field.name]) ? made.find((l) => l.type === field.target) : undefined;
    if (!link) continue;
    out.values[field.name] = link.id;
    out.labels[field.name] = link.title;
  }
  return out;
}
export async function linkedDefaults(record: RecordData, fields: Field[], values: FieldValues): Promise<{ values: FieldValues; labels: Record<string, string> }> {
  const asks = fields.some((f) => f.type === 'reference' && isEmpty(values[f.name]) && !['account', 'organisation', 'mine', 'region'].includes(f.target ?? ''));
  if (!asks) return { values: {}, labels: {} };
  const answer = await api.get<{ links: LinkRow[] }>(`/records/${record.type}/${record.id}/links`).catch(() => ({ links: [] }));
  return newestLinks(fields, values, answer.links);
}
