import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { words } from '../../src/rules/card/words/words.ts';
import { filesIn, read, root } from './sources.ts';

const folder = 'src/rules/card/words';
const chinese = /\p{Script=Han}/u;

/** Sources outside the catalogue that hold Chinese for another reason than to say it. */
const exceptions: Readonly<Record<string, string>> = {
  'commands/parts/read-end.ts': 'units that people type',
  'commands/silence.ts': 'severities that people type',
  'src/edges/dingtalk/line.ts': 'answers that people type',
  'src/edges/http/pages/layout.ts': 'the name of a language stands in that language',
};

/** What people type is not said, but understood: aliases of commands, and words that are compared. */
function said(file: string): string {
  return read(file)
    .replace(/^\s*aliases: \[[^\]]*\]/gmu, '')
    .replace(/\[[^\]]*\]\.includes\(/gu, '');
}

describe('the word catalogue', () => {
  it('holds every Chinese text of the product', () => {
    const elsewhere = [...filesIn('src', '.ts', '.js', '.html'), ...filesIn('commands', '.ts')]
      .filter((file) => !file.startsWith(folder))
      .filter((file) => chinese.test(said(file)));

    expect(elsewhere.filter((file) => exceptions[file] === undefined)).toEqual([]);
  });

  it('has each section in both languages', () => {
    const sections = readdirSync(join(root, folder), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);

    expect(sections.length).toBeGreaterThan(4);
    for (const section of sections) {
      const files = filesIn(`${folder}/${section}`, '.ts');
      expect(files).toContain(`${folder}/${section}/en.ts`);
      expect(files).toContain(`${folder}/${section}/zh-cn.ts`);
    }
  });

  it('says nothing in English where Chinese is asked for', () => {
    const same = sameTexts(words('en'), words('zh-CN'), '');

    expect(same.filter((path) => !neutral.test(path))).toEqual([]);
  });
});

/** Texts that are the same in every language: lines to type. */
const neutral = /^\.commands\.about\.[\w-]+\.examples\./u;

/** Paths of plain texts that are equal in both and hold a word of English. */
function sameTexts(one: unknown, other: unknown, path: string): readonly string[] {
  if (typeof one === 'string')
    return one === other && /[a-z]{4,} [a-z]{2,}/u.test(one) ? [path] : [];
  if (typeof one !== 'object' || one === null || typeof other !== 'object' || other === null)
    return [];
  return Object.entries(one).flatMap(([key, value]) =>
    sameTexts(value, (other as Readonly<Record<string, unknown>>)[key], `${path}.${key}`),
  );
}
