/** The frame around all pages: navigation, language, colours, who is logged in, the agent bar. */
import { ActionIcon, AppShell, Burger, Button, Group, Menu, NavLink, Text, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconHome, IconLanguage, IconLogout, IconMoon, IconShoppingCart, IconSpeakerphone, IconSun, IconTargetArrow, IconTicket, IconUserCircle, IconUserPlus, IconUsers, type Icon } from '@tabler/icons-react';
import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { switchLanguage } from '@/i18n';
import { AgentBar } from '@/screens/agent/agent-bar';
import { hasRole, useMe, type Role } from './me';
import { MAY } from './permissions';

interface Entry {
  to: '/' | '/customers' | '/leads' | '/opportunities' | '/orders' | '/tickets' | '/campaigns';
  label: 'nav.home' | 'nav.customers' | 'nav.leads' | 'nav.opportunities' | 'nav.orders' | 'nav.tickets' | 'nav.campaigns';
  icon: Icon;
  roles?: Role[];
}

const ENTRIES: Entry[] = [
  { to: '/', label: 'nav.home', icon: IconHome },
  { to: '/customers', label: 'nav.customers', icon: IconUsers, roles: MAY.readCustomers },
  { to: '/leads', label: 'nav.leads', icon: IconUserPlus, roles: MAY.readLeads },
  { to: '/opportunities', label: 'nav.opportunities', icon: IconTargetArrow, roles: MAY.readSales },
  { to: '/orders', label: 'nav.orders', icon: IconShoppingCart, roles: MAY.readSales },
  { to: '/tickets', label: 'nav.tickets', icon: IconTicket, roles: MAY.readTickets },
  { to: '/campaigns', label: 'nav.campaigns', icon: IconSpeakerphone, roles: MAY.readCampaigns },
];

function Navigation() {
  const { t } = useTranslation();
  const me = useMe();
  const path = useRouterState({ select: (state) => state.location.pathname });
  return ENTRIES.filter((entry) => !entry.roles || hasRole(me, ...entry.roles)).map((entry) => {
    const active = entry.to === '/' ? path === '/' : path.startsWith(entry.to);
    return (
      <NavLink
        key={entry.to}
        component={Link}
        to={entry.to}
        label={t(entry.label)}
        leftSection={<entry.icon size={20} aria-hidden />}
        active={active}
        aria-current={active ? 'page' : undefined}
        py="sm"
      />
    );
  });
}

function LanguageSwitch() {
  const { t, i18n } = useTranslation();
  const other = i18n.language === 'zh' ? 'en' : 'zh';
  return (
    <Button
      variant="subtle"
      size="compact-md"
      leftSection={<IconLanguage size={18} aria-hidden />}
      onClick={() => switchLanguage(other)}
      lang={other === 'zh' ? 'zh-CN' : 'en'}
    >
      {t('nav.otherLanguage')}
    </Button>
  );
}

function ColourSwitch() {
  const { t } = useTranslation();
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light');
  const next = scheme === 'dark' ? 'light' : 'dark';
  const Symbol = next === 'dark' ? IconMoon : IconSun;
  return (
    <ActionIcon variant="subtle" size="lg" aria-label={t(next === 'dark' ? 'nav.dark' : 'nav.light')} onClick={() => setColorScheme(next)}>
      <Symbol size={20} aria-hidden />
    </ActionIcon>
  );
}

function UserMenu() {
  const { t, i18n } = useTranslation();
  const me = useMe();
  const roles = me.roles.map((role) => (i18n.exists(`enum.role.${role}`) ? t(`enum.role.${role as Role}`) : role));
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="subtle" size="compact-md" leftSection={<IconUserCircle size={20} aria-hidden />} aria-label={t('nav.user', { name: me.name })}>
          <Text span visibleFrom="sm" size="sm">
            {me.name}
          </Text>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {me.name} · {roles.join(', ')}
        </Menu.Label>
        <Menu.Item component="a" href="/signout" leftSection={<IconLogout size={18} aria-hidden />}>
          {t('nav.signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

export function Shell() {
  const { t } = useTranslation();
  const me = useMe();
  const [opened, { toggle, close }] = useDisclosure();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const takesCalls = hasRole(me, ...MAY.takeCalls);
  useEffect(close, [path, close]);
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 220, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      footer={takesCalls ? { height: 64 } : undefined}
      padding={{ base: 'sm', sm: 'lg' }}
    >
      <a href="#main" className="skip-link">
        {t('nav.skip')}
      </a>
      <AppShell.Header px="md" className="frame">
        <Group h="100%" justify="space-between" wrap="nowrap" gap="xs">
          <Group gap="xs" wrap="nowrap">
            <Burger opened={opened} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={t('nav.menu')} aria-expanded={opened} />
            <img src="/favicon.svg" alt="" width={28} height={28} />
            <Text fw={700} size="lg">
              CRM
            </Text>
          </Group>
          <Group gap={4} wrap="nowrap">
            <LanguageSwitch />
            <ColourSwitch />
            <UserMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" className="frame" aria-label={t('nav.main')}>
        <Navigation />
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1}>
        <Outlet />
      </AppShell.Main>
      {takesCalls && <AgentBar />}
    </AppShell>
  );
}
