import type { Facts } from '../../model/finding.ts';
import type { Phase, PhaseRecord } from '../../model/phase.ts';
import type { Check, Seen } from '../../model/recovery-action.ts';
import type { Reading, Sample } from '../../model/sample.ts';
import type { EnsembleSettings } from '../../model/settings.ts';
import { standingOf } from '../../model/standing.ts';
import { versionDir } from './data-dirs.ts';
import { servesInSync } from './others.ts';
import { processStartMs, restartServer } from './restart-server.ts';

/** Time for a folder to be renamed: nothing is copied. */
const renameMs = 10_000;

/** Mismatches of digests that a start alone explains: a server that was killed in the middle of a write counts one. */
const mismatchesMax = 9;

/** Part of the nodes that two servers may differ by while clients write: they are asked at almost the same moment. [guess] */
const nodesApart = 0.01;

/** Whether an order of a resync has had its effect, and the ensemble still stands without the server. */
export function checkPhase(phase: Phase, now: Seen): Check {
  switch (phase.name) {
    case 'stop':
      return isGone(now.view.samples[now.server.id]) && stands(now) ? 'yes' : 'not-yet';
    case 'set-aside':
      return moved(phase, now.output, { from: versionDir, to: text(phase, 'aside') }) && stands(now)
        ? 'yes'
        : 'not-yet';
    case 'put-back':
      return moved(phase, now.output, { from: text(phase, 'aside'), to: versionDir })
        ? 'yes'
        : 'not-yet';
    case 'start':
      return phase.facts['empty'] === true ? copied(phase.facts, now) : served(now);
    case 'restart':
    case 'remove-files':
    case 'purge':
    case 'reconfigure':
    case 'command':
    case 'kill-session':
    case 'drop-connection':
      return 'no';
  }
}

export function phaseMs({ name }: Phase, settings: EnsembleSettings): number {
  if (name === 'stop') return 2 * processStartMs;
  return name === 'start' ? restartServer.verifyMs(settings) : renameMs;
}

/**
 * Before it was started empty: its data goes back, untouched, and it is started as it was. Afterwards its data stays aside, since the
 * ensemble has gone on without it; and it is stopped where it leads, or where its leader is gone: an empty server must not vote.
 */
export function undoResync(taken: readonly PhaseRecord[], now: Seen): readonly Phase[] {
  const stop = taken.find(({ name }) => name === 'stop');
  if (stop === undefined) return [];
  const { server, facts } = stop;
  const sample = now.view.samples[now.server.id];
  const start = taken.find(({ name }) => name === 'start');
  if (start !== undefined) {
    const { leader } = standingOf(now.view.ensemble, now.view.samples);
    const isSafe = leader !== undefined && leader === facts['leader'];
    return isSafe || start.state === 'done'
      ? []
      : [{ name: 'stop', server, order: { kind: 'stop' }, facts }];
  }
  const back = taken
    .filter(({ name, state }) => name === 'set-aside' && state === 'done')
    .toReversed()
    .map((phase): Phase => {
      const dir = text(phase, 'dir');
      const aside = `${dir}/${text(phase, 'aside')}`;
      const argv = ['mv', '-T', aside, `${dir}/${versionDir}`];
      const { probe } = phase;
      return {
        name: 'put-back',
        server,
        order: { kind: 'exec', argv },
        facts: phase.facts,
        ...(probe === undefined ? {} : { probe }),
      };
    });
  // One that answers was never stopped, or is back already.
  return back.length === 0 && !isGone(sample)
    ? []
    : [...back, { name: 'start', server, order: { kind: 'start' }, facts }];
}

/** Whether no process answers any more. One that is silent but connected may only hang. */
function isGone(sample: Sample | undefined): boolean {
  if (sample?.kind !== 'failure') return false;
  switch (sample.reason) {
    case 'refused':
    case 'reset':
    case 'unreachable':
    case 'unresolved':
      return true;
    case 'timeout':
      return !sample.connected;
    case 'not-serving':
    case 'not-allowed':
    case 'garbled':
    case 'tls':
      return false;
  }
}

/** Whether a leader holds a quorum, the server itself left out. */
function stands({ view, server }: Seen): boolean {
  const { leader } = standingOf(view.ensemble, view.samples);
  return leader !== undefined && leader !== server.id;
}

function moved(
  { facts }: Phase,
  output: string | undefined,
  { from, to }: { readonly from: string; readonly to: string },
): boolean {
  const names = (output ?? '').split('\n').map((line) => line.trim());
  return facts['dir'] !== undefined && names.includes(to) && !names.includes(from);
}

/** Whether it serves in sync, with whatever data it has. */
function served(now: Seen): Check {
  return servesInSync(now.view.samples[now.server.id]) ? 'yes' : 'not-yet';
}

/** Whether it fetched all data from the leader it was to fetch it from: a snapshot was sent, and both count the same nodes. */
function copied(facts: Facts, now: Seen): Check {
  const { view, server } = now;
  const standing = standingOf(view.ensemble, view.samples);
  const sample = view.samples[server.id];
  if (standing.leader !== undefined && standing.leader !== facts['leader']) return 'no';
  if (sample?.kind !== 'reading') return 'not-yet';
  if (sample.mode === 'leader' || sample.mode === 'standalone') return 'no';
  if ((sample.metrics['digest_mismatches_count'] ?? 0) > mismatchesMax) return 'no';
  const leading = standing.leader === undefined ? undefined : view.samples[standing.leader];
  if (leading?.kind !== 'reading' || !servesInSync(sample)) return 'not-yet';
  const sent = leading.metrics['snap_count'];
  const before = Number(facts['snapCount']);
  if (sent !== undefined && before >= 0 && sent <= before) return 'not-yet';
  const synced = Number(facts['synced']);
  if (standing.synced !== undefined && synced > 0 && standing.synced < synced) return 'not-yet';
  return alike(sample, leading) ? 'yes' : 'not-yet';
}

function alike(one: Reading, other: Reading): boolean {
  const nodes = one.metrics['znode_count'];
  const wanted = other.metrics['znode_count'];
  if (nodes === undefined || wanted === undefined) return true;
  const apart = one.zxid === other.zxid ? 0 : Math.max(5, wanted * nodesApart);
  return Math.abs(nodes - wanted) <= apart;
}

function text({ facts }: Phase, key: string): string {
  return String(facts[key] ?? '');
}
