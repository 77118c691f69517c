/** Where a block comes from and how old it is, shown on hover and on focus. */
import { ActionIcon, Stack, Text, Tooltip } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Source } from '@/api/types';
import { useFormat } from '@/format/use-format';

export function Provenance({ name, source }: { name: string; source: Source | null }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (!source) return null;
  const lines = [
    t('provenance.type', { type: source.type }),
    t('provenance.event', { id: source.event_id }),
    t('provenance.time', { time: format.dateTime(source.time) }),
    t('provenance.lag', { lag: format.lag(source.lag_ms) }),
  ];
  return (
    <Tooltip
      multiline
      maw={320}
      label={
        <Stack gap={2}>
          {lines.map((line) => (
            <Text key={line} size="xs">
              {line}
            </Text>
          ))}
        </Stack>
      }
    >
      <ActionIcon variant="subtle" color="gray" size="sm" aria-label={`${t('provenance.label', { name })}: ${lines.join('; ')}`}>
        <IconInfoCircle size={16} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}
