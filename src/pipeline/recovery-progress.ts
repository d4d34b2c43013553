import type { AuditEntry } from '../model/audit.ts';
import { NightkeeperError } from '../model/errors.ts';
import type { RecoveryMark } from '../model/incident.ts';
import type { Recovery } from '../model/recovery.ts';
import { applyChange } from './apply.ts';
import type { House } from './house.ts';
import { notify } from './notify.ts';

/** Writes the next state of a recovery and its audit entry. */
export async function advance(
  house: House,
  recovery: Recovery,
  change: Partial<Recovery>,
): Promise<Recovery> {
  const next: Recovery = { ...recovery, ...change, version: recovery.version + 1 };
  const saved = await house.recoveries.save(next, recovery.version);
  if (saved === 'conflict') {
    throw new NightkeeperError('redis-conflict', `recovery ${recovery.id} moved on elsewhere`);
  }
  await house.incidents.audit([auditOf(next, house.clock.now())]);
  return next;
}

/** What is written down of a recovery: who wanted it and why, and what the guard said and summed up when it was last asked. */
export function auditOf(recovery: Recovery, atMs: number): AuditEntry {
  const { state, requested, incident, outcome } = recovery;
  const verdict = recovery.guards.at(-1)?.verdict;
  return {
    atMs,
    ensemble: recovery.ensemble,
    who: requested.by,
    name: requested.name,
    via: requested.via,
    what: `recovery:${state}`,
    outcome: state === 'failed' ? 'failed' : state === 'refused' ? 'refused' : 'done',
    facts: {
      ...verdict?.facts,
      ...outcome?.facts,
      ...(verdict === undefined ? {} : { guard: verdict.kind }),
      recovery: recovery.id,
      action: recovery.action,
      server: recovery.server,
      reason: recovery.reason,
      fence: recovery.fence,
    },
    ...(incident === undefined ? {} : { incident }),
    ...(outcome === undefined ? {} : { why: outcome.code }),
  };
}

/** Puts the state of the recovery on the card of its incident. */
export async function tell(
  house: House,
  recovery: Recovery,
  state: RecoveryMark['state'],
): Promise<void> {
  if (recovery.incident === undefined) return;
  const mark: RecoveryMark = {
    id: recovery.id,
    action: recovery.action,
    server: recovery.server,
    state,
    by: recovery.requested.by,
    name: recovery.requested.name,
    via: recovery.requested.via,
    reason: recovery.reason,
    atMs: house.clock.now(),
    ...(recovery.outcome === undefined ? {} : { outcome: recovery.outcome }),
  };
  const done = await applyChange(house, recovery.incident, { kind: 'mark-recovery', mark });
  if (done.kind === 'applied') await notify(house, [done.incident]);
}
