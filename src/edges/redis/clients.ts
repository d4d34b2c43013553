import { Cluster, Redis, type RedisOptions } from 'ioredis';
import type { RedisConfig } from './config.ts';

/** First wait before a new connection; it doubles up to the next one. Both short: a restarted Redis must be found within 3 s. */
export const reconnectMsMin = 100;
export const reconnectMsMax = 1000;

/** How long one command may take. A stopped Redis keeps its connections open and says nothing. */
export const commandMsMax = 2000;

/** How long a connection may take to stand. */
export const connectMsMax = 3000;

/** Silence after which a connection that waits for an answer is given up: longer than the queue's blocking reads (10 s). */
export const silentMsMax = 20_000;

/** Servers of a cluster that are tried for one command: each may answer that another one has the key by now. */
const redirectionsMax = 16;

/**
 * What a connection is for. `asking` fails fast, so that a person gets an answer; `working` waits for Redis as long as it takes;
 * `listening` is for pub/sub.
 */
export type Use = 'asking' | 'working' | 'listening';

/** Opens a connection: to one server, to the master that the sentinels name, or to a cluster. */
export function createClient(config: RedisConfig, use: Use): Redis {
  if (config.cluster !== undefined) {
    // A cluster client takes the same commands; where its answers come late, see `ask` in connect.ts.
    return clusterClient(config.cluster, use) as unknown as Redis;
  }
  if (config.sentinels === undefined) return new Redis(config.url, optionsFor(use));
  return new Redis({
    ...signInOf(config.url),
    ...optionsFor(use),
    sentinels: config.sentinels.map((url) => addressOf(url, 26_379)),
    name: config.master ?? '',
    ...sentinelSignIn(config.sentinels[0] ?? ''),
    sentinelRetryStrategy: reconnectAfterMs,
    sentinelCommandTimeout: commandMsMax,
  });
}

/** Where Redis is, for people. */
export function whereOf({ url, sentinels, master, cluster }: RedisConfig): string {
  const hosts = (urls: readonly string[]) => urls.map((each) => new URL(each).host).join(', ');
  if (cluster !== undefined) return hosts(cluster);
  return sentinels === undefined ? new URL(url).host : `${master} by ${hosts(sentinels)}`;
}

function clusterClient(urls: readonly string[], use: Use): Cluster {
  const { retryStrategy: _one, ...redisOptions } = optionsFor(use);
  return new Cluster(
    urls.map((url) => addressOf(url, 6379)),
    {
      redisOptions: { ...signInOf(urls[0] ?? ''), ...redisOptions },
      clusterRetryStrategy: reconnectAfterMs,
      // A server that comes back at its old address must be found again without a redirection.
      clusterNodeRetryStrategy: reconnectAfterMs,
      slotsRefreshTimeout: commandMsMax,
      slotsRefreshInterval: 5000,
      maxRedirections: redirectionsMax,
      retryDelayOnFailover: reconnectMsMin,
      retryDelayOnClusterDown: reconnectMsMin,
    },
  );
}

type Options = Omit<RedisOptions, 'replyMapping'>;

function optionsFor(use: Use): Options {
  const common: Options = {
    connectTimeout: connectMsMax,
    socketTimeout: silentMsMax,
    retryStrategy: reconnectAfterMs,
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

function reconnectAfterMs(times: number): number {
  return Math.min(reconnectMsMin * 2 ** (times - 1), reconnectMsMax);
}

function addressOf(url: string, defaultPort: number): { host: string; port: number } {
  const { hostname, port } = new URL(url);
  return {
    host: hostname.replace(/^\[|\]$/gu, ''),
    port: port === '' ? defaultPort : Number(port),
  };
}

/** User, password, database and TLS of an address. */
function signInOf(url: string): Options {
  const { username, password, pathname, protocol } = new URL(url);
  const db = Number(pathname.slice(1));
  return {
    ...(username === '' ? {} : { username: decodeURIComponent(username) }),
    ...(password === '' ? {} : { password: decodeURIComponent(password) }),
    ...(Number.isInteger(db) && db > 0 ? { db } : {}),
    ...(protocol === 'rediss:' ? { tls: {} } : {}),
  };
}

function sentinelSignIn(url: string): Options {
  const { username, password, tls } = signInOf(url);
  return {
    ...(username === undefined ? {} : { sentinelUsername: username }),
    ...(password === undefined ? {} : { sentinelPassword: password }),
    ...(tls === undefined ? {} : { enableTLSForSentinelMode: true, sentinelTLS: tls }),
  };
}
