/** One ticket: its clocks, its conversation and the next steps. */
import { SimpleGrid, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { body, serviceDesk } from '@/api/client';
import type { Ticket } from '@/api/types';
import { hasRole, useMe } from '@/app/me';
import { MAY } from '@/app/permissions';
import { PriorityBadge, TicketStatusBadge, TierBadge } from '@/components/badges';
import { Card } from '@/components/card';
import { Details } from '@/components/details';
import { LinkTo } from '@/components/link-to';
import { Page } from '@/components/page';
import { Await } from '@/components/states';
import { useFormat } from '@/format/use-format';
import { DueClock } from './due-clock';
import { TicketSteps } from './ticket-steps';
import { Thread } from './thread';
import { WriteEntry } from './write-entry';

function Facts({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation();
  return (
    <Details
      rows={[
        [
          t('field.customer'),
          ticket.customer ? (
            <>
              <LinkTo to="/customers/$customerId" params={{ customerId: ticket.customer.id }}>
                {ticket.customer.name ?? t('view.unnamed')}
              </LinkTo>{' '}
              {ticket.customer.tier && <TierBadge tier={ticket.customer.tier} />}
            </>
          ) : (
            t('ticket.notMatched', { name: ticket.contact_name ?? '' })
          ),
        ],
        [t('field.type'), t(`enum.ticketType.${ticket.type}`)],
        [t('field.channel'), t(`enum.channel.${ticket.channel}`)],
        [t('field.assignee'), ticket.assignee ?? t('ticket.inQueue')],
        [
          t('ticket.order'),
          ticket.order_id && (
            <LinkTo to="/orders/$orderId" params={{ orderId: ticket.order_id }}>
              {t('ticket.showOrder')}
            </LinkTo>
          ),
        ],
        [t('ticket.product'), ticket.product_id],
        [t('ticket.openedBy'), ticket.opened_by],
        [t('ticket.policy'), ticket.sla_policy_id],
      ]}
    />
  );
}

function Clocks({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation();
  const format = useFormat();
  const time = (iso: string | null) => iso && format.dateTime(iso);
  return (
    <Stack gap="xs">
      <DueClock ticket={ticket} />
      <Details
        rows={[
          [t('ticket.openedAt'), time(ticket.opened_at)],
          [t('ticket.firstResponseDue'), time(ticket.first_response_due_at)],
          [t('ticket.firstResponded'), time(ticket.first_responded_at)],
          [t('ticket.resolutionDue'), time(ticket.resolution_due_at)],
          [t('ticket.stoppedAt'), time(ticket.clock_stopped_at)],
          [t('ticket.resolvedAt'), time(ticket.resolved_at)],
          [t('ticket.reopened'), ticket.reopened_count > 0 && format.number(ticket.reopened_count)],
        ]}
      />
    </Stack>
  );
}

export function TicketPage() {
  const { t } = useTranslation();
  const me = useMe();
  const { ticketId } = useParams({ from: '/tickets/$ticketId' });
  const query = useQuery({
    queryKey: ['ticket', ticketId],
    queryFn: ({ signal }) => body(serviceDesk.GET('/v1/tickets/{ticket_id}', { params: { path: { ticket_id: ticketId } }, signal })),
    refetchInterval: 30_000,
  });
  const ticket = query.data;
  return (
    <Page
      title={ticket?.subject ?? t('ticket.one')}
      badges={
        ticket && (
          <>
            <TicketStatusBadge status={ticket.status} />
            <PriorityBadge priority={ticket.priority} />
          </>
        )
      }
      actions={ticket && hasRole(me, ...MAY.workTickets) && <TicketSteps ticket={ticket} />}
    >
      <Await query={query}>
        {() =>
          ticket && (
            <SimpleGrid cols={{ base: 1, md: 2 }} style={{ alignItems: 'start' }}>
              <Stack>
                <Card title={t('ticket.conversation')}>
                  {ticket.description && (
                    <Text className="prose" mb="md">
                      {ticket.description}
                    </Text>
                  )}
                  <Thread entries={ticket.entries} />
                </Card>
                {ticket.status !== 'closed' && hasRole(me, ...MAY.replyToTickets) && (
                  <Card title={t('ticket.write')}>
                    <WriteEntry ticket={ticket} mayNote={hasRole(me, ...MAY.workTickets)} />
                  </Card>
                )}
              </Stack>
              <Stack>
                <Card title={t('ticket.clocks')}>
                  <Clocks ticket={ticket} />
                </Card>
                <Card title={ticket.number}>
                  <Facts ticket={ticket} />
                </Card>
              </Stack>
            </SimpleGrid>
          )
        }
      </Await>
    </Page>
  );
}
