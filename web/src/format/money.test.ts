import { expect, test } from 'vitest';
import { addUp, formatMoney, formatMoneyShort, toMinor } from './money';

test('yuan are shown from fen with the yuan sign', () => {
  expect(formatMoney({ amount: 123450, currency: 'CNY' }, 'en-GB')).toBe('¥1,234.50');
  expect(formatMoney({ amount: 123450, currency: 'CNY' }, 'zh-CN')).toBe('¥1,234.50');
});

test('a currency without minor units is not divided', () => {
  expect(formatMoney({ amount: 500, currency: 'JPY' }, 'en')).toBe('¥500');
});

test('a currency has the minor unit of ISO 4217, also where cash has none', () => {
  expect(toMinor(99.5, 'IQD')).toEqual({ amount: 99500, currency: 'IQD' });
  expect(formatMoney({ amount: 99500, currency: 'IQD' }, 'en')).toContain('99.500');
  expect(toMinor(5000, 'JPY').amount).toBe(5000);
});

test('large money is short in the habit of the language', () => {
  expect(formatMoneyShort({ amount: 120_000_000, currency: 'CNY' }, 'en')).toBe('¥1.2M');
  expect(formatMoneyShort({ amount: 120_000_000, currency: 'CNY' }, 'zh-CN')).toBe('¥120万');
});

test('a typed amount becomes whole minor units', () => {
  expect(toMinor(19.99, 'CNY')).toEqual({ amount: 1999, currency: 'CNY' });
  expect(toMinor(0.1 + 0.2, 'USD').amount).toBe(30);
});

test('sums never mix currencies', () => {
  const sums = addUp([
    { amount: 100, currency: 'CNY' },
    { amount: 5, currency: 'EUR' },
    { amount: 50, currency: 'CNY' },
  ]);

  expect(sums).toEqual([
    { amount: 150, currency: 'CNY' },
    { amount: 5, currency: 'EUR' },
  ]);
});
