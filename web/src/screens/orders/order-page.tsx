/** One order: where it stands, its lines, and the next step. */
import { Button, Group, SimpleGrid, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { body, ifMatch, once, sales } from '@/api/client';
import type { Order } from '@/api/types';
import { hasRole, useMe } from '@/app/me';
import { MAY } from '@/app/permissions';
import { OrderStatusBadge } from '@/components/badges';
import { Card } from '@/components/card';
import { Details } from '@/components/details';
import { Dialog } from '@/components/dialog';
import { LinesTable, sumOf } from '@/components/lines-table';
import { LinkTo } from '@/components/link-to';
import { Page } from '@/components/page';
import { Await } from '@/components/states';
import { useStep } from '@/components/use-step';
import type { Money } from '@/format/money';
import { useFormat } from '@/format/use-format';
import { CancelForm } from './cancel-form';

const STEPS = ['placed', 'confirmed', 'shipped', 'completed'] as const;
const NEXT = { placed: 'confirm', confirmed: 'ship', shipped: 'complete' } as const;

/** What the lines come to, where something else was agreed. */
function agreedInstead(order: Order): Money | undefined {
  const sum = sumOf(order.lines);
  return sum && sum.amount !== order.total.amount ? sum : undefined;
}

function Progress({ order }: { order: Order }) {
  const { t } = useTranslation();
  const format = useFormat();
  const times = { placed: order.placed_at, confirmed: order.confirmed_at, shipped: order.shipped_at, completed: order.completed_at };
  if (order.status === 'cancelled') {
    return (
      <Text>
        {t('order.cancelledAt', { time: order.cancelled_at ? format.dateTime(order.cancelled_at) : '' })}
        {order.cancel_reason && ` · ${t(`enum.cancelReason.${order.cancel_reason}`)}`}
      </Text>
    );
  }
  const reached = STEPS.indexOf(order.status) + 1;
  return (
    <ol className="steps" aria-label={t('order.progress')}>
      {STEPS.map((step, index) => (
        <li key={step} data-reached={index < reached} aria-current={index === reached - 1 ? 'step' : undefined}>
          <Text fw={600} size="sm">
            {t(`enum.orderStatus.${step}`)}
          </Text>
          <Text size="xs" c="dimmed">
            {times[step] ? format.dateTime(times[step]) : t('order.notYet')}
          </Text>
        </li>
      ))}
    </ol>
  );
}

function Steps({ order }: { order: Order }) {
  const { t } = useTranslation();
  const [cancelling, setCancelling] = useState(false);
  const next = order.status in NEXT ? NEXT[order.status as keyof typeof NEXT] : null;
  const step = useStep({
    send: (name: 'confirm' | 'ship' | 'complete', key) =>
      body(
        sales.POST(`/v1/orders/{order_id}/${name}`, {
          params: { path: { order_id: order.id } },
          headers: { ...ifMatch(order.version), ...once(key) },
        }),
      ),
    refresh: [['order', order.id], ['orders']],
    done: t('order.changed'),
  });
  if (!next) return null;
  return (
    <Group gap="xs">
      <Button loading={step.pending} onClick={() => step.run(next)}>
        {t(`order.${next}`)}
      </Button>
      <Button variant="default" onClick={() => setCancelling(true)}>
        {t('order.cancel')}
      </Button>
      <Dialog opened={cancelling} onClose={() => setCancelling(false)} title={t('order.cancel')} size="md">
        <CancelForm order={order} onClose={() => setCancelling(false)} />
      </Dialog>
    </Group>
  );
}

export function OrderPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const me = useMe();
  const { orderId } = useParams({ from: '/orders/$orderId' });
  const query = useQuery({
    queryKey: ['order', orderId],
    queryFn: ({ signal }) => body(sales.GET('/v1/orders/{order_id}', { params: { path: { order_id: orderId } }, signal })),
  });
  const order = query.data;
  return (
    <Page
      title={order ? t('order.title', { number: order.number }) : t('order.one')}
      badges={order && <OrderStatusBadge status={order.status} />}
      actions={order && hasRole(me, ...MAY.writeSales) && <Steps order={order} />}
    >
      <Await query={query}>
        {() =>
          order && (
            <>
              <Card title={t('order.progress')}>
                <Progress order={order} />
              </Card>
              <SimpleGrid cols={{ base: 1, md: 2 }} style={{ alignItems: 'start' }}>
                <Card
                  title={t('lines.title')}
                  aside={
                    <Text fw={700} className="tabular">
                      {t('lines.total', { total: format.money(order.total) })}
                    </Text>
                  }
                >
                  <LinesTable lines={order.lines} />
                  {agreedInstead(order) && (
                    <Text size="sm" c="dimmed" mt="xs">
                      {t('order.agreedInstead', { sum: format.money(agreedInstead(order)!) })}
                    </Text>
                  )}
                </Card>
                <Card title={t('order.facts')}>
                  <Details
                    rows={[
                      [
                        t('field.customer'),
                        <LinkTo to="/customers/$customerId" params={{ customerId: order.customer_id }}>
                          {order.customer_name ?? t('view.unnamed')}
                        </LinkTo>,
                      ],
                      [
                        t('view.opportunity'),
                        order.opportunity_id && (
                          <LinkTo to="/opportunities" search={{ opportunity: order.opportunity_id }}>
                            {t('lead.showOpportunity')}
                          </LinkTo>
                        ),
                      ],
                      [t('field.owner'), order.owner_id],
                      [t('field.campaign_code'), order.campaign_code],
                      [t('field.partner'), order.partner_id],
                    ]}
                  />
                </Card>
              </SimpleGrid>
            </>
          )
        }
      </Await>
    </Page>
  );
}
