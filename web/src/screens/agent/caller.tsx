/** What is known about the caller at this moment. */
import { Badge, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { body, reporting } from '@/api/client';
import type { Call } from '@/api/types';
import { TierBadge } from '@/components/badges';

function CustomerLines({ customerId, name }: { customerId: string; name: string | null }) {
  const { t } = useTranslation();
  const view = useQuery({
    queryKey: ['view', customerId],
    queryFn: ({ signal }) => body(reporting.GET('/v1/customers/{customer_id}/360', { params: { path: { customer_id: customerId } }, signal })),
  });
  const totals = view.data?.totals;
  return (
    <Stack gap={4}>
      <Group gap="xs">
        <Text fw={700} size="lg">
          {name ?? view.data?.customer?.display_name ?? t('view.unnamed')}
        </Text>
        {view.data?.customer?.tier && <TierBadge tier={view.data.customer.tier} />}
      </Group>
      {totals && (
        <Group gap={6}>
          {totals.tickets_open !== null && (
            <Badge color={totals.tickets_open > 0 ? 'orange' : 'gray'}>{t('agent.openTickets', { count: totals.tickets_open })}</Badge>
          )}
          {totals.orders_open !== null && <Badge color="gray">{t('agent.openOrders', { count: totals.orders_open })}</Badge>}
          {totals.opportunities_open !== null && <Badge color="gray">{t('agent.openOpportunities', { count: totals.opportunities_open })}</Badge>}
        </Group>
      )}
    </Stack>
  );
}

export function Caller({ call }: { call: Call }) {
  const { t } = useTranslation();
  return (
    <Stack gap={4}>
      {call.customer ? (
        <CustomerLines customerId={call.customer.customer_id} name={call.customer.name} />
      ) : (
        <Text fw={700}>{t(`agent.match.${call.match}`)}</Text>
      )}
      <Text className="tabular">
        {call.customer_number ?? t('agent.withheld')} · {t(`enum.callDirection.${call.direction}`)}
      </Text>
    </Stack>
  );
}
