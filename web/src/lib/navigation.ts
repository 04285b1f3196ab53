// Which pages an account is offered, in which order. The server decides what it may do there.
import type { Account } from '@/api/types';
import { allows } from './records';

export interface NavItem {
  to: string;
  key: string;
  icon: 'home' | 'supervision' | 'todo' | 'board' | 'live' | 'alarms' | 'hazards' | 'duties' | 'forms' | 'clauses' | 'uploads' | 'records' | 'posters' | 'accounts' | 'organisations' | 'packs' | 'log' | 'inspections' | 'report' | 'exams' | 'myExams';
  group: 'work' | 'admin';
}

const officers = ['county_officer', 'city_officer', 'province_officer'];
/** Who carries out inspections. */
export const inspectors = ['enforcement_officer', 'inspectorate_officer', ...officers];
/** Who stands over regulators and their officers. */
export const supervisors = [...officers, 'department_head', 'government_head', 'inspectorate_officer', 'auditor'];
const mine = ['dispatcher', 'safety_officer', 'reviewer', 'mine_manager', 'worker'];
const table: (NavItem & { roles: string[] })[] = [
  { to: '/', key: 'nav.home', icon: 'home', group: 'work', roles: ['*'] },
  { to: '/board', key: 'nav.board', icon: 'board', group: 'work', roles: [...officers, 'dispatcher', 'mine_manager', 'safety_officer'] },
  { to: '/live', key: 'nav.live', icon: 'live', group: 'work', roles: [...officers, ...mine] },
  { to: '/todo', key: 'nav.todo', icon: 'todo', group: 'work', roles: ['*'] },
  { to: '/alarms', key: 'nav.alarms', icon: 'alarms', group: 'work', roles: [...officers, ...mine] },
  { to: '/hazards', key: 'nav.hazards', icon: 'hazards', group: 'work', roles: [...officers, ...mine] },
  { to: '/report', key: 'nav.report', icon: 'report', group: 'work', roles: [...mine, 'shift_leader', 'chief_engineer', 'group_officer'] },
  { to: '/inspections', key: 'nav.inspections', icon: 'inspections', group: 'work', roles: inspectors },
  { to: '/duties', key: 'nav.duties', icon: 'duties', group: 'work', roles: ['*'] },
  { to: '/forms', key: 'nav.forms', icon: 'forms', group: 'work', roles: officers },
  { to: '/supervision', key: 'supervision.title', icon: 'supervision', group: 'work', roles: supervisors },
  { to: '/clauses', key: 'nav.clauses', icon: 'clauses', group: 'work', roles: ['*'] },
  { to: '/records/exam', key: 'nav.exams', icon: 'exams', group: 'work', roles: ['exam_officer', 'enforcement_officer', 'training_officer'] },
  { to: '/my-exams', key: 'nav.myExams', icon: 'myExams', group: 'work', roles: [...mine, 'training_officer'] },
  { to: '/uploads', key: 'nav.uploads', icon: 'uploads', group: 'work', roles: ['*'] },
  { to: '/tip-posters', key: 'nav.posters', icon: 'posters', group: 'work', roles: ['tip_officer', 'county_officer', 'city_officer', 'province_officer', 'safety_officer', 'mine_manager'] },
  { to: '/records', key: 'nav.records', icon: 'records', group: 'work', roles: ['*'] },
  { to: '/admin/accounts', key: 'nav.accounts', icon: 'accounts', group: 'admin', roles: ['system_admin', 'security_admin', 'auditor'] },
  { to: '/records/organisation', key: 'nav.organisations', icon: 'organisations', group: 'admin', roles: ['system_admin'] },
  { to: '/admin/packs', key: 'nav.packs', icon: 'packs', group: 'admin', roles: ['*'] },
  { to: '/admin/log', key: 'nav.log', icon: 'log', group: 'admin', roles: ['auditor', 'security_admin'] },
];

/** The pages of an account; those it wants to see first stand first (a phone shows only four). */
export function navigation(account: Account | null): NavItem[] {
  const first = account?.roles.includes('dispatcher') ? ['/live', '/alarms']
    : account?.roles.includes('enforcement_officer') ? ['/inspections', '/todo', '/records']
    : allows(mine, account) ? ['/hazards', '/report', '/duties', '/alarms']
      : allows(['system_admin', 'security_admin', 'auditor'], account) && !allows(officers, account)
        ? ['/admin/accounts', '/admin/log', '/records/organisation', '/admin/packs'] : [];
  const rank = (item: NavItem): number => item.to === '/' ? -1 : (first.includes(item.to) ? first.indexOf(item.to) : first.length);
  return table.filter((item) => allows(item.roles, account)).sort((a, b) => rank(a) - rank(b));
}

/** The heading of a list that the navigation leads to: as it is called there. */
export const listKey = (type: string): string | undefined => table.find((item) => item.to === (type === 'account' ? '/admin/accounts' : `/records/${type}`))?.key;

/** Whether a page belongs to an entry of the navigation. */
export function isUnder(path: string, to: string): boolean {
  if (to === '/') return path === '/';
  return path.startsWith(to) || (to === '/live' && path.startsWith('/mines/')) || (to === '/admin/accounts' && path.startsWith('/records/account'))
    || (to === '/hazards' && path === '/boards/hazard') || (to === '/records' && path.startsWith('/boards/') && path !== '/boards/hazard');
}

/** The page of a record: alarms, hazards and mines have their own. */
export function recordPath(type: string, id: string): string {
  if (type === 'alarm') return `/alarms/${id}`;
  if (type === 'hazard') return `/hazards/${id}`;
  if (type === 'exam') return `/exams/${id}`;
  return `/records/${type}/${id}`;
}

/** The page of a clause. The server takes a last part with a dot for a file, so that an id with dots is not left to stand last. */
export function clausePath(id: string): string {
  return `/clauses/${id}${id.includes('.') ? '/text' : ''}`;
}
