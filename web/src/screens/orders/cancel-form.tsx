/** Cancels an order, with the reason. */
import { Select } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { body, ifMatch, once, sales } from '@/api/client';
import { isStale } from '@/api/problem';
import type { CancelReason, Order } from '@/api/types';
import { FormFrame, useForm } from '@/components/form';
import { notifyDone } from '@/components/notify';

const REASONS: CancelReason[] = ['customer-request', 'out-of-stock', 'payment', 'duplicate', 'wrong-order', 'other'];

export function CancelForm({ order, onClose }: { order: Order; onClose: () => void }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const refresh = () => {
    void cache.invalidateQueries({ queryKey: ['orders'] });
    void cache.invalidateQueries({ queryKey: ['order', order.id] });
  };
  const form = useForm({
    initial: { reason: null as CancelReason | null },
    check: (values) => ({ reason: values.reason ? undefined : t('form.required') }),
    send: (values, key) =>
      body(
        sales.POST('/v1/orders/{order_id}/cancel', {
          params: { path: { order_id: order.id } },
          headers: { ...ifMatch(order.version), ...once(key) },
          body: { reason: values.reason! },
        }),
      ),
    onFailed: (error) => isStale(error) && refresh(),
    onDone: () => {
      notifyDone(t('order.changed'));
      refresh();
      onClose();
    },
  });
  return (
    <FormFrame form={form} submitLabel={t('order.cancel')} onCancel={onClose}>
      <Select
        label={t('lead.reason')}
        required
        data={REASONS.map((value) => ({ value, label: t(`enum.cancelReason.${value}`) }))}
        value={form.values.reason}
        error={form.error('reason')}
        onChange={(reason) => form.set('reason', reason as CancelReason | null)}
      />
    </FormFrame>
  );
}
