/** What a page shows while it loads, when there is nothing, and when something went wrong. */
import { Alert, Button, Center, Group, Skeleton, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconInbox } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { asProblem } from '@/api/problem';
import { inChinese } from '@/i18n';

export function Loading({ rows = 5 }: { rows?: number }) {
  const { t } = useTranslation();
  return (
    <Stack gap="sm" role="status" aria-label={t('state.loading')} aria-busy="true">
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} height={44} />
      ))}
    </Stack>
  );
}

export function Empty({ text, action }: { text: string; action?: ReactNode }) {
  return (
    <Center py="xl">
      <Stack align="center" gap="xs">
        <IconInbox size={36} aria-hidden opacity={0.6} />
        <Text c="dimmed" ta="center">
          {text}
        </Text>
        {action}
      </Stack>
    </Center>
  );
}

/** The problem in the reader's words where we have them for the code, else the detail that the service sent. */
export function useProblemText() {
  const { t, i18n } = useTranslation();
  return (error: unknown): string => {
    const problem = asProblem(error);
    const key = `problem.${problem.code}`;
    if (i18n.exists(key)) return t(key as 'problem.unknown');
    return inChinese('code', problem.code) ?? (problem.message || t('problem.unknown'));
  };
}

export function Failure({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t } = useTranslation();
  const text = useProblemText();
  const problem = asProblem(error);
  return (
    <Alert role="alert" color="red" icon={<IconAlertTriangle aria-hidden />} title={t('state.failed')}>
      <Stack gap="xs">
        <Text size="sm">{text(error)}</Text>
        <Group gap="sm">
          {onRetry && (
            <Button size="xs" variant="outline" color="red" onClick={onRetry}>
              {t('action.retry')}
            </Button>
          )}
          {problem.requestId && (
            <Text size="xs" c="dimmed">
              {t('state.request', { id: problem.requestId })}
            </Text>
          )}
        </Group>
      </Stack>
    </Alert>
  );
}

interface QueryLike {
  isPending: boolean;
  isError: boolean;
  error: unknown;
  refetch: () => unknown;
}

/** Chooses between the three states and the content. Content that we already have stays visible when a refetch fails. */
export function Await({ query, rows, children }: { query: QueryLike & { data?: unknown }; rows?: number; children: () => ReactNode }) {
  if (query.data === undefined && query.isPending) return <Loading rows={rows} />;
  return (
    <Stack gap="md">
      {query.isError && <Failure error={query.error} onRetry={() => void query.refetch()} />}
      {query.data !== undefined && children()}
    </Stack>
  );
}

interface PagesLike extends QueryLike {
  data?: unknown;
  items: unknown[];
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
}

/** A keyset list with its states and the "load more" button. */
export function AwaitPages({ pages, empty, children }: { pages: PagesLike; empty: ReactNode; children: () => ReactNode }) {
  const { t } = useTranslation();
  return (
    <Await query={pages}>
      {() => (
        <>
          {pages.items.length === 0 ? empty : children()}
          {pages.hasNextPage && (
            <Center>
              <Button variant="default" loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
                {t('action.more')}
              </Button>
            </Center>
          )}
        </>
      )}
    </Await>
  );
}
