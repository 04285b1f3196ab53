import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router';
import { i18n } from './i18n';
import { useCatalog } from './stores/catalog';
import { useLive } from './stores/live';
import { useSession } from './stores/session';

const routes: RouteRecordRaw[] = [
  { path: '/', component: () => import('./pages/Home.vue'), meta: { title: 'nav.home' } },
  { path: '/sign-in', component: () => import('./pages/SignIn.vue'), meta: { open: true, bare: true, title: 'signIn.title' } },
  { path: '/tip', component: () => import('./pages/TipReport.vue'), meta: { public: true, bare: true, title: 'tips.title' } },
  { path: '/tip/follow', component: () => import('./pages/TipFollow.vue'), meta: { public: true, bare: true, title: 'tips.followTitle' } },
  { path: '/verify/:code?', component: () => import('./pages/Verify.vue'), meta: { public: true, bare: true, title: 'verify.title' } },
  { path: '/tip-posters', component: () => import('./pages/TipPosters.vue'), meta: { title: 'poster.title' } },
  { path: '/password', component: () => import('./pages/ChangePassword.vue'), meta: { bare: true, title: 'password.title' } },
  { path: '/todo', component: () => import('./pages/Todo.vue'), meta: { title: 'nav.todo' } },
  { path: '/board', component: () => import('./pages/Board.vue'), meta: { title: 'nav.board' } },
  { path: '/live', component: () => import('./pages/MinePick.vue'), meta: { title: 'nav.live' } },
  { path: '/mines/:id', component: () => import('./pages/MineLive.vue'), meta: { title: 'nav.live' } },
  { path: '/mines/:id/card', component: () => import('./pages/MineCard.vue'), meta: { title: 'mineCard.open' } },
  { path: '/boards/:type', component: () => import('./pages/FlowBoard.vue'), props: true, meta: { title: 'flowBoard.open' } },
  { path: '/supervision', component: () => import('./pages/Supervision.vue'), meta: { title: 'supervision.title' } },
  { path: '/alarms', component: () => import('./pages/Alarms.vue'), meta: { title: 'nav.alarms' } },
  { path: '/alarms/:id', component: () => import('./pages/AlarmDetail.vue'), meta: { title: 'nav.alarms' } },
  { path: '/hazards', component: () => import('./pages/Hazards.vue'), meta: { title: 'nav.hazards' }, beforeEnter: (to) => (to.query.view === 'board' ? '/boards/hazard' : true) },
  { path: '/hazards/new', component: () => import('./pages/RecordNew.vue'), props: { type: 'hazard' }, meta: { title: 'hazards.report' } },
  { path: '/hazards/:id', component: () => import('./pages/HazardDetail.vue'), meta: { title: 'nav.hazards' } },
  { path: '/inspections', component: () => import('./pages/inspection/Inspections.vue'), meta: { title: 'nav.inspections' } },
  { path: '/inspections/outbox', component: () => import('./pages/inspection/Outbox.vue'), meta: { title: 'outbox.title' } },
  { path: '/inspections/:id', component: () => import('./pages/inspection/VisitPage.vue'), props: true, meta: { title: 'nav.inspections' } },
  { path: '/report', component: () => import('./pages/report/Report.vue'), meta: { title: 'report.title' } },
  { path: '/report/hazard', component: () => import('./pages/report/ReportHazard.vue'), meta: { title: 'report.tile.hazard' } },
  { path: '/report/self-check', component: () => import('./pages/report/SelfCheck.vue'), meta: { title: 'report.tile.self_check' } },
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
  { path: '/records/:type/import', component: () => import('./pages/LedgerImport.vue'), props: true, meta: { title: 'nav.records' } },
  { path: '/records/:type/new', component: () => import('./pages/RecordNew.vue'), props: true, meta: { title: 'nav.records' } },
  { path: '/records/:type/:id', component: () => import('./pages/RecordDetail.vue'), props: true, meta: { title: 'nav.records' } },
  { path: '/admin/accounts', component: () => import('./pages/RecordList.vue'), props: { type: 'account' }, meta: { title: 'nav.accounts' } },
  { path: '/admin/packs', component: () => import('./pages/Packs.vue'), meta: { title: 'nav.packs' } },
  { path: '/admin/packs/change', component: () => import('./pages/PackChange.vue'), meta: { title: 'nav.packs' } },
  { path: '/admin/log', component: () => import('./pages/ChangeLog.vue'), meta: { title: 'nav.log' } },
  { path: '/my-exams', component: () => import('./pages/exam/MyExams.vue'), meta: { title: 'nav.myExams' } },
  { path: '/exams/:id', component: () => import('./pages/exam/ExamPage.vue'), props: true, meta: { title: 'nav.exams' } },
  { path: '/exam', component: () => import('./pages/exam/ExamByCode.vue'), meta: { open: true, bare: true, title: 'exam.title' } },
  { path: '/exam/:id', component: () => import('./pages/exam/TakeExam.vue'), props: true, meta: { bare: true, title: 'exam.title' } },
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
  if (to.meta.public) return true;  // nobody is asked who he is
  const session = useSession();
  if (!session.known) {
    try {
      await session.load();
    } catch {
      // The server is away: what this device kept can go on; else the sign-in page says so when it is used.
      if (!(await session.takeKept())) session.forget();
    }
  }
  if (to.meta.open) return session.account && to.path === '/sign-in' ? '/' : true;
  if (!session.account) return { path: '/sign-in', query: to.fullPath === '/' ? {} : { next: to.fullPath } };
  if (session.mustChangePassword) return to.path === '/password' ? true : '/password';
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
