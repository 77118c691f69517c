/** The orders, newest first. */
import { Button, Group, Paper, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { body, sales } from '@/api/client';
import { usePages } from '@/api/queries';
import type { Order, OrderStatus } from '@/api/types';
import { hasRole, useMe } from '@/app/me';
import { MAY } from '@/app/permissions';
import { OrderStatusBadge } from '@/components/badges';
import { Dialog } from '@/components/dialog';
import { FilterSelect } from '@/components/filter-select';
import { LinkTo } from '@/components/link-to';
import { Page } from '@/components/page';
import { AwaitPages, Empty } from '@/components/states';
import { useFormat } from '@/format/use-format';
import { OrderForm } from './order-form';

const route = getRouteApi('/orders');
const STATUSES: OrderStatus[] = ['placed', 'confirmed', 'shipped', 'completed', 'cancelled'];
const OWNERS = ['me', 'none'] as const;

function OrderRow({ order }: { order: Order }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <li className="list-row">
      <Group justify="space-between" gap="xs">
        <Group gap="xs">
          <LinkTo to="/orders/$orderId" params={{ orderId: order.id }} className="cover" fw={600}>
            {order.number}
          </LinkTo>
          <OrderStatusBadge status={order.status} />
          <Text>{order.customer_name ?? t('view.unnamed')}</Text>
        </Group>
        <Text fw={600} className="tabular">
          {format.money(order.total)}
        </Text>
      </Group>
      <Text size="sm" c="dimmed">
        {[format.dateTime(order.placed_at), order.owner_id, order.campaign_code].filter(Boolean).join(' · ')}
      </Text>
    </li>
  );
}

export function OrdersPage() {
  const { t } = useTranslation();
  const me = useMe();
  const { status, owner } = route.useSearch();
  const navigate = useNavigate({ from: '/orders' });
  const [creating, setCreating] = useState(false);
  const change = (values: { status?: string; owner?: string }) => void navigate({ search: (before) => ({ ...before, ...values }), replace: true });
  const pages = usePages(['orders', status, owner], (cursor, signal) =>
    body(sales.GET('/v1/orders', { params: { query: { status: status as OrderStatus, owner, cursor, limit: 25 } }, signal })),
  );
  return (
    <Page
      title={t('nav.orders')}
      actions={
        hasRole(me, ...MAY.writeSales) && (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setCreating(true)}>
            {t('order.place')}
          </Button>
        )
      }
    >
      <Paper className="surface" p="sm" component="search">
        <Group align="end" gap="sm">
          <FilterSelect
            label={t('field.status')}
            value={status}
            options={STATUSES.map((value) => ({ value, label: t(`enum.orderStatus.${value}`) }))}
            onChange={(value) => change({ status: value })}
          />
          <FilterSelect
            label={t('field.owner')}
            value={owner}
            options={OWNERS.map((value) => ({ value, label: t(`filter.owner.${value}`) }))}
            onChange={(value) => change({ owner: value })}
          />
        </Group>
      </Paper>
      <AwaitPages pages={pages} empty={<Empty text={t(status || owner ? 'order.noMatch' : 'order.empty')} />}>
        {() => (
          <ul className="list" aria-label={t('nav.orders')}>
            {pages.items.map((order) => (
              <OrderRow key={order.id} order={order} />
            ))}
          </ul>
        )}
      </AwaitPages>
      <Dialog opened={creating} onClose={() => setCreating(false)} title={t('order.place')}>
        <OrderForm onClose={() => setCreating(false)} />
      </Dialog>
    </Page>
  );
}
