import type { Trouble } from '../model/destination.ts';
import { verdictOf, withFailure } from '../rules/routing/trouble.ts';
import { relieveOwn, reportOwn } from './own-trouble.ts';
import { type Place, save } from './place.ts';
import type { Failure } from './send.ts';

/** The fault under which a destination that cannot be reached is told. */
export const channelBroken = 'channel-broken';

/** Remembers a failure of the destination, and tells it elsewhere when it is time. */
export async function noteFailure(place: Place, failure: Failure, incident: number): Promise<void> {
  const nowMs = place.house.clock.now();
  await save(place, (record) => ({
    ...record,
    trouble: withFailure(record.trouble, { ...failure, incident }, nowMs),
  }));
  await judgeTrouble(place);
}

/** Tells a trouble that has become worth telling. Answers when to judge it again. */
export async function judgeTrouble(place: Place): Promise<number | undefined> {
  const { house, to, claim } = place;
  const { trouble } = claim.record;
  if (trouble === undefined) return undefined;
  const nowMs = house.clock.now();
  const { severity, nextMs } = verdictOf(trouble, nowMs);
  if (severity !== undefined && trouble.told !== severity) {
    await reportOwn(house, {
      detector: channelBroken,
      about: to.id,
      severity,
      sinceMs: trouble.sinceMs,
      facts: factsOf(place, trouble),
      evidence: [trouble.error],
    });
    await save(place, (record) =>
      record.trouble === undefined
        ? record
        : { ...record, trouble: { ...record.trouble, told: severity } },
    );
    // Another message came through while it was told.
    if (place.claim.record.trouble === undefined) await relieveOwn(house, channelBroken, to.id);
  }
  return nextMs;
}

function factsOf({ to }: Place, trouble: Trouble) {
  return {
    destination: to.id,
    channel: to.channel,
    refused: trouble.code === 'delivery-refused',
    limited: trouble.code === 'delivery-rate-limited',
  };
}

/** Forgets the trouble: a delivery worked. Where all were held up, all are tried again at once. */
export async function noteSuccess(place: Place): Promise<void> {
  const { house, to } = place;
  const { trouble } = place.claim.record;
  if (trouble === undefined) return;
  const untilMs = house.clock.now();
  const why = trouble.code === 'delivery-rate-limited' ? 'limited' : 'failing';
  if (trouble.told !== undefined) await relieveOwn(house, channelBroken, to.id);
  if (trouble.incidents.length > 1) await house.outbox.ripen(to.id, untilMs);
  await save(place, ({ trouble: _trouble, ...record }) => ({
    ...record,
    setback: { why, untilMs },
  }));
}
