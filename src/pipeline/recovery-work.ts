import type { EnsembleId } from '../model/ensemble.ts';
import type { RecoveryMark } from '../model/incident.ts';
import type { Recovery } from '../model/recovery.ts';
import type { House } from './house.ts';
import { tell } from './recovery-progress.ts';

/**
 * When it is looked whether the work of a recovery was queued: the process that took the request may have died in between. What one
 * that died was at is done by another after 10 s at the latest, and picking up a job takes up to 7.5 s: here there is none yet.
 */
export const lookAfterMs = 3_000;

/** Has the work of a recovery done soon, by any replica. */
export async function queueWork(
  house: Pick<House, 'schedule'>,
  { ensemble, id }: Pick<Recovery, 'ensemble' | 'id'>,
): Promise<void> {
  await house.schedule.now({ kind: 'recover', ensemble, recovery: id }, `recover-${id}`);
}

/** Has it looked at soon, whatever becomes of this process. Comes before anything is written. */
export async function lookAfter(
  { schedule, clock }: Pick<House, 'schedule' | 'clock'>,
  ensemble: EnsembleId,
  recovery: string,
): Promise<void> {
  const atMs = clock.now() + lookAfterMs;
  await schedule.at(
    atMs,
    { kind: 'recover', ensemble, recovery, queue: true },
    `queue-${recovery}`,
  );
}

/** Queues the work that was asked for and never queued; what was not even written down holds up nobody. */
export async function queueForgotten(
  house: Pick<House, 'schedule' | 'recoveries'>,
  { ensemble, recovery }: { readonly ensemble: EnsembleId; readonly recovery: string },
  found: Recovery | undefined,
): Promise<void> {
  if (found?.state === 'requested') await queueWork(house, found);
  if (found === undefined) await letGo(house, ensemble, recovery);
}

/** Says on the card how it ended, and lets the next one have its turn: the process that ended it may have died before it did. */
export async function settleEnded(house: House, found: Recovery): Promise<void> {
  const { state, incident, ensemble, id } = found;
  await letGo(house, ensemble, id);
  if (incident === undefined || state === 'requested' || state === 'scheduled') return;
  const mark = (await house.incidents.get(incident))?.recovery;
  const ended: RecoveryMark['state'] = state === 'refused' ? 'failed' : state;
  if (mark?.id === id && mark.state !== ended) await tell(house, found, ended);
}

/** Frees the lock where this recovery still holds it. */
export async function letGo(
  { recoveries }: Pick<House, 'recoveries'>,
  ensemble: EnsembleId,
  recovery: string,
): Promise<void> {
  if ((await recoveries.running(ensemble)) !== recovery) return;
  const lock = await recoveries.lock(ensemble, recovery, 1_000);
  if ('fence' in lock) await recoveries.unlock(ensemble, recovery, lock.fence);
}
