/** The tickets: overdue ones first, then the others, newest first. */
import { Button, Group, Paper, Stack, Title } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { body, serviceDesk } from '@/api/client';
import { usePages } from '@/api/queries';
import type { TicketPriority, TicketStatus, TicketSummary, TicketType } from '@/api/types';
import { hasRole, useMe } from '@/app/me';
import { MAY } from '@/app/permissions';
import { Dialog } from '@/components/dialog';
import { FilterSelect } from '@/components/filter-select';
import { Page } from '@/components/page';
import { SearchInput } from '@/components/search-input';
import { AwaitPages, Empty } from '@/components/states';
import { OpenTicketForm } from './open-ticket-form';
import { TicketRow } from './ticket-row';
import { PRIORITIES, STATUSES, TYPES } from './values';

const route = getRouteApi('/tickets');
const ASSIGNEES = ['me', 'none'] as const;

interface Filters {
  q?: string;
  status?: string;
  assignee?: string;
  priority?: string;
  type?: string;
}

function useTickets(filters: Filters, overdue: boolean) {
  const { q, status, assignee, priority, type } = filters;
  return usePages(['tickets', overdue, filters], (cursor, signal) => {
    // Only this list is in the order of the due time, and it knows one filter.
    if (overdue && !q && !status && !priority && !type) {
      return body(serviceDesk.GET('/v1/tickets/overdue', { params: { query: { assignee, cursor, limit: 25 } }, signal }));
    }
    const query = { q, assignee, overdue, cursor, limit: 25, status: status as TicketStatus, priority: priority as TicketPriority, type: type as TicketType };
    return body(serviceDesk.GET('/v1/tickets', { params: { query }, signal }));
  });
}

function TicketList({ label, tickets }: { label: string; tickets: TicketSummary[] }) {
  return (
    <ul className="list" aria-label={label}>
      {tickets.map((ticket) => (
        <TicketRow key={ticket.id} ticket={ticket} />
      ))}
    </ul>
  );
}

export function TicketsPage() {
  const { t } = useTranslation();
  const me = useMe();
  const filters = route.useSearch();
  const navigate = useNavigate({ from: '/tickets' });
  const [opening, setOpening] = useState(false);
  const change = (values: Filters) => void navigate({ search: (before) => ({ ...before, ...values }), replace: true });
  const late = useTickets(filters, true);
  const others = useTickets(filters, false);
  const filtered = Object.values(filters).some(Boolean);
  const nothing = late.items.length === 0 && others.items.length === 0;
  return (
    <Page
      title={t('nav.tickets')}
      actions={
        hasRole(me, ...MAY.openTickets) && (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setOpening(true)}>
            {t('ticket.open')}
          </Button>
        )
      }
    >
      <Paper className="surface" p="sm" component="search">
        <Group align="end" gap="sm">
          <SearchInput label={t('ticket.search')} value={filters.q} onSearch={(text) => change({ q: text })} />
          <FilterSelect
            label={t('field.status')}
            value={filters.status}
            options={STATUSES.map((value) => ({ value, label: t(`enum.ticketStatus.${value}`) }))}
            onChange={(value) => change({ status: value })}
          />
          <FilterSelect
            label={t('field.assignee')}
            value={filters.assignee}
            options={ASSIGNEES.map((value) => ({ value, label: t(`filter.owner.${value}`) }))}
            onChange={(value) => change({ assignee: value })}
          />
          <FilterSelect
            label={t('field.priority')}
            value={filters.priority}
            options={PRIORITIES.map((value) => ({ value, label: t(`enum.priority.${value}`) }))}
            onChange={(value) => change({ priority: value })}
          />
          <FilterSelect
            label={t('field.type')}
            value={filters.type}
            options={TYPES.map((value) => ({ value, label: t(`enum.ticketType.${value}`) }))}
            onChange={(value) => change({ type: value })}
          />
        </Group>
      </Paper>
      <AwaitPages pages={late} empty={null}>
        {() => (
          <Stack gap="xs" component="section">
            <Title order={2}>{t('ticket.overdueList')}</Title>
            <TicketList label={t('ticket.overdueList')} tickets={late.items} />
          </Stack>
        )}
      </AwaitPages>
      <AwaitPages pages={others} empty={nothing && <Empty text={t(filtered ? 'ticket.noMatch' : 'ticket.empty')} />}>
        {() => (
          <Stack gap="xs" component="section">
            <Title order={2}>{t('ticket.others')}</Title>
            <TicketList label={t('ticket.others')} tickets={others.items} />
          </Stack>
        )}
      </AwaitPages>
      <Dialog opened={opening} onClose={() => setOpening(false)} title={t('ticket.open')}>
        <OpenTicketForm onClose={() => setOpening(false)} />
      </Dialog>
    </Page>
  );
}
