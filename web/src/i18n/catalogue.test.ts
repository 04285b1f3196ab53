// Both catalogues hold the same keys, every key is used, every used key is there, and nothing is left in the wrong language.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import en from './en';
import zh from './zh-CN';

type Tree = { [key: string]: string | Tree };
function flat(tree: Tree, prefix = ''): Map<string, string> {
  const out = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string') out.set(prefix + key, value);
    else flat(value, `${prefix}${key}.`).forEach((text, name) => out.set(name, text));
  }
  return out;
}
function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'i18n' ? [] : sources(path);
    return /\.(vue|ts)$/.test(entry.name) && !entry.name.endsWith('.test.ts') ? [path] : [];
  });
}
const chinese = flat(zh);
const english = flat(en);
const code = sources(join(process.cwd(), 'src')).map((path) => readFileSync(path, 'utf8')).join('\n');
// Keys made from codes of the server: `${prefix}<code>`.
const dynamic = [...code.matchAll(/[`']([a-zA-Z]+(?:\.[a-zA-Z]+)*\.)\$\{/g)].map((found) => found[1] ?? '');
// A text with a form for one and one for many names them in both.
const placeholders = (text: string): string => [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]))].sort().join(',');

describe('catalogues', () => {
  it('have the same keys', () => {
    expect([...english.keys()].sort()).toEqual([...chinese.keys()].sort());
  });
  it('have the same placeholders', () => {
    for (const [key, text] of chinese) expect(`${key}: ${placeholders(english.get(key) ?? '')}`).toBe(`${key}: ${placeholders(text)}`);
  });
  it('have no empty text', () => {
    for (const [key, text] of [...chinese, ...english]) expect(text.trim(), key).not.toBe('');
  });
  it('have no untranslated text', () => {
    // These are the same in both on purpose: the other language's own name, and a list comma.
    const same = new Set(['common.toChinese', 'common.toEnglish']);
    for (const [key, text] of english) {
      if (same.has(key)) continue;
      expect(/[㐀-鿿]/.test(text), `Chinese in en: ${key}`).toBe(false);
      expect(text, `untranslated: ${key}`).not.toBe(chinese.get(key));
    }
    for (const [key, text] of chinese) {
      if (!same.has(key)) expect(/[㐀-鿿、（）]/.test(text), `no Chinese in zh-CN: ${key}`).toBe(true);
    }
  });
  it('hold every key that is used', () => {
    const used = [...code.matchAll(/(?:\$t|\bt|\bte)\(\s*'([\w.]+)'/g)].map((found) => found[1] ?? '');
    expect(used.length).toBeGreaterThan(200);
    expect(used.filter((key) => !chinese.has(key))).toEqual([]);
  });
  it('hold no key that is not used', () => {
    const unused = [...chinese.keys()].filter((key) => !code.includes(`'${key}'`) && !dynamic.some((prefix) => key.startsWith(prefix)));
    expect(unused).toEqual([]);
  });
});
