import type { Server } from '../../model/ensemble.ts';
import type { Detector, EnsembleView, Facts, Finding, Verdict } from '../../model/finding.ts';
import type { Sample } from '../../model/sample.ts';
import { censusOf } from './signs/census.ts';
import { evidenceOf, looksAt } from './signs/looks.ts';
import { thresholdOf } from './signs/thresholds.ts';

const name = 'probe-degraded';

const thresholds = { holdMs: 0, looks: 3 };

/** The words the bot asks for; `wchc` and `wchp` cost the server too much to be asked regularly. */
const line = '4lw.commands.whitelist=srvr,mntr,ruok,isro,conf,cons,dirs,wchs,dump,hash';

/** The server keeps words back, or is read by a second-best way: less is known of it. */
export const probeDegraded: Detector = {
  name,
  severity: 'info',
  explains: [],
  holdMs: (view) => thresholdOf(view, { name, thresholds }, 'holdMs'),
  clearMs: 0,
  thresholds,
  detect: (view) => {
    const { facts } = censusOf(view);
    return view.ensemble.servers.map((server) => judge(view, server, facts));
  },
};

function judge(view: EnsembleView, server: Server, facts: Facts): Finding {
  const newest = view.samples[server.id];
  return {
    detector: name,
    subject: { ensemble: view.ensemble.id, server: server.id },
    verdict: verdictOf(looksAt(view, server.id), thresholdOf(view, { name, thresholds }, 'looks')),
    severity: 'info',
    conclusive: false,
    facts: {
      ...facts,
      words: newest?.refusedWords ?? [],
      source: sourceOf(newest),
      line,
    },
    evidence: evidenceOf(view, [server.id]),
  };
}

/** One bad answer may be chance; so many looks in a row that all bring less are the configuration. */
function verdictOf(looks: readonly Sample[], needed: number): Verdict {
  const newest = looks.at(-1);
  const degraded = newest === undefined ? undefined : isDegraded(newest);
  if (degraded === undefined) return 'unknown';
  if (!degraded) return 'clear';
  const recent = looks.slice(-needed);
  return recent.length === needed && recent.every((sample) => isDegraded(sample) === true)
    ? 'firing'
    : 'unknown';
}

/** Whether a sample brought less than it could; undefined where the server was not there to ask. */
function isDegraded(sample: Sample): boolean | undefined {
  if (sample.kind === 'reading')
    return sample.source !== 'mntr' || (sample.refusedWords ?? []).length > 0;
  return sample.reason === 'not-allowed' || sample.reason === 'garbled' ? true : undefined;
}

function sourceOf(sample: Sample | undefined): 'mntr' | 'admin' | 'srvr' | 'none' {
  return sample?.kind === 'reading' ? sample.source : 'none';
}
