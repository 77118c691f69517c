/** Closes a lead that will not become business, with the reason. */
import { Select } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { body, ifMatch, once, sales } from '@/api/client';
import { isStale } from '@/api/problem';
import type { DisqualifyReason, Lead } from '@/api/types';
import { FormFrame, useForm } from '@/components/form';
import { notifyDone } from '@/components/notify';

const REASONS: DisqualifyReason[] = ['no-budget', 'no-need', 'not-reachable', 'duplicate', 'competitor', 'wrong-contact', 'spam', 'other'];

export function DisqualifyForm({ lead, onClose }: { lead: Lead; onClose: () => void }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const refresh = () => {
    void cache.invalidateQueries({ queryKey: ['leads'] });
    void cache.invalidateQueries({ queryKey: ['lead', lead.id] });
  };
  const form = useForm({
    initial: { reason: null as DisqualifyReason | null },
    check: (values) => ({ reason: values.reason ? undefined : t('form.required') }),
    send: (values, key) =>
      body(
        sales.POST('/v1/leads/{lead_id}/disqualify', {
          params: { path: { lead_id: lead.id } },
          headers: { ...ifMatch(lead.version), ...once(key) },
          body: { reason: values.reason! },
        }),
      ),
    onFailed: (error) => isStale(error) && refresh(),
    onDone: () => {
      notifyDone(t('lead.disqualified'));
      refresh();
      onClose();
    },
  });
  return (
    <FormFrame form={form} submitLabel={t('lead.disqualify')} onCancel={onClose}>
      <Select
        label={t('lead.reason')}
        required
        data={REASONS.map((value) => ({ value, label: t(`enum.disqualifyReason.${value}`) }))}
        value={form.values.reason}
        error={form.error('reason')}
        onChange={(reason) => form.set('reason', reason as DisqualifyReason | null)}
      />
    </FormFrame>
  );
}
