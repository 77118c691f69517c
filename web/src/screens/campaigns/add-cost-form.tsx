/** Adds a line to the cost ledger of a campaign. */
import { Select, SimpleGrid, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { body, ifMatch, marketing, once } from '@/api/client';
import { isStale } from '@/api/problem';
import type { Campaign, CostCategory } from '@/api/types';
import { FormFrame, useForm } from '@/components/form';
import { MoneyInput, toMoney, type DraftMoney } from '@/components/money-input';
import { notifyDone } from '@/components/notify';
import { useTyped } from '@/components/use-typed';
import { CATEGORIES } from './values';

interface Values {
  description: string;
  amount: DraftMoney;
  incurred_on: string;
  category: CostCategory;
}

export function AddCostForm({ campaign, onClose }: { campaign: Campaign; onClose: () => void }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const refresh = () => {
    void cache.invalidateQueries({ queryKey: ['campaign', campaign.id] });
    void cache.invalidateQueries({ queryKey: ['campaigns'] });
  };
  const typed = useTyped();
  const form = useForm({
    initial: { description: '', amount: { text: '', currency: campaign.budget.currency }, incurred_on: '', category: 'media' } as Values,
    check: (values) => ({
      description: values.description.trim() ? undefined : t('form.required'),
      amount: typed.amount(values.amount, { required: true, positive: true }),
      incurred_on: values.incurred_on ? undefined : t('form.required'),
    }),
    send: (values, key) =>
      body(
        marketing.POST('/v1/campaigns/{campaign_id}/costs', {
          params: { path: { campaign_id: campaign.id } },
          headers: { ...ifMatch(campaign.version), ...once(key) },
          body: {
            description: values.description.trim(),
            amount: toMoney(values.amount)!,
            incurred_on: values.incurred_on,
            category: values.category,
          },
        }),
      ),
    onFailed: (error) => isStale(error) && refresh(),
    onDone: () => {
      notifyDone(t('campaign.changed'));
      refresh();
      onClose();
    },
  });
  const { values, set, error } = form;
  return (
    <FormFrame form={form} submitLabel={t('campaign.addCost')} onCancel={onClose}>
      <TextInput
        label={t('field.description')}
        required
        maxLength={500}
        value={values.description}
        error={error('description')}
        onChange={(event) => set('description', event.currentTarget.value)}
      />
      <MoneyInput label={t('field.amount')} required fixedCurrency value={values.amount} error={error('amount') ?? error('amount.amount')} onChange={(amount) => set('amount', amount)} />
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <TextInput
          type="date"
          label={t('campaign.incurredOn')}
          required
          value={values.incurred_on}
          error={error('incurred_on')}
          onChange={(event) => set('incurred_on', event.currentTarget.value)}
        />
        <Select
          label={t('campaign.category')}
          data={CATEGORIES.map((value) => ({ value, label: t(`enum.costCategory.${value}`) }))}
          value={values.category}
          allowDeselect={false}
          onChange={(category) => set('category', category as CostCategory)}
        />
      </SimpleGrid>
    </FormFrame>
  );
}
