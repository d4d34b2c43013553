import { ownEnsemble } from '../model/ensemble.ts';
import { evidenceMax, type Facts, type Severity } from '../model/finding.ts';
import { fingerprintOf } from '../rules/incident/fingerprint.ts';
import { applyChange, applyOpen } from './apply.ts';
import type { House } from './house.ts';
import { notify } from './notify.ts';

/** A trouble of the bot itself, told like any other fault. */
export interface OwnTrouble {
  /** Name in the catalogue of words: `config-broken`. */
  readonly detector: string;
  readonly severity: Severity;
  readonly facts: Facts;
  readonly evidence: readonly string[];
}

/** Opens (or brings up to date) the incident of a trouble of the bot itself. */
export async function reportOwn(house: House, trouble: OwnTrouble): Promise<void> {
  const subject = { ensemble: ownEnsemble };
  const done = await applyOpen(house, ownEnsemble, {
    kind: 'trigger',
    fingerprint: fingerprintOf(trouble.detector, subject),
    detector: trouble.detector,
    subject,
    severity: trouble.severity,
    facts: trouble.facts,
    evidence: trouble.evidence.slice(0, evidenceMax),
    grid: [],
    symptoms: [],
    sinceMs: house.clock.now(),
    page: trouble.severity === 'page',
  });
  if (done.kind === 'applied') await notify(house, [done.incident]);
}

/** Resolves it, if it is open. */
export async function relieveOwn(house: House, detector: string): Promise<void> {
  const open = await house.incidents.open(ownEnsemble);
  for (const incident of open.filter((each) => each.detector === detector)) {
    const done = await applyChange(house, incident.id, { kind: 'resolve', grid: [] });
    if (done.kind === 'applied') await notify(house, [done.incident]);
  }
}
