import type { Server } from '../../model/ensemble.ts';
import type { Detector, EnsembleView, Finding } from '../../model/finding.ts';
import { running } from './signs/candidates.ts';
import { type Census, censusOf, silentMsOf } from './signs/census.ts';
import { explainsOf } from './signs/explains.ts';
import { ledLast } from './signs/led.ts';
import { evidenceOf, isReading, looksAt } from './signs/looks.ts';
import { thresholdOf } from './signs/thresholds.ts';

const name = 'member-accept-starved';

const thresholds = { holdMs: 60_000 };

/**
 * The server answers no new connection, and takes part in the quorum all the same: it has no file descriptors left, or its threads that
 * take connections are stuck. Old clients work, new ones time out. Seen at the limit of descriptors of a live server; known from a hang
 * by what the leader goes on counting after the time it gives a silent follower.
 */
export const memberAcceptStarved: Detector = {
  name,
  severity: 'page',
  explains: explainsOf(name),
  holdMs: (view) => thresholdOf(view, { name, thresholds }, 'holdMs'),
  clearMs: 0,
  thresholds,
  candidates: running,
  detect: (view, _nowMs, servers = view.ensemble.servers) => {
    const census = censusOf(view);
    return servers.map((server) => judge(view, server, census));
  },
};

function judge(
  view: EnsembleView,
  server: Server,
  { standing, conditions, facts }: Census,
): Finding {
  const condition = conditions.get(server.id);
  const isStarved = condition === 'starved';
  const leader = standing.leader === undefined ? [] : [standing.leader];
  const files = filesOf(view, server);
  return {
    detector: name,
    subject: { ensemble: view.ensemble.id, server: server.id },
    verdict: isStarved ? 'firing' : condition === 'serving' ? 'clear' : 'unknown',
    severity: 'page',
    conclusive: isStarved,
    facts: {
      ...facts,
      role: server.role,
      led: ledLast(view, server.id),
      silentMs: silentMsOf(view, server.id),
      openFiles: files?.open ?? -1,
      maxFiles: files?.max ?? -1,
    },
    evidence: [
      ...evidenceOf(view, [server.id, ...leader]),
      ...(files === undefined
        ? []
        : [`${server.id}: ${files.open} of ${files.max} files were open when it last answered`]),
    ],
  };
}

/** The descriptors of the process when it last answered. */
function filesOf(
  view: EnsembleView,
  server: Server,
): { readonly open: number; readonly max: number } | undefined {
  const metrics = looksAt(view, server.id).findLast(isReading)?.metrics;
  const open = metrics?.['open_file_descriptor_count'];
  const max = metrics?.['max_file_descriptor_count'];
  return open === undefined || max === undefined ? undefined : { open, max };
}
