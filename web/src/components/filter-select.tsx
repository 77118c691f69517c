/** A filter with a fixed set of values; empty means all. */
import { Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';

interface FilterSelectProps<Value extends string> {
  label: string;
  value: string | undefined;
  options: { value: Value; label: string }[];
  onChange: (value: Value | undefined) => void;
}

export function FilterSelect<Value extends string>({ label, value, options, onChange }: FilterSelectProps<Value>) {
  const { t } = useTranslation();
  return (
    <Select
      label={label}
      placeholder={t('filter.all')}
      data={options}
      value={value ?? null}
      onChange={(chosen) => onChange((chosen as Value | null) ?? undefined)}
      clearable
      clearButtonProps={{ 'aria-label': t('filter.clear', { name: label }) }}
      w={{ base: 'calc(50% - 6px)', xs: 170 }}
    />
  );
}
