/** Addresses that a click hands to the mail program or the telephone. What stands in a record is never more than the one address. */

/** The recipient's address alone: `x?bcc=y` in it is no further recipient. */
export function mailto(address: string): string {
  return `mailto:${address.split('@').map(encodeURIComponent).join('@')}`;
}

export function tel(number: string, extension?: string | null): string {
  const dialled = encodeURIComponent(number).replace(/^%2B/, '+');
  return `tel:${dialled}${extension ? `;ext=${encodeURIComponent(extension)}` : ''}`;
}
