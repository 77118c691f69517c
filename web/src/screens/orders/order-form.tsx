/** Places an order for a customer, directly. */
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { body, once, sales } from '@/api/client';
import { CustomerPicker } from '@/components/customer-picker';
import { FormFrame, useForm } from '@/components/form';
import { EMPTY_LINE, LinesEditor, toLines, useLinesProblem, type DraftLine } from '@/components/lines-editor';
import { notifyDone } from '@/components/notify';

interface Values {
  customer_id: string | null;
  lines: DraftLine[];
}

export function OrderForm({ customerId, onClose }: { customerId?: string; onClose: () => void }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const navigate = useNavigate();
  const linesProblem = useLinesProblem();
  const form = useForm({
    initial: { customer_id: customerId ?? null, lines: [EMPTY_LINE] } as Values,
    check: (values) => ({
      customer_id: values.customer_id ? undefined : t('form.required'),
      lines: linesProblem(values.lines) ?? (toLines(values.lines).length > 0 ? undefined : t('order.needsLine')),
    }),
    send: (values, key) =>
      body(sales.POST('/v1/orders', { body: { customer_id: values.customer_id!, lines: toLines(values.lines) }, headers: once(key) })),
    onDone: (placed) => {
      notifyDone(t('order.placedNotice', { number: placed.number }));
      void cache.invalidateQueries({ queryKey: ['orders'] });
      onClose();
      if (!customerId) void navigate({ to: '/orders/$orderId', params: { orderId: placed.id } });
    },
  });
  const { values, set, error } = form;
  return (
    <FormFrame form={form} submitLabel={t('order.place')} onCancel={onClose}>
      {!customerId && <CustomerPicker required value={values.customer_id} error={error('customer_id')} onChange={(id) => set('customer_id', id)} />}
      <LinesEditor lines={values.lines} onChange={(lines) => set('lines', lines)} error={error('lines')} />
    </FormFrame>
  );
}
