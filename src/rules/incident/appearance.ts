import type { Facts, FactValue, Severity } from '../../model/finding.ts';
import {
  type Fingerprint,
  type GridCell,
  type Incident,
  type Symptom,
  symptomsMax,
} from '../../model/incident.ts';
import type { Cause } from './causes.ts';
import type { Fault } from './faults.ts';
import { fingerprintOf } from './fingerprint.ts';

/** What the card of a cause shows. */
export interface Appearance {
  readonly severity: Severity;
  readonly facts: Facts;
  readonly evidence: readonly string[];
  readonly grid: readonly GridCell[];
  readonly symptoms: readonly Symptom[];
}

/**
 * How a cause looks now. `shown` is the incident whose card it takes: its symptoms stay listed, and while nothing new can be seen its
 * facts do. `unseen` are the faults of which this look knows nothing.
 */
export function appearanceOf(
  { root, symptoms }: Cause,
  shown: Incident | undefined,
  unseen: ReadonlySet<Fingerprint>,
  grid: readonly GridCell[],
  nowMs: number,
): Appearance {
  const { severity, facts, evidence } = root.face;
  return {
    severity: worstOf([
      severity,
      ...symptoms.filter(({ isHeld }) => isHeld).map(({ face }) => face.severity),
    ]),
    facts: root.incident === undefined ? facts : { ...facts, ...beginningOf(root.incident) },
    evidence,
    grid,
    symptoms: listedOf(symptoms, shown, unseen, nowMs),
  };
}

/** Whether people must be called: the fault itself, or something it explains, is a page and has lasted for its hold. */
export function calls({ root, symptoms, isQuiet }: Cause): boolean {
  if (isQuiet === true) return false;
  return [root, ...symptoms].some((fault) => fault.isHeld && fault.face.severity === 'page');
}

/** Whether a person would see a difference. What counts up on every look is none. */
export function differs(incident: Incident, appearance: Appearance): boolean {
  return !(
    incident.severity === appearance.severity &&
    sameFacts(incident.facts, appearance.facts) &&
    sameList(incident.grid, appearance.grid, sameCell) &&
    sameList(incident.symptoms, appearance.symptoms, sameSymptom)
  );
}

function sameFacts(a: Facts, b: Facts): boolean {
  return (
    Object.keys(a).every((name) => counters.has(name) || sameFact(name, a[name], b[name])) &&
    Object.keys(b).every((name) => counters.has(name) || a[name] !== undefined)
  );
}

function sameFact(name: string, a: FactValue | undefined, b: FactValue | undefined): boolean {
  if (figures.has(name) && typeof a === 'number' && typeof b === 'number') return isNear(a, b);
  if (typeof a !== 'object' || typeof b !== 'object') return a === b;
  return sameList(a, b, (one, other) => one === other);
}

function sameCell(a: GridCell, b: GridCell): boolean {
  return a.server === b.server && a.role === b.role && a.state === b.state;
}

function sameSymptom(a: Symptom, b: Symptom): boolean {
  return (
    fingerprintOf(a.detector, a.subject) === fingerprintOf(b.detector, b.subject) &&
    (a.clearedMs === undefined) === (b.clearedMs === undefined)
  );
}

function sameList<T>(
  a: readonly T[],
  b: readonly T[],
  same: (one: T, other: T) => boolean,
): boolean {
  return (
    a.length === b.length &&
    a.every((one, index) => {
      const other = b[index];
      return other !== undefined && same(one, other);
    })
  );
}

/** Facts that are another on every look, and say nothing new by it. */
const counters: ReadonlySet<string> = new Set([
  'address',
  'confidence',
  'days',
  'emptiest',
  'lagLimit',
  'latencyMs',
  'silentMs',
  'spark',
  'stage',
  'usual',
  'usualMs',
  'worst',
]);

/** Figures that move on every look: a person sees a difference when one has grown or shrunk by half of what it was. */
const figures: ReadonlySet<string> = new Set([
  'ackMs',
  'bytes',
  'connections',
  'electionMs',
  'ephemerals',
  'etaMs',
  'expired',
  'lag',
  'lateMs',
  'flaps',
  'left',
  'longestMs',
  'mean',
  'perDay',
  'perSecond',
  'percent',
  'percentPerDay',
  'queueMs',
  'queued',
  'sessions',
  'sessionsNow',
  'syncMs',
  'total',
  'waiting',
  'warned',
  'watches',
  'znodes',
]);

function isNear(a: number, b: number): boolean {
  return a === b || (Math.sign(a) === Math.sign(b) && Math.abs(b - a) < Math.abs(a) / 2);
}

/** Facts of the moment a fault began, which later looks cannot see any more. */
const factsOfTheBeginning: readonly string[] = ['led', 'blinkMs'];

function beginningOf({ facts }: Incident): Facts {
  const beginning: Record<string, FactValue> = {};
  for (const name of factsOfTheBeginning) {
    const value = facts[name];
    if (value !== undefined) beginning[name] = value;
  }
  return beginning;
}

const rank: Readonly<Record<Severity, number>> = { info: 0, warn: 1, page: 2 };

function worstOf(severities: readonly Severity[]): Severity {
  return severities.reduce((worst, severity) => (rank[severity] > rank[worst] ? severity : worst));
}

/** The symptoms on the card, in the order they came: what is over says so, and makes room first when there are too many. */
function listedOf(
  symptoms: readonly Fault[],
  shown: Incident | undefined,
  unseen: ReadonlySet<Fingerprint>,
  nowMs: number,
): readonly Symptom[] {
  const current = new Map(symptoms.map((fault) => [fault.fingerprint, fault]));
  const earlier = (shown?.symptoms ?? []).map((symptom) => {
    const fingerprint = fingerprintOf(symptom.detector, symptom.subject);
    const fault = current.get(fingerprint);
    current.delete(fingerprint);
    if (fault !== undefined) return symptom.clearedMs === undefined ? symptom : symptomOf(fault);
    const isOver = symptom.clearedMs === undefined && !unseen.has(fingerprint);
    return isOver ? { ...symptom, clearedMs: nowMs } : symptom;
  });
  const all = [...earlier, ...[...current.values()].map(symptomOf)];
  const standing = all.filter(({ clearedMs }) => clearedMs === undefined);
  return (all.length > symptomsMax ? standing : all).slice(0, symptomsMax);
}

/** A fault as a line on the card of another. */
export function symptomOf({ detector, subject, face, incident, sinceMs }: Fault): Symptom {
  return {
    detector,
    subject,
    severity: face.severity,
    facts: face.facts,
    sinceMs: incident?.sinceMs ?? sinceMs,
  };
}
