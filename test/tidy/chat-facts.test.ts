import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from './sources.ts';

const folder = join(root, 'test/servers');
const facts = readFileSync(join(folder, 'CHAT.md'), 'utf8');

const files = ['slack.ts', 'dingtalk.ts', 'slack', 'dingtalk', 'sms'].flatMap((name) =>
  name.endsWith('.ts') ? [name] : readdirSync(join(folder, name)).map((file) => `${name}/${file}`),
);

/** What a rule says it comes from: `CHAT §2.3`, `CHAT §4, S3`, `CHAT D15`. */
function namedIn(file: string): readonly string[] {
  const text = readFileSync(join(folder, file), 'utf8');
  return [...text.matchAll(/CHAT((?:,? ?(?:§[\d.]+\d|§\d|[SDTA]\d+))+)/gu)].flatMap(
    ([, list = '']) => [...list.matchAll(/§[\d.]*\d|[SDTA]\d+/gu)].map(([name]) => name),
  );
}

function isThere(name: string): boolean {
  const [number = ''] = /\d(?:\.\d+)?/u.exec(name.slice(1)) ?? [];
  return name.startsWith('§')
    ? facts.includes(`\n### ${number} `) || facts.includes(`\n## ${number}. `)
    : new RegExp(`\\n\\| ${name} +\\|`, 'u').test(facts);
}

/** What the platforms demand, and where a stand-in demands it: the words above that line name its source. */
const strict: readonly (readonly [rule: string, file: string, line: RegExp])[] = [
  ['tokens', 'slack/web-api.ts', /^export function answerCall/mu],
  ['scopes', 'slack/web-api.ts', /^const scopes:/mu],
  ['three seconds for an acknowledgement', 'slack/transport.ts', /^const ackMs = 3000;/mu],
  ['a trigger of three seconds', 'slack/workspace.ts', /^export const triggerMs = 3000;/mu],
  ['five uses of a response URL', 'slack/workspace.ts', /^export const responseUses = 5;/mu],
  [
    'thirty minutes of a response URL',
    'slack/workspace.ts',
    /^export const responseMs = 30 \* 60_000;/mu,
  ],
  ['limits of blocks', 'slack/blocks.ts', /^const max = \{/mu],
  ['429 with and without Retry-After', 'slack/answers.ts', /^export type SlackFault =/mu],
  ['a message a second', 'slack/web-api.ts', /^ {2}pacing: boolean;/mu],
  ['one socket of several', 'slack/transport.ts', /^export class SocketMode/mu],
  ['renewal of sockets', 'slack/transport.ts', /^ {2}refresh\(\): void/mu],
  ['limits of parameters', 'dingtalk/open-api.ts', /^const valueBytesMax = 1024;/mu],
  ['tickets of ninety seconds', 'dingtalk/gateway.ts', /^const ticketMs = 90_000;/mu],
  ['tickets for one socket', 'dingtalk/gateway.ts', /^ {6}this\.#tickets\.delete/mu],
  ['any connection for a message', 'dingtalk/gateway.ts', /^ {2}async push\(/mu],
  ['redelivery', 'dingtalk/gateway.ts', /^ {2}#again\(/mu],
  ['renewal of connections', 'dingtalk/gateway.ts', /^ {2}disconnect\(/mu],
  ['two seconds for a card', 'dingtalk/gateway.ts', /^export const clickMs = 2000;/mu],
  ['twenty a minute', 'dingtalk/webhooks.ts', /^const perMinute = 20;/mu],
  ['ten minutes shut out', 'dingtalk/webhooks.ts', /^ {2}#mayPass\(/mu],
  ['twenty calls a second', 'dingtalk/open-api.ts', /^const qpsMax = 20;/mu],
];

describe('the rules of the stand-ins for chats', () => {
  it.each(files)('name lines of CHAT.md that are there: %s', (file) => {
    expect(namedIn(file).filter((name) => !isThere(name))).toEqual([]);
  });

  it.each(strict)('hold bots to %s, and say where that stands', (_rule, file, line) => {
    const text = readFileSync(join(folder, file), 'utf8');
    const above = text.slice(0, text.search(line)).trimEnd().split('\n').slice(-4).join('\n');

    expect(text).toMatch(line);
    expect(above).toMatch(/CHAT (?:§\d|[SD]\d)/u);
  });

  it('are met by the official clients as they are published', () => {
    const { scripts, dependencies, devDependencies } = JSON.parse(
      readFileSync(join(root, 'package.json'), 'utf8'),
    ) as Readonly<Record<string, Readonly<Record<string, string>>>>;

    expect(existsSync(join(root, 'patches'))).toBe(false);
    expect(Object.keys({ ...dependencies, ...devDependencies })).not.toContain('patch-package');
    expect(Object.keys(scripts ?? {})).not.toContain('postinstall');
    expect(dependencies?.['@slack/bolt']).toMatch(/^[\^\d]/u);
    expect(dependencies?.['dingtalk-stream']).toMatch(/^[\^\d]/u);
  });

  it.each(['slack', 'dingtalk', 'sms'])('have a source, each of %s', (chat) => {
    const own = files.filter((file) => file.startsWith(chat));

    expect(own.flatMap(namedIn).length).toBeGreaterThan(8);
  });
});
