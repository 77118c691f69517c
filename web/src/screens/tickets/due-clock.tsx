/** How long until a ticket is due, or for how long it has been overdue, in the reader's time zone. */
import { Badge, Tooltip } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { TicketSummary } from '@/api/types';
import { useNow } from '@/components/use-now';
import { useFormat } from '@/format/use-format';

const SOON_MS = 60 * 60_000;

export function DueClock({ ticket }: { ticket: TicketSummary }) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  if (!ticket.due_at) {
    return ticket.status === 'pending' ? <Badge color="gray">{t('ticket.clockStopped')}</Badge> : null;
  }
  const left = Date.parse(ticket.due_at) - now;
  const what = t(ticket.first_responded_at ? 'ticket.resolution' : 'ticket.firstResponse');
  const color = left < 0 ? 'red' : left < SOON_MS ? 'orange' : 'gray';
  return (
    <Tooltip label={`${what}: ${format.dateTime(ticket.due_at)}`}>
      <Badge color={color} tabIndex={0} data-overdue={left < 0}>
        {t(left < 0 ? 'ticket.overdueSince' : 'ticket.due', { what, when: format.ago(ticket.due_at, now) })}
      </Badge>
    </Tooltip>
  );
}
