import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mode, Sample } from '../../src/model/sample.ts';
import { aFailure, anEnsemble, aReading, nightMs } from './builders.ts';
import { aNight, type Night } from './night.ts';

/**
 * Recorded timelines of real ensembles: `seconds server state` for every change a recorder saw that asked each member 3 to 20 times a
 * second. Between two changes a member goes on as it was. `s1` is zk1.
 */
const folder = join(import.meta.dirname, '../fixtures/zookeeper/timelines');

interface Change {
  readonly ms: number;
  readonly server: string;
  readonly state: string;
}

function changesOf(name: string): readonly Change[] {
  return readFileSync(join(folder, `${name}.txt`), 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, seconds, number, state] = /^\s*([\d.]+)s s(\d) (.+)$/u.exec(line) ?? [];
      if (seconds === undefined || state === undefined) return [];
      return [{ ms: Math.round(Number(seconds) * 1000), server: `zk${number}`, state }];
    });
}

/** Plays a recording to the whole catalogue, a look every quarter of a second; `untilMs` goes on with the last state. */
export function replay(name: string, untilMs = 0): Night {
  const changes = changesOf(name);
  const servers = new Set(changes.map(({ server }) => server));
  const night = aNight(anEnsemble({ voters: 3, observers: servers.has('zk4') ? 1 : 0 }));
  const endMs = Math.max(untilMs, changes.at(-1)?.ms ?? 0) + 500;
  const firstMs = Math.max(
    ...[...servers].map((id) => changes.find((one) => one.server === id)?.ms ?? 0),
  );
  for (let ms = firstMs + 50; ms <= endMs; ms += 250) {
    const samples: Record<string, Sample> = {};
    for (const server of servers) {
      const change = changes.findLast((one) => one.server === server && one.ms <= ms);
      if (change !== undefined)
        samples[server] = sampleOf(change, ms - roleMs(changes, change), ms);
    }
    night.look(ms, {}, { samples });
  }
  return night;
}

/** When the role of a server began: it had another state right before. */
function roleMs(changes: readonly Change[], { server, ms, state }: Change): number {
  const role = (one: string): string => one.split(' ')[0] ?? '';
  const before = changes.filter((one) => one.server === server && one.ms <= ms);
  const other = before.findLastIndex((one) => role(one.state) !== role(state));
  return before[other + 1]?.ms ?? ms;
}

function sampleOf({ server, state }: Change, uptime: number, ms: number): Sample {
  const base = { server, atMs: nightMs + ms };
  if (state === 'NOT_SERVING') return aFailure({ ...base, reason: 'not-serving' });
  if (state === 'TCP_REFUSED') return aFailure({ ...base, reason: 'refused' });
  if (state === 'TCP_CONNECT_TIMEOUT')
    return aFailure({ ...base, reason: 'timeout', connected: false });
  if (state === 'READ_TIMEOUT(connected)') return aFailure({ ...base, reason: 'timeout' });
  if (state === 'EMPTY_REPLY' || state.startsWith('READ_'))
    return aFailure({ ...base, reason: 'reset' });
  const numbers = [...state.matchAll(/(\w+)=(\d+)(?=\s|$)/gu)].map(
    ([, key, value]) => [key ?? '', Number(value)] as const,
  );
  const peerState = /peer_state=(.+?) \w+=/u.exec(state)?.[1];
  const mode = (/server_state=(\S+)/u.exec(state)?.[1] ?? 'follower') as Mode;
  const { zxid: _, ...reading } = aReading({
    ...base,
    mode,
    metrics: { uptime, ...Object.fromEntries(numbers) },
  });
  return peerState === undefined ? reading : { ...reading, peerState };
}
