/** The leads inbox: newest first, with filters; one lead opens beside the list. */
import { Badge, Button, Group, Paper, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { body, sales } from '@/api/client';
import { usePages } from '@/api/queries';
import type { Lead, LeadSource, LeadStatus } from '@/api/types';
import { hasRole, useMe } from '@/app/me';
import { MAY } from '@/app/permissions';
import { LeadStatusBadge } from '@/components/badges';
import { Dialog } from '@/components/dialog';
import { FilterSelect } from '@/components/filter-select';
import { LinkTo } from '@/components/link-to';
import { Page } from '@/components/page';
import { SearchInput } from '@/components/search-input';
import { AwaitPages, Empty } from '@/components/states';
import { useNow } from '@/components/use-now';
import { useFormat } from '@/format/use-format';
import { CreateLeadForm } from './create-lead';
import { LeadDrawer } from './lead-drawer';

const route = getRouteApi('/leads');
const STATUSES: LeadStatus[] = ['new', 'qualified', 'disqualified', 'converted'];
const SOURCES: LeadSource[] = ['partner', 'phone', 'email', 'web', 'event', 'referral', 'visit', 'other'];
const OWNERS = ['me', 'none'] as const;

function LeadRow({ lead }: { lead: Lead }) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  return (
    <li className="list-row">
      <Group justify="space-between" gap="xs">
        <Group gap="xs">
          <LinkTo to="/leads" search={(before) => ({ ...before, lead: lead.id })} className="cover" fw={600}>
            {lead.full_name ?? lead.company_name}
          </LinkTo>
          <LeadStatusBadge status={lead.status} />
          <Badge color="gray">{t(`enum.leadSource.${lead.source}`)}</Badge>
        </Group>
        <Text size="sm" c="dimmed">
          {format.ago(lead.received_at, now)}
        </Text>
      </Group>
      <Text size="sm" c="dimmed" lineClamp={1}>
        {[lead.full_name ? lead.company_name : null, lead.interest].filter(Boolean).join(' · ')}
      </Text>
      <Text size="sm">{lead.owner_id ?? t('lead.nobody')}</Text>
    </li>
  );
}

export function LeadsPage() {
  const { t } = useTranslation();
  const me = useMe();
  const { q, status, source, owner, lead } = route.useSearch();
  const navigate = useNavigate({ from: '/leads' });
  const [creating, setCreating] = useState(false);
  const change = (values: { q?: string; status?: string; source?: string; owner?: string; lead?: string }) =>
    void navigate({ search: (before) => ({ ...before, ...values }), replace: true });
  const pages = usePages(['leads', q, status, source, owner], (cursor, signal) =>
    body(
      sales.GET('/v1/leads', {
        params: { query: { q, status: status as LeadStatus, source: source as LeadSource, owner, cursor, limit: 25 } },
        signal,
      }),
    ),
  );
  const createButton = hasRole(me, ...MAY.writeSales) && (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setCreating(true)}>
      {t('lead.create')}
    </Button>
  );
  return (
    <Page title={t('nav.leads')} actions={createButton}>
      <Paper className="surface" p="sm" component="search">
        <Group align="end" gap="sm">
          <SearchInput label={t('lead.search')} value={q} onSearch={(text) => change({ q: text })} />
          <FilterSelect
            label={t('field.status')}
            value={status}
            options={STATUSES.map((value) => ({ value, label: t(`enum.leadStatus.${value}`) }))}
            onChange={(value) => change({ status: value })}
          />
          <FilterSelect
            label={t('field.source')}
            value={source}
            options={SOURCES.map((value) => ({ value, label: t(`enum.leadSource.${value}`) }))}
            onChange={(value) => change({ source: value })}
          />
          <FilterSelect
            label={t('field.owner')}
            value={owner}
            options={OWNERS.map((value) => ({ value, label: t(`filter.owner.${value}`) }))}
            onChange={(value) => change({ owner: value })}
          />
        </Group>
      </Paper>
      <AwaitPages pages={pages} empty={<Empty text={t(q || status || source || owner ? 'lead.noMatch' : 'lead.empty')} />}>
        {() => (
          <ul className="list" aria-label={t('nav.leads')}>
            {pages.items.map((one) => (
              <LeadRow key={one.id} lead={one} />
            ))}
          </ul>
        )}
      </AwaitPages>
      <LeadDrawer leadId={lead} onClose={() => change({ lead: undefined })} />
      <Dialog opened={creating} onClose={() => setCreating(false)} title={t('lead.create')}>
        <CreateLeadForm onClose={() => setCreating(false)} onCreated={(created) => change({ lead: created.id })} />
      </Dialog>
    </Page>
  );
}
