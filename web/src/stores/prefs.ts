import { defineStore } from 'pinia';
import { ref, watch } from 'vue';
import { i18n, type Language } from '@/i18n';

const key = 'mineward.prefs';
interface Saved {
  language?: Language;
  theme?: 'light' | 'dark';
  sound?: boolean;
}

function saved(): Saved {
  try {
    return JSON.parse(localStorage.getItem(key) ?? '{}') as Saved;
  } catch {
    return {};
  }
}

/** What a person likes; kept in this browser only. */
export const usePrefs = defineStore('prefs', () => {
  const before = saved();
  const language = ref<Language>(before.language ?? (navigator.language.startsWith('en') ? 'en' : 'zh-CN'));
  const theme = ref<'light' | 'dark'>(before.theme ?? 'light');
  const sound = ref(before.sound ?? true);
  const wall = ref(false);

  watch([language, theme, sound], () => {
    localStorage.setItem(key, JSON.stringify({ language: language.value, theme: theme.value, sound: sound.value }));
  });
  watch(language, (value) => {
    i18n.global.locale.value = value;
    document.documentElement.lang = value;
  }, { immediate: true });
  watch([theme, wall], () => {
    document.documentElement.classList.toggle('dark', wall.value || theme.value === 'dark');
  }, { immediate: true });
  return { language, theme, sound, wall };
});
