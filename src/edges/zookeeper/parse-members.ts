import type { Endpoint, ServerRole, Timing } from '../../model/ensemble.ts';
import { serverLineOf } from '../../model/server-line.ts';
import { objectIn } from './parse-monitor.ts';

/** A member as the ensemble's own configuration names it. */
export interface Member {
  readonly sid: number;
  readonly role: ServerRole;
  /** Where its peers reach it. */
  readonly host: string;
  /** Absent where only the server's own file has it. `0.0.0.0` is replaced by `host`. */
  readonly client?: Endpoint;
}

export interface Membership {
  readonly members: readonly Member[];
  /** Grows with every reconfiguration; of two memberships the larger is the newer. */
  readonly version: bigint;
}

/** What a server says of itself in `conf`. */
export interface OwnConfig {
  readonly sid?: number;
  readonly timing?: Timing;
  readonly membership?: Membership;
}

/** ZooKeeper allows sids up to 255. */
const membersMax = 255;

/**
 * Reads `server.N=host:peer:election[:role][;[host:]client]` lines, as `/zookeeper/config` and `conf` of 3.5+ have them. Of
 * several addresses of a member (3.6+) the first counts. Undefined without such a line.
 */
export function parseMembership(text: string): Membership | undefined {
  const members: Member[] = [];
  let version = 0n;
  for (const raw of text.split('\n')) {
    const line = raw.trim();
    const versionDigits = /^version=([0-9a-f]{1,16})$/.exec(line)?.[1];
    if (versionDigits !== undefined) version = BigInt(`0x${versionDigits}`);
    const member = memberOf(line);
    if (member !== undefined && members.length < membersMax) members.push(member);
  }
  return members.length === 0 ? undefined : { members, version };
}

function memberOf(line: string): Member | undefined {
  const known = serverLineOf(line);
  if (known === undefined) return undefined;
  const { sid, role, quorum, client } = known;
  return { sid, role, host: quorum.host, ...(client === undefined ? {} : { client }) };
}

/** Reads the answer to `conf`: `key=value` lines, and the membership in 3.5+. Empty when it says nothing of use. */
export function parseConf(text: string): OwnConfig {
  const values = new Map<string, string>();
  for (const line of text.split('\n')) {
    const equals = line.indexOf('=');
    const key = line.slice(0, Math.max(0, equals));
    if (equals > 0 && !values.has(key)) values.set(key, line.slice(equals + 1).trim());
  }
  const sid = countIn(values.get('serverId'));
  const tickTimeMs = countIn(values.get('tickTime'));
  const initLimit = countIn(values.get('initLimit'));
  const syncLimit = countIn(values.get('syncLimit'));
  const membership = parseMembership(text);
  return {
    ...(sid === undefined || sid === 0 ? {} : { sid }),
    ...(tickTimeMs && initLimit && syncLimit
      ? { timing: { tickTimeMs, initLimit, syncLimit } }
      : {}),
    ...(membership === undefined ? {} : { membership }),
  };
}

function countIn(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

/** Reads the AdminServer's `voting_view`: observers are not in it, and it has no version. */
export function parseVotingView(text: string): Membership | undefined {
  const view = objectIn(text)?.['current_config'];
  if (typeof view !== 'object' || view === null) return undefined;
  const lines = Object.entries(view as Readonly<Record<string, unknown>>).map(([sid, entry]) => {
    const { server_addresses: servers, client_address: client } = (entry ?? {}) as Readonly<
      Record<string, unknown>
    >;
    const [first] = Array.isArray(servers) ? (servers as readonly unknown[]) : [];
    // The election port is not needed: the line only has to look like one.
    return `server.${sid}=${String(first)}:0:participant;${typeof client === 'string' ? client : ''}`;
  });
  return parseMembership(lines.join('\n'));
}
