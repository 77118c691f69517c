import { expect, test } from 'vitest';
import { addUp, digitsOf, formatMoney, formatMoneyShort } from './money';

test('yuan are shown from fen with the yuan sign', () => {
  expect(formatMoney({ amount: 123450, currency: 'CNY' }, 'en-GB')).toBe('¥1,234.50');
  expect(formatMoney({ amount: 123450, currency: 'CNY' }, 'zh-CN')).toBe('¥1,234.50');
});

test('a currency without minor units is not divided', () => {
  expect(formatMoney({ amount: 500, currency: 'JPY' }, 'en-GB')).toBe('JP¥500');
});

test('yen and yuan, and the dollars of two countries, are told apart', () => {
  for (const locale of ['en-GB', 'zh-CN']) {
    const signs = ['CNY', 'JPY', 'USD', 'HKD'].map((currency) => formatMoneyShort({ amount: 100, currency }, locale).replace(/[0-9.,]/g, ''));
    expect(new Set(signs).size).toBe(signs.length);
  }
});

test('a currency has the minor unit of ISO 4217, also where cash has none', () => {
  expect(digitsOf('IQD')).toBe(3);
  expect(formatMoney({ amount: 99500, currency: 'IQD' }, 'en')).toContain('99.500');
});

test('large money is short in the habit of the language', () => {
  expect(formatMoneyShort({ amount: 120_000_000, currency: 'CNY' }, 'en')).toBe('¥1.2M');
  expect(formatMoneyShort({ amount: 120_000_000, currency: 'CNY' }, 'zh-CN')).toBe('¥120万');
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
