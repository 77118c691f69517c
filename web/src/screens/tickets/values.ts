/** The fixed values of tickets, in the order in which people choose them. */
import type { ContactChannel, TicketChannel, TicketPriority, TicketStatus, TicketType } from '@/api/types';

export const STATUSES: TicketStatus[] = ['open', 'pending', 'resolved', 'closed'];
export const PRIORITIES: TicketPriority[] = ['low', 'normal', 'high', 'urgent'];
export const TYPES: TicketType[] = ['question', 'complaint', 'defect', 'dispute', 'order-problem', 'other'];
export const CONTACT_CHANNELS: ContactChannel[] = ['email', 'call', 'web', 'chat', 'sms', 'social', 'visit', 'letter', 'fax', 'agent', 'broker', 'other'];
export const CHANNELS: TicketChannel[] = [...CONTACT_CHANNELS, 'internal'];
