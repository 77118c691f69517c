import i18next from 'i18next';
import { beforeAll, expect, test } from 'vitest';
import en from '@/i18n/en.json';
import zh from '@/i18n/zh.json';
import { formatMoney } from '@/format/money';
import { entryMarks, entryTitle, type EntryWords } from './describe';

const order: EntryWords = {
  kind: 'order',
  type: 'sales.order.placed',
  channel: null,
  facts: { number: 'SO-2026-000012', total: { amount: 9_800_000, currency: 'CNY' }, campaign_code: 'SPRING-2026' },
};
const visit: EntryWords = { kind: 'interaction', type: 'customer.interaction.logged', channel: 'visit', facts: { direction: 'out', duration_s: 3600 } };
const call: EntryWords = { kind: 'call', type: 'telephony.call.ended', channel: 'call', facts: { direction: 'inbound', talk_s: 125, disposition: null } };

const english = i18next.createInstance();
const chinese = i18next.createInstance();

beforeAll(async () => {
  await english.init({ lng: 'en', resources: { en: { translation: en } }, interpolation: { escapeValue: false } });
  await chinese.init({ lng: 'zh', resources: { zh: { translation: zh } }, interpolation: { escapeValue: false } });
});

test('an order is named with its number in both languages', () => {
  expect(entryTitle(order, english.t)).toBe('Order placed · SO-2026-000012');
  expect(entryTitle(order, chinese.t)).toBe('已下单 · SO-2026-000012');
});

test('an order shows its value and its campaign', () => {
  expect(entryMarks(order, english.t, (value) => formatMoney(value, 'en-GB'))).toEqual(['¥98,000.00', 'SPRING-2026']);
});

test('an interaction is named by its channel and who made it', () => {
  expect(entryTitle(visit, english.t)).toBe('Visit by us');
  expect(entryTitle(visit, chinese.t)).toBe('我方拜访');
  expect(entryMarks(visit, english.t, String)).toEqual(['1:00:00']);
});

test('a call shows its direction and how long they talked', () => {
  expect(entryTitle(call, english.t)).toBe('Call ended');
  expect(entryMarks(call, english.t, String)).toEqual(['Inbound', '2:05']);
});

test('a call that we placed is not told as a call that came in', () => {
  const placed: EntryWords = { ...call, type: 'telephony.call.received', facts: { direction: 'outbound' } };

  expect(entryTitle(placed, english.t)).toBe('Call placed');
  expect(entryTitle({ ...placed, facts: { direction: 'inbound' } }, english.t)).toBe('Call received');
});

test('a moved opportunity says where it is now', () => {
  const moved: EntryWords = { kind: 'opportunity', type: 'sales.opportunity.moved', channel: null, facts: { status: 'proposal' } };

  expect(entryMarks(moved, chinese.t, String)).toEqual(['方案报价']);
});

test('an event type that this client does not know yet is still readable', () => {
  expect(entryTitle({ ...order, type: 'sales.order.partly-returned', facts: {} }, english.t)).toBe('Order: partly returned');
});
