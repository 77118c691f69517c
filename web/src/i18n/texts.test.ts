import { expect, test } from 'vitest';
import en from './en.json';
import zh from './zh.json';

type Texts = { [key: string]: string | Texts };

function keys(texts: Texts, prefix = ''): string[] {
  return Object.entries(texts).flatMap(([key, value]) => (typeof value === 'string' ? [prefix + key] : keys(value, `${prefix}${key}.`)));
}

/** Chinese has no singular form of its own. */
const withoutSingulars = (all: string[]) => all.filter((key) => !key.endsWith('_one')).sort();

test('every text exists in English and in Chinese', () => {
  expect(keys(zh).sort()).toEqual(withoutSingulars(keys(en)));
});

test('both languages fill in the same values', () => {
  const flat = (texts: Texts) => new Map(keys(texts).map((key) => [key, key.split('.').reduce<string | Texts>((at, part) => (at as Texts)[part]!, texts) as string]));
  const gaps = (text: string) => [...text.matchAll(/{{(\w+)}}/g)].map((match) => match[1]).sort();
  const chinese = flat(zh);

  for (const [key, text] of flat(en)) {
    if (!key.endsWith('_one')) expect(gaps(chinese.get(key)!), key).toEqual(gaps(text));
  }
});
