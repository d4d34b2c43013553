import type { ServerId } from '../model/ensemble.ts';
import type { EnsembleView } from '../model/finding.ts';
import type { Incident } from '../model/incident.ts';
import type { EnsembleMemory } from '../model/memory.ts';
import type { Sample } from '../model/sample.ts';
import { defaultFlap, defaultIncidentSettings } from '../model/settings.ts';
import type { EnsembleStatus } from '../model/status.ts';
import type { OpenTrend } from '../model/trend.ts';
import { correlate } from '../rules/incident/correlate.ts';
import { detectorsOn } from '../rules/incident/faults.ts';
import type { OwnWork } from '../rules/incident/own-work.ts';
import { statusOf } from '../rules/status/status.ts';
import { carryOut } from './carry-out.ts';
import { evaluate } from './evaluate.ts';
import type { House } from './house.ts';
import { foldUnder, ownWork } from './own-work.ts';
import { realOnly } from './real-only.ts';
import { silence, underSilence } from './silences.ts';
import { withSparks } from './sparks.ts';
import { grownPoints } from './trends.ts';

/** What a look was made of. */
export interface Look {
  readonly view: EnsembleView;
  readonly memory: EnsembleMemory;
  readonly samples: readonly Sample[];
  readonly points: Readonly<Record<ServerId, OpenTrend>>;
}

/** What came of a look. */
export interface Judgement {
  /** Findings of this look, and how many of them fire. */
  readonly judged: number;
  readonly firing: number;
  readonly status: EnsembleStatus;
  /** Open incidents before the look. */
  readonly open: readonly Incident[];
  /** The incidents it changed. */
  readonly changed: readonly Incident[];
  /** Those, and the ones that a silence changed. */
  readonly touched: readonly Incident[];
}

type Needs = Parameters<typeof silence>[0] &
  Pick<House, 'ensembles' | 'silences' | 'detectors' | 'recoveries' | 'recoveryActions'>;

/**
 * Evaluates a look, lets the findings meet the open incidents, remembers it and applies what follows. `conflict` when another look was
 * judged meanwhile, from newer samples: nothing was changed.
 */
export async function judge(house: Needs, look: Look): Promise<Judgement | 'conflict'> {
  const { view, memory, samples, points } = look;
  const { id } = view.ensemble;
  const [open, silences, own] = await Promise.all([
    realOnly(house.incidents.open(id)),
    house.silences.list(),
    ownWork(house, id),
  ]);
  const nowMs = house.clock.now();
  const { status, correlated, judged, firing } = compare(house, look, { open, own }, nowMs);
  const remembered = await house.ensembles.remember({
    ensemble: id,
    samples,
    memory: { ...correlated.memory, atMs: view.atMs, version: memory.version + 1 },
    expectedVersion: memory.version,
    status,
    points: grownPoints(view, points),
  });
  if (remembered === 'conflict') return 'conflict';
  const plan = underSilence(correlated.plan, silences, nowMs);
  const changed = [
    ...(await carryOut(house, plan, id, open)),
    ...(await foldUnder(house, own, correlated.own)),
  ];
  const known = new Map([...open, ...changed].map((incident) => [incident.id, incident]));
  const hushed = await silence(house, id, [...known.values()], silences);
  const touched = new Map([...changed, ...hushed].map((incident) => [incident.id, incident]));
  return { judged, firing, status, open, changed, touched: [...touched.values()] };
}

/** Kept apart from what waits for Redis: findings are many, and those of fifty looks would wait together. */
function compare(
  house: Needs,
  { view, memory }: Look,
  { open, own }: { readonly open: readonly Incident[]; readonly own: OwnWork | undefined },
  nowMs: number,
): Pick<Judgement, 'status' | 'judged' | 'firing'> & {
  readonly correlated: ReturnType<typeof correlate>;
} {
  const { detectors, log } = house;
  const findings = withSparks(evaluate(detectors, view, nowMs, log, detectorsOn(open)), view);
  const status = statusOf(view);
  const sight = house.settings().incidents ?? defaultIncidentSettings;
  const { grid } = status;
  const { flap = defaultFlap } = sight;
  const past = { memory, view, sight, flap, ...(own === undefined ? {} : { own }) };
  return {
    status,
    correlated: correlate({ ...past, findings, open, detectors, grid }, nowMs),
    judged: findings.length,
    firing: findings.filter(({ verdict }) => verdict === 'firing').length,
  };
}
