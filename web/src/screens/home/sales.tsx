/** What a rep looks at first: my open leads, my opportunities, and those past their date. */
import { Badge, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { body, sales } from '@/api/client';
import { LeadStatusBadge, StageBadge } from '@/components/badges';
import { Card } from '@/components/card';
import { LinkTo } from '@/components/link-to';
import { Await, Empty } from '@/components/states';
import { useNow } from '@/components/use-now';
import { useFormat } from '@/format/use-format';
import { isOpen } from '@/screens/opportunities/stages';

const SHOWN = 6;

export function MyLeads() {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  const query = useQuery({
    queryKey: ['leads', 'home'],
    queryFn: async ({ signal }) => {
      const read = (status: 'new' | 'qualified') =>
        body(sales.GET('/v1/leads', { params: { query: { owner: 'me', status, limit: SHOWN } }, signal }));
      const [fresh, qualified] = await Promise.all([read('new'), read('qualified')]);
      return [...fresh.items, ...qualified.items].slice(0, SHOWN);
    },
  });
  return (
    <Card title={t('home.myLeads')} aside={<LinkTo to="/leads" search={{ owner: 'me' }}>{t('action.all')}</LinkTo>}>
      <Await query={query}>
        {() =>
          query.data?.length === 0 ? (
            <Empty text={t('home.noLeads')} />
          ) : (
            <ul className="list">
              {query.data?.map((lead) => (
                <li key={lead.id} className="list-row">
                  <Group justify="space-between" gap="xs">
                    <LinkTo to="/leads" search={{ lead: lead.id, owner: 'me' }} className="cover">
                      {lead.full_name ?? lead.company_name}
                    </LinkTo>
                    <Group gap={6}>
                      <LeadStatusBadge status={lead.status} />
                      <Text size="sm" c="dimmed">
                        {format.ago(lead.received_at, now)}
                      </Text>
                    </Group>
                  </Group>
                </li>
              ))}
            </ul>
          )
        }
      </Await>
    </Card>
  );
}

export function MyOpportunities() {
  const { t } = useTranslation();
  const format = useFormat();
  const query = useQuery({
    queryKey: ['pipeline', 'me'],
    queryFn: ({ signal }) => body(sales.GET('/v1/pipeline', { params: { query: { owner: 'me', cards: 50 } }, signal })),
  });
  const open = query.data?.stages.filter((column) => isOpen(column.stage)) ?? [];
  const overdue = open.flatMap((column) => column.cards).filter((card) => card.expected_close_on && card.expected_close_on < query.data!.today);
  return (
    <Card title={t('home.myOpportunities')} aside={<LinkTo to="/opportunities" search={{ owner: 'me' }}>{t('action.all')}</LinkTo>}>
      <Await query={query}>
        {() => (
          <Stack>
            <ul className="list">
              {open.map((column) => (
                <Group component="li" key={column.stage} justify="space-between">
                  <Group gap="xs">
                    <StageBadge stage={column.stage} />
                    <Text size="sm">{t('home.count', { count: column.count, number: format.number(column.count) })}</Text>
                  </Group>
                  <Text className="tabular">{column.sums.map(format.money).join(' + ') || '–'}</Text>
                </Group>
              ))}
            </ul>
            {overdue.length > 0 && (
              <Stack gap={6}>
                <Text fw={600}>{t('home.pastDate')}</Text>
                <ul className="list">
                  {overdue.slice(0, SHOWN).map((card) => (
                    <li key={card.id} className="list-row overdue">
                      <Group justify="space-between" gap="xs">
                        <LinkTo to="/opportunities" search={{ opportunity: card.id, owner: 'me' }} className="cover">
                          {card.name}
                        </LinkTo>
                        <Badge color="red">{format.day(card.expected_close_on!)}</Badge>
                      </Group>
                    </li>
                  ))}
                </ul>
              </Stack>
            )}
          </Stack>
        )}
      </Await>
    </Card>
  );
}
