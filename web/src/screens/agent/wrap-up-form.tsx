/** Says how the call went; then the agent is free for the next one. */
import { Select, Textarea } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { body, ifMatch, once, telephony } from '@/api/client';
import type { Call, Disposition } from '@/api/types';
import { FormFrame, useForm } from '@/components/form';
import { notifyDone } from '@/components/notify';
import { deskKey } from './use-desk';

const DISPOSITIONS: Disposition[] = ['answered-question', 'order-taken', 'ticket-opened', 'call-back', 'wrong-number', 'other'];

export function WrapUpForm({ call }: { call: Call }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const refresh = () => void cache.invalidateQueries({ queryKey: deskKey });
  const form = useForm({
    initial: { disposition: null as Disposition | null, note: '' },
    check: (values) => ({ disposition: values.disposition ? undefined : t('form.required') }),
    send: (values, key) =>
      body(
        telephony.POST('/v1/calls/{call_id}/wrap-up', {
          params: { path: { call_id: call.id } },
          headers: { ...ifMatch(call.version), ...once(key) },
          body: { disposition: values.disposition!, note: values.note.trim() || null },
        }),
      ),
    onFailed: refresh,
    onDone: () => {
      notifyDone(t('agent.wrappedUp'));
      refresh();
    },
  });
  const { values, set, error } = form;
  return (
    <FormFrame form={form} submitLabel={t('agent.finish')}>
      <Select
        label={t('agent.disposition')}
        required
        data={DISPOSITIONS.map((value) => ({ value, label: t(`enum.disposition.${value}`) }))}
        value={values.disposition}
        error={error('disposition')}
        onChange={(disposition) => set('disposition', disposition as Disposition | null)}
      />
      <Textarea
        label={t('field.notes')}
        autosize
        minRows={2}
        maxLength={2000}
        value={values.note}
        error={error('note')}
        onChange={(event) => set('note', event.currentTarget.value)}
      />
    </FormFrame>
  );
}
