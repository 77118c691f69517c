/** A business step behind a button: sent once, told when done, and when somebody else was faster the new state is shown. */
import { useMutation, useQueryClient, type QueryKey } from '@tanstack/react-query';
import { useRef } from 'react';
import { asProblem } from '@/api/problem';
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
  // After an unclear outcome the same step goes out again under its first key, so that it is done once.
  const unclear = useRef<{ key: string; input: string } | null>(null);
  const mutation = useMutation({
    mutationFn: (input: Input) => {
      const same = JSON.stringify(input ?? null);
      if (unclear.current?.input !== same) unclear.current = { key: crypto.randomUUID(), input: same };
      return send(input, unclear.current.key);
    },
    onSuccess: () => {
      unclear.current = null;
      if (done) notifyDone(done);
    },
    onError: (error) => {
      const { status } = asProblem(error);
      if (status >= 400 && status < 500) unclear.current = null;
      notifyFailure(text(error));
    },
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
