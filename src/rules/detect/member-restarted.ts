import { restartedBetween } from '../../model/delta.ts';
import type { Server } from '../../model/ensemble.ts';
import type { Detector, EnsembleView, Facts, Finding, Verdict } from '../../model/finding.ts';
import type { Reading, Sample } from '../../model/sample.ts';
import { remembered } from './signs/candidates.ts';
import { censusOf } from './signs/census.ts';
import { explainsOf } from './signs/explains.ts';
import { evidenceOf, isReading, isRefused, isTimeout, looksAt } from './signs/looks.ts';
import { thresholdOf } from './signs/thresholds.ts';

const name = 'member-restarted';

/** How long the note stays up; nothing pages. */
const thresholds = { holdMs: 0, forMs: 60_000 };

/**
 * A process was restarted and nobody saw it down: a note for the record. A restart that was seen (refused, hung) has the card of that
 * fault, and gets no second one.
 */
export const memberRestarted: Detector = {
  name,
  severity: 'info',
  explains: explainsOf(name),
  holdMs: (view) => thresholdOf(view, { name, thresholds }, 'holdMs'),
  clearMs: 0,
  thresholds,
  candidates: remembered,
  detect: (view, _nowMs, servers = view.ensemble.servers) => {
    const { facts } = censusOf(view);
    return servers.map((server) => judge(view, server, facts));
  },
};

function judge(view: EnsembleView, server: Server, facts: Facts): Finding {
  const looks = looksAt(view, server.id);
  const sinceMs = view.atMs - thresholdOf(view, { name, thresholds }, 'forMs');
  const restart = restartsOf(looks).findLast(({ after }) => after.atMs > sinceMs);
  return {
    detector: name,
    subject: { ensemble: view.ensemble.id, server: server.id },
    verdict: restart === undefined ? withoutRestart(looks.at(-1)) : 'firing',
    severity: 'info',
    conclusive: true,
    facts: {
      ...facts,
      role: server.role,
      uptimeMs: restart?.uptimeMs ?? -1,
      blinkMs: restart === undefined ? -1 : blinkOf(view, restart),
    },
    evidence:
      restart === undefined
        ? []
        : [uptimeLine(restart.before), uptimeLine(restart.after), ...evidenceOf(view, [server.id])],
  };
}

/** Two readings with a restart between them. */
interface Restart {
  readonly before: Reading;
  readonly after: Reading;
  /** Age of the role in `after`. */
  readonly uptimeMs: number;
}

/** A version that does not tell its uptime, or a server that tells nothing now, is not known to have stayed up. */
function withoutRestart(newest: Sample | undefined): Verdict {
  return newest?.kind === 'reading' && newest.metrics['uptime'] !== undefined ? 'clear' : 'unknown';
}

/**
 * Every restart from one reading to the next that no look saw down or hung in between. A server that served read-only takes up its
 * role anew without a new look for a leader: nothing can be said across that. Once it was out and came back, a restart of before is
 * history: it has been told, and the card of that fault tells how it went on.
 */
function restartsOf(looks: readonly Sample[]): readonly Restart[] {
  const restarts: Restart[] = [];
  let before: Reading | undefined;
  let wasOut = false;
  for (const after of looks) {
    if (isReading(after) && wasOut) restarts.length = 0;
    wasOut = !isReading(after) && (wasOut || isRefused(after) || isTimeout(after));
    if (isReading(after) && after.mode !== 'read-only') {
      const uptimeMs = after.metrics['uptime'];
      if (before !== undefined && uptimeMs !== undefined && restartedBetween(before, after))
        restarts.push({ before, after, uptimeMs });
      before = after;
    } else if (isReading(after) || isRefused(after) || isTimeout(after)) {
      before = undefined;
    }
  }
  return restarts;
}

/** How long it served nobody: from the break that a sensor noticed to the beginning of its role. -1 without a sensor's word. */
function blinkOf(view: EnsembleView, { before, after, uptimeMs }: Restart): number {
  const broken = view.notices.find(
    ({ kind, server, atMs }) =>
      kind === 'broken' && server === after.server && atMs >= before.atMs && atMs <= after.atMs,
  );
  return broken === undefined ? -1 : Math.max(0, after.atMs - uptimeMs - broken.atMs);
}

function uptimeLine({ server, atMs, metrics }: Reading): string {
  return `${server}: uptime ${metrics['uptime']} ms at ${atMs}`;
}
