/** The screen pop: who calls, before the call is answered, and the controls of the call. */
import { Button, Group, Paper, Stack, Text, Title, VisuallyHidden } from '@mantine/core';
import { IconPhone, IconPhoneOff } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { body, ifMatch, once, telephony } from '@/api/client';
import type { Call } from '@/api/types';
import { Dialog } from '@/components/dialog';
import { LinkTo } from '@/components/link-to';
import { useNow } from '@/components/use-now';
import { useStep } from '@/components/use-step';
import { formatClock } from '@/format/dates';
import { OpenTicketForm } from '@/screens/tickets/open-ticket-form';
import { Caller } from './caller';
import { Identify } from './identify';
import { deskKey } from './use-desk';
import { WrapUpForm } from './wrap-up-form';

function Clock({ since }: { since: string }) {
  const now = useNow(1_000);
  return (
    <Text className="tabular" fw={600} aria-hidden>
      {formatClock((now - Date.parse(since)) / 1000)}
    </Text>
  );
}

function Controls({ call }: { call: Call }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const refresh = [deskKey];
  const request = (key: string) => ({ params: { path: { call_id: call.id } }, headers: { ...ifMatch(call.version), ...once(key) } });
  const answer = useStep({
    send: async (_: void, key) => {
      const answered = await body(telephony.POST('/v1/calls/{call_id}/answer', request(key)));
      if (answered.customer) void navigate({ to: '/customers/$customerId', params: { customerId: answered.customer.customer_id } });
    },
    refresh,
  });
  const hangUp = useStep({ send: (_: void, key) => body(telephony.POST('/v1/calls/{call_id}/hang-up', request(key))), refresh });
  if (call.status === 'offered') {
    return (
      <Button color="teal" leftSection={<IconPhone size={18} aria-hidden />} loading={answer.pending} onClick={() => answer.run()}>
        {t('agent.answer')}
      </Button>
    );
  }
  if (call.status === 'answered' || call.status === 'held') {
    return (
      <Button color="red" leftSection={<IconPhoneOff size={18} aria-hidden />} loading={hangUp.pending} onClick={() => hangUp.run()}>
        {t('agent.hangUp')}
      </Button>
    );
  }
  return null;
}

export function CallCard({ call }: { call: Call }) {
  const { t } = useTranslation();
  const [openingTicket, setOpeningTicket] = useState(false);
  const talking = call.status === 'answered' || call.status === 'held';
  const title = `${t(call.status === 'offered' ? 'agent.incoming' : 'agent.call')} · ${t(`enum.callStatus.${call.status}`)}`;
  const since = call.ended_at ?? call.answered_at ?? call.offered_at ?? call.received_at;
  return (
    <Paper className="surface screen-pop" component="section" aria-label={t('agent.call')} shadow="lg" p="md" data-call={call.id} data-status={call.status}>
      <Stack gap="sm">
        <Group justify="space-between">
          <Title order={2}>{title}</Title>
          <VisuallyHidden role="alert">{title}</VisuallyHidden>
          <Clock since={since} />
        </Group>
        <Caller call={call} />
        {!call.customer && talking && <Identify call={call} />}
        <Group gap="xs">
          <Controls call={call} />
          {call.customer && (
            <LinkTo to="/customers/$customerId" params={{ customerId: call.customer.customer_id }}>
              {t('agent.showCustomer')}
            </LinkTo>
          )}
          {talking && (
            <Button variant="default" onClick={() => setOpeningTicket(true)}>
              {t('ticket.open')}
            </Button>
          )}
        </Group>
        {call.status === 'ended' && <WrapUpForm call={call} />}
      </Stack>
      <Dialog opened={openingTicket} onClose={() => setOpeningTicket(false)} title={t('ticket.open')}>
        <OpenTicketForm customerId={call.customer?.customer_id} callId={call.id} onClose={() => setOpeningTicket(false)} />
      </Dialog>
    </Paper>
  );
}
