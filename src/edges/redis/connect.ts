import { Redis, type RedisOptions } from 'ioredis';
import { NightkeeperError } from '../../model/errors.ts';
import type { Log } from '../../ports/log.ts';
import type { RedisConfig } from './config.ts';
import { plainMessage, redisFailure } from './failure.ts';
import { createKeys, type Keys } from './keys.ts';
import { defineSteps, runStep, type StepName } from './steps.ts';

/** First wait before a new connection; it doubles up to the next one. Both short: a restarted Redis must be found within 3 s. */
export const reconnectMsMin = 100;
export const reconnectMsMax = 1000;

/** How long one command may take. A stopped Redis keeps its connections open and says nothing. */
export const commandMsMax = 2000;

/** How long a connection may take to stand. */
export const connectMsMax = 3000;

/** Failed connections in a row after which commands are refused at once instead of waiting for the next one. */
export const failuresBeforeRefusing = 2;

/** Silence after which a connection that waits for an answer is given up: longer than the queue's blocking reads (10 s). */
export const silentMsMax = 20_000;

/**
 * What a connection is for. `asking` fails fast, so that a person gets an answer; `working` waits for Redis as long as it takes;
 * `listening` is for pub/sub.
 */
export type Use = 'asking' | 'working' | 'listening';

/** The way to Redis, shared by all stores. */
export interface RedisLink {
  readonly keys: Keys;
  /** Host and port, for people; no secrets. */
  readonly where: string;
  /** Runs commands; every failure comes out as a `NightkeeperError`. */
  ask<T>(run: (client: Redis) => Promise<T>): Promise<T>;
  /** Runs one Lua step. */
  step(
    name: StepName,
    keys: readonly string[],
    args: readonly (string | number)[],
  ): Promise<unknown>;
  /** One more connection to the same Redis, closed with the link. */
  readonly connection: (use: Use) => Redis;
  isUp(): boolean;
  /** Calls back each time the connection stands again, until the returned function is called. */
  onUp(listener: () => void): () => void;
  /** Closes all connections; commands under way fail. */
  close(): Promise<void>;
}

/** Opens the way to Redis. Does not wait for it: until it stands, commands wait or fail. An outage is logged once. */
export function connectRedis(parts: RedisConfig & { readonly log: Log }): RedisLink {
  const { url, prefix, log } = parts;
  const where = new URL(url).host;
  const open: Redis[] = [];
  const listeners = new Set<() => void>();
  let failures = 0;
  let isDown = false;

  function connection(use: Use): Redis {
    const client = new Redis(url, optionsFor(use));
    // Without a listener the client prints errors itself; the outage is told by the first connection.
    client.on('error', () => undefined);
    open.push(client);
    return client;
  }

  const client = connection('asking');
  defineSteps(client);
  client.on('error', (error) => down(plainMessage(error)));
  client.on('close', () => {
    failures += 1;
    down('the connection closed');
  });
  client.on('ready', () => {
    failures = 0;
    if (isDown) log.info({ redis: where }, 'Redis answers again');
    isDown = false;
    for (const listener of listeners) listener();
  });

  function down(reason: string): void {
    if (isDown || client.status === 'end') return;
    isDown = true;
    log.error({ redis: where, reason }, 'Redis is not reachable');
  }

  async function ask<T>(run: (asked: Redis) => Promise<T>): Promise<T> {
    if (failures >= failuresBeforeRefusing)
      throw new NightkeeperError('redis-unavailable', `no connection to Redis at ${where}`);
    try {
      return await run(client);
    } catch (error) {
      throw redisFailure(error);
    }
  }

  return {
    keys: createKeys(prefix),
    where,
    ask,
    step: (name, keys, args) => ask((asked) => runStep(asked, name, keys, args)),
    connection,
    isUp: () => client.status === 'ready',
    onUp(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    close() {
      client.removeAllListeners('close');
      for (const each of open) each.disconnect();
      return Promise.resolve();
    },
  };
}

type Options = Omit<RedisOptions, 'replyMapping'>;

function optionsFor(use: Use): Options {
  const common: Options = {
    connectTimeout: connectMsMax,
    socketTimeout: silentMsMax,
    retryStrategy: (times) => Math.min(reconnectMsMin * 2 ** (times - 1), reconnectMsMax),
    // A node that became a replica refuses writes until the client finds the new one.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
  };
  switch (use) {
    case 'asking':
      return { ...common, commandTimeout: commandMsMax, maxRetriesPerRequest: 1 };
    case 'working':
    case 'listening':
      return { ...common, maxRetriesPerRequest: null };
  }
}
