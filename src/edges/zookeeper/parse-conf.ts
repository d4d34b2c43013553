import { serverLineOf } from '../../model/server-line.ts';
import { type ConfFacts, surveyMembersMax } from '../../model/survey.ts';

/** The numbers of `conf` and their names in the facts. */
const numbers = {
  serverId: 'serverId',
  clientPort: 'clientPort',
  secureClientPort: 'secureClientPort',
  tickTime: 'tickTimeMs',
  initLimit: 'initLimit',
  syncLimit: 'syncLimit',
  minSessionTimeout: 'minSessionTimeoutMs',
  maxSessionTimeout: 'maxSessionTimeoutMs',
  maxClientCnxns: 'maxClientCnxns',
  electionPort: 'electionPort',
  quorumPort: 'quorumPort',
  peerType: 'peerType',
} as const;

const texts = ['dataDir', 'dataLogDir'] as const;

/** Longest path taken; Linux has no longer ones. */
const pathCharsMax = 4096;

/**
 * Reads the whole of `conf`: `key=value` lines and, from 3.5 on, the membership. Of a key that comes twice the first counts; a
 * number nobody can read is left out. Undefined without the client port, which all versions have, and where the membership or what
 * follows it was cut: half a list would look like another configuration.
 */
export function parseConfFacts(text: string, atMs: number): ConfFacts | undefined {
  const lines = text.split('\n').map((line) => line.trim());
  const values = new Map<string, string>();
  for (const line of lines) {
    const equals = line.indexOf('=');
    const key = line.slice(0, Math.max(0, equals));
    if (equals > 0 && !values.has(key)) values.set(key, line.slice(equals + 1));
  }
  const port = countIn(values.get('clientPort'));
  const secure = countIn(values.get('secureClientPort'));
  if (port === undefined && secure === undefined) return undefined;
  const names = Object.keys(numbers) as (keyof typeof numbers)[];
  const members = [...values].flatMap(([key, value]) => serverLineOf(`${key}=${value}`) ?? []);
  const version = /^[0-9a-f]{1,16}$/u.exec(values.get('version') ?? '')?.[0];
  const isCut = lines.includes('membership:')
    ? version === undefined
    : values.get('peerType') === undefined && values.get('serverId') === undefined;
  if (isCut) return undefined;
  return {
    atMs,
    ...Object.fromEntries(
      names.flatMap((name) => {
        const value = countIn(values.get(name));
        return value === undefined ? [] : [[numbers[name], value]];
      }),
    ),
    ...Object.fromEntries(
      texts.flatMap((name) => {
        const value = values.get(name);
        return value?.startsWith('/') && value.length <= pathCharsMax ? [[name, value]] : [];
      }),
    ),
    ...(version === undefined ? {} : { version: `0x${version}` }),
    ...(members.length === 0 ? {} : { members: members.slice(0, surveyMembersMax) }),
  };
}

/** A whole number, -1 included: what ZooKeeper writes for "not set". */
function countIn(text: string | undefined): number | undefined {
  return text !== undefined && /^(?:-1|\d{1,10})$/u.test(text) ? Number(text) : undefined;
}
