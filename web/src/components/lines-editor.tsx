/** Products and quantities of an order or an opportunity. */
import { ActionIcon, Button, Group, Select, Stack, Text } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { body, sales } from '@/api/client';
import type { Product } from '@/api/types';
import { addUp } from '@/format/money';
import { readWhole } from '@/format/typed';
import { useFormat } from '@/format/use-format';
import { useTyped } from './use-typed';
import { WholeInput } from './whole-input';

const MAX_QUANTITY = 1_000_000;

export interface DraftLine {
  product_id: string | null;
  quantity: string;
}

export const EMPTY_LINE: DraftLine = { product_id: null, quantity: '1' };

/** The lines that name a product, as the API takes them. */
export function toLines(lines: DraftLine[]) {
  return lines.flatMap(({ product_id, quantity }) => {
    const { value } = readWhole(quantity, 1, MAX_QUANTITY);
    return product_id && value !== undefined ? [{ product_id, quantity: value }] : [];
  });
}

/** Answers what is wrong with the quantities; the field itself says it too. */
export function useLinesProblem() {
  const typed = useTyped();
  return (lines: DraftLine[]) => lines.map((line) => line.product_id && typed.whole(line.quantity, 1, MAX_QUANTITY)).find(Boolean) || undefined;
}

export function useProducts() {
  const query = useQuery({
    queryKey: ['products'],
    queryFn: ({ signal }) => body(sales.GET('/v1/products', { params: { query: { active: true, limit: 200 } }, signal })),
    staleTime: 300_000,
  });
  return query.data?.items ?? [];
}

interface LinesEditorProps {
  lines: DraftLine[];
  onChange: (lines: DraftLine[]) => void;
  error?: string;
}

function total(lines: DraftLine[], products: Product[]) {
  return addUp(
    toLines(lines).flatMap((line) => {
      const price = products.find((product) => product.id === line.product_id)?.list_price;
      return price ? [{ amount: price.amount * line.quantity, currency: price.currency }] : [];
    }),
  );
}

export function LinesEditor({ lines, onChange, error }: LinesEditorProps) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const products = useProducts();
  const language = i18n.language === 'zh' ? 'zh' : 'en';
  const options = products.map((product) => ({ value: product.id, label: `${product.name[language]} · ${format.money(product.list_price)}` }));
  const change = (row: number, values: Partial<DraftLine>) => onChange(lines.map((line, index) => (index === row ? { ...line, ...values } : line)));
  return (
    <Stack gap="xs" role="group" aria-label={t('lines.title')}>
      {lines.map((line, row) => (
        <Group key={row} gap="xs" align="start" wrap="nowrap">
          <Select
            flex={1}
            label={t('lines.product', { row: row + 1 })}
            data={options}
            value={line.product_id}
            searchable
            nothingFoundMessage={t('lines.noProduct')}
            onChange={(product_id) => change(row, { product_id })}
          />
          <WholeInput
            width={90}
            label={t('lines.quantity')}
            min={1}
            max={MAX_QUANTITY}
            value={line.quantity}
            onChange={(quantity) => change(row, { quantity })}
          />
          {lines.length > 1 && (
            <ActionIcon
              variant="subtle"
              color="gray"
              size="lg"
              mt={26}
              aria-label={t('action.removeNamed', { name: t('lines.product', { row: row + 1 }) })}
              onClick={() => onChange(lines.filter((_, index) => index !== row))}
            >
              <IconTrash size={18} aria-hidden />
            </ActionIcon>
          )}
        </Group>
      ))}
      {error && (
        <Text size="sm" c="var(--mantine-color-error)" role="alert">
          {error}
        </Text>
      )}
      <Group justify="space-between">
        <Button variant="subtle" size="compact-sm" leftSection={<IconPlus size={14} aria-hidden />} onClick={() => onChange([...lines, EMPTY_LINE])}>
          {t('lines.add')}
        </Button>
        <Text fw={600} className="tabular" aria-live="polite">
          {t('lines.total', { total: total(lines, products).map(format.money).join(' + ') || '–' })}
        </Text>
      </Group>
    </Stack>
  );
}
