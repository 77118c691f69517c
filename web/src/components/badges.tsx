/** Status marks: always a word, never a colour alone. */
import { Badge } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { CampaignStatus, LeadStatus, OrderStatus, Stage, TicketPriority, TicketStatus } from '@/api/types';

const LEAD: Record<LeadStatus, string> = { new: 'blue', qualified: 'teal', disqualified: 'gray', converted: 'green' };
const ORDER: Record<OrderStatus, string> = { placed: 'blue', confirmed: 'indigo', shipped: 'violet', completed: 'green', cancelled: 'gray' };
const TICKET: Record<TicketStatus, string> = { open: 'blue', pending: 'yellow', resolved: 'green', closed: 'gray' };
const PRIORITY: Record<TicketPriority, string> = { low: 'gray', normal: 'blue', high: 'orange', urgent: 'red' };
const CAMPAIGN: Record<CampaignStatus, string> = { planned: 'blue', running: 'green', paused: 'yellow', finished: 'gray' };
const STAGE: Record<Stage, string> = { prospecting: 'gray', qualification: 'blue', proposal: 'indigo', negotiation: 'violet', won: 'green', lost: 'red' };

export function LeadStatusBadge({ status }: { status: LeadStatus }) {
  const { t } = useTranslation();
  return <Badge color={LEAD[status]}>{t(`enum.leadStatus.${status}`)}</Badge>;
}

export function OrderStatusBadge({ status }: { status: OrderStatus }) {
  const { t } = useTranslation();
  return <Badge color={ORDER[status]}>{t(`enum.orderStatus.${status}`)}</Badge>;
}

export function TicketStatusBadge({ status }: { status: TicketStatus }) {
  const { t } = useTranslation();
  return <Badge color={TICKET[status]}>{t(`enum.ticketStatus.${status}`)}</Badge>;
}

export function PriorityBadge({ priority }: { priority: TicketPriority }) {
  const { t } = useTranslation();
  return <Badge color={PRIORITY[priority]}>{t(`enum.priority.${priority}`)}</Badge>;
}

export function CampaignStatusBadge({ status }: { status: CampaignStatus }) {
  const { t } = useTranslation();
  return <Badge color={CAMPAIGN[status]}>{t(`enum.campaignStatus.${status}`)}</Badge>;
}

export function StageBadge({ stage }: { stage: Stage }) {
  const { t } = useTranslation();
  return <Badge color={STAGE[stage]}>{t(`enum.stage.${stage}`)}</Badge>;
}

export function TierBadge({ tier }: { tier: string }) {
  const { t } = useTranslation();
  return <Badge color={tier === 'A' ? 'grape' : 'gray'}>{t('customer.tierOf', { tier })}</Badge>;
}
