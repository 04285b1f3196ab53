// Which pages an account is offered, in which order. The server decides what it may do there.
import type { Account } from '@/api/types';
import { allows } from './records';

export interface NavItem {
  to: string;
  key: string;
  icon: 'todo' | 'board' | 'live' | 'alarms' | 'hazards' | 'duties' | 'forms' | 'clauses' | 'uploads' | 'records' | 'accounts' | 'organisations' | 'packs' | 'log';
  group: 'work' | 'admin';
}

const officers = ['county_officer', 'city_officer', 'province_officer'];
const mine = ['dispatcher', 'safety_officer', 'reviewer', 'mine_manager', 'worker'];
const table: (NavItem & { roles: string[] })[] = [
  { to: '/board', key: 'nav.board', icon: 'board', group: 'work', roles: [...officers, 'dispatcher', 'mine_manager', 'safety_officer'] },
  { to: '/live', key: 'nav.live', icon: 'live', group: 'work', roles: [...officers, ...mine] },
  { to: '/todo', key: 'nav.todo', icon: 'todo', group: 'work', roles: ['*'] },
  { to: '/alarms', key: 'nav.alarms', icon: 'alarms', group: 'work', roles: [...officers, ...mine] },
  { to: '/hazards', key: 'nav.hazards', icon: 'hazards', group: 'work', roles: [...officers, ...mine] },
  { to: '/duties', key: 'nav.duties', icon: 'duties', group: 'work', roles: ['*'] },
  { to: '/forms', key: 'nav.forms', icon: 'forms', group: 'work', roles: officers },
  { to: '/clauses', key: 'nav.clauses', icon: 'clauses', group: 'work', roles: ['*'] },
  { to: '/uploads', key: 'nav.uploads', icon: 'uploads', group: 'work', roles: ['*'] },
  { to: '/records', key: 'nav.records', icon: 'records', group: 'work', roles: ['*'] },
  { to: '/admin/accounts', key: 'nav.accounts', icon: 'accounts', group: 'admin', roles: ['system_admin', 'security_admin', 'auditor'] },
  { to: '/records/organisation', key: 'nav.organisations', icon: 'organisations', group: 'admin', roles: ['system_admin'] },
  { to: '/admin/packs', key: 'nav.packs', icon: 'packs', group: 'admin', roles: ['*'] },
  { to: '/admin/log', key: 'nav.log', icon: 'log', group: 'admin', roles: ['auditor', 'security_admin'] },
];

/** The pages of an account; those it wants to see first stand first (a phone shows only four). */
export function navigation(account: Account | null): NavItem[] {
  const first = account?.roles.includes('dispatcher') ? ['/live', '/alarms']
    : allows(mine, account) ? ['/hazards', '/duties', '/alarms', '/live']
      : allows(['system_admin', 'security_admin', 'auditor'], account) && !allows(officers, account)
        ? ['/admin/accounts', '/admin/log', '/records/organisation', '/admin/packs'] : [];
  const rank = (item: NavItem): number => (first.includes(item.to) ? first.indexOf(item.to) : first.length);
  return table.filter((item) => allows(item.roles, account)).sort((a, b) => rank(a) - rank(b));
}

/** The page of a record: alarms, hazards and mines have their own. */
export function recordPath(type: string, id: string): string {
  if (type === 'alarm') return `/alarms/${id}`;
  if (type === 'hazard') return `/hazards/${id}`;
  return `/records/${type}/${id}`;
}

/** The page of a clause. The server takes a last part with a dot for a file, so that an id with dots is not left to stand last. */
export function clausePath(id: string): string {
  return `/clauses/${id}${id.includes('.') ? '/text' : ''}`;
}
