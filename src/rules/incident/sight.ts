import type { Fingerprint } from '../../model/incident.ts';
import { defaultIncidentSettings } from '../../model/settings.ts';
import type { Fault } from './faults.ts';
import type { CorrelateInput, PlanStep } from './plan.ts';

/**
 * What becomes of open incidents of which nothing is known: their cards say so after a while, and at last they expire. Nothing of it
 * says that the fault is gone. What is seen again says so too.
 */
export function sightOf(
  faults: readonly Fault[],
  { memory, sight = defaultIncidentSettings }: Pick<CorrelateInput, 'memory' | 'sight'>,
  nowMs: number,
): {
  readonly steps: readonly PlanStep[];
  readonly unseenSince: Readonly<Record<Fingerprint, number>>;
} {
  const steps: PlanStep[] = [];
  const unseenSince: Record<Fingerprint, number> = {};
  for (const { incident, fingerprint, verdict } of faults) {
    if (incident === undefined) continue;
    const { id, unseen } = incident;
    if (verdict === 'firing' || verdict === 'clear') {
      if (unseen !== undefined)
        steps.push({ kind: 'change', incident: id, intent: { kind: 'sight' } });
      continue;
    }
    const sinceMs = unseen?.sinceMs ?? memory.unseenSince?.[fingerprint] ?? nowMs;
    unseenSince[fingerprint] = sinceMs;
    const why = verdict === 'gone' ? 'left' : 'unknown';
    if (why === 'left' || nowMs - sinceMs >= sight.unseenAfterMs) {
      if (unseen?.why !== why)
        steps.push({
          kind: 'change',
          incident: id,
          intent: { kind: 'sight', unseen: { sinceMs, why } },
        });
      if (nowMs - sinceMs >= sight.staleAfterMs)
        steps.push({ kind: 'change', incident: id, intent: { kind: 'expire' } });
    }
  }
  return { steps, unseenSince };
}
