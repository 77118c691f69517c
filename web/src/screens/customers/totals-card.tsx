/** The sums over all records of a customer. */
import { SimpleGrid, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { View360 } from '@/api/types';
import { Card } from '@/components/card';
import { Provenance } from '@/components/provenance';
import { formatClock } from '@/format/dates';
import type { Money } from '@/format/money';
import { useFormat } from '@/format/use-format';

interface FigureProps {
  label: string;
  /** Null when it is withheld, or was not counted. */
  value: string | null;
  note?: string;
  withheld: boolean;
}

function Figure({ label, value, note, withheld }: FigureProps) {
  const { t } = useTranslation();
  if (value === null) note = t(withheld ? 'view.notVisible' : 'view.notCounted');
  return (
    <Stack gap={0}>
      <Text component="dt" size="sm" c="dimmed">
        {label}
      </Text>
      <Text component="dd" m={0} fw={600} className="tabular">
        {value ?? '–'}
        {note && (
          <Text span size="sm" c="dimmed" fw={400}>
            {' '}
            {note}
          </Text>
        )}
      </Text>
    </Stack>
  );
}

export function TotalsCard({ view }: { view: View360 }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { totals } = view;
  const withheld = (name: View360['withheld'][number]) => view.withheld.includes(name);
  const sums = (values: Money[] | null) => values && (values.length > 0 ? values.map(format.money).join(' + ') : '–');
  const number = (value: number | null) => (value === null ? null : format.number(value));
  const open = (count: number | null) => (count === null ? undefined : t('view.open', { count, number: format.number(count) }));
  const cancelled =
    totals.orders_cancelled !== null && totals.orders_cancelled > 0 && t('view.cancelled', { count: totals.orders_cancelled, number: format.number(totals.orders_cancelled) });
  const orders = [open(totals.orders_open), cancelled].filter(Boolean).join(' · ');
  const talk = totals.talk_s === null ? undefined : t('view.talk', { time: formatClock(totals.talk_s) });
  const newest = [view.orders, view.opportunities, view.tickets, view.calls, view.leads]
    .map((block) => block?.source ?? null)
    .filter((source) => source !== null)
    .sort((one, other) => other.applied_at.localeCompare(one.applied_at))[0];
  return (
    <Card title={t('view.totals')} aside={<Provenance name={t('view.totals')} source={newest ?? null} />}>
      <SimpleGrid component="dl" cols={{ base: 2, xs: 3 }} spacing="sm" m={0}>
        <Figure label={t('view.orderValue')} withheld={withheld('orders')} value={sums(totals.order_value)} />
        <Figure label={t('view.openValue')} withheld={withheld('opportunities')} value={sums(totals.open_value)} />
        <Figure label={t('view.wonValue')} withheld={withheld('opportunities')} value={sums(totals.won_value)} />
        <Figure label={t('nav.leads')} withheld={withheld('leads')} value={number(totals.leads)} note={open(totals.leads_open)} />
        <Figure label={t('nav.opportunities')} withheld={withheld('opportunities')} value={number(totals.opportunities)} note={open(totals.opportunities_open)} />
        <Figure label={t('nav.orders')} withheld={withheld('orders')} value={number(totals.orders)} note={orders || undefined} />
        <Figure label={t('nav.tickets')} withheld={withheld('tickets')} value={number(totals.tickets)} note={open(totals.tickets_open)} />
        <Figure label={t('view.calls')} withheld={withheld('calls')} value={number(totals.calls)} note={talk} />
        <Figure label={t('view.interactions')} withheld={withheld('interactions')} value={number(view.interactions?.total ?? null)} />
      </SimpleGrid>
    </Card>
  );
}
