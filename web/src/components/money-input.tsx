/** An amount in major units with its currency. It keeps what was typed, says how it is read, or why it cannot be. */
import { Group, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Money } from '@/format/money';
import { needsShowing, readAmount } from '@/format/typed';
import { useFormat } from '@/format/use-format';
import { useTyped } from './use-typed';

export interface DraftMoney {
  text: string;
  currency: string;
}

const CURRENCIES = ['CNY', 'USD', 'EUR', 'GBP', 'HKD', 'JPY'];
export const NO_MONEY: DraftMoney = { text: '', currency: 'CNY' };

/** Undefined while nothing is typed, or nothing that can be read. */
export function toMoney({ text, currency }: DraftMoney): Money | undefined {
  return readAmount(text, currency).value;
}

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
  const format = useFormat();
  const typed = useTyped();
  const [left, setLeft] = useState(false);
  const read = toMoney(value);
  return (
    <Group gap="xs" align="start" wrap="nowrap">
      <TextInput
        flex={1}
        label={label}
        required={required}
        inputMode="decimal"
        maxLength={40}
        autoComplete="off"
        value={value.text}
        error={(left && typed.amount(value)) || error}
        description={read && needsShowing(value.text) ? `= ${format.money(read)}` : undefined}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        onBlur={() => setLeft(true)}
        onChange={(event) => onChange({ ...value, text: event.currentTarget.value })}
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
