/** The names of the API's bodies that more than one screen uses. */
import type { components as CustomerService } from './generated/customer';
import type { components as Marketing } from './generated/marketing';
import type { components as Reporting } from './generated/reporting';
import type { components as Sales } from './generated/sales';
import type { components as ServiceDesk } from './generated/service-desk';
import type { components as Telephony } from './generated/telephony';

export type Customer = CustomerService['schemas']['Customer'];
export type CreateCustomer = CustomerService['schemas']['CreateCustomer'];
export type CustomerChange = CustomerService['schemas']['CustomerChange'];
export type CustomerMatch = CustomerService['schemas']['CustomerMatch'];
export type LogInteraction = CustomerService['schemas']['LogInteraction'];

export type Lead = Sales['schemas']['Lead'];
export type LeadStatus = Sales['schemas']['LeadStatus'];
export type LeadSource = Sales['schemas']['LeadSource'];
export type DisqualifyReason = Sales['schemas']['DisqualifyReason'];
export type ReassignReason = Sales['schemas']['ReassignReason'];
export type Opportunity = Sales['schemas']['Opportunity'];
export type Stage = Sales['schemas']['Stage'];
export type LostReason = Sales['schemas']['LostReason'];
export type Pipeline = Sales['schemas']['Pipeline'];
export type Product = Sales['schemas']['Product'];
export type Order = Sales['schemas']['Order'];
export type OrderStatus = Sales['schemas']['OrderStatus'];
export type CancelReason = Sales['schemas']['CancelReason'];
export type OrderLine = Sales['schemas']['Line'];

export type Campaign = Marketing['schemas']['Campaign'];
export type CampaignStatus = Marketing['schemas']['CampaignStatus'];
export type CampaignChannel = Marketing['schemas']['Channel'];
export type CostCategory = Marketing['schemas']['CostCategory'];
export type CostLine = Marketing['schemas']['CostLine'];

export type Ticket = ServiceDesk['schemas']['Ticket'];
export type TicketSummary = ServiceDesk['schemas']['TicketSummary'];
export type TicketStatus = ServiceDesk['schemas']['TicketStatus'];
export type TicketPriority = ServiceDesk['schemas']['TicketPriority'];
export type TicketType = ServiceDesk['schemas']['TicketType'];
export type TicketChannel = ServiceDesk['schemas']['TicketChannel'];
export type ContactChannel = ServiceDesk['schemas']['ContactChannel'];
export type ThreadEntry = ServiceDesk['schemas']['ThreadEntry'];

export type Desk = Telephony['schemas']['Desk'];
export type Call = Telephony['schemas']['Call'];
export type Disposition = Telephony['schemas']['Disposition'];
export type BreakReason = Telephony['schemas']['BreakReason'];

export type View360 = Reporting['schemas']['Customer360'];
export type ViewItem = Reporting['schemas']['Item'];
export type ItemBlock = Reporting['schemas']['ItemBlock'];
export type Source = Reporting['schemas']['Source'];
export type TimelineEntry = Reporting['schemas']['TimelineEntry'];
export type EntryKind = Reporting['schemas']['EntryKind'];
export type DailyDashboard = Reporting['schemas']['DailyDashboard'];
