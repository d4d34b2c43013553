import { z } from 'zod';
import { duration } from './schema-parts.ts';

/** A path on the machine of a server; it is written into a script, as text. */
const path = z.string().min(1).max(1000).startsWith('/');

const places = {
  dataDir: z.exactOptional(path),
  dataLogDir: z.exactOptional(path),
  pidFile: z.exactOptional(path),
  configFile: z.exactOptional(path),
  logFile: z.exactOptional(path),
};

const command = z.array(z.string().min(1));

/** The section `host` of an ensemble: how the machines of its servers are looked at. */
export const hostSchema = z.strictObject({
  command,
  every: duration.default(60_000),
  timeout: duration.default(10_000),
  ...places,
  servers: z.exactOptional(
    z.record(z.string(), z.strictObject({ command: z.exactOptional(command), ...places })),
  ),
});

/** The section `crawl` of an ensemble: how its tree is walked. */
export const crawlSchema = z.strictObject({
  every: duration.default(3_600_000),
  requestsPerSecond: z.int().min(10).max(2000).default(100),
  nodes: z.int().min(1).max(100_000_000).default(1_000_000),
  bytes: z
    .int()
    .min(1)
    .default(256 * 1024 * 1024),
  time: duration.default(2 * 3_600_000),
  depth: z.int().min(1).max(100).default(20),
});
