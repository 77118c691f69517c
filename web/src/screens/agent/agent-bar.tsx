/** The bar of a call agent: state, and the call that is offered, running or to be wrapped up. */
import { AppShell, Group, Select, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { body, ifMatch, telephony } from '@/api/client';
import type { BreakReason, Desk } from '@/api/types';
import { LiveMark } from '@/components/live-mark';
import { useNow } from '@/components/use-now';
import { useStep } from '@/components/use-step';
import { formatClock } from '@/format/dates';
import { CallCard } from './call-card';
import { deskKey, useDesk } from './use-desk';

const REASONS: BreakReason[] = ['rest', 'lunch', 'meeting', 'training', 'other'];

/** States that the agent chooses; the others follow from the call. */
function StateSwitch({ agent }: { agent: Desk['agent'] }) {
  const { t } = useTranslation();
  const choose = useStep({
    send: (choice: string) => {
      const [state, reason] = choice.split(':') as ['offline' | 'available' | 'break', BreakReason | undefined];
      return body(
        telephony.PUT('/v1/agents/me/state', {
          headers: agent.version > 0 ? ifMatch(agent.version) : {},
          body: { state, ...(reason ? { reason } : {}) },
        }),
      );
    },
    refresh: [deskKey, ['queue']],
  });
  const busy = agent.state === 'offered' || agent.state === 'on-call' || agent.state === 'wrap-up';
  if (busy) return <Text fw={600}>{t(`enum.agentState.${agent.state}`)}</Text>;
  const choices = [
    { value: 'available', label: t('enum.agentState.available') },
    ...REASONS.map((reason) => ({ value: `break:${reason}`, label: t('agent.breakFor', { reason: t(`enum.breakReason.${reason}`) }) })),
    { value: 'offline', label: t('enum.agentState.offline') },
  ];
  const known = REASONS.some((reason) => reason === agent.reason);
  return (
    <Select
      aria-label={t('agent.state')}
      data={choices}
      value={agent.state === 'break' ? `break:${known ? agent.reason : 'other'}` : agent.state}
      allowDeselect={false}
      disabled={choose.pending}
      w={{ base: 150, xs: 200 }}
      onChange={(choice) => choice && choose.run(choice)}
    />
  );
}

export function AgentBar() {
  const { t } = useTranslation();
  const now = useNow(1_000);
  const { desk, live } = useDesk();
  const agent = desk.data?.agent;
  return (
    <>
      <AppShell.Footer px="md" className="frame" aria-label={t('agent.bar')}>
        <Group h="100%" justify="space-between" wrap="nowrap" gap="xs">
          <Group gap="xs" wrap="nowrap">
            {agent && <StateSwitch agent={agent} />}
            {agent?.state_since && (
              <Text className="tabular" size="sm" c="dimmed" aria-hidden>
                {formatClock((now - Date.parse(agent.state_since)) / 1000)}
              </Text>
            )}
            {agent?.reason === 'no-answer' && (
              <Text size="sm" c="var(--mantine-color-error)" visibleFrom="xs">
                {t('agent.noAnswer')}
              </Text>
            )}
            {desk.isError && (
              <Text size="sm" c="var(--mantine-color-error)" role="alert">
                {t('agent.unreachable')}
              </Text>
            )}
          </Group>
          <LiveMark state={live} />
        </Group>
      </AppShell.Footer>
      {desk.data?.call && <CallCard key={desk.data.call.id} call={desk.data.call} />}
    </>
  );
}
