/** Customers who may be the same person, because a contact gave the phone number of the one under the name of the other. */
import { Button, Group, Stack, Text } from '@mantine/core';
import { useIsMutating, useQueries, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { body, customer as service, ifMatch, once } from '@/api/client';
import type { Customer } from '@/api/types';
import { hasRole, useMe } from '@/app/me';
import { MAY } from '@/app/permissions';
import { Card } from '@/components/card';
import { LinkTo } from '@/components/link-to';
import { useStep } from '@/components/use-step';

const SHOWN = 20;

export const customerQuery = (customerId: string) => ({
  queryKey: ['customer', customerId],
  queryFn: ({ signal }: { signal: AbortSignal }) =>
    body(service.GET('/v1/customers/{customer_id}', { params: { path: { customer_id: customerId } }, signal })),
});

/** Those whom this customer may be, and those who may be this customer. */
function useAlike(customer: Customer): { other: Customer; holder: Customer; named: string }[] {
  const named = useQueries({ queries: customer.possible_duplicate_of.map(customerQuery) });
  const naming = useQuery({
    queryKey: ['customers', 'possible-duplicates', customer.id],
    queryFn: ({ signal }) =>
      body(service.GET('/v1/customers', { params: { query: { possible_duplicate_of: customer.id, limit: SHOWN } }, signal })),
  });
  return [
    ...named.flatMap(({ data }) => (data ? [{ other: data, holder: customer, named: data.id }] : [])),
    ...(naming.data?.items ?? []).map((other) => ({ other, holder: other, named: customer.id })),
  ];
}

interface DismissProps {
  /** The record that the change is made to: the one that says whom it may be. */
  holder: Customer;
  named: string;
  name: string;
  customerId: string;
}

function Dismiss({ holder, named, name, customerId }: DismissProps) {
  const { t } = useTranslation();
  const dismiss = useStep({
    send: (_: void, key) =>
      body(
        service.POST('/v1/customers/{customer_id}/possible-duplicates/{other_id}/dismiss', {
          params: { path: { customer_id: holder.id, other_id: named } },
          headers: { ...ifMatch(holder.version), ...once(key) },
        }),
      ),
    refresh: [['customer', customerId], ['customers', 'possible-duplicates', customerId]],
    done: t('alike.dismissed'),
  });
  // The next one needs the version that the one before it makes.
  const busy = useIsMutating() > 0;
  return (
    <Button
      size="xs"
      variant="default"
      aria-label={t('alike.dismissNamed', { name })}
      loading={dismiss.pending}
      disabled={busy}
      onClick={() => dismiss.run()}
    >
      {t('alike.dismiss')}
    </Button>
  );
}

export function DuplicatesCard({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  const me = useMe();
  const alike = useAlike(customer);
  if (alike.length === 0) return null;
  return (
    <Card title={t('alike.title')}>
      <Text size="sm" c="dimmed" mb="sm">
        {t('alike.meaning')}
      </Text>
      <Stack component="ul" gap="sm" m={0} p={0} style={{ listStyle: 'none' }}>
        {alike.map(({ other, holder, named }) => (
          <Group key={other.id} component="li" justify="space-between" gap="xs">
            <div style={{ minWidth: 0 }}>
              <LinkTo to="/customers/$customerId" params={{ customerId: other.id }}>
                {other.display_name}
              </LinkTo>
              <Text size="sm" c="dimmed" className="tabular">
                {[other.phones[0]?.number, other.emails[0]?.address].filter(Boolean).join(' · ')}
              </Text>
            </div>
            {hasRole(me, ...MAY.createCustomers) && (
              <Dismiss holder={holder} named={named} name={other.display_name} customerId={customer.id} />
            )}
          </Group>
        ))}
      </Stack>
    </Card>
  );
}
