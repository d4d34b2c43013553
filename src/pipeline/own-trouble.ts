import { ownEnsemble } from '../model/ensemble.ts';
import { evidenceMax, type Facts, type Severity } from '../model/finding.ts';
import { fingerprintOf } from '../rules/incident/fingerprint.ts';
import { muteOf } from '../rules/routing/silences.ts';
import { type Applied, applyChange, applyOpen } from './apply.ts';
import type { House } from './house.ts';
import { notify } from './notify.ts';

/** A trouble of the bot itself, told like any other fault. */
export interface OwnTrouble {
  /** Name in the catalogue of words: `config-broken`. */
  readonly detector: string;
  /** What it is about, where there may be several: the name of a destination. */
  readonly about?: string;
  readonly severity: Severity;
  /** Since when; now, where it is not said. */
  readonly sinceMs?: number;
  readonly facts: Facts;
  readonly evidence: readonly string[];
}

/** Opens (or brings up to date) the incident of a trouble of the bot itself; one that became worth a page calls people. */
export async function reportOwn(house: House, trouble: OwnTrouble): Promise<void> {
  const subject = {
    ensemble: ownEnsemble,
    ...(trouble.about === undefined ? {} : { server: trouble.about }),
  };
  const page = trouble.severity === 'page';
  const fault = { subject, detector: trouble.detector, severity: trouble.severity };
  const mute = muteOf(await house.silences.list(), fault, house.clock.now());
  const done = await applyOpen(house, ownEnsemble, {
    ...(mute === undefined ? {} : { mute }),
    kind: 'trigger',
    fingerprint: fingerprintOf(trouble.detector, subject),
    detector: trouble.detector,
    subject,
    severity: trouble.severity,
    facts: trouble.facts,
    evidence: trouble.evidence.slice(0, evidenceMax),
    grid: [],
    symptoms: [],
    sinceMs: trouble.sinceMs ?? house.clock.now(),
    page,
  });
  await tell(house, done);
  if (page && done.kind === 'applied' && done.incident.pagedMs === undefined)
    await tell(house, await applyChange(house, done.incident.id, { kind: 'page' }));
}

/** Resolves it, if it is open; with `about`, only the one about that. */
export async function relieveOwn(house: House, detector: string, about?: string): Promise<void> {
  const open = await house.incidents.open(ownEnsemble);
  const over = open.filter(
    (each) => each.detector === detector && (about === undefined || each.subject.server === about),
  );
  for (const incident of over) {
    await tell(house, await applyChange(house, incident.id, { kind: 'resolve', grid: [] }));
  }
}

async function tell(house: House, done: Applied): Promise<void> {
  if (done.kind === 'applied') await notify(house, [done.incident]);
}
