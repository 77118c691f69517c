/** The 360-degree view of one customer, kept up to date while somebody looks. */
import { Group, SimpleGrid, Stack } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { body, reporting } from '@/api/client';
import { asProblem } from '@/api/problem';
import { LiveMark } from '@/components/live-mark';
import { Page } from '@/components/page';
import { TierBadge } from '@/components/badges';
import { Await, Empty } from '@/components/states';
import { useStream } from '@/live/use-stream';
import { CustomerActions } from './actions';
import { ChangesCard } from './changes-card';
import { ContactCard } from './contact-card';
import { customerQuery, DuplicatesCard } from './duplicates-card';
import { OpenItems } from './open-items';
import { Timeline } from './timeline';
import { TotalsCard } from './totals-card';
import { UnverifiedCard } from './unverified-card';

const WAITING_MS = 1_000;

function useView(customerId: string) {
  return useQuery({
    queryKey: ['view', customerId],
    queryFn: ({ signal }) =>
      body(reporting.GET('/v1/customers/{customer_id}/360', { params: { path: { customer_id: customerId } }, signal })),
    // A customer who was registered a moment ago has no view yet; it comes through the log.
    refetchInterval: (query) => (query.state.error && asProblem(query.state.error).status === 404 ? WAITING_MS : false),
  });
}

export function CustomerPage() {
  const { t } = useTranslation();
  const { customerId } = useParams({ from: '/customers/$customerId' });
  const cache = useQueryClient();
  const view = useView(customerId);
  const record = useQuery(customerQuery(customerId)).data;
  const live = useStream(`/api/reporting/v1/stream?customer_id=${encodeURIComponent(customerId)}`, () => {
    void cache.invalidateQueries({ queryKey: ['view', customerId] });
    void cache.invalidateQueries({ queryKey: ['timeline', customerId] });
    void cache.invalidateQueries({ queryKey: ['customer', customerId] });
    void cache.invalidateQueries({ queryKey: ['changes', customerId] });
  });
  const known = view.data?.customer;
  const waiting = view.isError && !view.data && asProblem(view.error).status === 404;
  return (
    <Page
      title={known?.display_name ?? t('view.unnamed')}
      badges={
        <Group gap={6}>
          {known?.tier && <TierBadge tier={known.tier} />}
          <LiveMark state={live} />
        </Group>
      }
      actions={view.data && <CustomerActions customerId={customerId} />}
    >
      {waiting ? (
        <Empty text={t('view.waiting')} />
      ) : (
        <Await query={view} rows={8}>
          {() =>
            view.data && (
              <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md" style={{ alignItems: 'start' }}>
                <Stack gap="md">
                  <ContactCard customer={view.data.customer} registeredFrom={record?.registered_from ?? null} />
                  {record && <UnverifiedCard customer={record} />}
                  {record && <DuplicatesCard customer={record} />}
                  <TotalsCard view={view.data} />
                  <OpenItems view={view.data} />
                  {view.data.customer && <ChangesCard customerId={customerId} />}
                </Stack>
                <Timeline
                  customerId={customerId}
                  total={view.data.timeline.total}
                  source={view.data.timeline.source}
                  withheld={view.data.withheld}
                />
              </SimpleGrid>
            )
          }
        </Await>
      )}
    </Page>
  );
}
