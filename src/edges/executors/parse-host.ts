import type { LogHint } from '../../model/log-hint.ts';
import { serverLineOf } from '../../model/server-line.ts';
import {
  type DiskFacts,
  type FileFacts,
  type HostFacts,
  type MemberFacts,
  type PeerFacts,
  type ProcessFacts,
  surveyMembersMax,
} from '../../model/survey.ts';
import { type SocketEnd, socketOf } from './proc-net.ts';

/** Gaps and hint lines kept, and the characters of each. */
const gapsMax = 10;
const textCharsMax = 200;
const addressesMax = 5;

const hintKinds: readonly LogHint['kind'][] = [
  'too-many-open-files',
  'no-space-left',
  'len-error',
  'bind-exception',
  'too-many-connections',
  'auth-failed',
  'tls-handshake-failed',
  'out-of-memory',
  'cannot-open-channel',
  'fsync-slow',
];

type Values = ReadonlyMap<string, readonly string[]>;

/**
 * Reads what the script printed. What surrounds it (a banner of ssh, a line cut at the front) is passed over; a number nobody can read
 * is absent. Undefined where the script did not run to its end: half of it might hide the disk that is full.
 */
export function parseHost(text: string, atMs: number): HostFacts | undefined {
  const values = valuesIn(text);
  if (!values.has('nightkeeper') || !values.has('end')) return undefined;
  const process = processOf(values);
  const [open, max] = [whole(values, 'fd.open'), whole(values, 'fd.max')];
  const [current, accepted] = [whole(values, 'epoch.current'), whole(values, 'epoch.accepted')];
  const myid = whole(values, 'myid');
  const snapshots = filesOf(values, 'snapshots');
  const logs = filesOf(values, 'logs');
  const log = first(values, 'log');
  const hints = hintKinds.flatMap((kind) => hintOf(values, kind) ?? []);
  const settings = settingsOf(values);
  const members = membersOf(values);
  const peers = peersOf(values);
  const gaps = (values.get('gap') ?? []).slice(0, gapsMax).map((gap) => gap.slice(0, textCharsMax));
  return {
    atMs,
    disks: (['dataDir', 'dataLogDir'] as const).flatMap((what) => diskOf(values, what) ?? []),
    ...(open === undefined || max === undefined ? {} : { descriptors: { open, max } }),
    ...(process === undefined ? {} : { process }),
    ...(snapshots === undefined ? {} : { snapshots }),
    ...(logs === undefined ? {} : { logs }),
    ...(myid === undefined ? {} : { myid }),
    ...(members.length === 0 ? {} : { members }),
    ...(Object.keys(settings).length === 0 ? {} : { settings }),
    ...(current === undefined && accepted === undefined
      ? {}
      : {
          epochs: {
            ...(current === undefined ? {} : { current }),
            ...(accepted === undefined ? {} : { accepted }),
          },
        }),
    ...(peers === undefined ? {} : { peers }),
    ...(log === undefined ? {} : { logFile: log.slice(0, textCharsMax) }),
    ...(hints.length === 0 ? {} : { logHints: hints }),
    ...(gaps.length === 0 ? {} : { gaps }),
  };
}

function valuesIn(text: string): Values {
  const values = new Map<string, string[]>();
  for (const raw of text.split('\n')) {
    const match = /^([A-Za-z0-9][\w.-]*)=(.*)$/u.exec(raw.trimEnd());
    if (match?.[1] === undefined || match[2] === undefined) continue;
    values.set(match[1], [...(values.get(match[1]) ?? []), match[2]]);
  }
  return values;
}

function first(values: Values, key: string): string | undefined {
  const [value] = values.get(key) ?? [];
  return value === undefined || value === '' ? undefined : value;
}

/** A count below 2^53; "unlimited" and whatever else is no number are unknown. */
function whole(values: Values, key: string): number | undefined {
  const text = first(values, key);
  return text !== undefined && /^\d{1,15}$/u.test(text) ? Number(text) : undefined;
}

function diskOf(values: Values, what: DiskFacts['what']): DiskFacts | undefined {
  const at = `disk.${what}`;
  const [free, total] = [whole(values, `${at}.free`), whole(values, `${at}.total`)];
  const path = first(values, `${at}.path`);
  if (free === undefined || total === undefined || total === 0 || path === undefined)
    return undefined;
  const mount = first(values, `${at}.mount`);
  const [inodesFree, inodesTotal] = [
    whole(values, `${at}.inodesfree`),
    whole(values, `${at}.inodes`),
  ];
  return {
    what,
    path,
    freeBytes: free,
    totalBytes: total,
    ...(mount === undefined ? {} : { mount }),
    ...(inodesFree === undefined ? {} : { inodesFree }),
    ...(inodesTotal === undefined ? {} : { inodesTotal }),
  };
}

function processOf(values: Values): ProcessFacts | undefined {
  const pid = whole(values, 'pid');
  if (pid === undefined) return undefined;
  const startedAtMs = whole(values, 'started');
  const state = /^[A-Za-z]$/u.exec(first(values, 'state') ?? '')?.[0];
  return {
    pid,
    ...(startedAtMs === undefined ? {} : { startedAtMs }),
    ...(state === undefined ? {} : { state }),
  };
}

function filesOf(values: Values, what: string): FileFacts | undefined {
  const count = whole(values, `${what}.count`);
  if (count === undefined) return undefined;
  const [newest, total] = [whole(values, `${what}.newest`), whole(values, `${what}.total`)];
  return {
    count,
    ...(newest === undefined ? {} : { newestBytes: newest }),
    ...(total === undefined ? {} : { totalBytes: total }),
  };
}

function settingsOf(values: Values): Readonly<Record<string, string>> {
  const found = [...values].flatMap(([key, all]) => {
    const name = /^cfg\.(?!server\.)(.+)$/u.exec(key)?.[1];
    const value = all.at(-1);
    return name === undefined || value === undefined ? [] : [[name, value.slice(0, textCharsMax)]];
  });
  return Object.fromEntries(found) as Record<string, string>;
}

function membersOf(values: Values): NonNullable<HostFacts['members']> {
  return [...values]
    .flatMap(([key, [value = '']]) => serverLineOf(`${key.replace(/^cfg\./u, '')}=${value}`) ?? [])
    .slice(0, surveyMembersMax);
}

/** Whether anything listens or is connected there; undefined where the script did not look. */
function peersOf(values: Values): readonly PeerFacts[] | undefined {
  const members = membersOf(values);
  if (members.length === 0 && !values.has('peer')) return undefined;
  return (values.get('peer') ?? []).slice(0, surveyMembersMax).flatMap((text) => {
    const [local = '', remote = '', state] = text.split(' ');
    const theirs = socketOf(remote);
    if (socketOf(local) === undefined || theirs === undefined) return [];
    const sid = sidOf(members, theirs);
    return [{ ...theirs, established: state === '01', ...(sid === undefined ? {} : { sid }) }];
  });
}

function hintOf(values: Values, kind: LogHint['kind']): LogHint | undefined {
  const count = whole(values, `hint.${kind}`);
  if (count === undefined || count === 0) return undefined;
  const line = first(values, `hint.${kind}.line`);
  const addresses = (values.get(`hint.${kind}.address`) ?? [])
    .filter((one) => /^[0-9a-fA-F.:]+ \d+$/u.test(one))
    .slice(0, addressesMax);
  return {
    kind,
    count,
    ...(addresses.length === 0 ? {} : { addresses }),
    ...(line === undefined ? {} : { line: line.slice(0, textCharsMax) }),
  };
}

/** Whose end of a connection it is, where the address tells: several servers of one machine share theirs. */
function sidOf(members: readonly MemberFacts[], end: SocketEnd): number | undefined {
  const there = members.filter(({ quorum }) => quorum.host === end.address);
  const exact = there.find(({ electionPort }) => electionPort === end.port);
  return exact?.sid ?? (there.length === 1 ? there[0]?.sid : undefined);
}
