/** Finds a customer by name, e-mail or phone while typing. */
import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { body, customer } from '@/api/client';

interface CustomerPickerProps {
  value: string | null;
  onChange: (customerId: string | null) => void;
  error?: string;
  label?: string;
  required?: boolean;
}

interface Option {
  value: string;
  label: string;
}

const PAUSE_MS = 250;
const SHOWN = 20;

export function CustomerPicker({ value, onChange, error, label, required }: CustomerPickerProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState<Option | null>(null);
  // Choosing puts the label into the search box; that is not something to search for.
  const [q] = useDebouncedValue(typed === chosen?.label ? '' : typed.trim(), PAUSE_MS);
  const found = useQuery({
    queryKey: ['customers', 'picker', q],
    queryFn: ({ signal }) => body(customer.GET('/v1/customers', { params: { query: { q: q || undefined, limit: SHOWN } }, signal })),
    placeholderData: keepPreviousData,
  });
  const options: Option[] = (found.data?.items ?? []).map((one) => {
    const contact = one.phones[0]?.number ?? one.emails[0]?.address;
    return { value: one.id, label: contact ? `${one.display_name} · ${contact}` : one.display_name };
  });
  if (chosen && !options.some((option) => option.value === chosen.value)) options.unshift(chosen);
  return (
    <Select
      label={label ?? t('field.customer')}
      placeholder={t('customer.pick')}
      required={required}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': t('filter.clear', { name: t('field.customer') }) }}
      data={options}
      // The service has already searched, also in phones and e-mails that the option does not show.
      filter={({ options: all }) => all}
      searchValue={typed}
      onSearchChange={setTyped}
      value={value}
      onChange={(customerId) => {
        setChosen(options.find((option) => option.value === customerId) ?? null);
        onChange(customerId);
      }}
      error={error}
      nothingFoundMessage={found.isFetching ? t('state.loading') : t('customer.none')}
    />
  );
}
