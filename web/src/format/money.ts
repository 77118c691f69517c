import DIGITS from './currencies.json';

/** Money as the API has it: integer minor units and an ISO 4217 currency. */
export interface Money {
  amount: number;
  currency: string;
}

/** The digits of the minor unit by ISO 4217, as the services count them; browsers leave out those that cash does not have. */
export function digitsOf(currency: string): number {
  return (DIGITS as Record<string, number>)[currency] ?? 2;
}

export function toMajor(money: Money): number {
  return money.amount / 10 ** digitsOf(money.currency);
}

/** From a number typed by a person ("1234.5") to minor units; rounding removes binary dust only. */
export function toMinor(major: number, currency: string): Money {
  return { amount: Math.round(major * 10 ** digitsOf(currency)), currency };
}

export function formatMoney(money: Money, locale: string): string {
  return new Intl.NumberFormat(locale, {
    style: 'currency',
    currency: money.currency,
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: digitsOf(money.currency),
    maximumFractionDigits: digitsOf(money.currency),
  }).format(toMajor(money));
}

/** For tiles and chart axes: "¥1.2M", "¥120万". */
export function formatMoneyShort(money: Money, locale: string): string {
  return new Intl.NumberFormat(locale, {
    style: 'currency',
    currency: money.currency,
    currencyDisplay: 'narrowSymbol',
    notation: 'compact',
    minimumFractionDigits: 0,
    maximumFractionDigits: 1,
  }).format(toMajor(money));
}

/** Sums by currency, because sums across currencies have no meaning. */
export function addUp(values: Money[]): Money[] {
  const sums = new Map<string, number>();
  for (const { amount, currency } of values) sums.set(currency, (sums.get(currency) ?? 0) + amount);
  return [...sums].map(([currency, amount]) => ({ amount, currency }));
}
