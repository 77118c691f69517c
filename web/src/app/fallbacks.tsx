/** Pages for an address that does not exist and for a page that broke. */
import { Button, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Page } from '@/components/page';
import { LinkTo } from '@/components/link-to';

export function NotFoundPage() {
  const { t } = useTranslation();
  return (
    <Page title={t('notFound.title')}>
      <Text>{t('notFound.text')}</Text>
      <LinkTo to="/">
        {t('nav.home')}
      </LinkTo>
    </Page>
  );
}

export function PageFailure({ reset }: { reset: () => void }) {
  const { t } = useTranslation();
  return (
    <Page title={t('broken.title')}>
      <Stack align="flex-start">
        <Text>{t('broken.text')}</Text>
        <Button onClick={reset}>{t('action.retry')}</Button>
      </Stack>
    </Page>
  );
}
