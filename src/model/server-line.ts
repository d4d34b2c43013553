import type { Endpoint } from './ensemble.ts';
import type { MemberFacts } from './survey.ts';

/**
 * Reads a `server.N=host:peer:election[:role][;[host:]client]` line, as `zoo.cfg`, `conf` and `/zookeeper/config` have it. Of several
 * addresses of a member (3.6+) the first counts. Undefined for any other line.
 */
export function serverLineOf(line: string): MemberFacts | undefined {
  const match = /^server\.(\d{1,19})=([^;]+)(?:;(.*))?$/u.exec(line.trim());
  if (match?.[1] === undefined || match[2] === undefined) return undefined;
  const [address = ''] = match[2].split('|');
  const peer = /^(\[[^\]]+\]|[^:[\]]+):(\d{1,5}):(\d{1,5})/u.exec(address.trim());
  if (peer?.[1] === undefined) return undefined;
  const host = bare(peer[1]);
  const client = clientOf(match[3] ?? '', host);
  return {
    sid: Number(match[1]),
    quorum: { host, port: Number(peer[2]) },
    electionPort: Number(peer[3]),
    role: /:observer\b/iu.test(match[2]) ? 'observer' : 'voter',
    ...(client === undefined ? {} : { client }),
  };
}

/** The same the other way round, as a reconfiguration takes it: `4=10.0.0.4:2888:3888:participant;10.0.0.4:2181`. */
export function memberText({ sid, quorum, electionPort, role, client }: MemberFacts): string {
  const name = role === 'voter' ? 'participant' : 'observer';
  const clients = client === undefined ? '' : `;${bracketed(client.host)}:${client.port}`;
  return `${sid}=${bracketed(quorum.host)}:${quorum.port}:${electionPort}:${name}${clients}`;
}

/** `0.0.0.0:2181`, `[::]:2181`, `2181`: an address that means "all" is the one its peers use. */
function clientOf(text: string, peerHost: string): Endpoint | undefined {
  const match = /^(?:(.*):)?(\d{1,5})$/u.exec(text.trim());
  const port = Number(match?.[2]);
  if (match === null || port < 1 || port > 65_535) return undefined;
  const host = bare(match[1] ?? '');
  return { host: isWildcard(host) ? peerHost : host, port };
}

function bare(host: string): string {
  return host.replace(/^\[|\]$/gu, '').trim();
}

/** An address of IPv6 holds colons itself. */
function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

function isWildcard(host: string): boolean {
  return host === '' || host === '0.0.0.0' || (host.includes(':') && /^[0:]+$/u.test(host));
}
