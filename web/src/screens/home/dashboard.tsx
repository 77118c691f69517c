/** Counts by day from the reporting service: tiles, charts, and the same figures as a table. */
import '@mantine/charts/styles.css';
import { BarChart, LineChart } from '@mantine/charts';
import { Paper, ScrollArea, SegmentedControl, SimpleGrid, Stack, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { body, reporting } from '@/api/client';
import type { DailyDashboard } from '@/api/types';
import { Card } from '@/components/card';
import { Await } from '@/components/states';
import { toMajor } from '@/format/money';
import { useFormat } from '@/format/use-format';

const DAYS = ['7', '30', '90'] as const;
const REFRESH_MS = 30_000;
const COUNTS = ['leads_received', 'leads_qualified', 'leads_converted', 'opportunities_won', 'orders_placed', 'orders_cancelled', 'tickets_opened', 'tickets_resolved', 'calls_answered', 'calls_abandoned'] as const;
const CHARTS = [
  { name: 'sales', series: [['leads_received', 'blue.7'], ['leads_converted', 'teal.7'], ['orders_placed', 'grape.7']] },
  { name: 'service', series: [['tickets_opened', 'orange.7'], ['tickets_resolved', 'green.7']] },
  { name: 'calls', series: [['calls_answered', 'cyan.7'], ['calls_abandoned', 'red.7']] },
] as const;

const IN_ORDERS: readonly string[] = ['orders_placed', 'orders_cancelled'];

function Tiles({ total }: { total: DailyDashboard['total'] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const tile = (label: string, value: string, note?: string) => (
    <Paper key={label} className="surface" p="sm">
      <Text component="dt" size="sm" c="dimmed">
        {label}
      </Text>
      <Text component="dd" m={0} fw={700} size="xl" className="tabular">
        {value}
        {note && (
          <Text span size="sm" c="dimmed" fw={400}>
            {' '}
            {note}
          </Text>
        )}
      </Text>
    </Paper>
  );
  return (
    <SimpleGrid component="dl" cols={{ base: 2, sm: 3, lg: 6 }} m={0} spacing="sm">
      {COUNTS.filter((name) => !IN_ORDERS.includes(name)).map((name) => tile(t(`dashboard.${name}`), format.number(total[name])))}
      {tile(
        t('dashboard.orders'),
        format.number(total.orders_placed - total.orders_cancelled),
        total.orders_cancelled > 0 ? t('dashboard.ordersNote', { placed: format.number(total.orders_placed), cancelled: format.number(total.orders_cancelled) }) : undefined,
      )}
      {tile(t('dashboard.won_value'), total.won_value.map(format.moneyShort).join(' + ') || '–')}
      {tile(t('dashboard.order_value'), total.order_value.map(format.moneyShort).join(' + ') || '–')}
      {tile(t('dashboard.interactions'), format.number(Object.values(total.interactions).reduce((sum, count) => sum + count, 0)))}
    </SimpleGrid>
  );
}

function Charts({ data }: { data: DailyDashboard }) {
  const { t } = useTranslation();
  const format = useFormat();
  const days = data.days.map((day) => ({ ...day, label: format.dayShort(day.day) }));
  const currency = data.total.order_value[0]?.currency;
  const values = data.days.map((day) => {
    const value = day.order_value.find((one) => one.currency === currency);
    return { label: format.dayShort(day.day), value: value ? toMajor(value) : 0 };
  });
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }}>
      {CHARTS.map(({ name, series }) => (
        <Card key={name} title={t(`dashboard.chart.${name}`)}>
          <div role="img" aria-label={t('dashboard.chartLabel', { name: t(`dashboard.chart.${name}`) })}>
            <BarChart
              h={220}
              data={days}
              dataKey="label"
              withLegend
              tickLine="none"
              series={series.map(([field, color]) => ({ name: field, color, label: t(`dashboard.${field}`) }))}
              barProps={{ isAnimationActive: false }}
            />
          </div>
        </Card>
      ))}
      {currency && (
        <Card title={`${t('dashboard.order_value')} (${currency})`}>
          <div role="img" aria-label={t('dashboard.chartLabel', { name: t('dashboard.order_value') })}>
            <LineChart
              h={220}
              data={values}
              dataKey="label"
              tickLine="none"
              curveType="linear"
              withDots={false}
              valueFormatter={format.numberShort}
              series={[{ name: 'value', color: 'indigo.7', label: t('dashboard.order_value') }]}
              lineProps={{ isAnimationActive: false }}
            />
          </div>
        </Card>
      )}
    </SimpleGrid>
  );
}

function DayTable({ data }: { data: DailyDashboard }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <details>
      <summary>{t('dashboard.asTable')}</summary>
      <ScrollArea type="auto" mt="sm" viewportProps={{ tabIndex: 0, 'aria-label': t('dashboard.asTable'), role: 'region' }}>
        <Table striped className="tabular">
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t('dashboard.day')}</Table.Th>
              {COUNTS.map((name) => (
                <Table.Th key={name} scope="col" ta="end">
                  {t(`dashboard.${name}`)}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {data.days.toReversed().map((day) => (
              <Table.Tr key={day.day}>
                <Table.Th scope="row">{format.day(day.day)}</Table.Th>
                {COUNTS.map((name) => (
                  <Table.Td key={name} ta="end">
                    {format.number(day[name])}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollArea>
    </details>
  );
}

export function Dashboard() {
  const { t } = useTranslation();
  const [days, setDays] = useState<string>('30');
  const query = useQuery({
    queryKey: ['dashboard', days],
    queryFn: ({ signal }) => body(reporting.GET('/v1/dashboards/daily', { params: { query: { days: Number(days) } }, signal })),
    refetchInterval: REFRESH_MS,
    placeholderData: (before) => before,
  });
  return (
    <Card
      title={t('dashboard.title')}
      aside={
        <SegmentedControl
          aria-label={t('dashboard.period')}
          value={days}
          onChange={setDays}
          data={DAYS.map((value) => ({ value, label: t('dashboard.days', { count: Number(value) }) }))}
        />
      }
    >
      <Await query={query} rows={6}>
        {() =>
          query.data && (
            <Stack>
              <Tiles total={query.data.total} />
              <Charts data={query.data} />
              <DayTable data={query.data} />
              <Text size="sm" c="dimmed">
                {t('dashboard.zone', { zone: query.data.time_zone })}
              </Text>
            </Stack>
          )
        }
      </Await>
    </Card>
  );
}
