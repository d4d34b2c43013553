import type { Fingerprint, Incident, Symptom } from '../../model/incident.ts';
import { lastLeaderOf, leaderChangesOf } from '../../model/leadership.ts';
import { livesOf } from '../../model/lives.ts';
import type { EnsembleMemory } from '../../model/memory.ts';
import { appearanceOf, calls, differs } from './appearance.ts';
import { type Cause, causesOf } from './causes.ts';
import { mayBeNamed } from './decide.ts';
import { type Fault, faultsOf } from './faults.ts';
import { flapFacts, flaps, startsAfter, timesOf } from './flap.ts';
import { gridFor } from './grid.ts';
import { withoutOwnWork } from './own-work.ts';
import type { CorrelateInput, PlanStep } from './plan.ts';
import { sightOf } from './sight.ts';

/**
 * Lets the findings of a look meet the open incidents: one fault is one card. A finding that another one explains is a line on that
 * one's card. A quiet card that turns out to be the beginning of something bigger becomes the card of that.
 */
export function correlate(
  input: CorrelateInput,
  nowMs: number,
): {
  readonly plan: readonly PlanStep[];
  readonly memory: EnsembleMemory;
  /** What the bot does to the servers, for the card of its recovery where that is not among the open ones. */
  readonly own: readonly Symptom[];
} {
  const { faults, holds } = faultsOf(input, nowMs);
  const unseen = new Set(
    faults.filter(({ verdict }) => verdict === 'unknown').map(({ fingerprint }) => fingerprint),
  );
  const began = beganNow(faults, input);
  const { causes, symptoms } = withoutOwnWork(causesOf(faults), input.own, nowMs);
  const steps = causes.map((cause) => stepsFor(cause, unseen, began, input, nowMs));
  const opened = steps.flatMap(({ card }) =>
    card.flatMap((step) => (step.kind === 'open' ? [step.intent.fingerprint] : [])),
  );
  const { steps: sights, unseenSince } = sightOf(faults, input, nowMs);
  return {
    own: symptoms,
    plan: [
      ...steps.flatMap(({ card }) => card),
      ...sights,
      ...faults.flatMap(({ incident, isOver }): readonly PlanStep[] =>
        incident !== undefined && isOver
          ? [
              {
                kind: 'change',
                incident: incident.id,
                intent: { kind: 'resolve', grid: gridFor(incident.subject, input.grid) },
              },
            ]
          : [],
      ),
      ...steps.flatMap(({ folds }) => folds),
    ],
    memory: {
      ...input.memory,
      ...holds,
      unseenSince,
      ...(input.flap !== undefined && {
        starts: startsAfter(input.memory, [...opened, ...began], input.flap, nowMs),
      }),
      atMs: input.view.atMs,
      ...pastOf(input),
    },
  };
}

/** Faults with a card that were away at the last look, and are here again. */
function beganNow(faults: readonly Fault[], { memory }: CorrelateInput): readonly Fingerprint[] {
  return faults.flatMap(({ fingerprint, incident, verdict }) =>
    incident !== undefined && verdict === 'firing' && memory.clearSince[fingerprint] !== undefined
      ? [fingerprint]
      : [],
  );
}

/** How often a fault began lately, this time included. */
function timesNow(
  { fingerprint, incident }: Fault,
  began: readonly Fingerprint[],
  { memory, flap }: CorrelateInput,
  nowMs: number,
): number {
  if (flap === undefined) return 0;
  const isAnother = incident === undefined || began.includes(fingerprint);
  return timesOf(memory, fingerprint, flap, nowMs) + (isAnother ? 1 : 0);
}

/** How long after its end a quiet card may turn out to have been a beginning. */
export const continuesMs = 10 * 60_000;

/** The steps that give a cause its card, and those that end the cards of what it explains. */
function stepsFor(
  cause: Cause,
  unseen: ReadonlySet<Fingerprint>,
  began: readonly Fingerprint[],
  input: CorrelateInput,
  nowMs: number,
): { readonly card: readonly PlanStep[]; readonly folds: readonly PlanStep[] } {
  const { root, symptoms } = cause;
  const taken = root.incident === undefined ? cardToTake(root, symptoms) : undefined;
  const shown = root.incident ?? taken;
  const { fingerprint, detector, subject, sinceMs } = root;
  const { grid, flap } = input;
  const seen = appearanceOf(cause, shown, unseen, gridFor(subject, grid), nowMs);
  const times = timesNow(root, began, input, nowMs);
  const { flaps: _f, flapMs: _m, ...facts } = seen.facts;
  const appearance = {
    ...seen,
    facts: flap === undefined ? facts : { ...facts, ...flapFacts(times, flap) },
  };
  const page = calls(cause);
  const named = { fingerprint, detector, subject, page, ...appearance };
  const folds = symptoms.flatMap(({ incident }): readonly PlanStep[] =>
    incident === undefined || incident === taken
      ? []
      : [{ kind: 'fold', incident: incident.id, into: fingerprint }],
  );
  if (taken !== undefined)
    return {
      card: [{ kind: 'change', incident: taken.id, intent: { kind: 'recognise', ...named } }],
      folds,
    };
  if (root.incident === undefined) {
    const detectors = root.rule?.continues;
    const continues =
      detectors === undefined
        ? {}
        : { continues: { detectors, afterMs: nowMs - (root.rule?.continuesMs ?? continuesMs) } };
    const reopens =
      flap !== undefined && flaps(times, flap) ? { reopensAfterMs: nowMs - flap.withinMs } : {};
    const intent = { kind: 'trigger', ...named, sinceMs, ...continues, ...reopens } as const;
    return { card: [{ kind: 'open', intent }], folds };
  }
  const { id } = root.incident;
  const card: PlanStep[] = [];
  if (differs(root.incident, appearance))
    card.push({ kind: 'change', incident: id, intent: { kind: 'observe', ...appearance } });
  if (page && isQuiet(root.incident))
    card.push({ kind: 'change', incident: id, intent: { kind: 'page' } });
  return { card, folds };
}

/**
 * The card that becomes the card of the cause: one of the same server that has called people, which nobody has taken on; else the
 * oldest one nobody was called for and nobody has taken on. A note for the record is none: it was not the beginning of anything.
 */
function cardToTake({ subject }: Fault, symptoms: readonly Fault[]): Incident | undefined {
  const cards = symptoms
    .flatMap(({ incident }) => incident ?? [])
    .filter(({ severity }) => severity !== 'info')
    .sort((a, b) => a.id - b.id);
  const called = cards.find((card) => !isQuiet(card) && mayBeNamed(card, subject));
  return called ?? cards.find(isQuiet);
}

function isQuiet(incident: Incident): boolean {
  return incident.state === 'triggered' && incident.pagedMs === undefined;
}

/** What the next look must know of the looks before it. */
function pastOf({
  view,
  memory,
}: CorrelateInput): Pick<EnsembleMemory, 'lastLeader' | 'leaderChanges' | 'lives'> {
  const { lastLeader, leaderChanges = [], lives = {} } = memory;
  const past = {
    ...view,
    leaderChanges,
    lives,
    ...(lastLeader === undefined ? {} : { lastLeader }),
  };
  const leader = lastLeaderOf(past);
  return {
    ...(leader === undefined ? {} : { lastLeader: leader }),
    leaderChanges: leaderChangesOf(past),
    lives: livesOf(past),
  };
}
