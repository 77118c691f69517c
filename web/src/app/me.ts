/** Who is logged in, as the token says, and what that person may see. */
import { useSuspenseQuery } from '@tanstack/react-query';
import { readJson } from '@/api/client';

export type Role =
  | 'rep'
  | 'sales-manager'
  | 'marketer'
  | 'service-agent'
  | 'call-agent'
  | 'supervisor'
  | 'analyst'
  | 'executive'
  | 'privacy-officer'
  | 'operator'
  | 'importer'
  | 'admin'
  | 'partner'
  | 'customer';

export interface Me {
  id: string;
  name: string;
  roles: string[];
  team?: string | null;
}

export const meQuery = {
  queryKey: ['me'],
  queryFn: () => readJson<Me>('/api/reporting/v1/me'),
  staleTime: Infinity,
};

export function useMe(): Me {
  return useSuspenseQuery(meQuery).data;
}

export function hasRole(me: Me, ...roles: Role[]): boolean {
  return roles.some((role) => me.roles.includes(role));
}
