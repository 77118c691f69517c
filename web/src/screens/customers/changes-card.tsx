/** Who changed what of the customer, newest first. */
import { Group, Stack, Text, Tooltip } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { body, customer } from '@/api/client';
import { usePages } from '@/api/queries';
import type { CustomerChange } from '@/api/types';
import { Card } from '@/components/card';
import { AwaitPages, Empty } from '@/components/states';
import { useNow } from '@/components/use-now';
import { useFormat } from '@/format/use-format';
import { addressLine } from './contact-card';
import { shown } from './changed-value';

const PAGE = 5;

type Field = CustomerChange['fields'][number];

function FieldLine({ field }: { field: Field }) {
  const { t, i18n } = useTranslation();
  const key = `enum.customerField.${field.name}`;
  const label = i18n.exists(key) ? t(key as 'enum.customerField.tier') : field.name;
  const nothing = t('view.changes.nothing');
  return (
    <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
      {t('view.changes.field', {
        field: label,
        before: shown(field.from, addressLine) || nothing,
        after: shown(field.to, addressLine) || nothing,
        interpolation: { escapeValue: false },
      })}
    </Text>
  );
}

/** A person, or for what an event caused the service that told of it. */
function useAuthor() {
  const { t, i18n } = useTranslation();
  return (change: CustomerChange): string => {
    if (!change.by.startsWith('service:')) return change.by;
    const key = `enum.changeCause.${change.causes[0]?.type.split('.')[0]}`;
    return i18n.exists(key) ? t(key as 'enum.changeCause.sales') : t('enum.actor.system');
  };
}

export function ChangesCard({ customerId }: { customerId: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  const author = useAuthor();
  const pages = usePages(['changes', customerId], (cursor, signal) =>
    body(
      customer.GET('/v1/customers/{customer_id}/changes', {
        params: { path: { customer_id: customerId }, query: { cursor, limit: PAGE } },
        signal,
      }),
    ),
  );
  return (
    <Card title={t('view.changes.title')}>
      <AwaitPages pages={pages} empty={<Empty text={t('view.changes.none')} />}>
        {() => (
          <Stack component="ol" gap="sm" m={0} p={0} style={{ listStyle: 'none' }} aria-label={t('view.changes.title')}>
            {pages.items.map((change) => (
              <li key={change.version} data-version={change.version}>
                <Group justify="space-between" gap="xs">
                  <Text fw={600}>{author(change)}</Text>
                  <Tooltip label={format.dateTime(change.at)}>
                    <Text component="time" dateTime={change.at} size="sm" c="dimmed" tabIndex={0}>
                      {format.ago(change.at, now)}
                    </Text>
                  </Tooltip>
                </Group>
                {change.version === 1 && <Text size="sm">{t('view.changes.registered')}</Text>}
                {change.fields.map((field) => (
                  <FieldLine key={field.name} field={field} />
                ))}
              </li>
            ))}
          </Stack>
        )}
      </AwaitPages>
    </Card>
  );
}
