/** The frame of every page: one h1, the document title, room for actions. */
import { Group, Stack, Title } from '@mantine/core';
import { useEffect, type ReactNode } from 'react';

interface PageProps {
  title: string;
  badges?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

export function Page({ title, badges, actions, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · CRM`;
  }, [title]);
  return (
    <Stack gap="md">
      <Group justify="space-between" gap="sm">
        <Group gap="xs">
          <Title order={1}>{title}</Title>
          {badges}
        </Group>
        {actions && <Group gap="xs">{actions}</Group>}
      </Group>
      {children}
    </Stack>
  );
}
