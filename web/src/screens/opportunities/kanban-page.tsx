/** The opportunities as a kanban board; one opportunity opens beside it. */
import { Button, Group, SegmentedControl } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { body, sales } from '@/api/client';
import type { Opportunity, Stage } from '@/api/types';
import { hasRole, useMe } from '@/app/me';
import { MAY } from '@/app/permissions';
import { Dialog } from '@/components/dialog';
import { Page } from '@/components/page';
import { Await, Empty } from '@/components/states';
import { KanbanBoard } from './kanban-board';
import { LostReasonModal } from './lost-reason';
import { OpportunityDrawer } from './opportunity-drawer';
import { OpportunityForm } from './opportunity-form';
import { useMove } from './use-move';

const route = getRouteApi('/opportunities');
const CARDS = 50;

export function KanbanPage() {
  const { t } = useTranslation();
  const me = useMe();
  const { owner, opportunity } = route.useSearch();
  const navigate = useNavigate({ from: '/opportunities' });
  const change = (values: { owner?: string; opportunity?: string }) =>
    void navigate({ search: (before) => ({ ...before, ...values }), replace: true });
  const [creating, setCreating] = useState(false);
  const [losing, setLosing] = useState<Opportunity | null>(null);
  const pipeline = useQuery({
    queryKey: ['pipeline', owner],
    queryFn: ({ signal }) => body(sales.GET('/v1/pipeline', { params: { query: { owner, cards: CARDS } }, signal })),
  });
  const move = useMove();
  const writes = hasRole(me, ...MAY.writeSales);
  const moveTo = (card: Opportunity, stage: Stage) => {
    if (stage === 'lost') setLosing(card);
    else move.mutate({ card, stage });
  };
  const empty = pipeline.data?.stages.every((column) => column.count === 0);
  return (
    <Page
      title={t('nav.opportunities')}
      actions={
        <Group gap="xs">
          <SegmentedControl
            aria-label={t('field.owner')}
            data={[
              { value: 'all', label: t('filter.all') },
              { value: 'me', label: t('filter.owner.me') },
            ]}
            value={owner === 'me' ? 'me' : 'all'}
            onChange={(value) => change({ owner: value === 'me' ? 'me' : undefined })}
          />
          {writes && (
            <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setCreating(true)}>
              {t('opportunity.create')}
            </Button>
          )}
        </Group>
      }
    >
      <Await query={pipeline} rows={6}>
        {() =>
          pipeline.data && (
            <>
              {empty && <Empty text={t('kanban.empty')} />}
              <KanbanBoard pipeline={pipeline.data} movable={writes} onMove={moveTo} />
            </>
          )
        }
      </Await>
      <LostReasonModal
        name={losing?.name ?? null}
        onCancel={() => setLosing(null)}
        onChosen={(lostReason) => {
          if (losing) move.mutate({ card: losing, stage: 'lost', lostReason });
          setLosing(null);
        }}
      />
      <OpportunityDrawer opportunityId={opportunity} onMove={moveTo} onClose={() => change({ opportunity: undefined })} />
      <Dialog opened={creating} onClose={() => setCreating(false)} title={t('opportunity.create')}>
        <OpportunityForm onClose={() => setCreating(false)} />
      </Dialog>
    </Page>
  );
}
