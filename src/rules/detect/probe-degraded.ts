import type { Detector, EnsembleView, Finding, Verdict } from '../../model/finding.ts';
import type { Sample } from '../../model/sample.ts';
import { censusOf } from './signs/census.ts';
import { explainsOf } from './signs/explains.ts';
import { evidenceOf, looksAt } from './signs/looks.ts';
import { thresholdOf } from './signs/thresholds.ts';

const name = 'probe-degraded';

const thresholds = { holdMs: 0, looks: 3 };

/** The words the bot asks for; `wchc` and `wchp` cost the server too much to be asked regularly. */
const line = '4lw.commands.whitelist=srvr,mntr,ruok,isro,conf,cons,dirs,wchs,dump,hash,envi';

/**
 * Servers keep words back, or are read by a second-best way: less is known of them. One finding for the ensemble, since what one
 * server of it does not allow, the others mostly do not allow either.
 */
export const probeDegraded: Detector = {
  name,
  severity: 'info',
  explains: explainsOf(name),
  holdMs: (view) => thresholdOf(view, { name, thresholds }, 'holdMs'),
  clearMs: 0,
  thresholds,
  detect: (view) => [judge(view)],
};

function judge(view: EnsembleView): Finding {
  const needed = thresholdOf(view, { name, thresholds }, 'looks');
  const ids = view.ensemble.servers.map((server) => server.id);
  const verdicts = ids.map((id) => verdictOf(looksAt(view, id), needed));
  const servers = ids.filter((_, index) => verdicts[index] === 'firing');
  const samples = servers.flatMap((id) => view.samples[id] ?? []);
  return {
    detector: name,
    subject: { ensemble: view.ensemble.id },
    verdict: servers.length > 0 ? 'firing' : restOf(verdicts),
    severity: 'info',
    conclusive: false,
    facts: {
      ...censusOf(view).facts,
      servers,
      words: [...new Set(samples.flatMap(({ refusedWords }) => refusedWords ?? []))],
      source: worstOf(samples),
      line,
    },
    evidence: evidenceOf(view, servers),
  };
}

/** Where nothing fires: clear, unless a server that was known to bring less has not been seen to bring everything since. */
function restOf(verdicts: readonly (Verdict | undefined)[]): Verdict {
  return verdicts.includes('clear') && !verdicts.includes('unknown') ? 'clear' : 'unknown';
}

/**
 * One bad answer may be chance; so many looks in a row that all bring less are the configuration. Undefined for a server that was
 * never there to ask.
 */
function verdictOf(looks: readonly Sample[], needed: number): Verdict | undefined {
  const newest = looks.at(-1);
  const known = looks.findLast((sample) => isDegraded(sample) !== undefined);
  if (newest === undefined || known === undefined) return undefined;
  if (isDegraded(known) === false) return 'clear';
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

const sources = ['none', 'srvr', 'admin', 'mntr'] as const;

/** The least of the ways in which these servers are read. */
function worstOf(samples: readonly Sample[]): (typeof sources)[number] {
  const used = new Set(
    samples.map((sample) => (sample.kind === 'reading' ? sample.source : 'none')),
  );
  return sources.find((source) => used.has(source)) ?? 'mntr';
}
