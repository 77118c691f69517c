/** What a service agent looks at first: my tickets, and what is overdue. */
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { body, serviceDesk } from '@/api/client';
import type { TicketSummary } from '@/api/types';
import { Card } from '@/components/card';
import { LinkTo } from '@/components/link-to';
import { Await, Empty } from '@/components/states';
import { TicketRow } from '@/screens/tickets/ticket-row';

const SHOWN = 8;

function Tickets({ tickets, empty }: { tickets: TicketSummary[]; empty: string }) {
  if (tickets.length === 0) return <Empty text={empty} />;
  return (
    <ul className="list">
      {tickets.map((ticket) => (
        <TicketRow key={ticket.id} ticket={ticket} />
      ))}
    </ul>
  );
}

export function MyTickets() {
  const { t } = useTranslation();
  const query = useQuery({
    queryKey: ['tickets', 'home', 'mine'],
    queryFn: ({ signal }) => body(serviceDesk.GET('/v1/tickets', { params: { query: { assignee: 'me', status: 'open', limit: SHOWN } }, signal })),
  });
  return (
    <Card title={t('home.myTickets')} aside={<LinkTo to="/tickets" search={{ assignee: 'me' }}>{t('action.all')}</LinkTo>}>
      <Await query={query}>{() => <Tickets tickets={query.data?.items ?? []} empty={t('home.noTickets')} />}</Await>
    </Card>
  );
}

export function OverdueTickets() {
  const { t } = useTranslation();
  const query = useQuery({
    queryKey: ['tickets', 'home', 'overdue'],
    queryFn: ({ signal }) => body(serviceDesk.GET('/v1/tickets/overdue', { params: { query: { limit: SHOWN } }, signal })),
    refetchInterval: 30_000,
  });
  return (
    <Card title={t('home.overdue')} aside={<LinkTo to="/tickets">{t('action.all')}</LinkTo>}>
      <Await query={query}>{() => <Tickets tickets={query.data?.items ?? []} empty={t('home.noOverdue')} />}</Await>
    </Card>
  );
}
