/** What is wrong with what was typed into a field for an amount or a number, in the reader's language. */
import { useTranslation } from 'react-i18next';
import { digitsOf } from '@/format/money';
import { readAmount, readWhole } from '@/format/typed';
import { useFormat } from '@/format/use-format';
import type { DraftMoney } from './money-input';

export function useTyped() {
  const { t } = useTranslation();
  const format = useFormat();
  return {
    amount: ({ text, currency }: DraftMoney, { required = false, positive = false } = {}): string | undefined => {
      if (text.trim() === '') return required ? t('form.required') : undefined;
      const { value, problem } = readAmount(text, currency);
      if (problem) return t(`typed.${problem}`, { currency, digits: digitsOf(currency) });
      return positive && value.amount === 0 ? t('typed.zero') : undefined;
    },
    whole: (text: string, min: number, max: number): string | undefined => {
      const { problem } = readWhole(text, min, max);
      return problem && t(`typed.${problem}`, { min: format.number(min), max: format.number(max) });
    },
  };
}
