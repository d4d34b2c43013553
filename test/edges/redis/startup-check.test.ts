import { afterEach, describe, expect, it } from 'vitest';
import { connectRedis, type RedisLink } from '../../../src/edges/redis/connect.ts';
import {
  judgeRedis,
  type RedisFacts,
  readRedisFacts,
} from '../../../src/edges/redis/startup-check.ts';
import { type RedisServer, type RedisServerOptions, startRedis } from '../../servers/redis.ts';
import { recordingLog } from '../../support/log.ts';

const good: RedisFacts = {
  version: '7.0.15',
  appendOnly: true,
  appendFsync: 'always',
  appendFailing: false,
  evictionPolicy: 'noeviction',
  maxMemoryBytes: 1_000_000,
  role: 'master',
};

function levelsOf(facts: RedisFacts): Readonly<Record<string, string>> {
  return Object.fromEntries(judgeRedis(facts).map(({ code, level }) => [code, level]));
}

describe('judgeRedis', () => {
  it('has nothing to say against a durable Redis', () => {
    expect(new Set(Object.values(levelsOf(good)))).toEqual(new Set(['ok']));
    expect(levelsOf({ ...good, appendFsync: 'everysec' })['redis-append-fsync']).toBe('ok');
  });

  it.each<[string, string, Partial<RedisFacts>]>([
    ['a version older than 6.2', 'redis-version', { version: '6.0.16' }],
    ['a much older version', 'redis-version', { version: '5.0.14' }],
    ['no append-only file', 'redis-append-only', { appendOnly: false }],
    ['an append-only file that is never synced', 'redis-append-fsync', { appendFsync: 'no' }],
    ['an append-only file that cannot be written', 'redis-append-failing', { appendFailing: true }],
    ['a policy that evicts', 'redis-eviction', { evictionPolicy: 'allkeys-lru' }],
    ['a replica', 'redis-role', { role: 'slave' }],
  ])('calls %s a risk', (_, code, facts) => {
    expect(levelsOf({ ...good, ...facts })[code]).toBe('risk');
  });

  it('does not mind a policy that never comes into play', () => {
    const facts = { ...good, evictionPolicy: 'allkeys-lru', maxMemoryBytes: 0 };

    expect(levelsOf(facts)['redis-eviction']).toBe('ok');
  });

  it('takes newer versions by number, not by letter', () => {
    expect(levelsOf({ ...good, version: '10.0.0' })['redis-version']).toBe('ok');
    expect(levelsOf({ ...good, version: '6.2.0' })['redis-version']).toBe('ok');
  });

  it('says what it does not know', () => {
    expect(judgeRedis({}).map(({ code, level }) => `${code} ${level}`)).toEqual([
      'redis-version unknown',
      'redis-append-only unknown',
      'redis-eviction unknown',
      'redis-role unknown',
    ]);
  });

  it('is silent about the syncing of a file that is not written', () => {
    expect(Object.keys(levelsOf({ ...good, appendOnly: false }))).not.toContain(
      'redis-append-fsync',
    );
  });
});

describe('readRedisFacts', () => {
  let server: RedisServer | undefined;
  let redis: RedisLink | undefined;

  afterEach(async () => {
    await redis?.close();
    await server?.close();
  });

  async function factsOf(options: RedisServerOptions): Promise<RedisFacts> {
    server = await startRedis(options);
    redis = connectRedis({ url: server.url, prefix: 'test', log: recordingLog() });
    return readRedisFacts(redis);
  }

  it('reads a durable Redis', async () => {
    const facts = await factsOf({ appendfsync: 'always' });

    expect(facts).toMatchObject({
      appendOnly: true,
      appendFsync: 'always',
      appendFailing: false,
      evictionPolicy: 'noeviction',
      maxMemoryBytes: 0,
      role: 'master',
    });
    expect(facts.version).toMatch(/^\d+\.\d+\.\d+$/u);
  });

  it('reads what is at risk', async () => {
    const facts = await factsOf({
      appendonly: false,
      args: ['--maxmemory', '100mb', '--maxmemory-policy', 'allkeys-lru'],
    });

    const risks = judgeRedis(facts).filter(({ level }) => level === 'risk');
    expect(risks.map(({ code }) => code)).toEqual(['redis-append-only', 'redis-eviction']);
  });

  it('reads a managed Redis that forbids CONFIG', async () => {
    const facts = await factsOf({ args: ['--rename-command', 'CONFIG', ''] });

    expect(facts.appendOnly).toBe(true);
    expect(levelsOf(facts)['redis-append-fsync']).toBe('unknown');
  });
});
