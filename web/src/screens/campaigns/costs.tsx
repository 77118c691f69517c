/** The cost ledger: lines are added and reversed, never deleted. */
import { ActionIcon, Button, Group, Table, Text } from '@mantine/core';
import { IconArrowBackUp, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { body, ifMatch, marketing } from '@/api/client';
import type { Campaign, CostLine } from '@/api/types';
import { Card } from '@/components/card';
import { Dialog } from '@/components/dialog';
import { Empty } from '@/components/states';
import { useStep } from '@/components/use-step';
import { useFormat } from '@/format/use-format';
import { AddCostForm } from './add-cost-form';

interface CostsProps {
  campaign: Campaign;
  writes: boolean;
}

function CostRow({ line, onReverse }: { line: CostLine; onReverse?: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const reversed = line.reversed_at !== null;
  return (
    <Table.Tr>
      <Table.Td>
        <Text size="sm" td={reversed ? 'line-through' : undefined}>
          {line.description}
        </Text>
        <Text size="sm" c="dimmed">
          {format.day(line.incurred_on)} · {t(`enum.costCategory.${line.category}`)}
          {reversed && ` · ${t('campaign.reversed', { by: line.reversed_by ?? '' })}`}
        </Text>
      </Table.Td>
      <Table.Td ta="end" className="tabular">
        {format.money(line.amount)}
      </Table.Td>
      {onReverse && (
        <Table.Td w={44}>
          {!reversed && (
            <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('campaign.reverse', { name: line.description })} onClick={onReverse}>
              <IconArrowBackUp size={18} aria-hidden />
            </ActionIcon>
          )}
        </Table.Td>
      )}
    </Table.Tr>
  );
}

export function Costs({ campaign, writes }: CostsProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const [adding, setAdding] = useState(false);
  const reverse = useStep({
    send: (cost_id: string) =>
      body(
        marketing.DELETE('/v1/campaigns/{campaign_id}/costs/{cost_id}', {
          params: { path: { campaign_id: campaign.id, cost_id }, header: ifMatch(campaign.version) },
        }),
      ),
    refresh: [['campaign', campaign.id], ['campaigns']],
    done: t('campaign.changed'),
  });
  return (
    <Card
      title={t('campaign.costs')}
      aside={
        <Group gap="xs">
          <Text fw={700} className="tabular">
            {t('campaign.costOf', { cost: format.money(campaign.cost), budget: format.money(campaign.budget) })}
          </Text>
          {writes && (
            <Button size="xs" leftSection={<IconPlus size={14} aria-hidden />} onClick={() => setAdding(true)}>
              {t('campaign.addCost')}
            </Button>
          )}
        </Group>
      }
    >
      {campaign.costs.length === 0 ? (
        <Empty text={t('campaign.noCosts')} />
      ) : (
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t('field.description')}</Table.Th>
              <Table.Th scope="col" ta="end">
                {t('field.amount')}
              </Table.Th>
              {writes && <Table.Td />}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {campaign.costs.map((line) => (
              <CostRow key={line.id} line={line} onReverse={writes ? () => reverse.run(line.id) : undefined} />
            ))}
          </Table.Tbody>
        </Table>
      )}
      <Dialog opened={adding} onClose={() => setAdding(false)} title={t('campaign.addCost')}>
        <AddCostForm campaign={campaign} onClose={() => setAdding(false)} />
      </Dialog>
    </Card>
  );
}
