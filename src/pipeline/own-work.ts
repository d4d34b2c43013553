import { type EnsembleId, ownEnsemble } from '../model/ensemble.ts';
import { type Incident, isOpen, type Symptom, symptomsMax } from '../model/incident.ts';
import { fingerprintOf } from '../rules/incident/fingerprint.ts';
import { type OwnWork, ownWorkOf } from '../rules/incident/own-work.ts';
import { applyChange } from './apply.ts';
import type { House } from './house.ts';
import { realOnly } from './real-only.ts';

/** Recoveries looked through for those that are at work, or were a moment ago. */
const recentMax = 10;

/** What is added to the time of command and verification: evidence, and looks that take their time. */
const spareMs = 15_000;

/** What the bot itself does to the servers of an ensemble now, and did a moment ago. */
export async function ownWork(
  house: Pick<House, 'recoveries' | 'recoveryActions' | 'settings' | 'clock'>,
  id: EnsembleId,
): Promise<OwnWork | undefined> {
  const recoveries = await realOnly(house.recoveries.recent(id, recentMax));
  const settings = house.settings().ensembles.find((each) => each.id === id);
  const patienceMs = ({ action: name }: { readonly action: string }): number => {
    const action = house.recoveryActions.find((each) => each.name === name);
    if (settings === undefined || action === undefined) return 0;
    return (settings.restart?.timeoutMs ?? 0) + action.verifyMs(settings) + spareMs;
  };
  return ownWorkOf(recoveries, patienceMs, house.clock.now());
}

/** Lists on the card of a recovery what it does to the servers; answers the card where it changed. */
export async function foldUnder(
  house: Parameters<typeof applyChange>[0],
  own: OwnWork | undefined,
  symptoms: readonly Symptom[],
): Promise<readonly Incident[]> {
  if (own?.incident === undefined) return [];
  const card = await house.incidents.get(own.incident);
  if (card === undefined || card.ensemble !== ownEnsemble || !isOpen(card)) return [];
  const lines = merged(card.symptoms, symptoms, house.clock.now());
  if (lines === card.symptoms) return [];
  const { severity, facts, evidence, grid } = card;
  const done = await applyChange(house, card.id, {
    kind: 'observe',
    severity,
    facts,
    evidence,
    grid,
    symptoms: lines,
  });
  return done.kind === 'applied' ? [done.incident] : [];
}

/** What is listed with what is seen now: what is over says so. The same list where nothing changed. */
function merged(
  listed: readonly Symptom[],
  seen: readonly Symptom[],
  nowMs: number,
): readonly Symptom[] {
  const now = new Map(seen.map((each) => [nameOf(each), each]));
  let changed = false;
  const kept = listed.map((each) => {
    const again = now.get(nameOf(each));
    now.delete(nameOf(each));
    if ((again === undefined) === (each.clearedMs !== undefined)) return each;
    changed = true;
    return again ?? { ...each, clearedMs: nowMs };
  });
  if (!changed && now.size === 0) return listed;
  return [...kept, ...now.values()].slice(-symptomsMax);
}

function nameOf({ detector, subject }: Symptom): string {
  return fingerprintOf(detector, subject);
}
