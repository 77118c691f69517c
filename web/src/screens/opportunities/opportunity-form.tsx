/** Opens an opportunity with a customer. */
import { TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { body, once, sales } from '@/api/client';
import { FormFrame, useForm } from '@/components/form';
import { CustomerPicker } from '@/components/customer-picker';
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

/** Without `customerId` the form asks for the customer. */
export function OpportunityForm({ customerId, onClose }: { customerId?: string; onClose: () => void }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const linesProblem = useLinesProblem();
  const typed = useTyped();
  const form = useForm({
    initial: { customer_id: customerId ?? null, name: '', amount: NO_MONEY, lines: [EMPTY_LINE], expected_close_on: '' } as Values,
    check: (values) => ({
      customer_id: values.customer_id ? undefined : t('form.required'),
      name: values.name.trim() ? undefined : t('form.required'),
      lines: linesProblem(values.lines),
      amount: typed.amount(values.amount) ?? (toMoney(values.amount) || toLines(values.lines).length > 0 ? undefined : t('opportunity.amountOrLines')),
    }),
    send: (values, key) =>
      body(
        sales.POST('/v1/opportunities', {
          body: {
            customer_id: values.customer_id!,
            name: values.name.trim(),
            amount: toMoney(values.amount),
            lines: toLines(values.lines),
            expected_close_on: values.expected_close_on || null,
          },
          headers: once(key),
        }),
      ),
    onDone: (opened) => {
      notifyDone(t('opportunity.opened', { name: opened.name }));
      void cache.invalidateQueries({ queryKey: ['pipeline'] });
      onClose();
    },
  });
  const { values, set, error } = form;
  return (
    <FormFrame form={form} submitLabel={t('action.create')} onCancel={onClose}>
      {!customerId && <CustomerPicker required value={values.customer_id} error={error('customer_id')} onChange={(id) => set('customer_id', id)} />}
      <TextInput
        label={t('field.name')}
        required
        maxLength={200}
        value={values.name}
        error={error('name')}
        onChange={(event) => set('name', event.currentTarget.value)}
      />
      <LinesEditor lines={values.lines} onChange={(lines) => set('lines', lines)} error={error('lines')} />
      <MoneyInput label={t('opportunity.agreed')} value={values.amount} error={error('amount') ?? error('amount.amount')} onChange={(amount) => set('amount', amount)} />
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
