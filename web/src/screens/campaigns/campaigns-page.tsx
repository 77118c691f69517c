/** The campaigns with what they cost and what they brought in. */
import { Button, Group, Paper, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { components } from '@/api/generated/marketing';
import { body, marketing } from '@/api/client';
import { usePages } from '@/api/queries';
import type { CampaignChannel, CampaignStatus } from '@/api/types';
import { hasRole, useMe } from '@/app/me';
import { MAY } from '@/app/permissions';
import { CampaignStatusBadge } from '@/components/badges';
import { Dialog } from '@/components/dialog';
import { FilterSelect } from '@/components/filter-select';
import { LinkTo } from '@/components/link-to';
import { Page } from '@/components/page';
import { SearchInput } from '@/components/search-input';
import { AwaitPages, Empty } from '@/components/states';
import { useFormat } from '@/format/use-format';
import { PlanCampaignForm } from './plan-campaign-form';
import { CHANNELS, STATUSES } from './values';

const route = getRouteApi('/campaigns');

function CampaignRow({ campaign }: { campaign: components['schemas']['CampaignRow'] }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <li className="list-row">
      <Group justify="space-between" gap="xs">
        <Group gap="xs">
          <LinkTo to="/campaigns/$campaignId" params={{ campaignId: campaign.id }} className="cover" fw={600}>
            {campaign.name}
          </LinkTo>
          <CampaignStatusBadge status={campaign.status} />
          <Text size="sm" c="dimmed">
            {campaign.code}
          </Text>
        </Group>
        <Text size="sm" c="dimmed">
          {format.day(campaign.starts_on)} – {format.day(campaign.ends_on)}
        </Text>
      </Group>
      <Group gap="md">
        <Text size="sm">{t('campaign.leads', { count: campaign.leads, number: format.number(campaign.leads) })}</Text>
        <Text size="sm" className="tabular">
          {t('campaign.costOf', { cost: format.money(campaign.cost), budget: format.money(campaign.budget) })}
        </Text>
        <Text size="sm" className="tabular">
          {t('campaign.revenueOf', { revenue: campaign.revenue.map(format.money).join(' + ') || '–' })}
        </Text>
      </Group>
    </li>
  );
}

export function CampaignsPage() {
  const { t } = useTranslation();
  const me = useMe();
  const { q, status, channel } = route.useSearch();
  const navigate = useNavigate({ from: '/campaigns' });
  const [planning, setPlanning] = useState(false);
  const change = (values: { q?: string; status?: string; channel?: string }) =>
    void navigate({ search: (before) => ({ ...before, ...values }), replace: true });
  const pages = usePages(['campaigns', q, status, channel], (cursor, signal) =>
    body(
      marketing.GET('/v1/campaigns', {
        params: { query: { q, status: status as CampaignStatus, channel: channel as CampaignChannel, cursor, limit: 25 } },
        signal,
      }),
    ),
  );
  return (
    <Page
      title={t('nav.campaigns')}
      actions={
        hasRole(me, ...MAY.writeCampaigns) && (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setPlanning(true)}>
            {t('campaign.plan')}
          </Button>
        )
      }
    >
      <Paper className="surface" p="sm" component="search">
        <Group align="end" gap="sm">
          <SearchInput label={t('campaign.search')} value={q} onSearch={(text) => change({ q: text })} />
          <FilterSelect
            label={t('field.status')}
            value={status}
            options={STATUSES.map((value) => ({ value, label: t(`enum.campaignStatus.${value}`) }))}
            onChange={(value) => change({ status: value })}
          />
          <FilterSelect
            label={t('field.channel')}
            value={channel}
            options={CHANNELS.map((value) => ({ value, label: t(`enum.channel.${value}`) }))}
            onChange={(value) => change({ channel: value })}
          />
        </Group>
      </Paper>
      <AwaitPages pages={pages} empty={<Empty text={t(q || status || channel ? 'campaign.noMatch' : 'campaign.empty')} />}>
        {() => (
          <ul className="list" aria-label={t('nav.campaigns')}>
            {pages.items.map((campaign) => (
              <CampaignRow key={campaign.id} campaign={campaign} />
            ))}
          </ul>
        )}
      </AwaitPages>
      <Dialog opened={planning} onClose={() => setPlanning(false)} title={t('campaign.plan')}>
        <PlanCampaignForm onClose={() => setPlanning(false)} />
      </Dialog>
    </Page>
  );
}
