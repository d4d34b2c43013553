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
  'src/edges/sms/failure.ts': 'words of an answer of Aliyun, which are compared',
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

describe('a count in an English text', () => {
  const files = [...filesIn(folder, '.ts')].filter(
    (file) => !/zh-cn/u.test(file) && !file.endsWith('/plural.ts'),
  );
  const nouns = new Set(files.flatMap((file) => nounsIn(read(file))));

  it('meets its noun by the plural rules of the platform, and by no comparison with one', () => {
    const byHand = files.filter((file) => /[=!]== 1\s*\?|\(s\)/u.test(read(file)));

    expect(byHand).toEqual([]);
  });

  it('has no fixed plural where the same noun is counted elsewhere', () => {
    const fixed = new RegExp(`\\}(?: (?:${adjectives}))? (?:${[...nouns].join('|')})\\b`, 'gu');
    const found = files.flatMap((file) =>
      [...withoutByCount(read(file)).matchAll(fixed)].map(([text]) => `${file}: ${text}`),
    );

    expect(nouns.size).toBeGreaterThan(15);
    expect(found).toEqual([]);
  });
});

/** What may stand between a count and its noun. */
const adjectives = 'more|other|old|whole|forced|ephemeral|needed|configured|open|new';

/** The plurals that are said by `counted` and `thousandsOf`: `voters`, `people`. */
function nounsIn(text: string): readonly string[] {
  const calls = text.matchAll(
    /(?:counted|thousandsOf)\((?:[^()]|\([^()]*\))*?, '([a-z ]+)'(?:, '([a-z ]+)')?\)/gu,
  );
  return [...calls].flatMap(([, one = '', other = `${one}s`]) => {
    const noun = other.split(' ').at(-1) ?? '';
    return one.endsWith(` ${noun}`) ? [] : [noun];
  });
}

/** Both forms of a text stand side by side there. */
function withoutByCount(text: string): string {
  let rest = text;
  for (let at = rest.indexOf('byCount('); at >= 0; at = rest.indexOf('byCount(')) {
    let depth = 1;
    let end = at + 'byCount('.length;
    for (; depth > 0 && end < rest.length; end += 1)
      depth += rest[end] === '(' ? 1 : rest[end] === ')' ? -1 : 0;
    rest = rest.slice(0, at) + rest.slice(end);
  }
  return rest;
}

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
