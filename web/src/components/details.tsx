/** Names and values of one record; rows without a value are left out. */
import { Text } from '@mantine/core';
import { Fragment, type ReactNode } from 'react';

export function Details({ rows }: { rows: [name: string, value: ReactNode][] }) {
  return (
    <dl className="details">
      {rows
        .filter(([, value]) => value !== null && value !== undefined && value !== false && value !== '')
        .map(([name, value]) => (
          <Fragment key={name}>
            <Text component="dt" size="sm" c="dimmed">
              {name}
            </Text>
            <Text component="dd" size="sm" m={0} className="prose">
              {value}
            </Text>
          </Fragment>
        ))}
    </dl>
  );
}
