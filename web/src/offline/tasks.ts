// Brings the tasks of an account, with all that a visit needs, onto the device.
import { api } from '@/api/client';
import type { Account, Catalog, RecordData, RecordPage } from '@/api/types';
import * as device from './device';

/** How long a visit that was sent stays on the device to be looked at. */
const keepSentMs = 7 * 24 * 3_600_000;
const open = 'assigned,on_site';

const one = (type: string, id: unknown): Promise<RecordData | null> =>
  typeof id === 'string' && id ? api.get<RecordData>(`/records/${type}/${id}`) : Promise.resolve(null);
const some = async (type: string, query: Record<string, string | number>): Promise<RecordData[]> => (await api.get<RecordPage>(`/records/${type}`, { limit: 200, ...query })).records;

async function myTasks(account: string): Promise<RecordData[]> {
  const [lead, second] = await Promise.all((['lead', 'second'] as const).map((who) => some('inspection_task', { [`f.${who}`]: account, 'f.state': open })));
  return [...new Map([...(lead ?? []), ...(second ?? [])].map((record) => [record.id, record])).values()];
}
async function withAll(account: string, task: RecordData): Promise<device.KeptTask> {
  const list = task.fields.check_list;
  return {
    account, id: task.id, task,
    mine: await one('mine', task.fields.mine),
    inspection: task.state === 'on_site' ? await one('inspection', task.fields.inspection) : null,
    list: await one('check_list', list),
    lines: typeof list === 'string' && list ? await some('check_list_item', { 'f.check_list': list, sort: 'line' }) : [],
    rechecks: typeof task.fields.mine === 'string' ? await some('inspection_finding', { 'f.mine': task.fields.mine, 'f.state': 'rechecking' }) : [],
    kept_at: Date.now(),
  };
}

/** Fetches one task and keeps it; with the catalogue, without which no page can be drawn. */
export async function keepTask(account: Account, id: string, catalog: Catalog | null): Promise<device.KeptTask> {
  const kept = await withAll(account.id, await api.get<RecordData>(`/records/inspection_task/${id}`));
  await device.ownBy(account);
  if (catalog) await device.keepCatalog(catalog);
  await device.putTask(kept);
  return kept;
}

/** Fetches all open tasks of the account and keeps them; what is no longer its own and was not begun goes. */
export async function keepTasks(account: Account, catalog: Catalog | null): Promise<void> {
  const tasks = await myTasks(account.id);
  const [visits, writes, before] = await Promise.all([device.all('visits', account.id), device.all('writes', account.id), device.all('tasks', account.id)]);
  await device.ownBy(account);
  if (catalog) await device.keepCatalog(catalog);
  for (const task of tasks) await device.putTask(await withAll(account.id, task));
  for (const old of before) {
    const visit = visits.find((v) => v.task === old.id);
    const unsent = writes.some((w) => w.visit === old.id && w.state !== 'sent');
    const done = visit?.finished === true && !unsent && Date.now() - Date.parse(visit.ended_at ?? visit.begun_at) > keepSentMs;
    if (done || (!visit && !unsent && !tasks.some((t) => t.id === old.id))) await device.removeTask(account.id, old.id);
  }
}
