import { expect, test } from 'vitest';

import { mailto, tel } from './links';

test('an address in a record cannot name further recipients or a text', () => {
  const link = new URL(mailto('x?bcc=spy@evil.example&body=%41'));

  expect(link.search).toBe('');
  expect(decodeURIComponent(link.pathname)).toBe('x?bcc=spy@evil.example&body=%41');
});

test('ordinary addresses and numbers stay readable', () => {
  expect(mailto('zhang.wei@example.com')).toBe('mailto:zhang.wei@example.com');
  expect(tel('+8613800138000')).toBe('tel:+8613800138000');
  expect(tel('+861065529988', '12')).toBe('tel:+861065529988;ext=12');
});

test('a number in a record cannot say more than a number', () => {
  expect(tel('+861380;phone-context=x?y#z')).toBe('tel:+861380%3Bphone-context%3Dx%3Fy%23z');
});
