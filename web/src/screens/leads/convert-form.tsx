/** Turns a qualified lead into an opportunity with its customer. */
import { TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { body, ifMatch, once, sales } from '@/api/client';
import { isStale } from '@/api/problem';
import type { Lead } from '@/api/types';
import { CustomerPicker } from '@/components/customer-picker';
import { FormFrame, useForm } from '@/components/form';
import { EMPTY_LINE, LinesEditor, toLines, useLinesProblem, type DraftLine } from '@/components/lines-editor';
import { MoneyInput, NO_MONEY, toMoney, type DraftMoney } from '@/components/money-input';
import { notifyDone } from '@/components/notify';
import { useTyped } from '@/components/use-typed';

interface Values {
  customer_id: string | null;
  name: string;
  amount: DraftMoney;
  lines: DraftLine[];
  expected_close_on: string;
}

export function ConvertForm({ lead, onClose }: { lead: Lead; onClose: () => void }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const refresh = () => {
    for (const queryKey of [['leads'], ['lead', lead.id], ['pipeline']]) void cache.invalidateQueries({ queryKey });
  };
  const linesProblem = useLinesProblem();
  const typed = useTyped();
  const form = useForm({
    initial: { customer_id: null, name: lead.company_name ?? lead.full_name ?? '', amount: NO_MONEY, lines: [EMPTY_LINE], expected_close_on: '' } as Values,
    check: (values) => ({
      customer_id: lead.customer_id || values.customer_id ? undefined : t('form.required'),
      lines: linesProblem(values.lines),
      amount: typed.amount(values.amount),
    }),
    send: (values, key) =>
      body(
        sales.POST('/v1/leads/{lead_id}/convert', {
          params: { path: { lead_id: lead.id } },
          headers: { ...ifMatch(lead.version), ...once(key) },
          body: {
            ...(lead.customer_id ? {} : { customer_id: values.customer_id }),
            name: values.name.trim() || null,
            amount: toMoney(values.amount) ?? null,
            lines: toLines(values.lines),
            expected_close_on: values.expected_close_on || null,
          },
        }),
      ),
    onFailed: (error) => isStale(error) && refresh(),
    onDone: ({ opportunity }) => {
      notifyDone(t('opportunity.opened', { name: opportunity.name }));
      refresh();
      onClose();
    },
  });
  const { values, set, error } = form;
  return (
    <FormFrame form={form} submitLabel={t('lead.convert')} onCancel={onClose}>
      {!lead.customer_id && <CustomerPicker required value={values.customer_id} error={error('customer_id')} onChange={(id) => set('customer_id', id)} />}
      <TextInput label={t('field.name')} maxLength={200} value={values.name} error={error('name')} onChange={(event) => set('name', event.currentTarget.value)} />
      <LinesEditor lines={values.lines} onChange={(lines) => set('lines', lines)} error={error('lines')} />
      <MoneyInput label={t('opportunity.agreed')} value={values.amount} error={error('amount')} onChange={(amount) => set('amount', amount)} />
      <TextInput
        type="date"
        label={t('field.expectedCloseOn')}
        value={values.expected_close_on}
        error={error('expected_close_on')}
        onChange={(event) => set('expected_close_on', event.currentTarget.value)}
      />
    </FormFrame>
  );
}
