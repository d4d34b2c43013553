import type { RecordingName } from '../../model/drill.ts';
import {
  type Ensemble,
  quorumSize,
  type Server,
  type ServerId,
  votersOf,
} from '../../model/ensemble.ts';
import type { Mode, Reading, Sample } from '../../model/sample.ts';
import type { Survey } from '../../model/survey.ts';
import { lasting, type RecordedLine, recordings, type Whom } from './recordings.ts';

/** How long a restart took in the recordings, from the command to a server in sync: 2.4 s, and some for the one who watches. */
export const backMs = 3_000;

/** A drill as it is played: since when, and which servers its recoveries have restarted meanwhile. */
export interface Played {
  readonly recording: RecordingName;
  readonly startedMs: number;
  readonly restarts: Readonly<Record<ServerId, number>>;
}

/** What a probe of a server would have seen at this moment, had all this happened to it. */
export function replayed(
  played: Played,
  ensemble: Ensemble,
  server: Server,
  nowMs: number,
): Sample {
  const state = stateOf(played, ensemble, server.id, nowMs);
  if (state === 'refused' || state === 'timeout')
    return {
      kind: 'failure',
      server: server.id,
      atMs: nowMs,
      tookMs: 1,
      reason: state,
      connected: state === 'timeout',
      detail: `DRILL ${server.client.host}:${server.client.port} ${state}`,
    };
  return serving(played, ensemble, server, nowMs);
}

/** What its machine would have told, where that was recorded. */
export function replayedSurvey(
  played: Played,
  ensemble: Ensemble,
  server: ServerId,
  nowMs: number,
): Survey | undefined {
  const isFull = linesOf(played, ensemble, server, nowMs).some(
    ({ state }) => state === 'disk-full',
  );
  if (!isFull) return undefined;
  const mebibyte = 1024 * 1024;
  const disk = { freeBytes: 12 * mebibyte, totalBytes: 20_480 * mebibyte };
  const path = '/var/lib/zookeeper';
  const asked = { host: { atMs: nowMs } };
  return {
    server,
    atMs: nowMs,
    host: { atMs: nowMs, disks: [{ what: 'dataDir', path, mount: path, ...disk }] },
    asked,
  };
}

/** Whether everything that was recorded is mended. */
export function isMended(played: Played, ensemble: Ensemble, nowMs: number): boolean {
  const began = recordings[played.recording].every(
    ({ fromMs }) => nowMs > played.startedMs + fromMs,
  );
  return (
    began && ensemble.servers.every(({ id }) => linesOf(played, ensemble, id, nowMs).length === 0)
  );
}

/** A server that runs: with too few others it serves nobody. */
function serving(played: Played, ensemble: Ensemble, server: Server, nowMs: number): Sample {
  const voters = votersOf(ensemble);
  const up = voters.filter(({ id }) => isUp(stateOf(played, ensemble, id, nowMs)));
  const about = { server: server.id, atMs: nowMs, tookMs: 3 };
  if (up.length < quorumSize(voters.length))
    return {
      ...about,
      kind: 'failure',
      reason: 'not-serving',
      connected: true,
      detail: 'DRILL This ZooKeeper instance is not currently serving requests',
    };
  const leader = up[0]?.id;
  const mode: Mode =
    server.role === 'observer'
      ? 'observer'
      : voters.length === 1
        ? 'standalone'
        : server.id === leader
          ? 'leader'
          : 'follower';
  const sinceMs = played.restarts[server.id] ?? played.startedMs - 3_600_000;
  const reading: Reading = {
    ...about,
    kind: 'reading',
    mode,
    source: 'mntr',
    metrics: {
      uptime: Math.max(0, nowMs - sinceMs),
      num_alive_connections: 4,
      ...(mode === 'leader'
        ? {
            synced_followers: up.length - 1,
            synced_observers: ensemble.servers.length - voters.length,
          }
        : {}),
    },
    zxid: '0x100000005',
    version: '3.8.0',
    peerState: mode === 'leader' ? 'leading - broadcast' : 'following - broadcast',
  };
  return reading;
}

type State = RecordedLine['state'] | 'well';

function isUp(state: State): boolean {
  return state === 'well' || state === 'disk-full';
}

function stateOf(played: Played, ensemble: Ensemble, server: ServerId, nowMs: number): State {
  const restartedMs = played.restarts[server];
  if (restartedMs !== undefined && nowMs < restartedMs + backMs) return 'refused';
  return linesOf(played, ensemble, server, nowMs).at(-1)?.state ?? 'well';
}

/** What stands of a server at this moment: a restart mends what was before it, but for what it cannot mend. */
function linesOf(
  { recording, startedMs, restarts }: Played,
  ensemble: Ensemble,
  server: ServerId,
  nowMs: number,
): readonly RecordedLine[] {
  const voters = votersOf(ensemble).map(({ id }) => id);
  const restartedMs = restarts[server] ?? Number.NEGATIVE_INFINITY;
  return recordings[recording].filter(({ fromMs, whom, state }) => {
    const atMs = startedMs + fromMs;
    const isMine = atMs <= nowMs && isMeant(whom, voters, server);
    return isMine && (atMs > restartedMs || lasting.includes(state));
  });
}

/** The first voter led. A majority is as many as the quorum can least spare, the last ones first. */
function isMeant(whom: Whom, voters: readonly ServerId[], server: ServerId): boolean {
  const place = voters.indexOf(server);
  if (place < 0) return false;
  switch (whom) {
    case 'follower-1':
      return place === Math.min(1, voters.length - 1);
    case 'majority':
      return place >= quorumSize(voters.length) - 1;
  }
}
