/** Writes down a touch with a customer: a visit, a letter, a call that did not come through the switch. */
import { SegmentedControl, Select, SimpleGrid, Textarea, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { body, customer, once } from '@/api/client';
import type { LogInteraction } from '@/api/types';
import { FormFrame, useForm } from '@/components/form';
import { notifyDone } from '@/components/notify';
import { useTyped } from '@/components/use-typed';
import { WholeInput } from '@/components/whole-input';
import { readWhole } from '@/format/typed';

const CHANNELS = ['call', 'visit', 'email', 'letter', 'fax', 'sms', 'web', 'social', 'chat', 'agent', 'broker', 'other'] as const;
const MAX_MINUTES = 1440;
const DIRECTIONS = ['in', 'out'] as const;

interface Values {
  channel: LogInteraction['channel'];
  direction: LogInteraction['direction'];
  subject: string;
  body: string;
  occurredAt: string;
  minutes: string;
}

/** The present moment as a datetime-local input wants it: local time without a zone. */
function localNow(): string {
  const now = new Date();
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

export function LogInteractionForm({ customerId, onClose }: { customerId: string; onClose: () => void }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const typed = useTyped();
  const form = useForm({
    initial: { channel: 'visit', direction: 'out', subject: '', body: '', occurredAt: localNow(), minutes: '' } as Values,
    check: (values) => ({
      subject: values.subject.trim() ? undefined : t('form.required'),
      occurred_at: Number.isNaN(Date.parse(values.occurredAt)) ? t('form.required') : undefined,
      duration_s: values.minutes.trim() === '' ? undefined : typed.whole(values.minutes, 0, MAX_MINUTES),
    }),
    send: (values, key) =>
      body(
        customer.POST('/v1/interactions', {
          body: {
            customer_id: customerId,
            channel: values.channel,
            direction: values.direction,
            subject: values.subject.trim(),
            body: values.body.trim() || null,
            occurred_at: new Date(values.occurredAt).toISOString(),
            duration_s: values.minutes.trim() === '' ? null : readWhole(values.minutes, 0, MAX_MINUTES).value! * 60,
          },
          headers: once(key),
        }),
      ),
    onDone: () => {
      notifyDone(t('view.logged'));
      void cache.invalidateQueries({ queryKey: ['timeline', customerId] });
      onClose();
    },
  });
  const { values, set, error } = form;
  return (
    <FormFrame form={form} submitLabel={t('action.save')} onCancel={onClose}>
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <Select
          label={t('field.channel')}
          data={CHANNELS.map((value) => ({ value, label: t(`enum.channel.${value}`) }))}
          value={values.channel}
          allowDeselect={false}
          error={error('channel')}
          onChange={(channel) => set('channel', channel as Values['channel'])}
        />
        <SegmentedControl
          mt="lg"
          aria-label={t('field.direction')}
          data={DIRECTIONS.map((value) => ({ value, label: t(`enum.direction.${value}`) }))}
          value={values.direction}
          onChange={(direction) => set('direction', direction as Values['direction'])}
        />
      </SimpleGrid>
      <TextInput
        label={t('field.subject')}
        required
        maxLength={200}
        value={values.subject}
        error={error('subject')}
        onChange={(event) => set('subject', event.currentTarget.value)}
      />
      <Textarea
        label={t('field.notes')}
        autosize
        minRows={3}
        maxLength={20_000}
        value={values.body}
        error={error('body')}
        onChange={(event) => set('body', event.currentTarget.value)}
      />
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <TextInput
          type="datetime-local"
          label={t('field.occurredAt')}
          value={values.occurredAt}
          error={error('occurred_at')}
          onChange={(event) => set('occurredAt', event.currentTarget.value)}
        />
        <WholeInput label={t('field.minutes')} min={0} max={MAX_MINUTES} value={values.minutes} error={error('duration_s')} onChange={(minutes) => set('minutes', minutes)} />
      </SimpleGrid>
    </FormFrame>
  );
}
