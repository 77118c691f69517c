/** Nothing is shown before we know who is logged in. */
import { Button, Center, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { asProblem } from '@/api/problem';
import { reload } from '@/api/session';
import { Failure, Loading } from '@/components/states';
import { meQuery } from './me';
import { Shell } from './shell';

export function Boot() {
  const { t } = useTranslation();
  const me = useQuery(meQuery);
  if (me.data) return <Shell />;
  if (me.isPending) {
    return (
      <Center component="main" h="60vh">
        <Stack w={320}>
          <Title order={1} ta="center">
            CRM
          </Title>
          <Loading rows={3} />
        </Stack>
      </Center>
    );
  }
  return (
    <Center component="main" h="60vh" p="md">
      <Stack>
        <Title order={1}>CRM</Title>
        {asProblem(me.error).status === 401 ? (
          <>
            <Text>{t('session.notLoggedIn')}</Text>
            <Button onClick={reload}>{t('session.logIn')}</Button>
          </>
        ) : (
          <Failure error={me.error} onRetry={() => void me.refetch()} />
        )}
      </Stack>
    </Center>
  );
}
