import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router';
import { i18n } from './i18n';
import { useCatalog } from './stores/catalog';
import { useLive } from './stores/live';
import { useSession } from './stores/session';

const routes: RouteRecordRaw[] = [
  { path: '/', component: () => import('./pages/NotFound.vue') },  // always sent on to the home of the account, below
  { path: '/sign-in', component: () => import('./pages/SignIn.vue'), meta: { open: true, bare: true, title: 'signIn.title' } },
  { path: '/password', component: () => import('./pages/ChangePassword.vue'), meta: { bare: true, title: 'password.title' } },
  { path: '/todo', component: () => import('./pages/Todo.vue'), meta: { title: 'nav.todo' } },
  { path: '/board', component: () => import('./pages/Board.vue'), meta: { title: 'nav.board' } },
  { path: '/live', component: () => import('./pages/MinePick.vue'), meta: { title: 'nav.live' } },
  { path: '/mines/:id', component: () => import('./pages/MineLive.vue'), meta: { title: 'nav.live' } },
  { path: '/alarms', component: () => import('./pages/Alarms.vue'), meta: { title: 'nav.alarms' } },
  { path: '/alarms/:id', component: () => import('./pages/AlarmDetail.vue'), meta: { title: 'nav.alarms' } },
  { path: '/hazards', component: () => import('./pages/Hazards.vue'), meta: { title: 'nav.hazards' } },
  { path: '/hazards/new', component: () => import('./pages/RecordNew.vue'), props: { type: 'hazard' }, meta: { title: 'hazards.report' } },
  { path: '/hazards/:id', component: () => import('./pages/HazardDetail.vue'), meta: { title: 'nav.hazards' } },
  { path: '/duties', component: () => import('./pages/Duties.vue'), meta: { title: 'nav.duties' } },
  { path: '/duties/one', component: () => import('./pages/DutyDetail.vue'), meta: { title: 'nav.duties' } },
  { path: '/clauses', component: () => import('./pages/Clauses.vue'), meta: { title: 'nav.clauses' } },
  { path: '/clauses/:id/:view(text)?', component: () => import('./pages/ClauseDetail.vue'), meta: { title: 'nav.clauses' } },
  { path: '/forms', component: () => import('./pages/Forms.vue'), meta: { title: 'nav.forms' } },
  { path: '/forms/:name', component: () => import('./pages/FormFiling.vue'), meta: { title: 'nav.forms' } },
  { path: '/forms/:name/summary', component: () => import('./pages/FormSummary.vue'), meta: { title: 'nav.forms' } },
  { path: '/uploads', component: () => import('./pages/Uploads.vue'), meta: { title: 'nav.uploads' } },
  { path: '/records', component: () => import('./pages/RecordTypes.vue'), meta: { title: 'nav.records' } },
  { path: '/records/:type', component: () => import('./pages/RecordList.vue'), props: true, meta: { title: 'nav.records' } },
  { path: '/records/:type/new', component: () => import('./pages/RecordNew.vue'), props: true, meta: { title: 'nav.records' } },
  { path: '/records/:type/:id', component: () => import('./pages/RecordDetail.vue'), props: true, meta: { title: 'nav.records' } },
  { path: '/admin/accounts', component: () => import('./pages/RecordList.vue'), props: { type: 'account' }, meta: { title: 'nav.accounts' } },
  { path: '/admin/packs', component: () => import('./pages/Packs.vue'), meta: { title: 'nav.packs' } },
  { path: '/admin/packs/change', component: () => import('./pages/PackChange.vue'), meta: { title: 'nav.packs' } },
  { path: '/admin/log', component: () => import('./pages/ChangeLog.vue'), meta: { title: 'nav.log' } },
  { path: '/search', component: () => import('./pages/Search.vue'), meta: { title: 'nav.search' } },
  { path: '/me', component: () => import('./pages/Me.vue'), meta: { title: 'nav.me' } },
  { path: '/more', component: () => import('./pages/More.vue'), meta: { title: 'nav.more' } },
  { path: '/:rest(.*)*', component: () => import('./pages/NotFound.vue'), meta: { title: 'notFound.title' } },
];

export const router = createRouter({
  history: createWebHistory(),
  routes,
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
});

router.beforeEach(async (to) => {
  const session = useSession();
  if (!session.known) {
    try {
      await session.load();
    } catch {
      // The server is away: the sign-in page says so when it is used.
      session.forget();
    }
  }
  if (to.meta.open) return session.account && to.path === '/sign-in' ? session.home : true;
  if (!session.account) return { path: '/sign-in', query: to.fullPath === '/' ? {} : { next: to.fullPath } };
  if (session.mustChangePassword) return to.path === '/password' ? true : '/password';
  if (to.path === '/') return session.home;
  const catalog = useCatalog();
  if (!catalog.loaded) {
    try {
      await catalog.load();
    } catch {
      // Pages show what they can; App.vue offers to try again.
    }
  }
  useLive().start();
  return true;
});

router.afterEach((to) => {
  const key = to.meta.title as string | undefined;
  const name = i18n.global.t('app.name');
  document.title = key ? `${i18n.global.t(key)} · ${name}` : name;
});
