import type { Redis } from 'ioredis';
import { NightkeeperError } from '../../model/errors.ts';
import type { Log } from '../../ports/log.ts';
import { commandMsMax, createClient, type Use, whereOf } from './clients.ts';
import type { RedisConfig } from './config.ts';
import { plainMessage, redisFailure } from './failure.ts';
import { createKeys, type Keys } from './keys.ts';
import { defineSteps, runStep, type StepName } from './steps.ts';

/** Failed connections in a row after which commands are refused at once instead of waiting for the next one. */
export const failuresBeforeRefusing = 2;

/** How long one question may take, retries within the client included. */
export const answerMsMax = 2 * commandMsMax;

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
  const { prefix, log } = parts;
  const where = whereOf(parts);
  const open: Redis[] = [];
  const listeners = new Set<() => void>();
  let failures = 0;
  let isDown = false;

  function connection(use: Use): Redis {
    const client = createClient(parts, use);
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
      return await inTime(run(client));
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

/** A client keeps commands back until it is connected, and a cluster client for as long as its cluster is down. */
async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${answerMsMax} ms`)), answerMsMax);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
