/** Reads what people type into a field as a number. It is read wholly or refused, never cut or changed. */
import { digitsOf, type Money } from './money';

export type Unreadable = 'notAmount' | 'negative' | 'decimals' | 'tooLarge' | 'notWhole' | 'outOfRange';
export type Reading<T> = { value: T; problem?: undefined } | { value?: undefined; problem: Unreadable };

const MAX_MINOR = 1_000_000_000_000n;
/** Powers of ten of what may follow a number. */
const UNITS = new Map([['', 0], ['千', 3], ['k', 3], ['万', 4], ['萬', 4], ['百万', 6], ['m', 6], ['千万', 7], ['亿', 8], ['億', 8]]);
const GROUPED = /^[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?$/;
const PLAIN = /^[0-9]+(?:\.[0-9]+)?$/;
/** A comma before one or two last digits cannot part thousands, so it is the decimal sign. */
const DECIMAL_COMMA = /^[0-9]+,[0-9]{1,2}$/;
const LONGEST = 30;

/** "1,234.5", "12,50", "1.5万" and "２０" are read; "1.234,56", "12 apples", "-5" and "1.005" are refused. */
export function readAmount(text: string, currency: string): Reading<Money> {
  const typed = text.normalize('NFKC').trim().toLowerCase();
  if (/^[-−–(]/.test(typed)) return { problem: 'negative' };
  const [, number = '', unit = ''] = /^([0-9.,]+)\s*(\D*)$/.exec(typed) ?? [];
  const plain = plainNumber(number);
  const power = UNITS.get(unit);
  if (typed.length > LONGEST || plain === undefined || power === undefined) return { problem: 'notAmount' };
  const minor = scaled(plain, power + digitsOf(currency));
  if (minor === undefined) return { problem: 'decimals' };
  return minor > MAX_MINOR ? { problem: 'tooLarge' } : { value: { amount: Number(minor), currency } };
}

/** True for what is not spelled as the amount that it means, so that the meaning is worth showing. */
export function needsShowing(text: string): boolean {
  return /[^0-9.]/.test(text.trim());
}

export function readWhole(text: string, min: number, max: number): Reading<number> {
  const typed = text.normalize('NFKC').trim();
  if (!/^[-−]?[0-9]{1,15}$/.test(typed)) return { problem: 'notWhole' };
  const value = Number(typed.replace('−', '-'));
  return value < min || value > max ? { problem: 'outOfRange' } : { value };
}

function plainNumber(number: string): string | undefined {
  if (PLAIN.test(number)) return number;
  if (GROUPED.test(number)) return number.replaceAll(',', '');
  return DECIMAL_COMMA.test(number) ? number.replace(',', '.') : undefined;
}

/** The number times ten to the power of `places` where that is whole, without the dust of binary fractions. */
function scaled(number: string, places: number): bigint | undefined {
  const [whole = '', fraction = ''] = number.split('.');
  const kept = fraction.replace(/0+$/, '');
  return kept.length > places ? undefined : BigInt(whole + kept.padEnd(places, '0'));
}
