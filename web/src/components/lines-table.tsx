/** The products of an order or an opportunity, with their sums. */
import { Table } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { OrderLine } from '@/api/types';
import { addUp, type Money } from '@/format/money';
import { useFormat } from '@/format/use-format';
import { useProducts } from './lines-editor';

/** What the lines come to; the services keep all of them in one currency. */
export function sumOf(lines: OrderLine[]): Money | undefined {
  return addUp(lines.map(({ unit_price, quantity }) => ({ ...unit_price, amount: unit_price.amount * quantity })))[0];
}

export function LinesTable({ lines }: { lines: OrderLine[] }) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const products = useProducts();
  const language = i18n.language === 'zh' ? 'zh' : 'en';
  const name = (line: OrderLine) => products.find((product) => product.id === line.product_id)?.name[language] ?? line.sku;
  return (
    <Table>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{t('lines.name')}</Table.Th>
          <Table.Th scope="col" ta="end">
            {t('lines.quantity')}
          </Table.Th>
          <Table.Th scope="col" ta="end" visibleFrom="xs">
            {t('lines.price')}
          </Table.Th>
          <Table.Th scope="col" ta="end">
            {t('lines.sum')}
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {lines.map((line, row) => (
          <Table.Tr key={row}>
            <Table.Td>{name(line)}</Table.Td>
            <Table.Td ta="end" className="tabular">
              {format.number(line.quantity)}
            </Table.Td>
            <Table.Td ta="end" className="tabular" visibleFrom="xs">
              {format.money(line.unit_price)}
            </Table.Td>
            <Table.Td ta="end" className="tabular">
              {format.money({ amount: line.unit_price.amount * line.quantity, currency: line.unit_price.currency })}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
