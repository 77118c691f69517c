/** A value of any field of a customer as one line of text. */

type Address = { street: string | null; city: string | null; region: string | null; postal_code: string | null; country: string };

/** Empty for nothing. A record is shown by the part that tells it from others: its number, address, value or id. */
export function shown(value: unknown, addressLine: (address: Address) => string): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map((item) => shown(item, addressLine)).join(', ');
  if (typeof value !== 'object') return String(value);
  const record = value as Record<string, unknown>;
  if ('country' in record) return addressLine(record as Address);
  if ('number' in record) return [record.number, record.extension].filter(Boolean).join(' #');
  if ('address' in record) return String(record.address);
  if ('value' in record) return String(record.value);
  return [record.source, record.id].filter(Boolean).join(' ');
}
