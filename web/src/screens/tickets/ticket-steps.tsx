/** Assign, resolve, reopen, close. */
import { Button, Group, Textarea } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { body, ifMatch, once, serviceDesk } from '@/api/client';
import { isStale } from '@/api/problem';
import type { Ticket } from '@/api/types';
import { useMe } from '@/app/me';
import { Dialog } from '@/components/dialog';
import { FormFrame, useForm } from '@/components/form';
import { notifyDone } from '@/components/notify';
import { useStep } from '@/components/use-step';

type Question = 'resolve' | 'reopen';

function AskForm({ ticket, question, onClose }: { ticket: Ticket; question: Question; onClose: () => void }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const field = question === 'resolve' ? 'resolution' : 'reason';
  const form = useForm({
    initial: { text: '' },
    check: (values) => ({ [field]: values.text.trim() ? undefined : t('form.required') }),
    send: ({ text }, key) => {
      const request = { params: { path: { ticket_id: ticket.id } }, headers: { ...ifMatch(ticket.version), ...once(key) } };
      return question === 'resolve'
        ? body(serviceDesk.POST('/v1/tickets/{ticket_id}/resolve', { ...request, body: { resolution: text.trim() } }))
        : body(serviceDesk.POST('/v1/tickets/{ticket_id}/reopen', { ...request, body: { reason: text.trim() } }));
    },
    onFailed: (error) => isStale(error) && void cache.invalidateQueries({ queryKey: ['ticket', ticket.id] }),
    onDone: (changed) => {
      cache.setQueryData(['ticket', ticket.id], changed);
      void cache.invalidateQueries({ queryKey: ['tickets'] });
      notifyDone(t('ticket.saved'));
      onClose();
    },
  });
  return (
    <FormFrame form={form} submitLabel={t(`ticket.${question}`)} onCancel={onClose}>
      <Textarea
        label={t(question === 'resolve' ? 'ticket.whatSettled' : 'ticket.whyReopen')}
        required
        autosize
        minRows={3}
        maxLength={question === 'resolve' ? 10_000 : 1_000}
        value={form.values.text}
        error={form.error(field)}
        onChange={(event) => form.set('text', event.currentTarget.value)}
      />
    </FormFrame>
  );
}

export function TicketSteps({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation();
  const me = useMe();
  const [asking, setAsking] = useState<Question | null>(null);
  const request = (key: string) => ({ params: { path: { ticket_id: ticket.id } }, headers: { ...ifMatch(ticket.version), ...once(key) } });
  const refresh = [['ticket', ticket.id], ['tickets']];
  const assign = useStep({
    send: (assignee: string | null, key) => body(serviceDesk.POST('/v1/tickets/{ticket_id}/assign', { ...request(key), body: { assignee } })),
    refresh,
    done: t('ticket.saved'),
  });
  const close = useStep({
    send: (_: void, key) => body(serviceDesk.POST('/v1/tickets/{ticket_id}/close', request(key))),
    refresh,
    done: t('ticket.saved'),
  });
  const active = ticket.status === 'open' || ticket.status === 'pending';
  return (
    <Group gap="xs">
      {active && ticket.assignee !== me.id && (
        <Button variant="default" loading={assign.pending} onClick={() => assign.run(me.id)}>
          {t('action.assignToMe')}
        </Button>
      )}
      {active && ticket.assignee === me.id && (
        <Button variant="default" loading={assign.pending} onClick={() => assign.run(null)}>
          {t('ticket.toQueue')}
        </Button>
      )}
      {active && <Button onClick={() => setAsking('resolve')}>{t('ticket.resolve')}</Button>}
      {ticket.status === 'resolved' && (
        <>
          <Button variant="default" onClick={() => setAsking('reopen')}>
            {t('ticket.reopen')}
          </Button>
          <Button variant="default" loading={close.pending} onClick={() => close.run()}>
            {t('ticket.close')}
          </Button>
        </>
      )}
      <Dialog opened={asking !== null} onClose={() => setAsking(null)} title={asking ? t(`ticket.${asking}`) : ''}>
        {asking && <AskForm ticket={ticket} question={asking} onClose={() => setAsking(null)} />}
      </Dialog>
    </Group>
  );
}
