import { expect, test } from 'vitest';
import { readAmount, readWhole } from './typed';

test.each([
  ['1234.5', 'CNY', 123450],
  ['1,234.50', 'CNY', 123450],
  ['1,234,567', 'CNY', 123456700],
  ['12,50', 'CNY', 1250],
  ['12万', 'CNY', 12000000],
  ['1.5万', 'CNY', 1500000],
  ['5 万', 'CNY', 5000000],
  ['2亿', 'CNY', 20000000000],
  ['12k', 'USD', 1200000],
  ['1.25M', 'USD', 125000000],
  ['０．１', 'CNY', 10],
  ['１２，３４５', 'CNY', 1234500],
  ['19.99', 'CNY', 1999],
  ['1.10', 'JPY', undefined],
  ['1.00', 'JPY', 1],
  ['500', 'JPY', 500],
  ['1.234', 'KWD', 1234],
  ['0', 'CNY', 0],
])('%s in %s is read', (text, currency, amount) => {
  expect(readAmount(text, currency).value?.amount).toBe(amount);
});

test.each([
  ['-5', 'CNY', 'negative'],
  ['-1500', 'CNY', 'negative'],
  ['(5)', 'CNY', 'negative'],
  ['12 apples', 'CNY', 'notAmount'],
  ['12万元', 'CNY', 'notAmount'],
  ['¥12', 'CNY', 'notAmount'],
  ['1e3', 'CNY', 'notAmount'],
  ['1,23,456', 'CNY', 'notAmount'],
  ['1.234,56', 'CNY', 'notAmount'],
  ['1 234', 'CNY', 'notAmount'],
  ['.5', 'CNY', 'notAmount'],
  ['', 'CNY', 'notAmount'],
  ['constructor', 'CNY', 'notAmount'],
  ['5constructor', 'CNY', 'notAmount'],
  ['1,234.567', 'CNY', 'decimals'],
  ['1.005', 'CNY', 'decimals'],
  ['99.5', 'JPY', 'decimals'],
  ['0.0000001万', 'CNY', 'decimals'],
  ['10000000000.01', 'CNY', 'tooLarge'],
  ['9'.repeat(400), 'CNY', 'notAmount'],
])('%s in %s is refused and says why', (text, currency, problem) => {
  expect(readAmount(text, currency)).toEqual({ problem });
});

test.each([
  ['3', 3],
  [' １２ ', 12],
  ['0', undefined],
  ['-5', undefined],
  ['2880', undefined],
  ['1.5', undefined],
  ['', undefined],
  ['two', undefined],
])('a whole number from 1 to 1440: %s', (text, value) => {
  expect(readWhole(text, 1, 1440).value).toBe(value);
});
