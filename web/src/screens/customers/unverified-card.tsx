/** What others told of the customer, apart from what is known, until somebody confirms or refuses it. */
import { Button, Group, Stack, Text } from '@mantine/core';
import { useIsMutating } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { body, customer as service, ifMatch, once } from '@/api/client';
import type { Customer } from '@/api/types';
import { hasRole, useMe } from '@/app/me';
import { MAY } from '@/app/permissions';
import { Card } from '@/components/card';
import { LinkTo } from '@/components/link-to';
import { useStep } from '@/components/use-step';
import { useFormat } from '@/format/use-format';
import { tellerOf } from './told';

type Point = Customer['unverified'][number];

function Teller({ source }: { source: Point['source'] }) {
  const { t } = useTranslation();
  const text = tellerOf(source, t);
  if (source.source === 'sales-lead') {
    return (
      <LinkTo to="/leads" search={{ lead: source.id }}>
        {text}
      </LinkTo>
    );
  }
  if (source.source !== 'service-desk-ticket') return text;
  return (
    <LinkTo to="/tickets/$ticketId" params={{ ticketId: source.id }}>
      {text}
    </LinkTo>
  );
}

function Decisions({ customer, point }: { customer: Customer; point: Point }) {
  const { t } = useTranslation();
  const request = (key: string) => ({
    params: { path: { customer_id: customer.id, point_id: point.id } },
    headers: { ...ifMatch(customer.version), ...once(key) },
  });
  const refresh = [['customer', customer.id], ['customers']];
  const confirm = useStep({
    send: (_: void, key) => body(service.POST('/v1/customers/{customer_id}/unverified/{point_id}/confirm', request(key))),
    refresh,
    done: t('told.confirmed'),
  });
  const refuse = useStep({
    send: (_: void, key) => body(service.POST('/v1/customers/{customer_id}/unverified/{point_id}/refuse', request(key))),
    refresh,
    done: t('told.refused'),
  });
  // The next decision needs the version that the one before it makes.
  const busy = useIsMutating() > 0;
  const about = { value: point.value };
  return (
    <Group gap="xs" wrap="nowrap">
      <Button
        size="xs"
        variant="default"
        aria-label={t('told.confirmNamed', about)}
        loading={confirm.pending}
        disabled={busy}
        onClick={() => confirm.run()}
      >
        {t('told.confirm')}
      </Button>
      <Button
        size="xs"
        variant="default"
        aria-label={t('told.refuseNamed', about)}
        loading={refuse.pending}
        disabled={busy}
        onClick={() => refuse.run()}
      >
        {t('told.refuse')}
      </Button>
    </Group>
  );
}

export function UnverifiedCard({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  const format = useFormat();
  const me = useMe();
  if (customer.unverified.length === 0) return null;
  return (
    <Card title={t('told.title')}>
      <Text size="sm" c="dimmed" mb="sm">
        {t('told.meaning')}
      </Text>
      <Stack component="ul" gap="sm" m={0} p={0} style={{ listStyle: 'none' }}>
        {customer.unverified.map((point) => (
          <Group key={point.id} component="li" justify="space-between" gap="xs">
            <div style={{ minWidth: 0 }}>
              <Text className="tabular" style={{ overflowWrap: 'anywhere' }}>
                <Text span c="dimmed" size="sm">
                  {t(`enum.pointKind.${point.kind}`)}{' '}
                </Text>
                {point.extension ? t('field.phoneWithExtension', { number: point.value, extension: point.extension }) : point.value}
              </Text>
              <Text size="sm" c="dimmed">
                <Teller source={point.source} /> · <time dateTime={point.told_at}>{format.dateTime(point.told_at)}</time>
              </Text>
            </div>
            {hasRole(me, ...MAY.createCustomers) && <Decisions customer={customer} point={point} />}
          </Group>
        ))}
      </Stack>
    </Card>
  );
}
