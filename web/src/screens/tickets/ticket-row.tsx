/** One ticket in a list. */
import { Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { TicketSummary } from '@/api/types';
import { PriorityBadge, TicketStatusBadge } from '@/components/badges';
import { LinkTo } from '@/components/link-to';
import { DueClock } from './due-clock';

export function TicketRow({ ticket }: { ticket: TicketSummary }) {
  const { t } = useTranslation();
  return (
    <li className={ticket.overdue ? 'list-row overdue' : 'list-row'}>
      <Group justify="space-between" gap="xs">
        <LinkTo to="/tickets/$ticketId" params={{ ticketId: ticket.id }} className="cover" fw={600}>
          {ticket.subject}
        </LinkTo>
        <Group gap={6}>
          <DueClock ticket={ticket} />
          <PriorityBadge priority={ticket.priority} />
          <TicketStatusBadge status={ticket.status} />
        </Group>
      </Group>
      <Text size="sm" c="dimmed">
        {[
          ticket.number,
          ticket.customer?.name ?? ticket.contact_name ?? t('view.unnamed'),
          t(`enum.ticketType.${ticket.type}`),
          ticket.assignee ?? t('ticket.inQueue'),
        ].join(' · ')}
      </Text>
    </li>
  );
}
