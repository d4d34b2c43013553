import type { Server } from '../../model/ensemble.ts';
import type { EnsembleView } from '../../model/finding.ts';
import type { NotSeen } from '../../model/not-seen.ts';
import type { Survey } from '../../model/survey.ts';
import { surveyWords, type WordPart, wordParts } from '../../model/survey-words.ts';

/** All words the bot ever asks; `wchc`, `wchp`, `srst` and `crst` are none of them. */
export const whitelistLine =
  '4lw.commands.whitelist=srvr,mntr,ruok,isro,conf,cons,dirs,wchs,dump,hash,envi';

/** What is not recognised where the word of a part is refused. */
const byWord: Readonly<Record<WordPart, readonly string[]>> = {
  conf: ['membership-drift', 'myid-mismatch', 'config-param-drift', 'connection-limit-hit'],
  clients: ['session-concentration', 'connection-limit-hit'],
  digests: ['digest-mismatch'],
  memory: ['heap-pressure'],
  watches: [],
  sizes: [],
};

/** What hangs on the machine, in whole or for the best part. */
const onMachine: readonly string[] = [
  'disk-full-now',
  'disk-full-eta',
  'unpurged-snapshots',
  'node-too-big',
];

/** What only the log tells. */
const inLog: readonly string[] = ['node-too-big', 'auth-failures', 'heap-pressure'];

/** Seconds after the start in which the pause monitor may not have counted yet. */
const monitorMs = 60_000;

/** Everything that is not seen of the servers of a view, by server. Servers that do not answer now are judged by their last survey. */
export function whatIsNotSeen(view: EnsembleView): readonly NotSeen[] {
  const ofServers = view.ensemble.servers.flatMap((server) => {
    const survey = view.surveys?.[server.id];
    return [
      ...wordsNotSeen(view, server, survey),
      ...adminNotSeen(server, survey),
      ...machineNotSeen(server, survey),
      ...versionNotSeen(view, server),
    ];
  });
  return [...ofServers, ...treeNotSeen(view)];
}

/** What only a walk over the tree tells, in whole or for the best part. */
const inTree: readonly string[] = [
  'ephemeral-flapping',
  'node-too-big',
  'znode-growth',
  'data-size',
];

function treeNotSeen({ ensemble, tree }: EnsembleView): readonly NotSeen[] {
  const base = { server: ensemble.id, what: 'tree', detectors: inTree } as const;
  const where = 'nightkeeper.yaml';
  if (tree === undefined)
    return [{ ...base, why: 'no-crawl', said: '', where, line: 'crawl: { every: 1h }' }];
  const { cut } = tree.round ?? {};
  if (cut === undefined) return [];
  const limit = { nodes: 'nodes: 10000000', bytes: 'bytes: 1073741824', time: 'time: 6h' }[cut];
  return [{ ...base, why: 'crawl-cut', said: cut, where, line: `crawl: { ${limit} }` }];
}

function wordsNotSeen(
  view: EnsembleView,
  { id }: Server,
  survey: Survey | undefined,
): readonly NotSeen[] {
  const probed = view.samples[id]?.refusedWords ?? [];
  const refused = wordParts.filter((part) => survey?.asked[part]?.failed === 'not-allowed');
  const names = [...probed, ...refused.map((part) => surveyWords[part])];
  const seen: readonly NotSeen[] =
    names.length === 0
      ? []
      : [
          {
            server: id,
            what: 'words',
            why: 'words',
            said: [...new Set(names)].join(', '),
            detectors: [...new Set(refused.flatMap((part) => byWord[part]))],
            where: 'zoo.cfg',
            line: whitelistLine,
          },
        ];
  const session = survey?.asked.canary?.failed;
  return session === undefined
    ? seen
    : [
        ...seen,
        {
          server: id,
          what: 'session',
          why: 'failed',
          said: session,
          detectors: ['clock-skew'],
          where: 'nightkeeper.yaml',
          line: 'sensors: { sessions: true }',
        },
      ];
}

function adminNotSeen(server: Server, survey: Survey | undefined): readonly NotSeen[] {
  const failed = survey?.asked.admin?.failed;
  if (failed === undefined) return [];
  const base = { server: server.id, what: 'admin', detectors: ['admin-surface-exposed'] } as const;
  return server.admin === undefined
    ? [
        {
          ...base,
          why: 'not-configured',
          said: '',
          where: 'nightkeeper.yaml',
          line: `{ id: ${server.id}, client: "${server.client.host}:${server.client.port}", admin: "${server.client.host}:8080" }`,
        },
      ]
    : [{ ...base, why: 'failed', said: failed, where: 'zoo.cfg', line: 'admin.enableServer=true' }];
}

function machineNotSeen({ id }: Server, survey: Survey | undefined): readonly NotSeen[] {
  const asked = survey?.asked.host;
  if (asked?.failed !== undefined)
    return [
      {
        server: id,
        what: 'machine',
        why: 'failed',
        said: asked.failed,
        detectors: onMachine,
        where: 'nightkeeper.yaml',
        line: 'host: { command: [ssh, -o, BatchMode=yes, "zookeeper@{host}"] }',
      },
    ];
  const { host } = survey ?? {};
  if (host === undefined) return [];
  const gaps = (host.gaps ?? []).map(
    (gap): NotSeen => ({
      server: id,
      what: 'machine-part',
      why: 'gap',
      said: gap,
      detectors: detectorsOf(gap),
      where: 'nightkeeper.yaml',
      line: lineFor(gap),
    }),
  );
  const log: readonly NotSeen[] =
    host.logFile !== undefined || (host.gaps ?? []).some((gap) => gap.startsWith('logFile'))
      ? []
      : [
          {
            server: id,
            what: 'log',
            why: 'no-log',
            said: '',
            detectors: inLog,
            where: 'nightkeeper.yaml',
            line: 'host: { logFile: /var/log/zookeeper/zookeeper.log }',
          },
        ];
  return [...gaps, ...log];
}

/** The setting of `host` that would close a gap: paths by their own name; whatever else is a matter of who runs the script. */
function lineFor(gap: string): string {
  const key = /^(?:dataDir|dataLogDir|pidFile|configFile|logFile)\b/u.exec(gap)?.[0];
  if (key !== undefined && !gap.includes('cannot')) return `host: { ${key}: /path }`;
  if (gap.startsWith('process')) return 'host: { pidFile: /run/zookeeper.pid }';
  return 'host: { command: [ssh, -o, BatchMode=yes, "zookeeper@{host}"] }';
}

function detectorsOf(gap: string): readonly string[] {
  if (/^(?:dataDir|dataLogDir)\b/u.test(gap)) return ['disk-full-now', 'disk-full-eta'];
  if (gap.startsWith('snapshots') || gap.startsWith('logs')) return ['unpurged-snapshots'];
  if (gap.startsWith('logFile')) return inLog;
  if (gap.startsWith('configFile')) return ['membership-drift', 'config-param-drift'];
  return ['fd-exhaustion'];
}

function versionNotSeen(view: EnsembleView, { id }: Server): readonly NotSeen[] {
  const sample = view.samples[id];
  if (sample?.kind !== 'reading' || sample.source !== 'mntr') return [];
  const [major = 0, minor = 0] = (sample.version ?? '').split('.').map(Number);
  if (major === 3 && minor < 6)
    return [
      {
        server: id,
        what: 'old-version',
        why: 'old-version',
        said: sample.version ?? '',
        detectors: [
          'latency-high',
          'latency-degraded',
          'fsync-slow',
          'jvm-pause',
          'digest-mismatch',
        ],
        line: '',
      },
    ];
  const { cnt_jvm_pause_time_ms: pauses, uptime = 0 } = sample.metrics;
  if (pauses !== 0 || uptime < monitorMs) return [];
  return [
    {
      server: id,
      what: 'jvm-pauses',
      why: 'no-monitor',
      said: '',
      detectors: ['jvm-pause'],
      where: 'zoo.cfg',
      line: 'jvm.pause.monitor=true',
    },
  ];
}
