import { expect, test } from 'vitest';
import { formatAgo, formatClock, formatDateTime, formatDay, formatLag } from './dates';

const now = Date.parse('2026-11-22T12:00:00Z');

test('a time is shown in the time zone of the reader', () => {
  expect(formatDateTime('2026-11-22T20:30:00Z', 'en-GB', 'Asia/Shanghai')).toBe('23 Nov 2026, 04:30');
  expect(formatDateTime('2026-11-22T20:30:00Z', 'zh-CN', 'Asia/Shanghai')).toBe('2026年11月23日 04:30');
});

test('a calendar day never moves with the time zone', () => {
  expect(formatDay('2026-01-01', 'en-GB')).toBe('1 Jan 2026');
});

test('the past and the future are told in words', () => {
  expect(formatAgo('2026-11-22T09:00:00Z', 'en', now)).toBe('3 hours ago');
  expect(formatAgo('2026-11-24T12:00:00Z', 'zh-CN', now)).toBe('后天');
  expect(formatAgo('2026-11-22T11:59:50Z', 'en', now)).toBe('now');
});

test('a call clock counts minutes and hours', () => {
  expect(formatClock(7)).toBe('0:07');
  expect(formatClock(187)).toBe('3:07');
  expect(formatClock(3725)).toBe('1:02:05');
});

test('a lag has a readable unit', () => {
  expect(formatLag(240, 'en')).toBe('240 ms');
  expect(formatLag(3200, 'en')).toBe('3.2 sec');
});
