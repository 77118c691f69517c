/** Who told something of a customer, in words. */
import type { TFunction } from 'i18next';
import type { Customer } from '@/api/types';

type PointSource = NonNullable<Customer['registered_from']>;

const KNOWN = ['sales-lead', 'service-desk-ticket', 'telephony-call'] as const;

export function tellerOf(source: PointSource, t: TFunction): string {
  if (source.partner_id) return t('told.partnerLead', { partner: source.partner_id });
  const known = KNOWN.find((name) => name === source.source);
  return known ? t(`told.${known}`) : source.source;
}
