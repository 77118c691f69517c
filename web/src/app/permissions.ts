/** Which roles see what. The services decide; this only keeps buttons away that would be refused. */
import type { Role } from './me';

const SALES: Role[] = ['rep', 'sales-manager', 'admin'];
const READ_SALES: Role[] = [...SALES, 'operator', 'executive', 'analyst', 'service-agent', 'call-agent', 'supervisor'];
const READ_TICKETS: Role[] = ['service-agent', 'supervisor', 'call-agent', 'rep', 'sales-manager', 'executive', 'analyst', 'admin'];

export const MAY = {
  readCustomers: ['rep', 'sales-manager', 'marketer', 'service-agent', 'call-agent', 'supervisor', 'analyst', 'executive', 'privacy-officer', 'operator', 'admin'],
  writeSales: SALES,
  readLeads: [...READ_SALES, 'marketer'],
  readSales: READ_SALES,
  readTickets: READ_TICKETS,
  openTickets: ['service-agent', 'supervisor', 'call-agent', 'rep', 'sales-manager', 'admin'],
  workTickets: ['service-agent', 'supervisor', 'admin'],
  replyToTickets: ['service-agent', 'supervisor', 'call-agent', 'admin'],
  readCampaigns: ['marketer', 'sales-manager', 'rep', 'executive', 'analyst', 'admin'],
  writeCampaigns: ['marketer', 'admin'],
  readDashboard: ['executive', 'analyst', 'sales-manager', 'supervisor', 'marketer', 'admin', 'operator'],
  takeCalls: ['call-agent'],
  createCustomers: ['rep', 'sales-manager', 'marketer', 'service-agent', 'call-agent', 'supervisor', 'admin'],
} satisfies Record<string, Role[]>;
