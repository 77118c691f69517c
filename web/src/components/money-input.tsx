/** An amount in major units with its currency. */
import { Group, NumberInput, Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { digitsOf } from '@/format/money';

export interface DraftMoney {
  major: number | string;
  currency: string;
}

const CURRENCIES = ['CNY', 'USD', 'EUR', 'GBP', 'HKD', 'JPY'];
export const NO_MONEY: DraftMoney = { major: '', currency: 'CNY' };

interface MoneyInputProps {
  label: string;
  value: DraftMoney;
  onChange: (value: DraftMoney) => void;
  error?: string;
  required?: boolean;
  fixedCurrency?: boolean;
}

export function MoneyInput({ label, value, onChange, error, required, fixedCurrency }: MoneyInputProps) {
  const { t } = useTranslation();
  return (
    <Group gap="xs" align="start" wrap="nowrap">
      <NumberInput
        flex={1}
        label={label}
        required={required}
        min={0}
        max={10_000_000_000}
        decimalScale={digitsOf(value.currency)}
        thousandSeparator=","
        hideControls
        value={value.major}
        error={error}
        onChange={(major) => onChange({ ...value, major })}
      />
      <Select
        w={96}
        label={t('field.currency')}
        data={CURRENCIES.includes(value.currency) ? CURRENCIES : [value.currency, ...CURRENCIES]}
        value={value.currency}
        allowDeselect={false}
        disabled={fixedCurrency}
        onChange={(currency) => onChange({ ...value, currency: currency ?? value.currency })}
      />
    </Group>
  );
}
