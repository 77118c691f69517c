/** One opportunity on the board. The whole card drags by mouse or finger, its grip moves it by keyboard. */
import { ActionIcon, Group, Text } from '@mantine/core';
import { useDraggable } from '@dnd-kit/core';
import { IconGripVertical } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Opportunity } from '@/api/types';
import { LinkTo } from '@/components/link-to';
import { useFormat } from '@/format/use-format';
import type { Carry } from './use-carry';

export function CardFace({ card, grip }: { card: Opportunity; grip?: ReactNode }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <>
      <Group justify="space-between" wrap="nowrap" gap={4} align="start">
        <LinkTo to="/opportunities" search={(before) => ({ ...before, opportunity: card.id })} fw={600} size="sm" draggable={false}>
          {card.name}
        </LinkTo>
        {grip}
      </Group>
      <Text size="sm" truncate>
        {card.customer_name ?? t('view.unnamed')}
      </Text>
      <Text size="sm" fw={600} className="tabular">
        {format.money(card.amount)}
      </Text>
      <Text size="xs" c="dimmed">
        {[card.expected_close_on && t('view.expected', { day: format.day(card.expected_close_on) }), card.owner_id].filter(Boolean).join(' · ')}
      </Text>
    </>
  );
}

interface KanbanCardProps {
  card: Opportunity;
  movable: boolean;
  carry: Carry;
}

export function KanbanCard({ card, movable, carry }: KanbanCardProps) {
  const { t } = useTranslation();
  const { setNodeRef, setActivatorNodeRef, listeners, attributes, isDragging } = useDraggable({
    id: card.id,
    data: { card },
    disabled: !movable,
    attributes: { roleDescription: t('kanban.card') },
  });
  const carried = carry.carried?.card.id === card.id;
  const grip = movable && (
    <ActionIcon
      ref={setActivatorNodeRef}
      {...attributes}
      aria-pressed={carried}
      aria-label={t('kanban.grip', { name: card.name })}
      variant="subtle"
      color="gray"
      className="grip"
      onKeyDown={(event) => carry.onKeyDown(card, event)}
      onBlur={carry.onBlur}
    >
      <IconGripVertical size={18} aria-hidden />
    </ActionIcon>
  );
  return (
    <li ref={setNodeRef} {...listeners} className="kanban-card" data-dragging={isDragging} data-carried={carried} data-opportunity={card.id}>
      <CardFace card={card} grip={grip} />
    </li>
  );
}
