/** The board: columns by stage, moved by mouse, finger or keyboard and told to screen readers. */
import {
  DndContext,
  DragOverlay,
  MouseSensor,
  pointerWithin,
  TouchSensor,
  useDroppable,
  useSensor,
  useSensors,
  type Announcements,
  type DragEndEvent,
} from '@dnd-kit/core';
import { Badge, Group, Text, VisuallyHidden } from '@mantine/core';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Opportunity, Pipeline, Stage } from '@/api/types';
import { useFormat } from '@/format/use-format';
import { CardFace, KanbanCard } from './kanban-card';
import { useCarry, type Carry } from './use-carry';

const cardOf = (entry: { data: { current?: Record<string, unknown> } }) => entry.data.current?.card as Opportunity;

function useAnnouncements(): Announcements {
  const { t } = useTranslation();
  const stage = (id: unknown) => t(`enum.stage.${id as Stage}`);
  return {
    onDragStart: ({ active }) => t('kanban.lifted', { name: cardOf(active).name, stage: stage(cardOf(active).stage) }),
    onDragOver: ({ active, over }) => (over ? t('kanban.over', { name: cardOf(active).name, stage: stage(over.id) }) : undefined),
    onDragEnd: ({ active, over }) => (over ? t('kanban.dropped', { name: cardOf(active).name, stage: stage(over.id) }) : t('kanban.cancelled')),
    onDragCancel: () => t('kanban.cancelled'),
  };
}

interface ColumnProps {
  column: Pipeline['stages'][number];
  movable: boolean;
  carry: Carry;
}

function Column({ column, movable, carry }: ColumnProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const id = useId();
  const { setNodeRef, isOver } = useDroppable({ id: column.stage });
  return (
    <section ref={setNodeRef} className="kanban-column" aria-labelledby={id} data-over={isOver || carry.carried?.stage === column.stage} data-stage={column.stage}>
      <Group justify="space-between" gap={4}>
        <Text component="h2" id={id} fw={700} size="md">
          {t(`enum.stage.${column.stage}`)}
        </Text>
        <Badge color="gray">{format.number(column.count)}</Badge>
      </Group>
      <Text size="sm" c="dimmed" className="tabular">
        {column.sums.map(format.moneyShort).join(' + ') || '–'}
      </Text>
      <ul className="list" aria-labelledby={id}>
        {column.cards.map((card) => (
          <KanbanCard key={card.id} card={card} movable={movable} carry={carry} />
        ))}
      </ul>
      {column.count > column.cards.length && (
        <Text size="sm" c="dimmed">
          {t('kanban.notShown', { count: column.count - column.cards.length })}
        </Text>
      )}
    </section>
  );
}

interface KanbanBoardProps {
  pipeline: Pipeline;
  movable: boolean;
  onMove: (card: Opportunity, stage: Stage) => void;
}

export function KanbanBoard({ pipeline, movable, onMove }: KanbanBoardProps) {
  const { t } = useTranslation();
  const announcements = useAnnouncements();
  const carry = useCarry(pipeline, onMove);
  const [lifted, setLifted] = useState<Opportunity | null>(null);
  const sensors = useSensors(
    useSensor(MouseSensor, { activationConstraint: { distance: 6 } }),
    // A short press first, so that a finger can still scroll the board.
    useSensor(TouchSensor, { activationConstraint: { delay: 250, tolerance: 8 } }),
  );
  const drop = ({ active, over }: DragEndEvent) => {
    setLifted(null);
    const card = cardOf(active);
    if (over && over.id !== card.stage) onMove(card, over.id as Stage);
  };
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={pointerWithin}
      accessibility={{ announcements, screenReaderInstructions: { draggable: t('kanban.instructions') } }}
      onDragStart={({ active }) => setLifted(cardOf(active))}
      onDragCancel={() => setLifted(null)}
      onDragEnd={drop}
    >
      <VisuallyHidden role="status">{carry.said}</VisuallyHidden>
      <div className="kanban" role="region" aria-label={t('kanban.board')} tabIndex={0}>
        {pipeline.stages.map((column) => (
          <Column key={column.stage} column={column} movable={movable} carry={carry} />
        ))}
      </div>
      <DragOverlay>
        {lifted && (
          <div className="kanban-card">
            <CardFace card={lifted} />
          </div>
        )}
      </DragOverlay>
    </DndContext>
  );
}
