import { readingsWithin } from '../../../model/delta.ts';
import type { ServerId } from '../../../model/ensemble.ts';
import type { EnsembleView } from '../../../model/finding.ts';
import type { Failure, Reading, Sample } from '../../../model/sample.ts';
import { perView } from './per-view.ts';

/** What several detectors ask of the same server of the same view. */
interface Asked {
  looks?: readonly Sample[];
  answer?: string;
  evidence?: readonly string[];
}

const askedOfView = perView(() => new Map<ServerId, Asked>());

function askedOf(view: EnsembleView, server: ServerId): Asked {
  const servers = askedOfView(view);
  const known = servers.get(server);
  if (known !== undefined) return known;
  const asked: Asked = {};
  servers.set(server, asked);
  return asked;
}

/** All looks at a server that a view carries, oldest first; none where it was not looked at now. */
export function looksAt(view: EnsembleView, server: ServerId): readonly Sample[] {
  const known = askedOf(view, server);
  const newest = view.samples[server];
  known.looks ??= newest === undefined ? [] : [...(view.history[server] ?? []), newest];
  return known.looks;
}

/** The readings of the last `windowMs`, oldest first; none where the server answers nothing now. */
export function lately(view: EnsembleView, server: ServerId, windowMs: number): readonly Reading[] {
  const now = view.samples[server];
  return now?.kind === 'reading' ? readingsWithin(view.history[server] ?? [], now, windowMs) : [];
}

/** The newest looks that all are of a kind, oldest first. */
export function trailing<Kind extends Sample>(
  looks: readonly Sample[],
  isOfKind: (sample: Sample) => sample is Kind,
): readonly Kind[] {
  const run: Kind[] = [];
  for (let at = looks.length - 1; at >= 0; at -= 1) {
    const sample = looks[at];
    if (sample === undefined || !isOfKind(sample)) break;
    run.push(sample);
  }
  return run.reverse();
}

export function isTimeout(sample: Sample): sample is Failure {
  return sample.kind === 'failure' && sample.reason === 'timeout';
}

export function isRefused(sample: Sample): sample is Failure {
  return sample.kind === 'failure' && sample.reason === 'refused';
}

export function isReset(sample: Sample): sample is Failure {
  return sample.kind === 'failure' && sample.reason === 'reset';
}

export function isReading(sample: Sample): sample is Reading {
  return sample.kind === 'reading';
}

/** Whether a sensor noticed this of the server before this look. */
export function noticed(view: EnsembleView, server: ServerId, kind: 'broken' | 'silent'): boolean {
  return view.notices.some((notice) => notice.kind === kind && notice.server === server);
}

/** The lines a person can check: what the servers answered, and what the sensors noticed of them. */
export function evidenceOf(view: EnsembleView, servers: readonly ServerId[]): readonly string[] {
  const [server] = servers;
  if (server === undefined || servers.length > 1) return linesOf(view, servers);
  const known = askedOf(view, server);
  known.evidence ??= linesOf(view, servers);
  return known.evidence;
}

function linesOf(view: EnsembleView, servers: readonly ServerId[]): readonly string[] {
  const answers = servers.flatMap((server) => {
    const sample = view.samples[server];
    if (sample === undefined) return [];
    const known = askedOf(view, server);
    known.answer ??= answerOf(sample);
    return [known.answer];
  });
  if (view.notices.length === 0) return answers;
  const notices = view.notices
    .filter(({ server }) => server !== undefined && servers.includes(server))
    .map(({ kind, server, detail }) => `${server} ${kind}: ${detail}`);
  return [...answers, ...notices];
}

function answerOf(sample: Sample): string {
  if (sample.kind === 'failure') return `${sample.server}: ${sample.detail}`;
  const { server, mode, peerState, zxid, metrics } = sample;
  const synced = metrics['synced_followers'];
  return [
    `${server}: ${mode}`,
    ...(peerState === undefined ? [] : [`peer_state ${peerState}`]),
    ...(synced === undefined ? [] : [`synced_followers ${synced}`]),
    ...(zxid === undefined ? [] : [`zxid ${zxid}`]),
  ].join(', ');
}
