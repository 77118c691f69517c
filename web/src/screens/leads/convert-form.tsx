/** Turns a qualified lead into an opportunity with its customer. */
import { Button, Group, Text, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { body, ifMatch, once, sales } from '@/api/client';
import { isStale } from '@/api/problem';
import type { Lead, ReassignReason } from '@/api/types';
import { FormFrame, useForm } from '@/components/form';
import { EMPTY_LINE, LinesEditor, toLines, useLinesProblem, type DraftLine } from '@/components/lines-editor';
import { MoneyInput, NO_MONEY, toMoney, type DraftMoney } from '@/components/money-input';
import { notifyDone } from '@/components/notify';
import { useTyped } from '@/components/use-typed';
import { AnotherCustomer } from './another-customer';

interface Values {
  customer_id: string | null;
  reason: ReassignReason;
  name: string;
  amount: DraftMoney;
  lines: DraftLine[];
  expected_close_on: string;
}

export function ConvertForm({ lead, onClose }: { lead: Lead; onClose: () => void }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const [another, setAnother] = useState(!lead.customer_id);
  const refresh = () => {
    for (const queryKey of [['leads'], ['lead', lead.id], ['pipeline']]) void cache.invalidateQueries({ queryKey });
  };
  const linesProblem = useLinesProblem();
  const typed = useTyped();
  const form = useForm({
    initial: { customer_id: null, reason: 'wrong-person', name: lead.company_name ?? lead.full_name ?? '', amount: NO_MONEY, lines: [EMPTY_LINE], expected_close_on: '' } as Values,
    check: (values) => ({
      customer_id: !another || values.customer_id ? undefined : t('form.required'),
      lines: linesProblem(values.lines),
      amount: typed.amount(values.amount),
    }),
    send: (values, key) =>
      body(
        sales.POST('/v1/leads/{lead_id}/convert', {
          params: { path: { lead_id: lead.id } },
          headers: { ...ifMatch(lead.version), ...once(key) },
          body: {
            ...(another ? { customer_id: values.customer_id } : {}),
            ...(another && lead.customer_id ? { reason: values.reason } : {}),
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
      {another ? (
        <AnotherCustomer
          lead={lead}
          customerId={values.customer_id}
          reason={values.reason}
          error={error}
          onCustomer={(id) => set('customer_id', id)}
          onReason={(reason) => set('reason', reason)}
        />
      ) : (
        <Group justify="space-between" gap="xs">
          <Text>{t('lead.convertsFor', { name: lead.customer_name ?? t('view.unnamed') })}</Text>
          <Button variant="subtle" size="xs" onClick={() => setAnother(true)}>
            {t('lead.anotherCustomer')}
          </Button>
        </Group>
      )}
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
