/** The customers: search by name, e-mail or any phone. */
import { Badge, Button, Group, Paper, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { body, customer } from '@/api/client';
import { usePages } from '@/api/queries';
import type { Customer } from '@/api/types';
import { hasRole, useMe } from '@/app/me';
import { MAY } from '@/app/permissions';
import { TierBadge } from '@/components/badges';
import { Dialog } from '@/components/dialog';
import { FilterSelect } from '@/components/filter-select';
import { Page } from '@/components/page';
import { SearchInput } from '@/components/search-input';
import { AwaitPages, Empty } from '@/components/states';
import { LinkTo } from '@/components/link-to';
import { CreateCustomerForm } from './create-customer';

const route = getRouteApi('/customers');
const KINDS = ['person', 'company'] as const;
const TIERS = ['A', 'B', 'C'] as const;

function CustomerRow({ one }: { one: Customer }) {
  const { t } = useTranslation();
  const contacts = [...one.phones.map((phone) => phone.number), ...one.emails.map((email) => email.address)];
  return (
    <li className="list-row">
      <Group justify="space-between" gap="xs">
        <Group gap="xs">
          <LinkTo to="/customers/$customerId" params={{ customerId: one.id }} className="cover" fw={600}>
            {one.display_name}
          </LinkTo>
          <Badge color="gray">{t(`enum.customerKind.${one.kind}`)}</Badge>
          {one.tier && <TierBadge tier={one.tier} />}
        </Group>
        <Text size="sm" c="dimmed">
          {one.employer_name}
        </Text>
      </Group>
      <Text size="sm" c="dimmed" className="tabular">
        {contacts.slice(0, 3).join(' · ')}
        {contacts.length > 3 && ` +${contacts.length - 3}`}
      </Text>
    </li>
  );
}

export function CustomersPage() {
  const { t } = useTranslation();
  const me = useMe();
  const { q, kind, tier } = route.useSearch();
  const navigate = useNavigate({ from: '/customers' });
  const [creating, setCreating] = useState(false);
  const filter = (change: { q?: string; kind?: string; tier?: string }) =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true });
  const pages = usePages(['customers', 'list', q, kind, tier], (cursor, signal) =>
    body(
      customer.GET('/v1/customers', {
        params: { query: { q, kind: kind as Customer['kind'], tier: tier as 'A', cursor, limit: 25 } },
        signal,
      }),
    ),
  );
  const createButton = hasRole(me, ...MAY.createCustomers) && (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setCreating(true)}>
      {t('customers.create')}
    </Button>
  );
  return (
    <Page title={t('nav.customers')} actions={createButton}>
      <Paper className="surface" p="sm" component="search">
        <Group align="end" gap="sm">
          <SearchInput label={t('customers.search')} placeholder={t('customers.searchHint')} value={q} onSearch={(text) => filter({ q: text })} />
          <FilterSelect
            label={t('field.kind')}
            value={kind}
            options={KINDS.map((value) => ({ value, label: t(`enum.customerKind.${value}`) }))}
            onChange={(value) => filter({ kind: value })}
          />
          <FilterSelect
            label={t('field.tier')}
            value={tier}
            options={TIERS.map((value) => ({ value, label: value }))}
            onChange={(value) => filter({ tier: value })}
          />
        </Group>
      </Paper>
      <AwaitPages pages={pages} empty={<Empty text={t(q || kind || tier ? 'customers.noMatch' : 'customers.empty')} />}>
        {() => (
          <ul className="list" aria-label={t('nav.customers')}>
            {pages.items.map((one) => (
              <CustomerRow key={one.id} one={one} />
            ))}
          </ul>
        )}
      </AwaitPages>
      <Dialog opened={creating} onClose={() => setCreating(false)} title={t('customers.create')}>
        <CreateCustomerForm onCancel={() => setCreating(false)} />
      </Dialog>
    </Page>
  );
}
