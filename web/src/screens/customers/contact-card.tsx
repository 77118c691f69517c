/** Who the customer is and how to reach them. */
import { Anchor, Badge, Group, Stack, Text } from '@mantine/core';
import { IconMail, IconMapPin, IconPhone } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Customer, View360 } from '@/api/types';
import { Card } from '@/components/card';
import { PhoneLink } from '@/components/phone-link';
import { Provenance } from '@/components/provenance';
import { mailto } from '@/format/links';
import { tellerOf } from './told';

type Block = NonNullable<View360['customer']>;

type Address = Omit<Block['addresses'][number], 'label'>;

/** Chinese addresses go from the large to the small and without separators. */
export function addressLine({ street, city, region, postal_code, country }: Address): string {
  if (country === 'CN') {
    return [[region === city ? null : region, city, street].filter(Boolean).join(''), postal_code].filter(Boolean).join(' ');
  }
  return [street, [postal_code, city].filter(Boolean).join(' '), region, country].filter(Boolean).join(', ');
}

function Line({ icon, children }: { icon: ReactNode; children: ReactNode }) {
  return (
    <div style={{ display: 'grid', gridTemplateColumns: '24px minmax(0, 1fr)', alignItems: 'center' }}>
      {icon}
      <div>{children}</div>
    </div>
  );
}

function Label({ group, value }: { group: 'phoneLabel' | 'emailLabel'; value: unknown }) {
  const { t, i18n } = useTranslation();
  const key = `enum.${group}.${String(value)}`;
  if (typeof value !== 'string' || !i18n.exists(key)) return null;
  return (
    <Text span size="sm" c="dimmed">
      {' '}
      {t(key as never)}
    </Text>
  );
}

export function ContactCard({ customer, registeredFrom }: { customer: Block | null; registeredFrom: Customer['registered_from'] }) {
  const { t } = useTranslation();
  if (!customer) {
    return (
      <Card title={t('view.contact')}>
        <Text c="dimmed">{t('view.stub')}</Text>
      </Card>
    );
  }
  const nothing = customer.phones.length + customer.emails.length + customer.addresses.length === 0;
  return (
    <Card title={t('view.contact')} aside={<Provenance name={t('view.contact')} source={customer.source} />}>
      <Stack gap={6}>
        <Text size="sm">
          {t(`enum.customerKind.${customer.kind}`)}
          {customer.employer_name && ` · ${customer.employer_name}`}
        </Text>
        {customer.phones.map((phone) => (
          <Line key={`${phone.number} ${phone.extension ?? ''}`} icon={<IconPhone size={16} aria-hidden />}>
            <PhoneLink number={phone.number} extension={phone.extension} />
            <Label group="phoneLabel" value={phone.label} />
          </Line>
        ))}
        {customer.emails.map((email) => (
          <Line key={email.address} icon={<IconMail size={16} aria-hidden />}>
            <Anchor href={mailto(email.address)}>{email.address}</Anchor>
            <Label group="emailLabel" value={email.label} />
          </Line>
        ))}
        {customer.addresses.map((address, row) => (
          <Line key={row} icon={<IconMapPin size={16} aria-hidden />}>
            {addressLine(address)}
          </Line>
        ))}
        {customer.tags.length > 0 && (
          <Group gap={6} role="group" aria-label={t('view.tags')}>
            {customer.tags.map((tag) => (
              <Badge key={tag} color="gray">
                {tag}
              </Badge>
            ))}
          </Group>
        )}
        {nothing && <Text c="dimmed">{t('view.noContact')}</Text>}
        {registeredFrom && (
          <Text size="sm" c="dimmed">
            {t('told.registeredFrom', { teller: tellerOf(registeredFrom, t) })}
          </Text>
        )}
      </Stack>
    </Card>
  );
}
