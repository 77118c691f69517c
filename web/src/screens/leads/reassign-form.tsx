/** Gives a lead to another customer than it was matched with. */
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { body, ifMatch, once, sales } from '@/api/client';
import { isStale } from '@/api/problem';
import type { Lead, ReassignReason } from '@/api/types';
import { FormFrame, useForm } from '@/components/form';
import { notifyDone } from '@/components/notify';
import { AnotherCustomer } from './another-customer';

export function ReassignForm({ lead, onClose }: { lead: Lead; onClose: () => void }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const refresh = () => {
    void cache.invalidateQueries({ queryKey: ['leads'] });
    void cache.invalidateQueries({ queryKey: ['lead', lead.id] });
  };
  const form = useForm({
    initial: { customer_id: null as string | null, reason: 'wrong-person' as ReassignReason },
    check: (values) => ({ customer_id: values.customer_id ? undefined : t('form.required') }),
    send: (values, key) =>
      body(
        sales.POST('/v1/leads/{lead_id}/reassign', {
          params: { path: { lead_id: lead.id } },
          headers: { ...ifMatch(lead.version), ...once(key) },
          body: { customer_id: values.customer_id!, reason: values.reason },
        }),
      ),
    onFailed: (error) => isStale(error) && refresh(),
    onDone: () => {
      notifyDone(t('lead.moved'));
      refresh();
      onClose();
    },
  });
  return (
    <FormFrame form={form} submitLabel={t('lead.move')} onCancel={onClose}>
      <AnotherCustomer
        lead={lead}
        customerId={form.values.customer_id}
        reason={form.values.reason}
        error={form.error}
        onCustomer={(id) => form.set('customer_id', id)}
        onReason={(reason) => form.set('reason', reason)}
      />
    </FormFrame>
  );
}
