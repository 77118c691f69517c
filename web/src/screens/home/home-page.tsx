/** The first page, by role. */
import { SimpleGrid, Stack } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { hasRole, useMe } from '@/app/me';
import { MAY } from '@/app/permissions';
import { Page } from '@/components/page';
import { Empty, Loading } from '@/components/states';
import { MyCalls, QueueCard } from './calls';
import { MyLeads, MyOpportunities } from './sales';
import { MyTickets, OverdueTickets } from './tickets';

// The charts are larger than the rest of the page, so only those who see the dashboard load them.
const Dashboard = lazy(() => import('./dashboard').then((module) => ({ default: module.Dashboard })));

export function HomePage() {
  const { t } = useTranslation();
  const me = useMe();
  const rep = hasRole(me, 'rep');
  const serves = hasRole(me, 'service-agent');
  const calls = hasRole(me, 'call-agent');
  const supervises = hasRole(me, 'supervisor');
  const measures = hasRole(me, ...MAY.readDashboard);
  const watchesQueue = calls || supervises;
  const nothing = !rep && !serves && !watchesQueue && !measures;
  return (
    <Page title={t('home.hello', { name: me.name })}>
      <Stack>
        {(rep || serves || watchesQueue) && (
          <SimpleGrid cols={{ base: 1, md: 2 }} style={{ alignItems: 'start' }}>
            {watchesQueue && <QueueCard />}
            {calls && <MyCalls />}
            {rep && <MyLeads />}
            {rep && <MyOpportunities />}
            {serves && <MyTickets />}
            {(serves || supervises) && <OverdueTickets />}
          </SimpleGrid>
        )}
        {measures && (
          <Suspense fallback={<Loading />}>
            <Dashboard />
          </Suspense>
        )}
        {nothing && <Empty text={t(hasRole(me, ...MAY.readCustomers) ? 'home.nothing' : 'home.noPages')} />}
      </Stack>
    </Page>
  );
}
