/** The sums over all records of a customer. */
import { SimpleGrid, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { View360 } from '@/api/types';
import { Card } from '@/components/card';
import { Provenance } from '@/components/provenance';
import { formatClock } from '@/format/dates';
import type { Money } from '@/format/money';
import { useFormat } from '@/format/use-format';

function Figure({ label, value, note }: { label: string; value: string; note?: string }) {
  return (
    <Stack gap={0}>
      <Text component="dt" size="sm" c="dimmed">
        {label}
      </Text>
      <Text component="dd" m={0} fw={600} className="tabular">
        {value}
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
  const sums = (values: Money[]) => (values.length > 0 ? values.map(format.money).join(' + ') : '–');
  const open = (count: number) => t('view.open', { count, number: format.number(count) });
  const cancelled = totals.orders_cancelled > 0 && t('view.cancelled', { count: totals.orders_cancelled, number: format.number(totals.orders_cancelled) });
  const orders = [open(totals.orders_open), cancelled].filter(Boolean).join(' · ');
  const newest = [view.orders.source, view.opportunities.source, view.tickets.source, view.calls.source, view.leads.source]
    .filter((source) => source !== null)
    .sort((one, other) => other.applied_at.localeCompare(one.applied_at))[0];
  return (
    <Card title={t('view.totals')} aside={<Provenance name={t('view.totals')} source={newest ?? null} />}>
      <SimpleGrid component="dl" cols={{ base: 2, xs: 3 }} spacing="sm" m={0}>
        <Figure label={t('view.orderValue')} value={sums(totals.order_value)} />
        <Figure label={t('view.openValue')} value={sums(totals.open_value)} />
        <Figure label={t('view.wonValue')} value={sums(totals.won_value)} />
        <Figure label={t('nav.leads')} value={format.number(totals.leads)} note={open(totals.leads_open)} />
        <Figure label={t('nav.opportunities')} value={format.number(totals.opportunities)} note={open(totals.opportunities_open)} />
        <Figure label={t('nav.orders')} value={format.number(totals.orders - totals.orders_cancelled)} note={orders} />
        <Figure label={t('nav.tickets')} value={format.number(totals.tickets)} note={open(totals.tickets_open)} />
        <Figure label={t('view.calls')} value={format.number(totals.calls)} note={t('view.talk', { time: formatClock(totals.talk_s) })} />
        <Figure label={t('view.interactions')} value={format.number(view.interactions.total)} />
      </SimpleGrid>
    </Card>
  );
}
