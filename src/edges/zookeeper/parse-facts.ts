import {
  type DigestFacts,
  type SizeFacts,
  surveyDigestsMax,
  type TopWatcher,
  type WatchFacts,
} from '../../model/survey.ts';
import { numberOf } from './answer.ts';
import { pathsUnder } from './parse-dump.ts';

/** Reads `hash` (3.6+): `zxid: digest` in hexadecimal and decimal, oldest first. Undefined for anything else; empty is an answer. */
export function parseHash(text: string, atMs: number): DigestFacts | undefined {
  const entries = new Map<string, string>();
  // The last line of a cut answer may hold half a digest.
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  for (const raw of whole.split('\n')) {
    const match = /^([0-9a-f]{1,16}):\s*(-?\d{1,20})$/u.exec(raw.trim());
    if (match?.[1] !== undefined && match[2] !== undefined) entries.set(`0x${match[1]}`, match[2]);
    else if (raw.trim() !== '') return undefined;
  }
  const newest = [...entries]
    .sort(([a], [b]) => (BigInt(a) < BigInt(b) ? -1 : 1))
    .slice(-surveyDigestsMax);
  return { atMs, byZxid: Object.fromEntries(newest) };
}

/** Reads `wchs`. Undefined when it is not that or was cut. */
export function parseWchs(text: string, atMs: number): WatchFacts | undefined {
  const match =
    /^(\d{1,15}) connections watching (\d{1,15}) paths\s+Total watches:(\d{1,15})\s*$/u.exec(text);
  if (match === null) return undefined;
  const [connections = 0, paths = 0, total = 0] = match.slice(1).map(Number);
  return { atMs, connections, paths, total };
}

/** Watches of one server up to which they are listed: to list more costs the server too much. */
export const watchesListedMax = 20_000;

/** The session of `wchc` with the most watches. Undefined when the text names none. */
export function parseWchc(text: string, atMs: number): TopWatcher | undefined {
  let session: string | undefined;
  const watches = new Map<string, number>();
  for (const line of text.split('\n')) {
    const named = /^(0x[0-9a-f]{1,16})\s*$/u.exec(line)?.[1];
    if (named !== undefined) session = named;
    else if (session !== undefined && line.startsWith('\t/'))
      watches.set(session, (watches.get(session) ?? 0) + 1);
  }
  const [most] = [...watches].sort(([, a], [, b]) => b - a);
  return most === undefined ? undefined : { atMs, session: most[0], watches: most[1] };
}

/** How many watches `wchc` lists of a session. */
export function watchesOf(text: string, session: string): number {
  return pathsUnder(text, session).length;
}

/** Reads `dirs` (3.5+). Undefined when it says neither size. */
export function parseDirs(text: string, atMs: number): SizeFacts | undefined {
  const sizeOf = (name: string): number | undefined => {
    const digits = new RegExp(`^${name}: *(\\d{1,15})\\s*$`, 'mu').exec(text)?.[1];
    return digits === undefined ? undefined : Number(digits);
  };
  const dataBytes = sizeOf('datadir_size');
  const logBytes = sizeOf('logdir_size');
  if (dataBytes === undefined && logBytes === undefined) return undefined;
  return {
    atMs,
    ...(dataBytes === undefined ? {} : { dataBytes }),
    ...(logBytes === undefined ? {} : { logBytes }),
  };
}

/** The heap as `envi` of 3.5+ reports it, in bytes. */
export interface Heap {
  readonly maxBytes?: number;
  readonly usedBytes?: number;
  readonly javaVersion?: string;
}

/** Reads `envi`. `os.memory.*` is in MB, and means the heap. Undefined when it is not the answer to it. */
export function parseEnvi(text: string): Heap | undefined {
  if (!text.startsWith('Environment:')) return undefined;
  // The last line of a cut answer may hold half a number.
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  const valueOf = (key: string): string | undefined =>
    new RegExp(`^${key.replaceAll('.', String.raw`\.`)}=(.*)$`, 'mu').exec(whole)?.[1]?.trim();
  const megabytes = (key: string): number | undefined => {
    const value = numberOf((valueOf(key) ?? '').replace(/ ?MB$/u, ''));
    return value === undefined || value < 0 ? undefined : value * 1024 * 1024;
  };
  const [free, max, total] = ['free', 'max', 'total'].map((name) => megabytes(`os.memory.${name}`));
  const javaVersion = /^\d[\w.+-]{0,39}/u.exec(valueOf('java.version') ?? '')?.[0];
  return {
    ...(max === undefined || max === 0 ? {} : { maxBytes: max }),
    ...(free === undefined || total === undefined || free > total
      ? {}
      : { usedBytes: total - free }),
    ...(javaVersion === undefined ? {} : { javaVersion }),
  };
}
