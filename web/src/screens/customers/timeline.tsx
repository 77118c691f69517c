/** What happened with a customer, newest first, with filters; new entries appear by themselves. */
import { Badge, Group, Stack, Text, ThemeIcon, Tooltip, VisuallyHidden } from '@mantine/core';
import { IconMessage, IconPhone, IconShoppingCart, IconTargetArrow, IconTicket, IconUser, IconUserPlus, type Icon } from '@tabler/icons-react';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { body, reporting } from '@/api/client';
import { usePages } from '@/api/queries';
import type { EntryKind, Source, TimelineEntry, View360 } from '@/api/types';
import { Card } from '@/components/card';
import { FilterSelect } from '@/components/filter-select';
import { Provenance } from '@/components/provenance';
import { AwaitPages, Empty } from '@/components/states';
import { useNow } from '@/components/use-now';
import { useFormat } from '@/format/use-format';
import { entryMarks, entryTitle } from '@/timeline/describe';

const route = getRouteApi('/customers/$customerId');
const CHANNELS = ['call', 'visit', 'email', 'letter', 'fax', 'sms', 'web', 'chat', 'social', 'agent', 'broker', 'other'] as const;
const LOOK: Record<EntryKind, { icon: Icon; color: string }> = {
  customer: { icon: IconUser, color: 'gray' },
  lead: { icon: IconUserPlus, color: 'blue' },
  opportunity: { icon: IconTargetArrow, color: 'violet' },
  order: { icon: IconShoppingCart, color: 'green' },
  ticket: { icon: IconTicket, color: 'orange' },
  call: { icon: IconPhone, color: 'cyan' },
  interaction: { icon: IconMessage, color: 'grape' },
};
const KINDS = Object.keys(LOOK) as EntryKind[];

function Entry({ entry, arrived }: { entry: TimelineEntry; arrived: boolean }) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const now = useNow();
  const { icon: Symbol, color } = LOOK[entry.kind];
  return (
    <li className={arrived ? 'arrived' : undefined} data-event={entry.id} data-type={entry.type}>
      <ThemeIcon variant="light" color={color} size={32} radius="xl" aria-hidden>
        <Symbol size={18} />
      </ThemeIcon>
      <Stack gap={2}>
        <Group justify="space-between" gap="xs">
          <Text fw={600}>{entryTitle(entry, t)}</Text>
          <Tooltip label={`${format.dateTime(entry.at)} · ${t('provenance.lag', { lag: format.lag(entry.lag_ms) })}`}>
            <Text component="time" dateTime={entry.at} size="sm" c="dimmed" tabIndex={0}>
              {format.ago(entry.at, now)}
            </Text>
          </Tooltip>
        </Group>
        <Group gap={6}>
          {entryMarks(entry, t, format.money).map((mark) => (
            <Badge key={mark} color="gray" size="sm">
              {mark}
            </Badge>
          ))}
          {entry.actor && (
            <Text size="sm" c="dimmed">
              {i18n.exists(`enum.actor.${entry.actor}`) ? t(`enum.actor.${entry.actor}` as 'enum.actor.system') : entry.actor}
            </Text>
          )}
        </Group>
      </Stack>
    </li>
  );
}

/** The ids that were not there when the list was first seen under these filters. */
function useArrivals(entries: TimelineEntry[], filters: string) {
  const seen = useRef<{ filters: string; ids: Set<string> } | null>(null);
  const [arrived, setArrived] = useState<Set<string>>(new Set());
  useEffect(() => {
    if (entries.length === 0) return;
    const before = seen.current;
    if (before?.filters === filters) {
      const newest = entries.findIndex((entry) => before.ids.has(entry.id));
      const fresh = entries.slice(0, Math.max(0, newest)).map((entry) => entry.id);
      if (fresh.length > 0) setArrived(new Set(fresh));
    }
    seen.current = { filters, ids: new Set(entries.map((entry) => entry.id)) };
  }, [entries, filters]);
  return arrived;
}

interface TimelineProps {
  customerId: string;
  /** Null when only a part of it is shown. */
  total: number | null;
  source: Source | null;
  withheld: View360['withheld'];
}

/** The block of the view that holds the records of an entry's kind. */
const BLOCK: Partial<Record<EntryKind, View360['withheld'][number]>> = {
  lead: 'leads',
  opportunity: 'opportunities',
  order: 'orders',
  ticket: 'tickets',
  call: 'calls',
};

export function Timeline({ customerId, total, source, withheld }: TimelineProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { kind, channel } = route.useSearch();
  const navigate = useNavigate({ from: '/customers/$customerId' });
  const filter = (change: { kind?: string; channel?: string }) =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true });
  const pages = usePages(['timeline', customerId, kind, channel], (cursor, signal) =>
    body(
      reporting.GET('/v1/customers/{customer_id}/timeline', {
        params: { path: { customer_id: customerId }, query: { kind: kind as EntryKind, channel, cursor, limit: 20 } },
        signal,
      }),
    ),
  );
  const arrived = useArrivals(pages.items, `${kind}:${channel}`);
  return (
    <Card
      title={t('view.timeline')}
      aside={
        <Group gap={4}>
          {total !== null && <Badge color="gray">{t('view.entries', { count: total, number: format.number(total) })}</Badge>}
          <Provenance name={t('view.timeline')} source={source} />
        </Group>
      }
    >
      <Stack gap="sm">
        <Group gap="sm">
          <FilterSelect
            label={t('field.kind')}
            value={kind}
            options={KINDS.filter((value) => !withheld.some((block) => block === BLOCK[value])).map((value) => ({ value, label: t(`enum.entryKind.${value}`) }))}
            onChange={(value) => filter({ kind: value })}
          />
          <FilterSelect
            label={t('field.channel')}
            value={channel}
            options={CHANNELS.map((value) => ({ value, label: t(`enum.channel.${value}`) }))}
            onChange={(value) => filter({ channel: value })}
          />
        </Group>
        <VisuallyHidden role="status">{arrived.size > 0 && t('view.arrived', { count: arrived.size })}</VisuallyHidden>
        <AwaitPages pages={pages} empty={<Empty text={t(kind || channel ? 'view.noMatch' : 'view.noEntries')} />}>
          {() => (
            <ol className="timeline" aria-label={t('view.timeline')}>
              {pages.items.map((entry) => (
                <Entry key={entry.id} entry={entry} arrived={arrived.has(entry.id)} />
              ))}
            </ol>
          )}
        </AwaitPages>
      </Stack>
    </Card>
  );
}
