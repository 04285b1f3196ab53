import { createPinia } from 'pinia';
import { createApp } from 'vue';
import App from './App.vue';
import { whenSignedOut } from './api/client';
import { i18n } from './i18n';
import { router } from './router';
import { useCatalog } from './stores/catalog';
import { useLive } from './stores/live';
import { useSession } from './stores/session';
import './styles/base.css';
import './styles/parts.css';
import 'element-plus/es/components/base/style/css';
import './styles/tokens.css';
import './styles/print.css';

const app = createApp(App);
app.use(createPinia());
app.use(i18n);

whenSignedOut(() => {
  const session = useSession();
  if (!session.account) return;
  session.forget();
  useCatalog().forget();
  useLive().stop();
  void router.push({ path: '/sign-in', query: { next: router.currentRoute.value.fullPath, ended: '1' } });
});

app.use(router);
app.mount('#app');
