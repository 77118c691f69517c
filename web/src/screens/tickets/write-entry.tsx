/** Adds to the conversation: an answer, what the customer said, or a note for colleagues. */
import { Checkbox, SegmentedControl, Select, Textarea } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { body, ifMatch, once, serviceDesk } from '@/api/client';
import { isStale } from '@/api/problem';
import type { ContactChannel, Ticket } from '@/api/types';
import { FormFrame, useForm } from '@/components/form';
import { notifyDone } from '@/components/notify';
import { CONTACT_CHANNELS } from './values';

type Kind = 'reply' | 'message' | 'note';

interface Values {
  kind: Kind;
  text: string;
  channel: ContactChannel;
  waits: boolean;
}

function send(ticket: Ticket, { kind, text, channel, waits }: Values, key: string) {
  const request = { params: { path: { ticket_id: ticket.id } }, headers: { ...ifMatch(ticket.version), ...once(key) } };
  const words = text.trim();
  if (kind === 'note') return body(serviceDesk.POST('/v1/tickets/{ticket_id}/note', { ...request, body: { text: words } }));
  if (kind === 'message') return body(serviceDesk.POST('/v1/tickets/{ticket_id}/messages', { ...request, body: { text: words, channel } }));
  return body(serviceDesk.POST('/v1/tickets/{ticket_id}/reply', { ...request, body: { text: words, channel, next_status: waits ? 'pending' : 'open' } }));
}

interface WriteEntryProps {
  ticket: Ticket;
  mayNote: boolean;
}

function Entry({ ticket, mayNote, onSent }: WriteEntryProps & { onSent: () => void }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const contactChannel = CONTACT_CHANNELS.find((channel) => channel === ticket.channel) ?? 'email';
  const form = useForm({
    initial: { kind: 'reply', text: '', channel: contactChannel, waits: true } as Values,
    check: (values) => ({ text: values.text.trim() ? undefined : t('form.required') }),
    send: (values, key) => send(ticket, values, key),
    onFailed: (error) => isStale(error) && void cache.invalidateQueries({ queryKey: ['ticket', ticket.id] }),
    onDone: (changed) => {
      cache.setQueryData(['ticket', ticket.id], changed);
      void cache.invalidateQueries({ queryKey: ['tickets'] });
      notifyDone(t('ticket.saved'));
      onSent();
    },
  });
  const { values, set, error } = form;
  const kinds: Kind[] = mayNote ? ['reply', 'message', 'note'] : ['reply', 'message'];
  return (
    <FormFrame form={form} submitLabel={t(`ticket.send.${values.kind}`)}>
      <SegmentedControl
        aria-label={t('ticket.write')}
        data={kinds.map((value) => ({ value, label: t(`enum.threadKind.${value}`) }))}
        value={values.kind}
        onChange={(kind) => set('kind', kind as Kind)}
      />
      <Textarea
        label={t('ticket.text')}
        required
        autosize
        minRows={4}
        maxLength={10_000}
        value={values.text}
        error={error('text')}
        onChange={(event) => set('text', event.currentTarget.value)}
      />
      {values.kind !== 'note' && (
        <Select
          label={t('field.channel')}
          data={CONTACT_CHANNELS.map((value) => ({ value, label: t(`enum.channel.${value}`) }))}
          value={values.channel}
          allowDeselect={false}
          error={error('channel')}
          onChange={(channel) => set('channel', channel as ContactChannel)}
        />
      )}
      {values.kind === 'reply' && (
        <Checkbox label={t('ticket.waits')} checked={values.waits} onChange={(event) => set('waits', event.currentTarget.checked)} />
      )}
    </FormFrame>
  );
}

export function WriteEntry(props: WriteEntryProps) {
  const [sent, setSent] = useState(0);
  return <Entry key={sent} {...props} onSent={() => setSent(sent + 1)} />;
}
