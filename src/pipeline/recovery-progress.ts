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
  await house.incidents.audit([
    {
      atMs: house.clock.now(),
      ensemble: next.ensemble,
      who: next.requested.by,
      name: next.requested.name,
      via: next.requested.via,
      what: `recovery:${next.state}`,
      outcome: next.state === 'failed' ? 'failed' : next.state === 'refused' ? 'refused' : 'done',
      facts: {
        recovery: next.id,
        action: next.action,
        server: next.server,
        reason: next.reason,
        fence: next.fence,
      },
      ...(next.incident === undefined ? {} : { incident: next.incident }),
      ...(next.outcome === undefined ? {} : { why: next.outcome.code }),
    },
  ]);
  return next;
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
