/** Which page an address shows. Filters are in the address, so that a link shows what its sender saw. */
import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { Boot } from './boot';
import { NotFoundPage, PageFailure } from './fallbacks';

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** Keeps the named text parameters of an address and drops everything else. */
function texts<Name extends string>(...names: Name[]) {
  return (search: Record<string, unknown>) =>
    Object.fromEntries(names.map((name) => [name, text(search[name])]).filter(([, value]) => value !== undefined)) as Partial<Record<Name, string>>;
}

const root = createRootRoute({ component: Boot, notFoundComponent: NotFoundPage });

const home = createRoute({ getParentRoute: () => root, path: '/', component: lazyRouteComponent(() => import('@/screens/home/home-page'), 'HomePage') });

const customers = createRoute({
  getParentRoute: () => root,
  path: '/customers',
  validateSearch: texts('q', 'kind', 'tier'),
  component: lazyRouteComponent(() => import('@/screens/customers/customers-page'), 'CustomersPage'),
});

const customer360 = createRoute({
  getParentRoute: () => root,
  path: '/customers/$customerId',
  validateSearch: texts('kind', 'channel'),
  component: lazyRouteComponent(() => import('@/screens/customers/customer-page'), 'CustomerPage'),
});

const leads = createRoute({
  getParentRoute: () => root,
  path: '/leads',
  validateSearch: texts('q', 'status', 'source', 'owner', 'lead'),
  component: lazyRouteComponent(() => import('@/screens/leads/leads-page'), 'LeadsPage'),
});

const opportunities = createRoute({
  getParentRoute: () => root,
  path: '/opportunities',
  validateSearch: texts('owner', 'opportunity'),
  component: lazyRouteComponent(() => import('@/screens/opportunities/kanban-page'), 'KanbanPage'),
});

const orders = createRoute({
  getParentRoute: () => root,
  path: '/orders',
  validateSearch: texts('status', 'owner'),
  component: lazyRouteComponent(() => import('@/screens/orders/orders-page'), 'OrdersPage'),
});

const order = createRoute({
  getParentRoute: () => root,
  path: '/orders/$orderId',
  component: lazyRouteComponent(() => import('@/screens/orders/order-page'), 'OrderPage'),
});

const tickets = createRoute({
  getParentRoute: () => root,
  path: '/tickets',
  validateSearch: texts('q', 'status', 'assignee', 'priority', 'type'),
  component: lazyRouteComponent(() => import('@/screens/tickets/tickets-page'), 'TicketsPage'),
});

const ticket = createRoute({
  getParentRoute: () => root,
  path: '/tickets/$ticketId',
  component: lazyRouteComponent(() => import('@/screens/tickets/ticket-page'), 'TicketPage'),
});

const campaigns = createRoute({
  getParentRoute: () => root,
  path: '/campaigns',
  validateSearch: texts('q', 'status', 'channel'),
  component: lazyRouteComponent(() => import('@/screens/campaigns/campaigns-page'), 'CampaignsPage'),
});

const campaign = createRoute({
  getParentRoute: () => root,
  path: '/campaigns/$campaignId',
  component: lazyRouteComponent(() => import('@/screens/campaigns/campaign-page'), 'CampaignPage'),
});

export const router = createRouter({
  routeTree: root.addChildren([home, customers, customer360, leads, opportunities, orders, order, tickets, ticket, campaigns, campaign]),
  defaultPreload: 'intent',
  defaultErrorComponent: PageFailure,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
