/** A business step behind a button: sent once, told when done, and when somebody else was faster the new state is shown. */
import { useMutation, useQueryClient, type QueryKey } from '@tanstack/react-query';
import { useRef } from 'react';
import { notifyDone, notifyFailure } from './notify';
import { useProblemText } from './states';

interface StepOptions<Input> {
  send: (input: Input, key: string) => Promise<unknown>;
  /** What is read again afterwards, whether the step succeeded or not. */
  refresh: QueryKey[];
  done?: string;
}

export function useStep<Input = void>({ send, refresh, done }: StepOptions<Input>) {
  const cache = useQueryClient();
  const text = useProblemText();
  const sending = useRef(false);
  // A step that failed may have been done at an earlier try whose answer was lost. So the same step goes out again under
  // its first key until it succeeds, and is done once.
  const unfinished = useRef<{ key: string; input: string } | null>(null);
  const mutation = useMutation({
    mutationFn: (input: Input) => {
      const same = JSON.stringify(input ?? null);
      if (unfinished.current?.input !== same) unfinished.current = { key: crypto.randomUUID(), input: same };
      return send(input, unfinished.current.key);
    },
    onSuccess: () => {
      unfinished.current = null;
      if (done) notifyDone(done);
    },
    onError: (error) => notifyFailure(text(error)),
    onSettled: async () => {
      sending.current = false;
      await Promise.all(refresh.map((queryKey) => cache.invalidateQueries({ queryKey })));
    },
  });
  return {
    pending: mutation.isPending,
    run: (input: Input) => {
      if (sending.current) return;
      sending.current = true;
      mutation.mutate(input);
    },
  };
}
