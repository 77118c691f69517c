/** Tells whether the page follows changes at this moment. */
import { Badge } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { StreamState } from '@/live/stream';

const COLOURS: Record<StreamState, string> = { live: 'green', connecting: 'gray', reconnecting: 'yellow' };

export function LiveMark({ state }: { state: StreamState }) {
  const { t } = useTranslation();
  return (
    <Badge color={COLOURS[state]} role="status" data-stream={state}>
      {t(`live.${state}`)}
    </Badge>
  );
}
