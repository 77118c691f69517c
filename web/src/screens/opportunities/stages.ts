/** The columns of the board, in the order of the sale. */
import type { LostReason, Stage } from '@/api/types';

export const OPEN_STAGES = ['prospecting', 'qualification', 'proposal', 'negotiation'] as const;
export const STAGES: Stage[] = [...OPEN_STAGES, 'won', 'lost'];
export const LOST_REASONS: LostReason[] = ['price', 'competitor', 'no-budget', 'no-decision', 'timing', 'product-fit', 'other'];

export type OpenStage = (typeof OPEN_STAGES)[number];

export function isOpen(stage: Stage): stage is OpenStage {
  return OPEN_STAGES.some((open) => open === stage);
}
