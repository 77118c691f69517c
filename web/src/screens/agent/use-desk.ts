/** My state and my call, the same in every tab: read from the service, told to read again by the stream. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { body, telephony } from '@/api/client';
import { useStream } from '@/live/use-stream';

export const deskKey = ['desk'];

export function useDesk() {
  const cache = useQueryClient();
  const desk = useQuery({ queryKey: deskKey, queryFn: ({ signal }) => body(telephony.GET('/v1/agents/me', { signal })) });
  const live = useStream('/api/telephony/v1/stream', () => {
    void cache.invalidateQueries({ queryKey: deskKey });
    void cache.invalidateQueries({ queryKey: ['queue'] });
  });
  return { desk, live };
}
