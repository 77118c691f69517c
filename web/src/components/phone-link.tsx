/** A phone number that a click calls, with its extension beside it. */
import { Anchor } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { tel } from '@/format/links';

export function PhoneLink({ number, extension }: { number: string; extension?: string | null }) {
  const { t } = useTranslation();
  return (
    <Anchor href={tel(number, extension)} className="tabular">
      {extension ? t('field.phoneWithExtension', { number, extension }) : number}
    </Anchor>
  );
}
