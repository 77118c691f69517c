/** One lead: what came in, where it stands, and the next steps. */
import { Anchor, Button, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { body, ifMatch, once, sales } from '@/api/client';
import type { Lead } from '@/api/types';
import { hasRole, useMe } from '@/app/me';
import { MAY } from '@/app/permissions';
import { LeadStatusBadge } from '@/components/badges';
import { Details } from '@/components/details';
import { SidePanel } from '@/components/dialog';
import { LinkTo } from '@/components/link-to';
import { PhoneLink } from '@/components/phone-link';
import { Await } from '@/components/states';
import { useStep } from '@/components/use-step';
import { mailto } from '@/format/links';
import { useFormat } from '@/format/use-format';
import { ConvertForm } from './convert-form';
import { DisqualifyForm } from './disqualify-form';
import { ReassignForm } from './reassign-form';

function LeadFacts({ lead }: { lead: Lead }) {
  const { t } = useTranslation();
  const format = useFormat();
  const moved = lead.moves.at(-1);
  const time = (iso: string | null) => iso && format.dateTime(iso);
  return (
    <Details
      rows={[
        [t('field.company_name'), lead.company_name],
        [t('field.phone'), lead.phone && <PhoneLink number={lead.phone} extension={lead.phone_extension} />],
        [t('field.email'), lead.email && <Anchor href={mailto(lead.email)}>{lead.email}</Anchor>],
        [t('field.interest'), lead.interest],
        [t('field.source'), t(`enum.leadSource.${lead.source}`)],
        [t('field.partner'), lead.partner_id],
        [t('field.campaign_code'), lead.campaign_code],
        [t('field.owner'), lead.owner_id ?? t('lead.nobody')],
        [
          t('field.customer'),
          lead.customer_id ? (
            <LinkTo to="/customers/$customerId" params={{ customerId: lead.customer_id }}>
              {lead.customer_name ?? t('view.unnamed')}
            </LinkTo>
          ) : (
            t('lead.notMatched')
          ),
        ],
        [
          t('view.opportunity'),
          lead.opportunity_id && (
            <LinkTo to="/opportunities" search={{ opportunity: lead.opportunity_id }}>
              {t('lead.showOpportunity')}
            </LinkTo>
          ),
        ],
        [t('lead.reason'), lead.disqualify_reason && t(`enum.disqualifyReason.${lead.disqualify_reason}`)],
        [t('lead.lastMove'), moved && `${t(`enum.reassignReason.${moved.reason}`)} · ${moved.by} · ${format.dateTime(moved.at)}`],
        [t('lead.receivedAt'), time(lead.received_at)],
        [t('lead.qualifiedAt'), time(lead.qualified_at)],
        [t('lead.closedAt'), time(lead.closed_at)],
      ]}
    />
  );
}

function LeadSteps({ lead }: { lead: Lead }) {
  const { t } = useTranslation();
  const me = useMe();
  const [asking, setAsking] = useState<'convert' | 'disqualify' | 'reassign' | null>(null);
  const refresh = [['leads'], ['lead', lead.id]];
  const request = (key: string) => ({ params: { path: { lead_id: lead.id } }, headers: { ...ifMatch(lead.version), ...once(key) } });
  const assign = useStep({
    send: (_: void, key) => body(sales.POST('/v1/leads/{lead_id}/assign', { ...request(key), body: { owner_id: me.id } })),
    refresh,
    done: t('lead.assigned'),
  });
  const qualify = useStep({
    send: (_: void, key) => body(sales.POST('/v1/leads/{lead_id}/qualify', request(key))),
    refresh,
    done: t('lead.qualified'),
  });
  const open = lead.status === 'new' || lead.status === 'qualified';
  if (!open || !hasRole(me, ...MAY.writeSales)) return null;
  if (asking === 'convert') return <ConvertForm lead={lead} onClose={() => setAsking(null)} />;
  if (asking === 'reassign') return <ReassignForm lead={lead} onClose={() => setAsking(null)} />;
  if (asking === 'disqualify') return <DisqualifyForm lead={lead} onClose={() => setAsking(null)} />;
  return (
    <Group gap="xs">
      {lead.owner_id !== me.id && (
        <Button variant="default" loading={assign.pending} onClick={() => assign.run()}>
          {t('action.assignToMe')}
        </Button>
      )}
      {lead.status === 'new' && (
        <Button loading={qualify.pending} onClick={() => qualify.run()}>
          {t('lead.qualify')}
        </Button>
      )}
      {lead.status === 'qualified' && <Button onClick={() => setAsking('convert')}>{t('lead.convert')}</Button>}
      <Button variant="default" onClick={() => setAsking('reassign')}>
        {t('lead.anotherCustomer')}
      </Button>
      <Button variant="default" onClick={() => setAsking('disqualify')}>
        {t('lead.disqualify')}
      </Button>
    </Group>
  );
}

export function LeadDrawer({ leadId, onClose }: { leadId: string | undefined; onClose: () => void }) {
  const { t } = useTranslation();
  const lead = useQuery({
    queryKey: ['lead', leadId],
    queryFn: ({ signal }) => body(sales.GET('/v1/leads/{lead_id}', { params: { path: { lead_id: leadId! } }, signal })),
    enabled: leadId !== undefined,
  });
  const shown = leadId === undefined ? undefined : lead.data;
  return (
    <SidePanel
      opened={leadId !== undefined}
      onClose={onClose}
      title={
        <Group gap="xs">
          <Text fw={700} size="lg">
            {shown?.full_name ?? shown?.company_name ?? t('lead.one')}
          </Text>
          {shown && <LeadStatusBadge status={shown.status} />}
        </Group>
      }
    >
      <Await query={lead}>
        {() =>
          shown && (
            <Stack gap="lg">
              <LeadFacts lead={shown} />
              <LeadSteps key={shown.id} lead={shown} />
            </Stack>
          )
        }
      </Await>
    </SidePanel>
  );
}
