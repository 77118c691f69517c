/** The fixed values of campaigns. */
import type { CampaignChannel, CampaignStatus, CostCategory } from '@/api/types';

export const STATUSES: CampaignStatus[] = ['planned', 'running', 'paused', 'finished'];
export const CHANNELS: CampaignChannel[] = ['email', 'event', 'letter', 'web', 'social', 'sms', 'call', 'visit', 'partner', 'fax'];
export const CATEGORIES: CostCategory[] = ['media', 'print', 'postage', 'agency', 'event', 'incentive', 'telephony', 'other'];
