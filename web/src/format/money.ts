import DIGITS from './currencies.json';

/** Money as the API has it: integer minor units and an ISO 4217 currency. */
export interface Money {
  amount: number;
  currency: string;
}

/** Where most business is done: its sign stands alone, every other currency says whose it is (JP¥, US$). */
const HOME = 'CNY';

/** The digits of the minor unit by ISO 4217, as the services count them; browsers leave out those that cash does not have. */
export function digitsOf(currency: string): number {
  return (DIGITS as Record<string, number>)[currency] ?? 2;
}

export function toMajor(money: Money): number {
  return money.amount / 10 ** digitsOf(money.currency);
}

function display(currency: string): Intl.NumberFormatOptions {
  return { style: 'currency', currency, currencyDisplay: currency === HOME ? 'narrowSymbol' : 'symbol' };
}

export function formatMoney(money: Money, locale: string): string {
  const digits = digitsOf(money.currency);
  const fixed = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return new Intl.NumberFormat(locale, { ...display(money.currency), ...fixed }).format(toMajor(money));
}

/** For tiles and chart axes: "¥1.2M", "¥120万". */
export function formatMoneyShort(money: Money, locale: string): string {
  const short = { notation: 'compact', minimumFractionDigits: 0, maximumFractionDigits: 1 } as const;
  return new Intl.NumberFormat(locale, { ...display(money.currency), ...short }).format(toMajor(money));
}

/** Sums by currency, because sums across currencies have no meaning. */
export function addUp(values: Money[]): Money[] {
  const sums = new Map<string, number>();
  for (const { amount, currency } of values) sums.set(currency, (sums.get(currency) ?? 0) + amount);
  return [...sums].map(([currency, amount]) => ({ amount, currency }));
}
