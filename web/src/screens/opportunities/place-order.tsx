/** Orders an opportunity. What cannot be known is asked before: what the customer pays, and whether one more order is meant. */
import { Alert, Button, Group, Radio, Stack, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { body, once, sales } from '@/api/client';
import type { Opportunity, Order } from '@/api/types';
import { OrderStatusBadge } from '@/components/badges';
import { Dialog } from '@/components/dialog';
import { FormFrame, useForm } from '@/components/form';
import { sumOf } from '@/components/lines-table';
import { LinkTo } from '@/components/link-to';
import { notifyDone } from '@/components/notify';
import type { Money } from '@/format/money';
import { useFormat } from '@/format/use-format';

const SHOWN = 20;

export function useOrdersOf(opportunityId: string) {
  const query = useQuery({
    queryKey: ['orders', 'of', opportunityId],
    queryFn: ({ signal }) => body(sales.GET('/v1/orders', { params: { query: { opportunity_id: opportunityId, limit: SHOWN } }, signal })),
  });
  return query.data?.items;
}

export function OrderLinks({ orders }: { orders: Order[] }) {
  const format = useFormat();
  return (
    <Stack component="ul" gap={4} m={0} p={0} style={{ listStyle: 'none' }}>
      {orders.map((order) => (
        <Group component="li" key={order.id} gap="xs">
          <LinkTo to="/orders/$orderId" params={{ orderId: order.id }}>
            {order.number}
          </LinkTo>
          <OrderStatusBadge status={order.status} />
          <Text size="sm" className="tabular">
            {format.money(order.total)}
          </Text>
        </Group>
      ))}
    </Stack>
  );
}

/** The two amounts where they differ and both can be meant. An open opportunity without an amount takes its order's. */
function amountsToChoose(one: Opportunity): { sum: Money; agreed: Money } | null {
  const sum = sumOf(one.lines);
  const unknown = one.amount.amount === 0 && one.stage !== 'won';
  return !sum || unknown || sum.amount === one.amount.amount ? null : { sum, agreed: one.amount };
}

interface PlaceOrderFormProps {
  one: Opportunity;
  ordered: Order[];
  onClose: () => void;
}

function PlaceOrderForm({ one, ordered, onClose }: PlaceOrderFormProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const cache = useQueryClient();
  const navigate = useNavigate();
  const amounts = amountsToChoose(one);
  const refresh = () => {
    for (const queryKey of [['pipeline'], ['opportunity', one.id], ['orders']]) void cache.invalidateQueries({ queryKey });
  };
  const form = useForm({
    initial: { pays: null as 'agreed' | 'sum' | null },
    check: (values) => ({ total: amounts && !values.pays ? t('order.choosePays') : undefined }),
    send: ({ pays }, key) =>
      body(
        sales.POST('/v1/opportunities/{opportunity_id}/orders', {
          params: { path: { opportunity_id: one.id } },
          headers: once(key),
          body: { another: ordered.length > 0, ...(amounts && pays ? { total: amounts[pays] } : {}) },
        }),
      ),
    onFailed: refresh,
    onDone: (placed) => {
      notifyDone(t('order.placedNotice', { number: placed.number }));
      refresh();
      onClose();
      void navigate({ to: '/orders/$orderId', params: { orderId: placed.id } });
    },
  });
  return (
    <FormFrame form={form} submitLabel={t(ordered.length > 0 ? 'order.placeAnother' : 'opportunity.placeOrder')} onCancel={onClose}>
      {ordered.length > 0 && (
        <Alert color="yellow" title={t('order.orderedAlready')}>
          <OrderLinks orders={ordered} />
        </Alert>
      )}
      {amounts ? (
        <Radio.Group
          label={t('order.pays')}
          description={t('order.differs')}
          required
          value={form.values.pays}
          error={form.error('total')}
          onChange={(pays) => form.set('pays', pays as 'agreed' | 'sum')}
        >
          <Stack gap="xs" my="xs">
            <Radio value="agreed" label={t('order.agreed', { amount: format.money(amounts.agreed) })} />
            <Radio value="sum" label={t('order.sum', { amount: format.money(amounts.sum) })} />
          </Stack>
        </Radio.Group>
      ) : (
        <Text className="tabular">{t('lines.total', { total: format.money(sumOf(one.lines) ?? one.amount) })}</Text>
      )}
    </FormFrame>
  );
}

export function PlaceOrder({ one, orders }: { one: Opportunity; orders: Order[] | undefined }) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  const ordered = orders?.filter((order) => order.status !== 'cancelled') ?? [];
  return (
    <>
      <Button variant={ordered.length > 0 ? 'default' : 'filled'} disabled={!orders} onClick={() => setAsking(true)}>
        {t(ordered.length > 0 ? 'order.placeAnother' : 'opportunity.placeOrder')}
      </Button>
      <Dialog opened={asking} onClose={() => setAsking(false)} title={t('opportunity.placeOrder')} size="md" topmost>
        <PlaceOrderForm one={one} ordered={ordered} onClose={() => setAsking(false)} />
      </Dialog>
    </>
  );
}
