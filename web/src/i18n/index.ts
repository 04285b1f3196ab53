import { createI18n } from 'vue-i18n';
import en from './en';
import zhCN from './zh-CN';

export type Language = 'zh-CN' | 'en';
export const i18n = createI18n({
  legacy: false,
  locale: 'zh-CN' as Language,
  fallbackLocale: 'zh-CN',
  messages: { 'zh-CN': zhCN, en },
});
