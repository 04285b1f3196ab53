// Which pages an account is offered, in which order. The server decides what it may do there.
import type { Account } from '@/api/types';
import { allows } from './records';

export interface NavItem {
  to: string;
  key: string;
  icon: 'board' | 'live' | 'alarms' | 'hazards' | 'uploads' | 'records' | 'accounts' | 'organisations' | 'packs' | 'log';
  group: 'work' | 'admin';
}

const officers = ['county_officer', 'city_officer', 'province_officer'];
const mine = ['dispatcher', 'safety_officer', 'reviewer', 'mine_manager', 'worker'];
const table: (NavItem & { roles: string[] })[] = [
  { to: '/board', key: 'nav.board', icon: 'board', group: 'work', roles: [...officers, 'dispatcher', 'mine_manager', 'safety_officer'] },
  { to: '/live', key: 'nav.live', icon: 'live', group: 'work', roles: [...officers, ...mine] },
  { to: '/alarms', key: 'nav.alarms', icon: 'alarms', group: 'work', roles: [...officers, ...mine] },
  { to: '/hazards', key: 'nav.hazards', icon: 'hazards', group: 'work', roles: [...officers, ...mine] },
  { to: '/uploads', key: 'nav.uploads', icon: 'uploads', group: 'work', roles: ['*'] },
  { to: '/records', key: 'nav.records', icon: 'records', group: 'work', roles: ['*'] },
  { to: '/admin/accounts', key: 'nav.accounts', icon: 'accounts', group: 'admin', roles: ['system_admin', 'security_admin', 'auditor'] },
  { to: '/records/organisation', key: 'nav.organisations', icon: 'organisations', group: 'admin', roles: ['system_admin'] },
  { to: '/admin/packs', key: 'nav.packs', icon: 'packs', group: 'admin', roles: ['*'] },
  { to: '/admin/log', key: 'nav.log', icon: 'log', group: 'admin', roles: ['auditor', 'security_admin'] },
];

/** First the pages of a dispatcher are live and alarms, of an officer the board: what people want to see first. */
export function navigation(account: Account | null): NavItem[] {
  const items = table.filter((item) => allows(item.roles, account));
  if (account?.roles.includes('dispatcher')) {
    const order = ['/live', '/alarms'];
    items.sort((a, b) => (order.indexOf(a.to) + 99) % 99 - (order.indexOf(b.to) + 99) % 99);
  }
  return items;
}

/** The page of a record: alarms, hazards and mines have their own. */
export function recordPath(type: string, id: string): string {
  if (type === 'alarm') return `/alarms/${id}`;
  if (type === 'hazard') return `/hazards/${id}`;
  return `/records/${type}/${id}`;
}
