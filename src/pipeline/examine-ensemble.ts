import { type Diagnosis, diagnose } from '../model/diagnosis.ts';
import type { Ensemble, Server } from '../model/ensemble.ts';
import type { EnsembleView } from '../model/finding.ts';
import type { NotSeen } from '../model/not-seen.ts';
import type { Sample } from '../model/sample.ts';
import type { EnsembleSettings } from '../model/settings.ts';
import { type Survey, surveyParts } from '../model/survey.ts';
import { surveyWords, wordParts } from '../model/survey-words.ts';
import { blankTree, type TreeFacts } from '../model/tree.ts';
import type { Clock } from '../ports/clock.ts';
import type { HostProbe, Surveyor } from '../ports/surveyor.ts';
import type { Prober, TriedCanary } from '../ports/zookeeper.ts';
import { judgeServerClocks } from '../rules/doctor/clocks.ts';
import { mergeSurvey } from '../rules/survey/merge.ts';
import { whatIsNotSeen } from '../rules/survey/not-seen.ts';
import { askMachine } from './survey.ts';

/** How long the questions to one server may take, all together. */
const serverMs = 8_000;

/** Reasons of a sample that say that the server itself is not to be had; refused words are another matter. */
const readable: ReadonlySet<string> = new Set(['not-allowed', 'not-serving']);

export interface EnsembleExaminer {
  readonly prober: Prober;
  readonly surveyor: Surveyor;
  readonly hosts: HostProbe;
  /** What a crawl brought of the tree; undefined where nobody remembers. */
  readonly tree: (settings: EnsembleSettings) => Promise<TreeFacts | undefined>;
  readonly tryCanary: (settings: EnsembleSettings) => Promise<TriedCanary>;
  readonly clock: Clock;
}

/**
 * Looks at every server of an ensemble afresh: which words and ports answer, whether a session stands and the canary can be written,
 * what shows another time, and what stays in the dark.
 */
export async function examineEnsemble(
  examiner: EnsembleExaminer,
  settings: EnsembleSettings,
  ensemble: Ensemble,
): Promise<readonly Diagnosis[]> {
  const [servers, canary, tree] = await Promise.all([
    Promise.all(ensemble.servers.map((server) => lookAt(examiner, settings, server))),
    examineCanary(examiner, settings, ensemble),
    settings.crawl === undefined ? undefined : examiner.tree(settings),
  ]);
  const seen = servers.filter(({ survey }) => survey !== undefined);
  const surveys = Object.fromEntries(
    seen.flatMap(({ server, survey }) => (survey === undefined ? [] : [[server.id, survey]])),
  );
  const view: EnsembleView = {
    ensemble: { ...ensemble, servers: seen.map(({ server }) => server) },
    atMs: examiner.clock.now(),
    samples: Object.fromEntries(servers.map(({ sample }) => [sample.server, sample])),
    history: {},
    notices: [],
    surveys,
    ...(settings.crawl === undefined ? {} : { tree: tree ?? blankTree }),
    thresholds: settings.thresholds,
  };
  return [
    ...servers.map((each) => judgeServer(settings.id, each)),
    canary,
    ...judgeServerClocks(settings.id, surveys),
    ...groupNotSeen(settings.id, whatIsNotSeen(view)),
    ...judgeWalk(settings.id, tree),
  ];
}

interface Look {
  readonly server: Server;
  readonly sample: Sample;
  /** Absent where the server is not to be had. */
  readonly survey?: Survey;
}

async function lookAt(
  { prober, surveyor, hosts, clock }: EnsembleExaminer,
  settings: EnsembleSettings,
  server: Server,
): Promise<Look> {
  const sample = await prober.probe(settings, server, settings.probe.timeoutMs);
  if (sample.kind === 'failure' && !readable.has(sample.reason)) return { server, sample };
  const parts = surveyParts.filter((part) => part !== 'host');
  const timeoutMs = serverMs;
  const told = await surveyor.survey({ settings, server, parts, before: undefined, timeoutMs });
  const survey = mergeSurvey(server.id, undefined, told, clock.now());
  if (settings.host === undefined) return { server, sample, survey };
  const news = await askMachine({ hosts, clock }, settings, server, survey);
  return { server, sample, survey: mergeSurvey(server.id, survey, news, clock.now()) };
}

function judgeServer(ensemble: string, { server, sample, survey }: Look): Diagnosis {
  const about = `${ensemble} ${server.id}`;
  if (survey === undefined)
    return diagnose('zk-away', about, {
      reason: sample.kind === 'failure' ? sample.reason : 'unknown',
      detail: sample.kind === 'failure' ? sample.detail : '',
    });
  const refused = sample.refusedWords ?? [];
  const words = [
    ...['srvr', 'mntr'].filter((word) => sample.kind === 'reading' && !refused.includes(word)),
    ...wordParts.flatMap((part) => {
      const asked = survey.asked[part];
      return asked !== undefined && asked.failed === undefined ? [surveyWords[part]] : [];
    }),
  ];
  const session = survey.canary?.kind === 'read' ? survey.canary.sessionMs : -1;
  const admin = survey.asked.admin;
  return diagnose('zk-seen', about, {
    words,
    hasAdmin: admin !== undefined && admin.failed === undefined,
    sessionMs: session,
  });
}

async function examineCanary(
  { tryCanary }: EnsembleExaminer,
  settings: EnsembleSettings,
  ensemble: Ensemble,
): Promise<Diagnosis> {
  const { id } = settings;
  if (!settings.sensors.canary) return diagnose('zk-canary-off', id);
  const tried = await tryCanary({ ...settings, servers: ensemble.servers });
  switch (tried.kind) {
    case 'written':
      return diagnose('zk-canary', id, { tookMs: tried.tookMs });
    case 'denied':
      return diagnose('zk-canary-denied', id, { detail: tried.detail });
    case 'failed':
      return diagnose('zk-canary-failed', id, { detail: tried.detail });
  }
}

/** Whether the last step of the crawl brought something. */
function judgeWalk(ensemble: string, tree: TreeFacts | undefined): readonly Diagnosis[] {
  const { failed: detail } = tree ?? {};
  return detail === undefined ? [] : [diagnose('zk-walk-failed', ensemble, { detail })];
}

/** Lines to write that are shown of one gap; where they differ, the others are like these. */
const linesMax = 3;

/** The same gap of several servers is one. */
export function groupNotSeen(ensemble: string, found: readonly NotSeen[]): readonly Diagnosis[] {
  const by = new Map<string, readonly NotSeen[]>();
  for (const each of found) {
    const key = JSON.stringify([each.what, each.why, each.said, each.where]);
    by.set(key, [...(by.get(key) ?? []), each]);
  }
  return [...by.values()].map((alike) => {
    const { what, why, said, detectors, where = '' } = alike[0] as NotSeen;
    const lines = [...new Set(alike.map(({ line }) => line))];
    const line = lines.slice(0, linesMax).join(', ') + (lines.length > linesMax ? ', …' : '');
    const servers = alike.map(({ server }) => server);
    // To walk a tree is a choice, and not made by most.
    const code = what === 'tree' ? 'zk-not-walked' : 'zk-not-seen';
    return diagnose(code, ensemble, { what, why, said, detectors, where, line, servers });
  });
}
