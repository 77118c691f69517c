/** Shown instead of a reload when somebody has typed something: log in beside this page, then send again. */
import { Anchor, Button, Group, Stack, Text } from '@mantine/core';
import { useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { onSessionChange, reload, sessionContinues, sessionHasEnded } from '@/api/session';
import { Dialog } from '@/components/dialog';

export function SessionEnded() {
  const { t } = useTranslation();
  const ended = useSyncExternalStore(onSessionChange, sessionHasEnded);
  return (
    <Dialog topmost opened={ended} onClose={sessionContinues} title={t('session.ended')} size="md">
      <Stack gap="md">
        <Text>{t('session.unsaved')}</Text>
        <Anchor href="/" target="_blank" rel="noopener">
          {t('session.logInBeside')}
        </Anchor>
        <Group justify="flex-end">
          <Button variant="default" onClick={reload}>
            {t('session.reload')}
          </Button>
          <Button onClick={sessionContinues}>{t('session.back')}</Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
