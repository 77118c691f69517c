/** What is open with a customer, one block for each kind. */
import { Badge, Group, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ItemBlock, View360, ViewItem } from '@/api/types';
import { OrderStatusBadge, PriorityBadge, StageBadge, TicketStatusBadge } from '@/components/badges';
import { Card } from '@/components/card';
import { Provenance } from '@/components/provenance';
import type { Money } from '@/format/money';
import { useFormat } from '@/format/use-format';
import { LinkTo } from '@/components/link-to';

interface BlockProps {
  title: string;
  /** Null when it is withheld. */
  block: ItemBlock | null;
  ownOnly: boolean;
  line: (item: ViewItem) => ReactNode;
}

function Block({ title, block, ownOnly, line }: BlockProps) {
  const { t } = useTranslation();
  if (!block || block.open.length === 0) return null;
  return (
    <Card
      title={title}
      aside={
        <Group gap={4}>
          {ownOnly && <Badge color="gray">{t('view.ownOnly')}</Badge>}
          <Badge color="gray">{t('view.openCount', { count: block.open.length })}</Badge>
          <Provenance name={title} source={block.source} />
        </Group>
      }
    >
      <Stack component="ul" gap="xs" m={0} p={0} style={{ listStyle: 'none' }}>
        {block.open.map((item) => (
          <li key={item.id}>{line(item)}</li>
        ))}
      </Stack>
    </Card>
  );
}

/** Says that nothing is open, and never more than the reader can know: of some kinds only the own records are shown, and some are withheld. */
function NothingOpen({ view }: { view: View360 }) {
  const { t } = useTranslation();
  const blocks = [view.leads, view.opportunities, view.orders, view.tickets, view.calls];
  const nothing = blocks.every((block) => !block || block.open.length === 0);
  const noneOwn = view.own_only.filter((name) => view[name]?.open.length === 0);
  if (!nothing && noneOwn.length === 0) return null;
  const whole = !blocks.includes(null) && view.own_only.length === 0;
  return (
    <Card title={t('view.openItems')}>
      {nothing && <Text c="dimmed">{t(whole ? 'view.nothingOpen' : 'view.nothingOpenVisible')}</Text>}
      {noneOwn.length > 0 && (
        <Text size="sm" c="dimmed">
          {t('view.noneOwn', { kinds: noneOwn.map((name) => t(`enum.block.${name}`)).join(t('view.separator')) })}
        </Text>
      )}
    </Card>
  );
}

/** Says what is kept back, so that nobody takes it for nothing. */
function Withheld({ blocks }: { blocks: View360['withheld'] }) {
  const { t } = useTranslation();
  if (blocks.length === 0) return null;
  return (
    <Card title={t('view.withheld')}>
      <Text size="sm" c="dimmed">
        {blocks.map((name) => t(`enum.block.${name}`)).join(t('view.separator'))}
      </Text>
    </Card>
  );
}

export function OpenItems({ view }: { view: View360 }) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const fact = (item: ViewItem, name: string) => item.facts[name] as string | undefined;
  const sum = (item: ViewItem, name: string) => (item.facts[name] ? format.money(item.facts[name] as Money) : '');
  const source = (item: ViewItem) => {
    const key = `enum.leadSource.${fact(item, 'source')}`;
    return i18n.exists(key) ? t(key as never) : t('enum.leadSource.other');
  };
  const ownOnly = (name: View360['own_only'][number]) => view.own_only.includes(name);
  return (
    <>
      <NothingOpen view={view} />
      <Block
        title={t('nav.tickets')}
        block={view.tickets}
        ownOnly={ownOnly('tickets')}
        line={(item) => (
          <Group gap="xs">
            <LinkTo to="/tickets/$ticketId" params={{ ticketId: item.id }}>
              {fact(item, 'number')}
            </LinkTo>
            <TicketStatusBadge status={item.status as 'open'} />
            <PriorityBadge priority={(fact(item, 'priority') ?? 'normal') as 'normal'} />
          </Group>
        )}
      />
      <Block
        title={t('nav.orders')}
        block={view.orders}
        ownOnly={ownOnly('orders')}
        line={(item) => (
          <Group gap="xs">
            <LinkTo to="/orders/$orderId" params={{ orderId: item.id }}>
              {fact(item, 'number')}
            </LinkTo>
            <OrderStatusBadge status={item.status as 'placed'} />
            <Text className="tabular">{sum(item, 'total')}</Text>
          </Group>
        )}
      />
      <Block
        title={t('nav.opportunities')}
        block={view.opportunities}
        ownOnly={ownOnly('opportunities')}
        line={(item) => (
          <Group gap="xs">
            <StageBadge stage={item.status as 'proposal'} />
            <LinkTo to="/opportunities" search={{ opportunity: item.id }} className="tabular">
              {sum(item, 'amount') || t('view.opportunity')}
            </LinkTo>
            {fact(item, 'expected_close_on') && (
              <Text size="sm" c="dimmed">
                {t('view.expected', { day: format.day(fact(item, 'expected_close_on')!) })}
              </Text>
            )}
          </Group>
        )}
      />
      <Block
        title={t('nav.leads')}
        block={view.leads}
        ownOnly={ownOnly('leads')}
        line={(item) => (
          <Group gap="xs">
            <LinkTo to="/leads" search={{ lead: item.id }}>
              {t('view.leadFrom', { source: source(item), day: format.date(fact(item, 'received_at') ?? item.at) })}
            </LinkTo>
            {fact(item, 'campaign_code') && <Badge color="gray">{fact(item, 'campaign_code')}</Badge>}
          </Group>
        )}
      />
      <Block
        title={t('view.calls')}
        block={view.calls}
        ownOnly={ownOnly('calls')}
        line={(item) => (
          <Text>
            {t(`enum.callStatus.${item.status as 'queued'}`)} · {format.dateTime(item.at)}
          </Text>
        )}
      />
      <Withheld blocks={view.withheld} />
    </>
  );
}
