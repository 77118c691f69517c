/** Money as the API has it: integer minor units and an ISO 4217 currency. */
export interface Money {
  amount: number;
  currency: string;
}

function digitsOf(currency: string): number {
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
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
