/** The fields for giving a lead to another customer than it was matched with: whom, and why; and what follows from it. */
import { Alert, Select } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Lead, ReassignReason } from '@/api/types';
import { CustomerPicker } from '@/components/customer-picker';

const REASONS: ReassignReason[] = ['wrong-person', 'shared-contact', 'duplicate-customer', 'other'];

interface Props {
  lead: Lead;
  customerId: string | null;
  reason: ReassignReason;
  error: (field: string) => string | undefined;
  onCustomer: (customerId: string | null) => void;
  onReason: (reason: ReassignReason) => void;
}

export function AnotherCustomer({ lead, customerId, reason, error, onCustomer, onReason }: Props) {
  const { t } = useTranslation();
  return (
    <>
      {lead.customer_id && (
        <Alert color="yellow" icon={<IconAlertTriangle aria-hidden />}>
          {t('lead.leaves', { name: lead.customer_name ?? t('view.unnamed') })}
        </Alert>
      )}
      <CustomerPicker required value={customerId} error={error('customer_id')} onChange={onCustomer} />
      {lead.customer_id && (
        <Select
          label={t('lead.moveReason')}
          allowDeselect={false}
          data={REASONS.map((value) => ({ value, label: t(`enum.reassignReason.${value}`) }))}
          value={reason}
          error={error('reason')}
          onChange={(chosen) => onReason(chosen as ReassignReason)}
        />
      )}
    </>
  );
}
