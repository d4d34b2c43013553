import type { Explains } from '../../model/finding.ts';
import type { Fault } from './faults.ts';

/** A fault that gets a card of its own, and everything that it explains. */
export interface Cause {
  readonly root: Fault;
  readonly symptoms: readonly Fault[];
  /** The bot itself is the cause: nobody is called for it. */
  readonly isQuiet?: boolean;
}

/** Sorts the faults of a look under their causes. Faults that neither stand nor are explained are in no group. */
export function causesOf(faults: readonly Fault[]): readonly Cause[] {
  const standing = faults.filter(stands);
  const known = explainersOf(standing.sort(byStrength));
  const unexplained = standing.filter((fault) => isNew(fault) && rootOf(fault, known) === fault);
  // What fires in doubt, and would explain something that is there and else had a card of its own, is no passing hiccup.
  const confirmed = faults.filter(
    (fault) => isDoubtful(fault) && unexplained.some((effect) => explains(fault, effect)),
  );
  const causes = new Set([...standing, ...confirmed]);
  const explainers = explainersOf([...causes].sort(byStrength));
  const roots = new Map<Fault, Fault[]>();
  for (const fault of faults.filter(mayBeExplained)) {
    const root = rootOf(fault, explainers);
    const symptoms = roots.get(root) ?? [];
    if (root !== fault) symptoms.push(fault);
    roots.set(root, symptoms);
  }
  return [...roots]
    .filter(([root]) => causes.has(root))
    .map(([root, symptoms]) => ({ root, symptoms }));
}

/** Standing faults by the detectors they explain, strongest first: most faults of a storm have none to ask. */
type Explainers = ReadonlyMap<string, readonly Fault[]>;

function explainersOf(standing: readonly Fault[]): Explainers {
  const names = new Map<Fault['rule'], ReadonlySet<string>>();
  const explainedBy = (rule: Fault['rule']): ReadonlySet<string> => {
    const known = names.get(rule) ?? new Set(rule?.explains.map(({ detector }) => detector));
    names.set(rule, known);
    return known;
  };
  const explainers = new Map<string, Fault[]>();
  for (const fault of standing) {
    for (const detector of explainedBy(fault.rule)) {
      const list = explainers.get(detector) ?? [];
      list.push(fault);
      explainers.set(detector, list);
    }
  }
  return explainers;
}

/**
 * Whether a fault is there for people to see, and so may explain others: it fires and is beyond doubt, or its card is out and it is
 * not known to be over.
 */
function stands({ verdict, finding, isHeld, isLeftOver, isOver, incident }: Fault): boolean {
  if (incident !== undefined) return !isOver;
  return verdict === 'firing' && (isHeld || (finding?.conclusive === true && !isLeftOver));
}

/** It is there, and no card says so yet. */
function isNew({ verdict, incident, isHeld }: Fault): boolean {
  return verdict === 'firing' && isHeld && incident === undefined;
}

function isDoubtful(fault: Fault): boolean {
  return fault.verdict === 'firing' && !stands(fault);
}

function mayBeExplained({ verdict, incident }: Fault): boolean {
  return verdict === 'firing' || (verdict === 'unknown' && incident !== undefined);
}

/** Follows a fault up to the cause that nothing explains. What was passed on the way is no cause any more: there are no circles. */
function rootOf(fault: Fault, explainers: Explainers, passed: readonly Fault[] = []): Fault {
  const cause = explainers
    .get(fault.detector)
    ?.find((other) => !passed.includes(other) && isCauseOf(other, fault));
  return cause === undefined ? fault : rootOf(cause, explainers, [...passed, fault]);
}

/** Where two explain each other, the one whose card is out is the cause. */
function isCauseOf(cause: Fault, fault: Fault): boolean {
  if (!explains(cause, fault)) return false;
  return !(explains(fault, cause) && stands(fault) && byStrength(fault, cause) < 0);
}

function explains(cause: Fault, fault: Fault): boolean {
  if (cause === fault || cause.rule === undefined) return false;
  return cause.rule.explains.some(
    ({ detector, scope }) => detector === fault.detector && reaches(scope, cause, fault),
  );
}

function reaches(scope: Explains['scope'], cause: Fault, fault: Fault): boolean {
  switch (scope) {
    case 'same-server':
      return cause.subject.server === fault.subject.server;
    case 'ensemble':
      return true;
    case 'ensemble-if-led':
      return cause.finding?.facts['led'] === true;
    case 'ensemble-if-voter':
      return cause.face.facts['role'] !== 'observer';
  }
}

/** The oldest card first, then what concerns the whole ensemble, then by name: the same look always has the same causes. */
function byStrength(a: Fault, b: Fault): number {
  const [aId, bId] = [a.incident?.id ?? Infinity, b.incident?.id ?? Infinity];
  if (aId !== bId) return aId - bId;
  const [aServer, bServer] = [a.subject.server ?? '', b.subject.server ?? ''];
  if ((aServer === '') !== (bServer === '')) return aServer === '' ? -1 : 1;
  return a.fingerprint < b.fingerprint ? -1 : 1;
}
