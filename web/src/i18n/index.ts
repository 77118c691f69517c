/** English and Chinese, switchable at any time; the choice is remembered on this device. */
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import en from './en.json';
import problemsZh from './problems.zh.json';
import zh from './zh.json';

export type Language = 'en' | 'zh';

const STORED = 'crm.language';

function firstLanguage(): Language {
  const stored = localStorage.getItem(STORED);
  if (stored === 'en' || stored === 'zh') return stored;
  return navigator.language.startsWith('zh') ? 'zh' : 'en';
}

function apply(language: string): void {
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
}

export function switchLanguage(language: Language): void {
  localStorage.setItem(STORED, language);
  void i18next.changeLanguage(language);
}

i18next.on('languageChanged', apply);

void i18next.use(initReactI18next).init({
  resources: { en: { translation: en }, zh: { translation: zh, problems: problemsZh } },
  lng: firstLanguage(),
  fallbackLng: 'en',
  interpolation: { escapeValue: false },
  returnNull: false,
});

/** Problem codes and field rules in Chinese; the services explain them in English. */
export function inChinese(kind: 'code' | 'rule', name: string): string | undefined {
  return i18next.language === 'zh' ? i18next.getResource('zh', 'problems', `${kind}.${name}`) : undefined;
}

export default i18next;
