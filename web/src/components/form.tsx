/**
 * Forms: values that survive an error, one Idempotency-Key for each opening, errors of the service at their fields.
 */
import { Alert, Button, Group, Stack } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useId, useRef, useState, type FormEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { asProblem } from '@/api/problem';
import { setUnsaved } from '@/api/session';
import { inChinese } from '@/i18n';
import { useProblemText } from './states';

const KEY_REUSED = 'idempotency-key-reused';

export interface Form<Values> {
  values: Values;
  set: <Name extends keyof Values>(name: Name, value: Values[Name]) => void;
  /** The message for a field of the request body, such as "phones.0.number". */
  error: (field: string) => string | undefined;
  failure: string | null;
  /** After a lost answer: the attempt was saved, and what was changed since then was not. The reader decides what to do. */
  savedBefore: { show: () => void; saveThisToo: () => void } | null;
  sending: boolean;
  submit: (event?: FormEvent) => void;
}

interface FormOptions<Values, Result> {
  initial: Values;
  /** Gets the key to send as Idempotency-Key: the same for every attempt of this opening. */
  send: (values: Values, key: string) => Promise<Result>;
  onDone: (result: Result) => void;
  onFailed?: (error: unknown) => void;
  /** Checks before sending: field -> message. */
  check?: (values: Values) => Record<string, string | undefined>;
}

export function useForm<Values, Result>({ initial, send, onDone, onFailed, check }: FormOptions<Values, Result>): Form<Values> {
  const { t } = useTranslation();
  const text = useProblemText();
  const id = useId();
  const [values, setValues] = useState(initial);
  const [key, setKey] = useState(() => crypto.randomUUID());
  const [found, setFound] = useState<Record<string, string | undefined>>({});
  const [dirty, setDirty] = useState(false);
  const unanswered = useRef<Values[]>([]);

  useEffect(() => {
    setUnsaved(id, dirty);
    return () => setUnsaved(id, false);
  }, [id, dirty]);

  const sending = useMutation({
    mutationFn: ({ drafts, key }: { drafts: Values[]; key: string }) => sendFirstAccepted(drafts, (draft) => send(draft, key)),
    onSuccess: (result) => {
      setDirty(false);
      setUnsaved(id, false);
      unanswered.current = [];
      setKey(crypto.randomUUID());
      onDone(result);
    },
    // The key stays: the service stores it only together with what it saves, and an attempt without an answer may be saved.
    onError: (error, { drafts }) => {
      const { status } = asProblem(error);
      if (status === 0 || status >= 500) unanswered.current.push(...drafts);
      onFailed?.(error);
    },
  });

  const problem = sending.error ? asProblem(sending.error) : null;
  const fromService = (field: string) => {
    const found = problem?.errors.find((one) => one.field === field);
    if (!found) return undefined;
    return inChinese('rule', found.rule) ?? found.message;
  };
  const savedBefore = problem?.code === KEY_REUSED;
  return {
    values,
    set: (name, value) => {
      setDirty(true);
      setValues((before) => ({ ...before, [name]: value }));
    },
    error: (field) => found[field] ?? fromService(field),
    failure: problem && !savedBefore ? (problem.errors.length > 0 ? t('form.fields') : text(problem)) : null,
    savedBefore: savedBefore
      ? {
          show: () => sending.mutate({ drafts: unanswered.current, key }),
          saveThisToo: () => {
            const another = crypto.randomUUID();
            unanswered.current = [];
            setKey(another);
            sending.mutate({ drafts: [values], key: another });
          },
        }
      : null,
    sending: sending.isPending,
    submit: (event) => {
      event?.preventDefault();
      if (sending.isPending) return;
      const errors = check?.(values) ?? {};
      setFound(errors);
      if (Object.values(errors).every((message) => !message)) sending.mutate({ drafts: [values], key });
    },
  };
}

/** Of several drafts under one key at most one was saved; the service tells the others apart from it by their body. */
async function sendFirstAccepted<Values, Result>(drafts: Values[], send: (draft: Values) => Promise<Result>): Promise<Result> {
  const [draft, ...others] = drafts as [Values, ...Values[]];
  try {
    return await send(draft);
  } catch (error) {
    if (others.length === 0 || asProblem(error).code !== KEY_REUSED) throw error;
    return sendFirstAccepted(others, send);
  }
}

interface FormFrameProps {
  form: Pick<Form<unknown>, 'failure' | 'savedBefore' | 'sending' | 'submit'>;
  submitLabel: string;
  onCancel?: () => void;
  children: ReactNode;
}

export function FormFrame({ form, submitLabel, onCancel, children }: FormFrameProps) {
  const { t } = useTranslation();
  return (
    <form onSubmit={form.submit} noValidate>
      <Stack gap="sm">
        {children}
        {form.failure && (
          <Alert role="alert" color="red">
            {form.failure}
          </Alert>
        )}
        {form.savedBefore && (
          <Alert role="alert" color="yellow" title={t('form.savedBefore')}>
            <Group gap="xs">
              <Button variant="default" onClick={form.savedBefore.show}>
                {t('form.showSaved')}
              </Button>
              <Button variant="default" onClick={form.savedBefore.saveThisToo}>
                {t('form.saveThisToo')}
              </Button>
            </Group>
          </Alert>
        )}
        <Group justify="flex-end" gap="xs">
          {onCancel && (
            <Button variant="default" onClick={onCancel}>
              {t('action.cancel')}
            </Button>
          )}
          <Button type="submit" loading={form.sending} disabled={form.sending}>
            {submitLabel}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
