/** One opportunity: its facts, lines, history, and the steps from here. */
import { Group, Select, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { body, sales } from '@/api/client';
import type { Opportunity, Order, Stage } from '@/api/types';
import { hasRole, useMe } from '@/app/me';
import { MAY } from '@/app/permissions';
import { StageBadge } from '@/components/badges';
import { Details } from '@/components/details';
import { SidePanel } from '@/components/dialog';
import { LinesTable } from '@/components/lines-table';
import { LinkTo } from '@/components/link-to';
import { Await } from '@/components/states';
import { useFormat } from '@/format/use-format';
import { OrderLinks, PlaceOrder, useOrdersOf } from './place-order';
import { STAGES } from './stages';

function Facts({ one }: { one: Opportunity }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Details
      rows={[
        [
          t('field.customer'),
          <LinkTo to="/customers/$customerId" params={{ customerId: one.customer_id }}>
            {one.customer_name ?? t('view.unnamed')}
          </LinkTo>,
        ],
        [t('field.amount'), format.money(one.amount)],
        [t('field.owner'), one.owner_id],
        [t('field.expectedCloseOn'), one.expected_close_on && format.day(one.expected_close_on)],
        [t('opportunity.closedOn'), one.closed_on && format.day(one.closed_on)],
        [t('kanban.lostReason'), one.lost_reason && t(`enum.lostReason.${one.lost_reason}`)],
        [t('field.campaign_code'), one.campaign_code],
        [t('field.partner'), one.partner_id],
      ]}
    />
  );
}

interface StepsProps {
  one: Opportunity;
  orders: Order[] | undefined;
  onMove: (card: Opportunity, stage: Stage) => void;
}

function Steps({ one, orders, onMove }: StepsProps) {
  const { t } = useTranslation();
  return (
    <Group align="end" gap="sm">
      <Select
        label={t('kanban.moveTo')}
        data={STAGES.map((value) => ({ value, label: t(`enum.stage.${value}`) }))}
        value={one.stage}
        allowDeselect={false}
        onChange={(stage) => stage && stage !== one.stage && onMove(one, stage as Stage)}
      />
      {one.lines.length > 0 && one.stage !== 'lost' && <PlaceOrder one={one} orders={orders} />}
    </Group>
  );
}

function OpportunityView({ one, onMove }: Pick<StepsProps, 'one' | 'onMove'>) {
  const { t } = useTranslation();
  const me = useMe();
  const orders = useOrdersOf(one.id);
  return (
    <Stack gap="lg">
      <Facts one={one} />
      {orders && orders.length > 0 && (
        <section>
          <Title order={2} size="h4" mb="xs">
            {t('nav.orders')}
          </Title>
          <OrderLinks orders={orders} />
        </section>
      )}
      {hasRole(me, ...MAY.writeSales) && <Steps one={one} orders={orders} onMove={onMove} />}
      {one.lines.length > 0 && <LinesTable lines={one.lines} />}
      <History one={one} />
    </Stack>
  );
}

function History({ one }: { one: Opportunity }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <section>
      <Title order={2} size="h4" mb="xs">
        {t('opportunity.history')}
      </Title>
      <Stack component="ol" gap={6} m={0} p={0} style={{ listStyle: 'none' }}>
        {one.history.toReversed().map((entry) => (
          <Group component="li" key={`${entry.stage}${entry.at}`} gap="xs">
            <StageBadge stage={entry.stage} />
            <Text size="sm" c="dimmed">
              {format.dateTime(entry.at)} · {entry.by}
            </Text>
          </Group>
        ))}
      </Stack>
    </section>
  );
}

interface OpportunityDrawerProps {
  opportunityId: string | undefined;
  onMove: (card: Opportunity, stage: Stage) => void;
  onClose: () => void;
}

export function OpportunityDrawer({ opportunityId, onMove, onClose }: OpportunityDrawerProps) {
  const { t } = useTranslation();
  const query = useQuery({
    queryKey: ['opportunity', opportunityId],
    queryFn: ({ signal }) =>
      body(sales.GET('/v1/opportunities/{opportunity_id}', { params: { path: { opportunity_id: opportunityId! } }, signal })),
    enabled: opportunityId !== undefined,
  });
  const one = opportunityId === undefined ? undefined : query.data;
  return (
    <SidePanel
      opened={opportunityId !== undefined}
      onClose={onClose}
      title={
        <Group gap="xs">
          <Text fw={700} size="lg">
            {one?.name ?? t('view.opportunity')}
          </Text>
          {one && <StageBadge stage={one.stage} />}
        </Group>
      }
    >
      <Await query={query}>
        {() => one && <OpportunityView one={one} onMove={onMove} />}
      </Await>
    </SidePanel>
  );
}
