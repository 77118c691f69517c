/** The formatters bound to the language that is switched on. */
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { formatAgo, formatDate, formatDateTime, formatDay, formatDayShort, formatLag } from './dates';
import { formatMoney, formatMoneyShort, type Money } from './money';

export function useFormat() {
  const locale = useTranslation().i18n.language === 'zh' ? 'zh-CN' : 'en-GB';
  return useMemo(
    () => ({
      locale,
      money: (value: Money) => formatMoney(value, locale),
      moneyShort: (value: Money) => formatMoneyShort(value, locale),
      number: (value: number) => new Intl.NumberFormat(locale).format(value),
      numberShort: (value: number) => new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 }).format(value),
      percent: (value: number) => new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 }).format(value),
      dateTime: (iso: string) => formatDateTime(iso, locale),
      date: (iso: string) => formatDate(iso, locale),
      day: (day: string) => formatDay(day, locale),
      dayShort: (day: string) => formatDayShort(day, locale),
      ago: (iso: string, now: number) => formatAgo(iso, locale, now),
      lag: (milliseconds: number) => formatLag(milliseconds, locale),
    }),
    [locale],
  );
}
