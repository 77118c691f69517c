/** Says a timeline entry in the reader's language: a title, and the facts that are worth a mark beside it. */
import type { TFunction } from 'i18next';
import type { TimelineEntry } from '@/api/types';
import { formatClock } from '@/format/dates';
import type { Money } from '@/format/money';

type Words = TFunction;
type Facts = Record<string, unknown>;

export type EntryWords = Pick<TimelineEntry, 'kind' | 'type' | 'channel' | 'facts'>;

/** A word of the API in the reader's language, or the word itself where we have none. */
function word(t: Words, group: string, value: unknown): string | null {
  if (typeof value !== 'string' || value === '') return null;
  return t(`enum.${group}.${value}` as never, { defaultValue: value }) as string;
}

function interactionTitle(t: Words, channel: string | null, facts: Facts): string {
  const direction = facts.direction === 'in' ? 'timeline.inbound' : 'timeline.outbound';
  return t(direction, { channel: word(t, 'channel', channel) ?? t('enum.channel.other') });
}

export function entryTitle(entry: EntryWords, t: Words): string {
  const facts = entry.facts as Facts;
  if (entry.kind === 'interaction') return interactionTitle(t, entry.channel, facts);
  const group = facts.direction === 'outbound' ? ['outboundEvent', 'event'] : ['event'];
  const known = t(group.map((name) => `timeline.${name}.${entry.type}`) as never, { defaultValue: '' }) as string;
  const title = known || `${t(`enum.entryKind.${entry.kind}`)}: ${entry.type.split('.').pop()?.replaceAll('-', ' ')}`;
  return typeof facts.number === 'string' ? `${title} · ${facts.number}` : title;
}

const MARKS: Partial<Record<TimelineEntry['kind'], [fact: string, group: string][]>> = {
  lead: [
    ['source', 'leadSource'],
    ['disqualify_reason', 'disqualifyReason'],
  ],
  opportunity: [
    ['status', 'stage'],
    ['lost_reason', 'lostReason'],
  ],
  order: [['cancel_reason', 'cancelReason']],
  ticket: [
    ['type', 'ticketType'],
    ['priority', 'priority'],
  ],
  call: [
    ['direction', 'callDirection'],
    ['disposition', 'disposition'],
  ],
  customer: [['kind', 'customerKind']],
};

export function entryMarks(entry: EntryWords, t: Words, money: (value: Money) => string): string[] {
  const facts = entry.facts as Facts;
  const words = (MARKS[entry.kind] ?? []).map(([fact, group]) => word(t, group, facts[fact]));
  const value = (facts.amount ?? facts.total) as Money | undefined;
  const seconds = (entry.kind === 'call' ? facts.talk_s : facts.duration_s) as number | null | undefined;
  const extra = [value ? money(value) : null, seconds ? formatClock(seconds) : null, (facts.campaign_code as string | null) ?? null];
  return [...words, ...extra].filter((mark): mark is string => Boolean(mark));
}
