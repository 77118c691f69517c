import { expect, test } from 'vitest';
import { shown } from './changed-value';

const line = ({ city }: { city: string | null }) => city ?? '';

test('a value of every kind of field is one line', () => {
  expect(shown(null, line)).toBe('');
  expect(shown([], line)).toBe('');
  expect(shown('A', line)).toBe('A');
  expect(shown(['key-account', '光学'], line)).toBe('key-account, 光学');
  expect(shown([{ number: '+861065529988', label: 'work', extension: '12' }], line)).toBe('+861065529988 #12');
  expect(shown([{ number: '+8613800138000', label: 'mobile' }], line)).toBe('+8613800138000');
  expect(shown([{ address: 'xm@example.cn', label: 'work' }], line)).toBe('xm@example.cn');
  expect(shown([{ street: null, city: '上海', region: null, postal_code: null, country: 'CN', label: 'work' }], line)).toBe('上海');
  expect(shown([{ source: 'web-shop', id: '98786', evidence: 'Order 12' }], line)).toBe('web-shop 98786');
  expect(shown([{ id: 'l1-phone', kind: 'phone', value: '+8613800138001', source: { source: 'sales-lead', id: 'l1' } }], line)).toBe('+8613800138001');
});
