/** Writes down a lead that came in by phone, at a fair, from a friend. */
import { Select, SimpleGrid, Textarea, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { body, once, sales } from '@/api/client';
import type { Lead } from '@/api/types';
import { FormFrame, useForm } from '@/components/form';
import { notifyDone } from '@/components/notify';

const SOURCES = ['phone', 'email', 'web', 'event', 'referral', 'visit', 'other'] as const;
const TEXTS = [
  ['full_name', 'text', 200],
  ['company_name', 'text', 200],
  ['email', 'email', 400],
  ['phone', 'tel', 60],
  ['campaign_code', 'text', 40],
] as const;

interface Values {
  source: (typeof SOURCES)[number];
  full_name: string;
  company_name: string;
  email: string;
  phone: string;
  campaign_code: string;
  interest: string;
}

interface CreateLeadFormProps {
  onClose: () => void;
  onCreated: (lead: Lead) => void;
}

export function CreateLeadForm({ onClose, onCreated }: CreateLeadFormProps) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const form = useForm({
    initial: { source: 'phone', full_name: '', company_name: '', email: '', phone: '', campaign_code: '', interest: '' } as Values,
    check: (values) => ({
      full_name: values.full_name.trim() || values.company_name.trim() ? undefined : t('lead.nameOrCompany'),
      email: values.email.trim() || values.phone.trim() ? undefined : t('ticket.emailOrPhone'),
    }),
    send: ({ source, interest, ...values }, key) => {
      const texts = Object.fromEntries(TEXTS.map(([name]) => [name, values[name].trim() || null]));
      return body(sales.POST('/v1/leads', { body: { source, interest: interest.trim() || null, ...texts }, headers: once(key) }));
    },
    onDone: (created) => {
      notifyDone(t('lead.created'));
      void cache.invalidateQueries({ queryKey: ['leads'] });
      onClose();
      onCreated(created);
    },
  });
  const { values, set, error } = form;
  return (
    <FormFrame form={form} submitLabel={t('action.create')} onCancel={onClose}>
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        {TEXTS.map(([name, type, maxLength]) => (
          <TextInput
            key={name}
            type={type}
            label={t(`field.${name}`)}
            maxLength={maxLength}
            value={values[name]}
            error={error(name)}
            onChange={(event) => set(name, event.currentTarget.value)}
          />
        ))}
        <Select
          label={t('field.source')}
          data={SOURCES.map((value) => ({ value, label: t(`enum.leadSource.${value}`) }))}
          value={values.source}
          allowDeselect={false}
          onChange={(source) => set('source', source as Values['source'])}
        />
      </SimpleGrid>
      <Textarea
        label={t('field.interest')}
        autosize
        minRows={2}
        maxLength={1000}
        value={values.interest}
        error={error('interest')}
        onChange={(event) => set('interest', event.currentTarget.value)}
      />
    </FormFrame>
  );
}
