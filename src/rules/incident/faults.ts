import type { Detector, Finding, Subject, Verdict } from '../../model/finding.ts';
import type { Fingerprint, Incident } from '../../model/incident.ts';
import { fingerprintOf } from './fingerprint.ts';
import { flaps, timesOf } from './flap.ts';
import type { CorrelateInput } from './plan.ts';

/** One possible fault of a look: what a detector says of it, what is open about it, and since when it fires. */
export interface Fault {
  readonly fingerprint: Fingerprint;
  readonly detector: string;
  readonly subject: Subject;
  /** Absent where the detector that knows it is not in force any more. */
  readonly rule: Detector | undefined;
  readonly finding: Finding | undefined;
  /** What is known of it: what is seen now, or what its card says while nothing can be seen. */
  readonly face: Pick<Finding, 'severity' | 'facts' | 'evidence'>;
  readonly incident: Incident | undefined;
  /** `gone`: its detector or its server left the configuration, so nobody will ever judge it again. */
  readonly verdict: Verdict | 'gone';
  /** Since when it fires, as far as was seen. */
  readonly sinceMs: number;
  /** Its hold has passed. */
  readonly isHeld: boolean;
  /** It was a line on a card that has ended, and has not outlasted it for long enough to be a fault of its own. */
  readonly isLeftOver: boolean;
  /** It is over, and has been for long enough. */
  readonly isOver: boolean;
}

/** What is remembered from one look to the next. */
export interface Holds {
  readonly firingSince: Readonly<Record<Fingerprint, number>>;
  readonly clearSince: Readonly<Record<Fingerprint, number>>;
  readonly leftOverSince: Readonly<Record<Fingerprint, number>>;
}

/** Puts findings, open incidents and memory together, and says what to remember. */
export function faultsOf(
  input: CorrelateInput,
  nowMs: number,
): { readonly faults: readonly Fault[]; readonly holds: Holds } {
  const judged = judgedOf(input);
  const clearSince = clearSinceOf(judged, input.memory.clearSince, nowMs);
  const over = judged.flatMap((fault) =>
    fault.incident !== undefined && isOver(fault, clearSince, input, nowMs) ? [fault.incident] : [],
  );
  const ended = new Set(over);
  const orphans = symptomsOf(over);
  const firingSince = firingSinceOf(judged, input, orphans, nowMs);
  const leftOverSince = leftOverSinceOf(judged, input, orphans, nowMs);
  const faults = judged.map((fault) => {
    const heldMs = nowMs - (firingSince[fault.fingerprint] ?? nowMs);
    const isLeftOver = leftOverSince[fault.fingerprint] !== undefined;
    // Field by field: a storm has a hundred of these in each look, and a spread costs four times as much.
    return {
      fingerprint: fault.fingerprint,
      detector: fault.detector,
      subject: fault.subject,
      rule: fault.rule,
      finding: fault.finding,
      face: fault.face,
      incident: fault.incident,
      verdict: fault.verdict,
      sinceMs: input.memory.firingSince[fault.fingerprint] ?? nowMs,
      isHeld:
        fault.verdict === 'firing' &&
        !isLeftOver &&
        heldMs >= (fault.rule?.holdMs(input.view) ?? 0),
      isLeftOver,
      isOver: fault.incident !== undefined && ended.has(fault.incident),
    };
  });
  return { faults, holds: { firingSince, clearSince, leftOverSince } };
}

/** It has been clear for as long as its detector wants. What nobody will judge again is not over: nobody knows. */
function isOver(
  { fingerprint, rule }: Judged,
  clearSince: Holds['clearSince'],
  input: CorrelateInput,
  nowMs: number,
): boolean {
  const sinceMs = clearSince[fingerprint];
  const clearMs = Math.max(rule?.clearMs ?? 0, quietMsOf(input, fingerprint, nowMs));
  return sinceMs !== undefined && nowMs - sinceMs >= clearMs;
}

/** How long a fault that comes and goes must stay away; 0 for any other. */
function quietMsOf(
  { flap, memory }: CorrelateInput,
  fingerprint: Fingerprint,
  nowMs: number,
): number {
  if (flap === undefined) return 0;
  return flaps(timesOf(memory, fingerprint, flap, nowMs), flap) ? flap.quietMs : 0;
}

type Judged = Omit<Fault, 'sinceMs' | 'isHeld' | 'isLeftOver' | 'isOver'>;

function judgedOf({ findings, open, view, detectors }: CorrelateInput): readonly Judged[] {
  const rules = new Map(detectors.map((detector) => [detector.name, detector]));
  const servers = new Set(view.ensemble.servers.map((server) => server.id));
  const incidents = new Map(open.map((incident) => [incident.fingerprint, incident]));
  const onCards = symptomsOf(open);
  const shown = detectorsOn(open);
  const found = findings.flatMap((finding) => {
    const { detector, subject, verdict } = finding;
    if (verdict !== 'firing' && !shown.has(detector)) return [];
    const fingerprint = fingerprintOf(detector, subject);
    const incident = incidents.get(fingerprint);
    // Nothing fires and nothing is shown of it: most findings of most looks.
    const isShown = incident !== undefined || (verdict === 'unknown' && onCards.has(fingerprint));
    if (verdict !== 'firing' && !isShown) return [];
    const face = verdict === 'firing' ? finding : (incident ?? finding);
    const rule = rules.get(detector);
    return [{ fingerprint, detector, subject, rule, finding, face, incident, verdict }];
  });
  const named = new Set(found.map(({ fingerprint }) => fingerprint));
  const silent = open
    .filter(({ fingerprint }) => !named.has(fingerprint))
    .map((incident) => {
      const { fingerprint, detector, subject } = incident;
      const rule = rules.get(detector);
      const isThere = subject.server === undefined || servers.has(subject.server);
      const verdict = rule !== undefined && isThere ? 'unknown' : 'gone';
      const known = { fingerprint, detector, subject, rule, finding: undefined, verdict } as const;
      return { ...known, face: incident, incident };
    });
  return [...found, ...silent];
}

/** The detectors of which a card is out, or that are a line on one: of the others only what fires matters. */
export function detectorsOn(open: readonly Incident[]): ReadonlySet<string> {
  return new Set(
    open.flatMap(({ detector, symptoms }) => [detector, ...symptoms.map((each) => each.detector)]),
  );
}

function clearSinceOf(
  judged: readonly Judged[],
  known: Holds['clearSince'],
  nowMs: number,
): Holds['clearSince'] {
  return Object.fromEntries(
    judged
      .filter(({ verdict, incident }) => verdict === 'clear' && incident !== undefined)
      .map(({ fingerprint }) => [fingerprint, known[fingerprint] ?? nowMs]),
  );
}

/**
 * Since when each fault fires, for its hold. Where nothing can be seen, only a fault that is on a card keeps its time. What was
 * explained by a fault that is over now starts afresh.
 */
function firingSinceOf(
  judged: readonly Judged[],
  input: CorrelateInput,
  orphans: ReadonlySet<Fingerprint>,
  nowMs: number,
): Holds['firingSince'] {
  return Object.fromEntries(
    judged.flatMap(({ fingerprint, verdict, incident }) => {
      const known = input.memory.firingSince[fingerprint];
      if (verdict === 'firing') {
        const startsAfresh = incident === undefined && orphans.has(fingerprint);
        return [[fingerprint, startsAfresh ? nowMs : (known ?? nowMs)]];
      }
      // What comes and goes is there all the time, for its hold.
      const stays =
        verdict === 'clear' && incident !== undefined && quietMsOf(input, fingerprint, nowMs) > 0;
      return (verdict === 'unknown' || stays) && known !== undefined ? [[fingerprint, known]] : [];
    }),
  );
}

/** What looks back may fire by what its cause, which is over, has done: it must outlast that by as long as it looks back. */
function leftOverSinceOf(
  judged: readonly Judged[],
  { memory, view }: CorrelateInput,
  orphans: ReadonlySet<Fingerprint>,
  nowMs: number,
): Holds['leftOverSince'] {
  return Object.fromEntries(
    judged.flatMap(({ fingerprint, verdict, incident, rule }) => {
      if (verdict === 'clear' || incident !== undefined) return [];
      const sinceMs = orphans.has(fingerprint) ? nowMs : memory.leftOverSince?.[fingerprint];
      if (sinceMs === undefined) return [];
      const neededMs = rule?.looksBackMs?.(view) ?? 0;
      return nowMs - sinceMs >= neededMs ? [] : [[fingerprint, sinceMs] as const];
    }),
  );
}

/** The fingerprints of what is listed, and not over, on the cards of these incidents. */
function symptomsOf(incidents: readonly Incident[]): ReadonlySet<Fingerprint> {
  return new Set(
    incidents
      .flatMap((incident) => incident.symptoms)
      .filter(({ clearedMs }) => clearedMs === undefined)
      .map(({ detector, subject }) => fingerprintOf(detector, subject)),
  );
}
