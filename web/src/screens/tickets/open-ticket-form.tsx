/** Opens a ticket for a known customer, or for somebody new. */
import { SegmentedControl, Select, SimpleGrid, Textarea, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { body, once, serviceDesk } from '@/api/client';
import type { TicketChannel, TicketPriority, TicketType } from '@/api/types';
import { CustomerPicker } from '@/components/customer-picker';
import { FormFrame, useForm } from '@/components/form';
import { notifyDone } from '@/components/notify';
import { CHANNELS, PRIORITIES, TYPES } from './values';

interface Values {
  who: 'known' | 'new';
  customer_id: string | null;
  full_name: string;
  company_name: string;
  email: string;
  phone: string;
  subject: string;
  description: string;
  type: TicketType;
  priority: TicketPriority;
  channel: TicketChannel;
}

interface OpenTicketFormProps {
  customerId?: string;
  callId?: string;
  onClose: () => void;
}

export function OpenTicketForm({ customerId, callId, onClose }: OpenTicketFormProps) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const navigate = useNavigate();
  const form = useForm({
    initial: {
      who: 'known',
      customer_id: customerId ?? null,
      full_name: '',
      company_name: '',
      email: '',
      phone: '',
      subject: '',
      description: '',
      type: 'question',
      priority: 'normal',
      channel: callId ? 'call' : 'email',
    } as Values,
    check: (values) => {
      const known = values.who === 'known';
      const unreachable = !values.email.trim() && !values.phone.trim();
      return {
        customer_id: known && !values.customer_id ? t('form.required') : undefined,
        'contact.full_name': !known && !values.full_name.trim() ? t('form.required') : undefined,
        'contact.email': !known && unreachable ? t('ticket.emailOrPhone') : undefined,
        subject: values.subject.trim() ? undefined : t('form.required'),
      };
    },
    send: ({ who, customer_id, full_name, company_name, email, phone, subject, description, type, priority, channel }, key) =>
      body(
        serviceDesk.POST('/v1/tickets', {
          body: {
            ...(who === 'known'
              ? { customer_id }
              : {
                  contact: {
                    full_name: full_name.trim(),
                    company_name: company_name.trim() || null,
                    email: email.trim() || null,
                    phone: phone.trim() || null,
                  },
                }),
            subject: subject.trim(),
            description: description.trim(),
            type,
            priority,
            channel,
            ...(callId ? { call_id: callId } : {}),
          },
          headers: once(key),
        }),
      ),
    onDone: (opened) => {
      notifyDone(t('ticket.openedNotice', { number: opened.number }));
      void cache.invalidateQueries({ queryKey: ['tickets'] });
      onClose();
      if (!customerId) void navigate({ to: '/tickets/$ticketId', params: { ticketId: opened.id } });
    },
  });
  const { values, set, error } = form;
  const text = (name: 'full_name' | 'company_name' | 'email' | 'phone', type: string, maxLength: number) => (
    <TextInput
      type={type}
      label={t(`field.${name}`)}
      maxLength={maxLength}
      value={values[name]}
      error={error(`contact.${name}`)}
      onChange={(event) => set(name, event.currentTarget.value)}
    />
  );
  return (
    <FormFrame form={form} submitLabel={t('ticket.open')} onCancel={onClose}>
      {!customerId && (
        <SegmentedControl
          aria-label={t('ticket.who')}
          data={(['known', 'new'] as const).map((value) => ({ value, label: t(`ticket.whoIs.${value}`) }))}
          value={values.who}
          onChange={(who) => set('who', who as Values['who'])}
        />
      )}
      {!customerId && values.who === 'known' && (
        <CustomerPicker required value={values.customer_id} error={error('customer_id')} onChange={(id) => set('customer_id', id)} />
      )}
      {!customerId && values.who === 'new' && (
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          {text('full_name', 'text', 200)}
          {text('company_name', 'text', 200)}
          {text('email', 'email', 400)}
          {text('phone', 'tel', 60)}
        </SimpleGrid>
      )}
      <TextInput
        label={t('field.subject')}
        required
        maxLength={200}
        value={values.subject}
        error={error('subject')}
        onChange={(event) => set('subject', event.currentTarget.value)}
      />
      <Textarea
        label={t('field.description')}
        autosize
        minRows={3}
        maxLength={10_000}
        value={values.description}
        error={error('description')}
        onChange={(event) => set('description', event.currentTarget.value)}
      />
      <SimpleGrid cols={{ base: 1, xs: 3 }}>
        <Select
          label={t('field.type')}
          data={TYPES.map((value) => ({ value, label: t(`enum.ticketType.${value}`) }))}
          value={values.type}
          allowDeselect={false}
          onChange={(type) => set('type', type as TicketType)}
        />
        <Select
          label={t('field.priority')}
          data={PRIORITIES.map((value) => ({ value, label: t(`enum.priority.${value}`) }))}
          value={values.priority}
          allowDeselect={false}
          onChange={(priority) => set('priority', priority as TicketPriority)}
        />
        <Select
          label={t('field.channel')}
          data={CHANNELS.map((value) => ({ value, label: t(`enum.channel.${value}`) }))}
          value={values.channel}
          allowDeselect={false}
          onChange={(channel) => set('channel', channel as TicketChannel)}
        />
      </SimpleGrid>
    </FormFrame>
  );
}
