/** What can be started from the page of a customer. */
import { Button, Group } from '@mantine/core';
import { IconMessagePlus, IconShoppingCartPlus, IconTargetArrow, IconTicket } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { hasRole, useMe } from '@/app/me';
import { MAY } from '@/app/permissions';
import { OpportunityForm } from '@/screens/opportunities/opportunity-form';
import { OrderForm } from '@/screens/orders/order-form';
import { OpenTicketForm } from '@/screens/tickets/open-ticket-form';
import { Dialog } from '@/components/dialog';
import { LogInteractionForm } from './log-interaction';

const ACTIONS = [
  { name: 'interaction', icon: IconMessagePlus, roles: MAY.createCustomers },
  { name: 'ticket', icon: IconTicket, roles: MAY.openTickets },
  { name: 'opportunity', icon: IconTargetArrow, roles: MAY.writeSales },
  { name: 'order', icon: IconShoppingCartPlus, roles: MAY.writeSales },
] as const;

type Action = (typeof ACTIONS)[number]['name'];

export function CustomerActions({ customerId }: { customerId: string }) {
  const { t } = useTranslation();
  const me = useMe();
  const [opened, setOpened] = useState<Action | null>(null);
  const close = () => setOpened(null);
  const forms = {
    interaction: LogInteractionForm,
    ticket: OpenTicketForm,
    opportunity: OpportunityForm,
    order: OrderForm,
  };
  const Form = opened && forms[opened];
  return (
    <Group gap="xs">
      {ACTIONS.filter((action) => hasRole(me, ...action.roles)).map(({ name, icon: Symbol }) => (
        <Button key={name} variant="default" size="sm" leftSection={<Symbol size={16} aria-hidden />} onClick={() => setOpened(name)}>
          {t(`view.action.${name}`)}
        </Button>
      ))}
      <Dialog opened={opened !== null} onClose={close} title={opened ? t(`view.action.${opened}`) : ''}>
        {Form && <Form customerId={customerId} onClose={close} />}
      </Dialog>
    </Group>
  );
}
