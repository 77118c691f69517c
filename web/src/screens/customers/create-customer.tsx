/** Registers a person or a company; likely duplicates are shown while typing. */
import { ActionIcon, Alert, Button, Group, SegmentedControl, Select, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { body, customer, once } from '@/api/client';
import type { CreateCustomer, CustomerMatch } from '@/api/types';
import { FormFrame, useForm } from '@/components/form';
import { notifyDone } from '@/components/notify';
import { LinkTo } from '@/components/link-to';

interface Values {
  kind: 'person' | 'company';
  given_name: string;
  family_name: string;
  company_name: string;
  employer_name: string;
  phones: string[];
  emails: string[];
  tier: 'A' | 'B' | 'C' | null;
  language: 'en' | 'zh' | null;
}

const HAN = /^\p{Script=Han}+$/u;
const PAUSE_MS = 400;

/** Chinese writes the family name first and without a space. */
function fullName({ kind, given_name, family_name, company_name }: Values): string {
  if (kind === 'company') return company_name.trim();
  const given = given_name.trim();
  const family = family_name.trim();
  return HAN.test(given + family) ? family + given : `${given} ${family}`.trim();
}

const filled = (values: string[]) => values.map((value) => value.trim()).filter(Boolean);
/** The place in the request of what this row holds. */
const placeOf = (values: string[], row: number) => filled(values.slice(0, row)).length;

function toBody(values: Values): CreateCustomer {
  const { kind, tier, language } = values;
  const names =
    kind === 'person'
      ? {
          given_name: values.given_name.trim() || null,
          family_name: values.family_name.trim() || null,
          employer_name: values.employer_name.trim() || null,
        }
      : { company_name: values.company_name.trim() || null };
  return {
    kind,
    tier,
    language,
    ...names,
    phones: filled(values.phones).map((number) => ({ number })),
    emails: filled(values.emails).map((address) => ({ address })),
  };
}

/** Who may already be this customer. Half-typed e-mail addresses are left out, because the service refuses them. */
function useDuplicates(values: Values) {
  const [asked] = useDebouncedValue(
    {
      full_name: fullName(values) || undefined,
      phones: filled(values.phones).filter((phone) => phone.replace(/\D/g, '').length >= 7),
      emails: filled(values.emails).filter((email) => /^[^@\s]+@[^@\s]+\.[^@\s]{2,}$/.test(email)),
    },
    PAUSE_MS,
  );
  const enough = Boolean(asked.full_name && asked.full_name.length > 1) || asked.phones.length > 0 || asked.emails.length > 0;
  return useQuery({
    queryKey: ['customers', 'match', asked],
    queryFn: ({ signal }) => body(customer.POST('/v1/customers/match', { body: asked, signal })),
    enabled: enough,
    retry: false,
    placeholderData: (before) => (enough ? before : undefined),
  });
}

function Duplicates({ found }: { found: CustomerMatch[] }) {
  const { t } = useTranslation();
  return (
    <Alert color="yellow" role="status" title={t('customers.duplicates')}>
      <Stack gap={4} component="ul" m={0} pl="md">
        {found.slice(0, 5).map((match) => (
          <li key={match.customer.id}>
            <LinkTo to="/customers/$customerId" params={{ customerId: match.customer.id }}>
              {match.customer.display_name}
            </LinkTo>{' '}
            <Text span size="sm">
              {t('customers.score', { score: match.score })} · {match.reasons.map((reason) => t(`enum.matchReason.${reason}`)).join(', ')}
            </Text>
          </li>
        ))}
      </Stack>
    </Alert>
  );
}

interface ContactListProps {
  label: string;
  addLabel: string;
  type: 'tel' | 'email';
  values: string[];
  errorOf: (row: number) => string | undefined;
  onChange: (values: string[]) => void;
}

function ContactList({ label, addLabel, type, values, errorOf, onChange }: ContactListProps) {
  const { t } = useTranslation();
  const replace = (row: number, text: string) => onChange(values.map((value, index) => (index === row ? text : value)));
  return (
    <Stack gap="xs">
      {values.map((value, row) => (
        <Group key={row} gap="xs" align="end" wrap="nowrap">
          <TextInput
            flex={1}
            type={type}
            label={values.length > 1 ? `${label} ${row + 1}` : label}
            value={value}
            maxLength={type === 'tel' ? 60 : 400}
            error={errorOf(row)}
            onChange={(event) => replace(row, event.currentTarget.value)}
          />
          {values.length > 1 && (
            <ActionIcon
              variant="subtle"
              color="gray"
              size="lg"
              aria-label={t('action.removeNamed', { name: `${label} ${row + 1}` })}
              onClick={() => onChange(values.filter((_, index) => index !== row))}
            >
              <IconTrash size={18} aria-hidden />
            </ActionIcon>
          )}
        </Group>
      ))}
      <Button variant="subtle" size="compact-sm" leftSection={<IconPlus size={14} aria-hidden />} onClick={() => onChange([...values, ''])} w="fit-content">
        {addLabel}
      </Button>
    </Stack>
  );
}

export function CreateCustomerForm({ onCancel }: { onCancel: () => void }) {
  const { t, i18n } = useTranslation();
  const cache = useQueryClient();
  const navigate = useNavigate();
  const form = useForm({
    initial: {
      kind: 'person',
      given_name: '',
      family_name: '',
      company_name: '',
      employer_name: '',
      phones: [''],
      emails: [''],
      tier: null,
      language: i18n.language === 'zh' ? 'zh' : 'en',
    } as Values,
    send: (values, key) => body(customer.POST('/v1/customers', { body: toBody(values), headers: once(key) })),
    check: (values) => (fullName(values) ? {} : { [values.kind === 'person' ? 'family_name' : 'company_name']: t('form.required') }),
    onDone: (created) => {
      notifyDone(t('customers.created', { name: created.display_name }));
      void cache.invalidateQueries({ queryKey: ['customers'] });
      void navigate({ to: '/customers/$customerId', params: { customerId: created.id } });
    },
  });
  const { values, set, error } = form;
  const duplicates = useDuplicates(values).data?.items ?? [];
  const text = (name: 'given_name' | 'family_name' | 'company_name' | 'employer_name', maxLength: number) => (
    <TextInput
      key={name}
      label={t(`field.${name}`)}
      value={values[name]}
      maxLength={maxLength}
      error={error(name)}
      onChange={(event) => set(name, event.currentTarget.value)}
    />
  );
  const names = i18n.language === 'zh' ? (['family_name', 'given_name'] as const) : (['given_name', 'family_name'] as const);
  return (
    <FormFrame form={form} submitLabel={t('action.create')} onCancel={onCancel}>
      <SegmentedControl
        aria-label={t('field.kind')}
        value={values.kind}
        onChange={(kind) => set('kind', kind as Values['kind'])}
        data={(['person', 'company'] as const).map((value) => ({ value, label: t(`enum.customerKind.${value}`) }))}
      />
      {values.kind === 'person' ? (
        <>
          <SimpleGrid cols={{ base: 1, xs: 2 }}>{names.map((name) => text(name, 100))}</SimpleGrid>
          {text('employer_name', 200)}
        </>
      ) : (
        text('company_name', 200)
      )}
      <ContactList
        label={t('field.phone')}
        addLabel={t('customers.addPhone')}
        type="tel"
        values={values.phones}
        errorOf={(row) => (values.phones[row]?.trim() ? error(`phones.${placeOf(values.phones, row)}.number`) : undefined)}
        onChange={(phones) => set('phones', phones)}
      />
      <ContactList
        label={t('field.email')}
        addLabel={t('customers.addEmail')}
        type="email"
        values={values.emails}
        errorOf={(row) => (values.emails[row]?.trim() ? error(`emails.${placeOf(values.emails, row)}.address`) : undefined)}
        onChange={(emails) => set('emails', emails)}
      />
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <Select label={t('field.tier')} data={['A', 'B', 'C']} value={values.tier} clearable clearButtonProps={{ 'aria-label': t('filter.clear', { name: t('field.tier') }) }} onChange={(tier) => set('tier', tier as Values['tier'])} />
        <Select
          label={t('field.language')}
          data={(['zh', 'en'] as const).map((value) => ({ value, label: t(`enum.language.${value}`) }))}
          value={values.language}
          onChange={(language) => set('language', language as Values['language'])}
        />
      </SimpleGrid>
      {duplicates.length > 0 && <Duplicates found={duplicates} />}
    </FormFrame>
  );
}
