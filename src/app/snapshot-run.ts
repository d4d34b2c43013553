import { setTimeout as sleep } from 'node:timers/promises';
import { type RestoreAnswer, sendSnapshot, standOf } from '../edges/zookeeper/admin-restore.ts';
import type { Server, ServerId } from '../model/ensemble.ts';
import type { EnsembleSettings } from '../model/settings.ts';
import type { ServerAway, ServerStand, SnapshotFacts } from '../model/snapshot.ts';
import { isRestored } from '../rules/backup/restore-snapshot.ts';

export interface SnapshotRun {
  readonly file: string;
  readonly snapshot: SnapshotFacts;
  /** In the order in which they get it. */
  readonly servers: readonly Server[];
  readonly login: EnsembleSettings['login'];
  readonly signal: AbortSignal;
}

/** Which servers have the snapshot now. */
export interface SnapshotRunDone {
  readonly has: readonly ServerId[];
  readonly hasNot: readonly ServerId[];
  readonly unknown: readonly ServerId[];
  readonly failure?: { readonly id: ServerId; readonly why: string; readonly detail: string };
  readonly stands: readonly (ServerStand | ServerAway)[];
  /** All servers have the same tree, which is that of the snapshot. */
  readonly isVerified: boolean;
}

/** The ends of sessions travel from the leader to the others meanwhile. */
const compareTries = 5;
const compareEveryMs = 1000;

export function hex(zxid: bigint): string {
  return `0x${zxid.toString(16)}`;
}

/** Sends the snapshot to one server after the other, stops at the first that has not taken it, and compares at the end. */
export async function carryOutSnapshot(
  { file, snapshot, servers, login, signal }: SnapshotRun,
  heard: {
    readonly onBytes: (id: ServerId, bytes: number) => void;
    readonly onRestored: (id: ServerId) => void;
  },
): Promise<SnapshotRunDone> {
  const has: ServerId[] = [];
  for (const { id, admin } of servers) {
    const answer = await send(id, admin);
    if (answer.kind === 'restored') {
      has.push(id);
      heard.onRestored(id);
      continue;
    }
    const rest = servers.map((server) => server.id).filter((each) => !has.includes(each));
    const isUnknown = answer.kind === 'unknown';
    return {
      has,
      hasNot: isUnknown ? rest.filter((each) => each !== id) : rest,
      unknown: isUnknown ? [id] : [],
      failure: { id, why: answer.why, detail: answer.detail },
      stands: [],
      isVerified: false,
    };
  }
  return { has, hasNot: [], unknown: [], ...(await compare(servers, snapshot)) };

  async function send(id: ServerId, admin: Server['admin']): Promise<RestoreAnswer> {
    if (admin === undefined || signal.aborted)
      return { kind: 'refused', why: 'away', detail: `${id}: not sent` };
    return await sendSnapshot(admin, file, snapshot, {
      ...(login === undefined ? {} : { login: `${login.scheme} ${login.credential}` }),
      signal,
      onBytes: (bytes) => heard.onBytes(id, bytes),
    });
  }
}

async function compare(servers: readonly Server[], snapshot: SnapshotFacts) {
  for (let tries = 1; ; tries += 1) {
    const stands = await Promise.all(servers.map(standOf));
    const told = stands.filter((it): it is ServerStand => 'znodes' in it);
    const isVerified = told.length === servers.length && isRestored(told, snapshot);
    if (isVerified || tries === compareTries) return { stands, isVerified };
    await sleep(compareEveryMs);
  }
}
