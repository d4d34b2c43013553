import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from './sources.ts';

const folder = join(root, 'test/servers');
const facts = readFileSync(join(folder, 'CHAT.md'), 'utf8');

const files = ['slack.ts', 'dingtalk.ts', 'slack', 'dingtalk'].flatMap((name) =>
  name.endsWith('.ts') ? [name] : readdirSync(join(folder, name)).map((file) => `${name}/${file}`),
);

/** What a rule says it comes from: `CHAT §2.3`, `CHAT §4, S3`, `CHAT D15`. */
function namedIn(file: string): readonly string[] {
  const text = readFileSync(join(folder, file), 'utf8');
  return [...text.matchAll(/CHAT((?:,? ?(?:§[\d.]+\d|§\d|[SD]\d+))+)/gu)].flatMap(([, list = '']) =>
    [...list.matchAll(/§[\d.]*\d|[SD]\d+/gu)].map(([name]) => name),
  );
}

function isThere(name: string): boolean {
  const [number = ''] = /\d(?:\.\d+)?/u.exec(name.slice(1)) ?? [];
  return name.startsWith('§')
    ? facts.includes(`\n### ${number} `) || facts.includes(`\n## ${number}. `)
    : new RegExp(`\\n\\| ${name} +\\|`, 'u').test(facts);
}

describe('the rules of the stand-ins for chats', () => {
  it.each(files)('name lines of CHAT.md that are there: %s', (file) => {
    expect(namedIn(file).filter((name) => !isThere(name))).toEqual([]);
  });

  it.each(['slack', 'dingtalk'])('have a source, each of %s', (chat) => {
    const own = files.filter((file) => file.startsWith(chat));

    expect(own.flatMap(namedIn).length).toBeGreaterThan(8);
  });
});
