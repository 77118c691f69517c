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
  const mutation = useMutation({
    mutationFn: (input: Input) => send(input, crypto.randomUUID()),
    onSuccess: () => done && notifyDone(done),
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
