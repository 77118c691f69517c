/** Moves an opportunity to another stage: shown at once, and put back when the service refuses. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { body, ifMatch, once, sales } from '@/api/client';
import type { LostReason, Opportunity, Pipeline, Stage } from '@/api/types';
import { notifyDone, notifyFailure } from '@/components/notify';
import { useProblemText } from '@/components/states';
import { isOpen } from './stages';

export interface Move {
  card: Opportunity;
  stage: Stage;
  lostReason?: LostReason;
}

function send({ card, stage, lostReason }: Move, key: string): Promise<Opportunity> {
  const request = { params: { path: { opportunity_id: card.id } }, headers: { ...ifMatch(card.version), ...once(key) } };
  if (!isOpen(card.stage) && isOpen(stage)) {
    return body(sales.POST('/v1/opportunities/{opportunity_id}/reopen', { ...request, body: { stage } }));
  }
  return body(sales.POST('/v1/opportunities/{opportunity_id}/move', { ...request, body: { stage, ...(lostReason ? { lost_reason: lostReason } : {}) } }));
}

function moved(pipeline: Pipeline, { card, stage }: Move): Pipeline {
  return {
    ...pipeline,
    stages: pipeline.stages.map((column) => {
      const others = column.cards.filter((one) => one.id !== card.id);
      if (column.stage === stage) return { ...column, count: column.count + 1, cards: [{ ...card, stage }, ...others] };
      return others.length === column.cards.length ? column : { ...column, count: column.count - 1, cards: others };
    }),
  };
}

export function useMove() {
  const { t } = useTranslation();
  const text = useProblemText();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (move: Move) => send(move, crypto.randomUUID()),
    onMutate: async (move) => {
      await cache.cancelQueries({ queryKey: ['pipeline'] });
      const before = cache.getQueriesData<Pipeline>({ queryKey: ['pipeline'] });
      cache.setQueriesData<Pipeline>({ queryKey: ['pipeline'] }, (pipeline) => pipeline && moved(pipeline, move));
      return before;
    },
    onSuccess: (_, { card, stage }) => notifyDone(t('kanban.moved', { name: card.name, stage: t(`enum.stage.${stage}`) })),
    onError: (error, { card }, before) => {
      for (const [queryKey, pipeline] of before ?? []) cache.setQueryData(queryKey, pipeline);
      notifyFailure(t('kanban.putBack', { name: card.name, problem: text(error) }));
    },
    onSettled: (_, __, { card }) => {
      void cache.invalidateQueries({ queryKey: ['pipeline'] });
      void cache.invalidateQueries({ queryKey: ['opportunity', card.id] });
    },
  });
}
