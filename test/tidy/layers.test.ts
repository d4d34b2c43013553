import { describe, expect, it } from 'vitest';
import { filesIn, type Import, importsOf, place, roomOf } from './sources.ts';

const imports = [...filesIn('src', '.ts'), ...filesIn('commands', '.ts')].flatMap(importsOf);

/** What a room may import besides itself, and what to do instead. */
const layers: readonly {
  readonly room: RegExp;
  readonly may: readonly RegExp[];
  readonly instead: string;
}[] = [
  { room: /^model$/u, may: [], instead: 'the model imports nothing: move it inward or pass it in' },
  { room: /^ports$/u, may: [/^src\/model\//u], instead: 'a port speaks of the model only' },
  {
    room: /^rules\//u,
    may: [/^src\/model\//u],
    instead: 'a rule room imports the model only: shared things belong in the model',
  },
  {
    room: /^pipeline$/u,
    may: [/^src\/(?:model|ports|rules)\//u],
    instead: 'the pipeline reaches the world through ports: app hands it the edge',
  },
  {
    room: /^edges\//u,
    may: [/^src\/(?:model|ports|rules\/card)\//u],
    instead: 'an edge knows no sibling and no pipeline: app hands it a function',
  },
  {
    room: /^commands$/u,
    may: [/^src\/(?:model|ports|rules\/card)\//u],
    instead: 'a command asks its desk (ports/command.ts)',
  },
  {
    room: /^config$/u,
    may: [/^src\/model\//u, /^src\/edges\/[^/]+\/config\.ts$/u],
    instead: 'the configuration knows the model and the config.ts of each edge',
  },
  { room: /^app$/u, may: [/^src\//u, /^commands\//u], instead: '' },
];

/** The one room (or few) that may import a package. */
const doors: Readonly<Record<string, readonly string[]>> = {
  bullmq: ['edges/queue'],
  ioredis: ['edges/redis'],
  '@slack/bolt': ['edges/slack'],
  '@slack/web-api': ['edges/slack'],
  'dingtalk-stream': ['edges/dingtalk'],
  'node-zookeeper-client': ['edges/zookeeper'],
  '@resvg/resvg-wasm': ['edges/pictures'],
  nodemailer: ['edges/email'],
  twilio: ['edges/sms'],
  '@alicloud/dysmsapi20170525': ['edges/sms'],
  ssh2: ['edges/executors'],
  'docker-modem': ['edges/executors'],
  '@kubernetes/client-node': ['edges/executors'],
  'ical.js': ['edges/ical'],
  croner: ['edges/timetable'],
  fastify: ['edges/http'],
  '@fastify/cookie': ['edges/http'],
  '@fastify/helmet': ['edges/http'],
  '@fastify/rate-limit': ['edges/http'],
  '@fastify/static': ['edges/http'],
  marked: ['edges/http'],
  yaml: ['config'],
  chokidar: ['config'],
  // Whatever comes from outside is parsed once, at the border.
  zod: ['config', 'edges/*'],
  'fastest-levenshtein': ['config', 'commands'],
  pino: ['app'],
  'prom-client': ['app'],
  commander: ['app'],
};

function layerFaults(all: readonly Import[]): readonly string[] {
  return all
    .filter(({ kind }) => kind === 'file')
    .flatMap((each) => {
      const room = roomOf(each.from);
      const layer = layers.find((one) => one.room.test(room));
      if (layer === undefined)
        return [`${place(each)}: the room ${room} has no rule in layers.test.ts`];
      if (roomOf(each.to) === room || layer.may.some((may) => may.test(each.to))) return [];
      return [`${place(each)} imports ${each.to}: ${layer.instead}`];
    });
}

function doorFaults(all: readonly Import[]): readonly string[] {
  return all
    .filter(({ kind }) => kind === 'package')
    .flatMap((each) => {
      const rooms = doors[each.to];
      if (rooms === undefined) return [`${place(each)}: ${each.to} has no door in layers.test.ts`];
      const here = roomOf(each.from);
      const allowed = rooms.some(
        (room) => room === here || (room === 'edges/*' && here.startsWith('edges/')),
      );
      return allowed ? [] : [`${place(each)} imports ${each.to}: its door is ${rooms.join(', ')}`];
    });
}

function worldFaults(all: readonly Import[]): readonly string[] {
  return all
    .filter(({ from, kind }) => kind !== 'file' && /^src\/(?:model|ports|rules)\//u.test(from))
    .map((each) => `${place(each)} imports ${each.to}: model, ports and rules are pure`);
}

describe('the rooms of the house', () => {
  it('import inward only', () => {
    expect(layerFaults(imports)).toEqual([]);
  });

  it('have one door for each package', () => {
    expect(doorFaults(imports)).toEqual([]);
  });

  it('are pure inside: no package and nothing of Node in model, ports and rules', () => {
    expect(worldFaults(imports)).toEqual([]);
  });
});

describe('these rules', () => {
  const wrong = (from: string, to: string, kind: Import['kind']): Import => ({
    from,
    line: 1,
    to,
    kind,
  });

  it.each([
    ['src/model/a.ts', 'src/ports/b.ts'],
    ['src/rules/detect/a.ts', 'src/rules/incident/b.ts'],
    ['src/rules/card/a.ts', 'src/ports/b.ts'],
    ['src/pipeline/a.ts', 'src/edges/redis/b.ts'],
    ['src/edges/slack/a.ts', 'src/edges/http/b.ts'],
    ['src/edges/slack/a.ts', 'src/pipeline/b.ts'],
    ['src/edges/slack/a.ts', 'src/rules/incident/b.ts'],
    ['commands/a.ts', 'src/pipeline/b.ts'],
    ['src/config/a.ts', 'src/edges/slack/receive.ts'],
    ['src/nowhere/a.ts', 'src/model/b.ts'],
  ])('see %s importing %s', (from, to) => {
    expect(layerFaults([wrong(from, to, 'file')])).toHaveLength(1);
  });

  it('see a package behind the wrong door, and one without any', () => {
    expect(doorFaults([wrong('src/edges/slack/a.ts', 'ioredis', 'package')])).toHaveLength(1);
    expect(doorFaults([wrong('src/pipeline/a.ts', 'zod', 'package')])).toHaveLength(1);
    expect(doorFaults([wrong('src/edges/slack/a.ts', 'zod', 'package')])).toEqual([]);
    expect(doorFaults([wrong('src/app/a.ts', 'left-pad', 'package')])).toHaveLength(1);
  });

  it('read real files: there is something to judge', () => {
    expect(imports.filter(({ kind }) => kind === 'file').length).toBeGreaterThan(100);
    expect(imports.some(({ to }) => to === 'ioredis')).toBe(true);
  });
});
