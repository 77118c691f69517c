/** Chooses who is on the line when the number alone does not say it. */
import { Button, Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { body, ifMatch, once, telephony } from '@/api/client';
import type { Call } from '@/api/types';
import { CustomerPicker } from '@/components/customer-picker';
import { useStep } from '@/components/use-step';
import { deskKey } from './use-desk';

export function Identify({ call }: { call: Call }) {
  const { t } = useTranslation();
  const identify = useStep({
    send: (customer_id: string, key) =>
      body(
        telephony.POST('/v1/calls/{call_id}/identify', {
          params: { path: { call_id: call.id } },
          headers: { ...ifMatch(call.version), ...once(key) },
          body: { customer_id },
        }),
      ),
    refresh: [deskKey],
  });
  return (
    <Stack gap="xs">
      {call.candidates.length > 0 && <Text size="sm">{t('agent.whoIsIt')}</Text>}
      <Group gap="xs">
        {call.candidates.map((candidate) => (
          <Button key={candidate.customer_id} variant="default" size="xs" disabled={identify.pending} onClick={() => identify.run(candidate.customer_id)}>
            {candidate.name ?? t('view.unnamed')}
          </Button>
        ))}
      </Group>
      <CustomerPicker label={t('agent.findCaller')} value={null} onChange={(customerId) => customerId && identify.run(customerId)} />
    </Stack>
  );
}
