/** Plans a campaign. */
import { MultiSelect, SimpleGrid, Textarea, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { body, marketing, once } from '@/api/client';
import type { CampaignChannel } from '@/api/types';
import { FormFrame, useForm } from '@/components/form';
import { MoneyInput, NO_MONEY, toMoney, type DraftMoney } from '@/components/money-input';
import { notifyDone } from '@/components/notify';
import { useTyped } from '@/components/use-typed';
import { CHANNELS } from './values';

interface Values {
  code: string;
  name: string;
  channels: CampaignChannel[];
  starts_on: string;
  ends_on: string;
  budget: DraftMoney;
  target_notes: string;
}

export function PlanCampaignForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const navigate = useNavigate();
  const typed = useTyped();
  const form = useForm({
    initial: { code: '', name: '', channels: ['email'], starts_on: '', ends_on: '', budget: NO_MONEY, target_notes: '' } as Values,
    check: (values) => {
      const required = (filled: unknown) => (filled ? undefined : t('form.required'));
      return {
        code: required(values.code.trim()),
        name: required(values.name.trim()),
        channels: required(values.channels.length),
        starts_on: required(values.starts_on),
        ends_on: required(values.ends_on),
        budget: typed.amount(values.budget, { required: true, positive: true }),
      };
    },
    send: (values, key) =>
      body(
        marketing.POST('/v1/campaigns', {
          body: {
            code: values.code.trim().toUpperCase(),
            name: values.name.trim(),
            channels: values.channels,
            starts_on: values.starts_on,
            ends_on: values.ends_on,
            budget: toMoney(values.budget)!,
            target_notes: values.target_notes.trim(),
          },
          headers: once(key),
        }),
      ),
    onDone: (planned) => {
      notifyDone(t('campaign.planned', { name: planned.name }));
      void cache.invalidateQueries({ queryKey: ['campaigns'] });
      void navigate({ to: '/campaigns/$campaignId', params: { campaignId: planned.id } });
    },
  });
  const { values, set, error } = form;
  const text = (name: 'code' | 'name' | 'starts_on' | 'ends_on', label: string, type: 'text' | 'date', maxLength?: number) => (
    <TextInput
      type={type}
      label={label}
      required
      maxLength={maxLength}
      value={values[name]}
      error={error(name)}
      onChange={(event) => set(name, event.currentTarget.value)}
    />
  );
  return (
    <FormFrame form={form} submitLabel={t('campaign.plan')} onCancel={onClose}>
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        {text('name', t('field.name'), 'text', 200)}
        {text('code', t('campaign.code'), 'text', 40)}
        {text('starts_on', t('campaign.startsOn'), 'date')}
        {text('ends_on', t('campaign.endsOn'), 'date')}
      </SimpleGrid>
      <MultiSelect
        label={t('field.channel')}
        required
        data={CHANNELS.map((value) => ({ value, label: t(`enum.channel.${value}`) }))}
        value={values.channels}
        error={error('channels')}
        onChange={(channels) => set('channels', channels as CampaignChannel[])}
      />
      <MoneyInput label={t('campaign.budget')} required value={values.budget} error={error('budget') ?? error('budget.amount')} onChange={(budget) => set('budget', budget)} />
      <Textarea
        label={t('campaign.target')}
        autosize
        minRows={2}
        maxLength={4000}
        value={values.target_notes}
        error={error('target_notes')}
        onChange={(event) => set('target_notes', event.currentTarget.value)}
      />
    </FormFrame>
  );
}
