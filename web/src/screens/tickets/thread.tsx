/** The conversation of a ticket, oldest first; what the customer never sees is marked. */
import { Badge, Group, Text } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ThreadEntry } from '@/api/types';
import { useFormat } from '@/format/use-format';

const COLOURS: Record<ThreadEntry['kind'], string> = { reply: 'cyan', message: 'gray', note: 'yellow', resolution: 'green' };

export function Thread({ entries }: { entries: ThreadEntry[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (entries.length === 0) return <Text c="dimmed">{t('ticket.noEntries')}</Text>;
  return (
    <ol className="list">
      {entries.map((entry) => {
        const internal = entry.kind === 'note' || entry.kind === 'resolution';
        return (
          <li key={entry.id} className="thread-entry" data-kind={entry.kind}>
            <Group gap="xs" justify="space-between">
              <Group gap={6}>
                <Badge color={COLOURS[entry.kind]} leftSection={internal ? <IconLock size={12} aria-hidden /> : undefined}>
                  {t(`enum.threadKind.${entry.kind}`)}
                </Badge>
                {entry.channel && <Text size="sm">{t(`enum.channel.${entry.channel}`)}</Text>}
              </Group>
              <Text size="sm" c="dimmed">
                {entry.author} · {format.dateTime(entry.occurred_at)}
              </Text>
            </Group>
            <Text className="prose" mt={4}>
              {entry.text}
            </Text>
          </li>
        );
      })}
    </ol>
  );
}
