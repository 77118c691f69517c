/** Moving a card by keyboard: lift it, choose a column with the arrows, drop it. Every step is said to screen readers. */
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Opportunity, Pipeline, Stage } from '@/api/types';
import { STAGES } from './stages';

interface Carried {
  card: Opportunity;
  stage: Stage;
}

const STEPS: Record<string, number> = { ArrowRight: 1, ArrowLeft: -1 };

export function useCarry(pipeline: Pipeline, onMove: (card: Opportunity, stage: Stage) => void) {
  const { t } = useTranslation();
  const [carried, setCarried] = useState<Carried | null>(null);
  const [said, setSaid] = useState('');
  const dropped = useRef<string | null>(null);

  // The card is drawn anew in its column, so its grip has to get the focus again.
  useEffect(() => {
    if (dropped.current === null) return;
    document.querySelector<HTMLElement>(`[data-opportunity="${CSS.escape(dropped.current)}"] .grip`)?.focus();
    dropped.current = null;
  }, [pipeline]);

  const say = (key: 'kanban.lifted' | 'kanban.over' | 'kanban.dropped', { card, stage }: Carried) =>
    setSaid(t(key, { name: card.name, stage: t(`enum.stage.${stage}`) }));

  const lift = (card: Opportunity) => {
    const lifted = { card, stage: card.stage };
    setCarried(lifted);
    say('kanban.lifted', lifted);
  };
  const cancel = () => {
    setCarried(null);
    setSaid(t('kanban.cancelled'));
  };
  const drop = (held: Carried) => {
    setCarried(null);
    say('kanban.dropped', held);
    if (held.stage === held.card.stage) return;
    dropped.current = held.card.id;
    onMove(held.card, held.stage);
  };
  const step = (held: Carried, by: number) => {
    const stage = STAGES[STAGES.indexOf(held.stage) + by];
    if (!stage) return;
    const over = { card: held.card, stage };
    setCarried(over);
    say('kanban.over', over);
    document.querySelector(`[data-stage="${stage}"]`)?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  };

  const onKeyDown = (card: Opportunity, event: KeyboardEvent) => {
    const held = carried?.card.id === card.id ? carried : null;
    const presses = event.key === ' ' || event.key === 'Enter';
    const by = STEPS[event.key];
    if (presses && held) drop(held);
    else if (presses) lift(card);
    else if (held && by) step(held, by);
    else if (held && event.key === 'Escape') cancel();
    else return;
    event.preventDefault();
  };
  const onBlur = () => carried && cancel();
  return { carried, said, onKeyDown, onBlur };
}

export type Carry = ReturnType<typeof useCarry>;
