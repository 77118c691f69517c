/** What a campaign brought in so far, counted from the streams. */
import { SimpleGrid, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { body, marketing } from '@/api/client';
import { Card } from '@/components/card';
import { Await } from '@/components/states';
import { useFormat } from '@/format/use-format';

const REFRESH_MS = 15_000;

function Figure({ label, value, note }: { label: string; value: string; note?: string }) {
  return (
    <Stack gap={0}>
      <Text component="dt" size="sm" c="dimmed">
        {label}
      </Text>
      <Text component="dd" m={0} fw={700} size="lg" className="tabular">
        {value}
      </Text>
      {note && (
        <Text component="dd" m={0} size="sm" c="dimmed">
          {note}
        </Text>
      )}
    </Stack>
  );
}

export function Results({ campaignId }: { campaignId: string }) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const query = useQuery({
    queryKey: ['campaign', campaignId, 'results'],
    queryFn: ({ signal }) => body(marketing.GET('/v1/campaigns/{campaign_id}/results', { params: { path: { campaign_id: campaignId } }, signal })),
    refetchInterval: REFRESH_MS,
  });
  const word = (group: string, value: string) => (i18n.exists(`enum.${group}.${value}`) ? (t(`enum.${group}.${value}` as never) as string) : value);
  const parts = (group: string, counts: Record<string, number>) =>
    Object.entries(counts)
      .map(([status, count]) => `${word(group, status)} ${format.number(count)}`)
      .join(' · ');
  const results = query.data;
  return (
    <Card title={t('campaign.results')}>
      <Await query={query} rows={2}>
        {() =>
          results && (
            <Stack>
              <SimpleGrid component="dl" cols={{ base: 2, xs: 3 }} m={0}>
                <Figure label={t('nav.leads')} value={format.number(results.leads.total)} note={parts('leadStatus', results.leads.by_status)} />
                <Figure label={t('nav.opportunities')} value={format.number(results.opportunities.total)} note={parts('stage', results.opportunities.by_stage)} />
                <Figure label={t('nav.orders')} value={format.number(results.orders.total)} note={parts('orderStatus', results.orders.by_status)} />
                <Figure label={t('campaign.revenue')} value={results.revenue.map(format.money).join(' + ') || '–'} />
                <Figure label={t('campaign.cost')} value={format.money(results.cost)} />
                <Figure label={t('campaign.costPerLead')} value={results.cost_per_lead ? format.money(results.cost_per_lead) : '–'} />
                <Figure label={t('campaign.return')} value={results.return_on_cost === null ? '–' : format.percent(results.return_on_cost)} />
              </SimpleGrid>
              {results.counted_until && (
                <Text size="sm" c="dimmed">
                  {t('campaign.countedUntil', { time: format.dateTime(results.counted_until) })}
                </Text>
              )}
            </Stack>
          )
        }
      </Await>
    </Card>
  );
}
