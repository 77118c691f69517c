/** Asks why an opportunity was lost before it is moved. */
import { Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { LostReason } from '@/api/types';
import { Dialog } from '@/components/dialog';
import { FormFrame, useForm } from '@/components/form';
import { LOST_REASONS } from './stages';

interface LostReasonFormProps {
  onChosen: (reason: LostReason) => void;
  onCancel: () => void;
}

function LostReasonForm({ onChosen, onCancel }: LostReasonFormProps) {
  const { t } = useTranslation();
  const form = useForm({
    initial: { reason: null as LostReason | null },
    check: (values) => ({ reason: values.reason ? undefined : t('kanban.reasonNeeded') }),
    send: async (values) => values.reason!,
    onDone: onChosen,
  });
  return (
    <FormFrame form={form} submitLabel={t('kanban.markLost')} onCancel={onCancel}>
      <Select
        label={t('kanban.lostReason')}
        required
        data={LOST_REASONS.map((value) => ({ value, label: t(`enum.lostReason.${value}`) }))}
        value={form.values.reason}
        error={form.error('reason')}
        onChange={(reason) => form.set('reason', reason as LostReason | null)}
      />
    </FormFrame>
  );
}

export function LostReasonModal({ name, ...form }: LostReasonFormProps & { name: string | null }) {
  const { t } = useTranslation();
  return (
    <Dialog topmost opened={name !== null} onClose={form.onCancel} title={t('kanban.whyLost', { name: name ?? '' })} size="md">
      <LostReasonForm {...form} />
    </Dialog>
  );
}
