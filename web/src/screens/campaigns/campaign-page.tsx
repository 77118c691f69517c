/** One campaign: its plan, its cost ledger and what it brought in. */
import { Button, Group, SimpleGrid, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { body, ifMatch, marketing, once } from '@/api/client';
import type { Campaign } from '@/api/types';
import { hasRole, useMe } from '@/app/me';
import { MAY } from '@/app/permissions';
import { CampaignStatusBadge } from '@/components/badges';
import { Card } from '@/components/card';
import { Details } from '@/components/details';
import { Page } from '@/components/page';
import { Await } from '@/components/states';
import { useStep } from '@/components/use-step';
import { useFormat } from '@/format/use-format';
import { Costs } from './costs';
import { Results } from './results';

const STEPS = { planned: ['start'], running: ['pause', 'finish'], paused: ['start', 'finish'], finished: [] } as const;

function Steps({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation();
  const step = useStep({
    send: (name: 'start' | 'pause' | 'finish', key) =>
      body(
        marketing.POST(`/v1/campaigns/{campaign_id}/${name}`, {
          params: { path: { campaign_id: campaign.id } },
          headers: { ...ifMatch(campaign.version), ...once(key) },
        }),
      ),
    refresh: [['campaign', campaign.id], ['campaigns']],
    done: t('campaign.changed'),
  });
  return (
    <Group gap="xs">
      {STEPS[campaign.status].map((name) => (
        <Button key={name} variant={name === 'start' ? 'filled' : 'default'} loading={step.pending} onClick={() => step.run(name)}>
          {t(`campaign.${name}`)}
        </Button>
      ))}
    </Group>
  );
}

export function CampaignPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const me = useMe();
  const { campaignId } = useParams({ from: '/campaigns/$campaignId' });
  const query = useQuery({
    queryKey: ['campaign', campaignId],
    queryFn: ({ signal }) => body(marketing.GET('/v1/campaigns/{campaign_id}', { params: { path: { campaign_id: campaignId } }, signal })),
  });
  const campaign = query.data;
  const writes = hasRole(me, ...MAY.writeCampaigns);
  return (
    <Page
      title={campaign?.name ?? t('campaign.one')}
      badges={campaign && <CampaignStatusBadge status={campaign.status} />}
      actions={campaign && writes && <Steps campaign={campaign} />}
    >
      <Await query={query}>
        {() =>
          campaign && (
            <SimpleGrid cols={{ base: 1, md: 2 }} style={{ alignItems: 'start' }}>
              <Stack>
                <Results campaignId={campaign.id} />
                <Card title={t('campaign.planOf')}>
                  <Details
                    rows={[
                      [t('campaign.code'), campaign.code],
                      [t('campaign.dates'), `${format.day(campaign.starts_on)} – ${format.day(campaign.ends_on)}`],
                      [t('field.channel'), campaign.channels.map((channel) => t(`enum.channel.${channel}`)).join(', ')],
                      [t('campaign.budget'), format.money(campaign.budget)],
                      [t('field.owner'), campaign.owner],
                      [t('campaign.target'), campaign.target_notes],
                    ]}
                  />
                </Card>
              </Stack>
              <Costs campaign={campaign} writes={writes} />
            </SimpleGrid>
          )
        }
      </Await>
    </Page>
  );
}
