/** What a call agent looks at first: the queue, who is at work, my last calls. */
import { Badge, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { body, telephony } from '@/api/client';
import { useMe } from '@/app/me';
import { Card } from '@/components/card';
import { LinkTo } from '@/components/link-to';
import { Await, Empty } from '@/components/states';
import { useNow } from '@/components/use-now';
import { formatClock } from '@/format/dates';
import { useFormat } from '@/format/use-format';

const REFRESH_MS = 5_000;
const SHOWN = 8;
const STATES = ['available', 'on-call', 'offered', 'wrap-up', 'break', 'offline'] as const;

function Figure({ label, value }: { label: string; value: string }) {
  return (
    <Stack gap={0}>
      <Text component="dt" size="sm" c="dimmed">
        {label}
      </Text>
      <Text component="dd" m={0} fw={700} size="xl" className="tabular">
        {value}
      </Text>
    </Stack>
  );
}

export function QueueCard() {
  const { t } = useTranslation();
  const format = useFormat();
  const query = useQuery({
    queryKey: ['queue'],
    queryFn: ({ signal }) => body(telephony.GET('/v1/queues/{queue_id}', { params: { path: { queue_id: 'main' } }, signal })),
    refetchInterval: REFRESH_MS,
  });
  const queue = query.data;
  return (
    <Card title={t('home.queue')}>
      <Await query={query} rows={2}>
        {() =>
          queue && (
            <Stack>
              <SimpleGrid component="dl" cols={3} m={0}>
                <Figure label={t('home.waiting')} value={format.number(queue.waiting)} />
                <Figure label={t('home.longestWait')} value={formatClock(queue.longest_wait_s)} />
                <Figure label={t('home.talking')} value={format.number(queue.in_conversation)} />
              </SimpleGrid>
              <Group gap={6}>
                {STATES.map((state) => (
                  <Badge key={state} color={state === 'available' ? 'green' : 'gray'}>
                    {t(`enum.agentState.${state}`)} {format.number(queue.agents[state])}
                  </Badge>
                ))}
              </Group>
            </Stack>
          )
        }
      </Await>
    </Card>
  );
}

export function MyCalls() {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  const me = useMe();
  const query = useQuery({
    queryKey: ['calls', 'mine'],
    queryFn: ({ signal }) => body(telephony.GET('/v1/calls', { params: { query: { agent_id: me.id, limit: SHOWN } }, signal })),
    refetchInterval: REFRESH_MS * 3,
  });
  return (
    <Card title={t('home.myCalls')}>
      <Await query={query}>
        {() =>
          query.data?.items.length === 0 ? (
            <Empty text={t('home.noCalls')} />
          ) : (
            <ul className="list">
              {query.data?.items.map((call) => (
                <li key={call.id} className="list-row">
                  <Group justify="space-between" gap="xs">
                    {call.customer ? (
                      <LinkTo to="/customers/$customerId" params={{ customerId: call.customer.customer_id }} className="cover">
                        {call.customer.name ?? call.customer_number}
                      </LinkTo>
                    ) : (
                      <Text className="tabular">{call.customer_number ?? t('agent.withheld')}</Text>
                    )}
                    <Group gap={6}>
                      <Badge color="gray">{call.disposition ? t(`enum.disposition.${call.disposition}`) : t(`enum.callStatus.${call.status}`)}</Badge>
                      <Text size="sm" c="dimmed">
                        {format.ago(call.received_at, now)}
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
