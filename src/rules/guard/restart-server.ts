import type { Server } from '../../model/ensemble.ts';
import type { EnsembleView, Facts } from '../../model/finding.ts';
import { deny, type GuardVerdict, type Recovery, restartedMs } from '../../model/recovery.ts';
import type { GuardView, RecoveryAction } from '../../model/recovery-action.ts';
import type { RefusalCode } from '../../model/refusal.ts';
import type { Reading, Sample } from '../../model/sample.ts';
import type { EnsembleSettings } from '../../model/settings.ts';
import { standingOf } from '../../model/standing.ts';
import { alarmsAgainstRestart } from './data-alarms.ts';
import { type Surroundings, servesInSync, surroundingsOf } from './others.ts';
import { unsettled } from './unsettled.ts';
import { hopelessCause, isGone } from './would-help.ts';

/**
 * Time for a process to stop and its JVM to start, added to ZooKeeper's own limits. A restart took 2.4 s from SIGTERM to in sync
 * with a small tree; a slow stop is killed after 10 s by the usual supervisors.
 */
export const processStartMs = 10_000;

/** Restarts one server: allowed when no client loses anything by it, or when it brings back what is lost. */
export const restartServer: RecoveryAction = {
  name: 'restart-server',
  guard,
  verified,
  verifyMs,
};

/** A restart as a cure: first it is asked whether it can be one, then whether the server may be taken down. */
function guard(input: GuardView, nowMs: number): GuardVerdict {
  const verdict = guardTakingDown(input, nowMs);
  const { facts } = verdict;
  if (verdict.kind === 'deny' && verdict.code === 'recovery-running') return verdict;
  const hopeless = hopelessCause(input);
  if (hopeless !== undefined)
    return deny('would-not-help', { ...facts, ...hopeless.facts, why: hopeless.why });
  return withoutDataAlarms(input, verdict);
}

/** Alarms about data forbid everything but a start. */
export function withoutDataAlarms(input: GuardView, verdict: GuardVerdict): GuardVerdict {
  const alarms = isGone(input) ? [] : alarmsAgainstRestart(input);
  return verdict.kind === 'allow' && alarms.length > 0
    ? deny('data-alarm', { ...verdict.facts, alarms })
    : verdict;
}

/**
 * May this server be taken down now? It asks, in this order: does another recovery run, was it restarted lately, can we see enough,
 * is an election under way; and then what the restart takes away or brings back.
 */
export function guardTakingDown(input: GuardView, nowMs: number): GuardVerdict {
  const { server, settings, running, recent } = input;
  const around = surroundingsOf(input, nowMs);
  const facts = factsOf(input, around);
  if (running !== undefined) return deny('recovery-running', { ...facts, recovery: running });
  const coolMs = coolUntilMs(recent, server, settings);
  if (nowMs < coolMs)
    return wait('cooling-down', coolMs, { ...facts, cooldownMs: settings.restartCooldownMs });
  if (around.seen < around.quorum) return deny('blind', facts);
  if (around.standing.leader === undefined) return withoutLeader(input, around, facts, nowMs);
  const verdict = withLeader(server, around, facts);
  return verdict.kind === 'allow' ? (unsettled(input, around, facts, nowMs) ?? verdict) : verdict;
}

/** A quorum stands: it must stand without the server too. The only server of a standalone ensemble has nothing to keep. */
function withLeader(server: Server, around: Surroundings, facts: Facts): GuardVerdict {
  if (server.role === 'observer' || around.voters === 1) return { kind: 'allow', facts };
  return around.after < around.quorum
    ? deny('would-break-quorum', facts)
    : { kind: 'allow', facts };
}

/** No quorum stands: while the servers may still elect, they are left alone; after that only a failed voter that completes it. */
function withoutLeader(
  { ensemble, view, server }: GuardView,
  around: Surroundings,
  facts: Facts,
  nowMs: number,
): GuardVerdict {
  const { tickTimeMs, syncLimit } = ensemble.timing;
  const electedMs = (view.lastLeader?.atMs ?? Number.NEGATIVE_INFINITY) + syncLimit * tickTimeMs;
  if (around.capable >= around.quorum && nowMs < electedMs)
    return wait('electing', electedMs, facts);
  if (around.condition !== 'failed')
    return deny('would-not-help', { ...facts, why: 'quorum-lost' });
  // An observer that failed takes nothing away and brings back nothing but itself.
  if (server.role === 'observer') return { kind: 'allow', facts };
  const capable = around.capable + 1;
  return capable < around.quorum
    ? deny('would-not-help', { ...facts, capable, why: 'not-enough' })
    : { kind: 'allow', facts: { ...facts, capable, lost: true } };
}

/** What the words of the sum are filled with. */
function factsOf({ ensemble, server }: GuardView, around: Surroundings): Facts {
  const { standing, voters, quorum, after, condition, seen, missing } = around;
  return {
    ensemble: ensemble.id,
    server: server.id,
    role: server.role,
    voters,
    serving: standing.serving.length,
    quorum,
    after,
    margin: after - quorum,
    seen,
    missing,
    led: standing.leader === server.id,
    serves: condition === 'serves',
    standalone: voters === 1,
  };
}

/** When the server may be restarted again. A recovery that was refused, or could not even begin, did nothing to it. */
function coolUntilMs(
  recent: readonly Recovery[],
  server: Server,
  settings: EnsembleSettings,
): number {
  const endsMs = recent.flatMap((recovery) => restartedMs(recovery, server.id) ?? []);
  return Math.max(...endsMs, Number.NEGATIVE_INFINITY) + settings.restartCooldownMs;
}

function wait(code: RefusalCode, untilMs: number, facts: Facts): GuardVerdict {
  return { kind: 'wait', untilMs, code, facts: { ...facts, untilMs } };
}

/**
 * Whether one fresh look shows that the restart worked: the server serves in its role, has caught up, and the leader counts as many
 * in sync as before. A rejoined server was seen to drop out again within 0.7 s, so the caller asks for several looks in a row.
 */
export function verified(
  before: EnsembleView,
  now: EnsembleView,
  server: Server,
): ReturnType<RecoveryAction['verified']> {
  const sample = now.samples[server.id];
  const earlier = before.samples[server.id];
  if (sample?.kind !== 'reading' || (earlier !== undefined && sample.atMs <= earlier.atMs))
    return 'not-yet';
  if (isUntouched(earlier, sample)) return 'untouched';
  const standing = standingOf(now.ensemble, now.samples);
  if (sample.mode === 'standalone')
    // Alone among others: it came back without its configuration, and waiting does not change that.
    return standing.voters.length > 1 ? 'no' : 'yes';
  if (!servesInSync(sample)) return 'not-yet';
  if (server.role === 'voter' && sample.mode === 'observer') return 'not-yet';
  if (standing.leader === undefined) return 'not-yet';
  const wanted = standingOf(before.ensemble, before.samples).synced;
  if (wanted === undefined || standing.synced === undefined) return 'yes';
  return standing.synced >= Math.min(wanted, standing.voters.length) ? 'yes' : 'not-yet';
}

/** `zk_uptime` (3.6+) begins anew with every start and every election: one that went on says that neither happened. */
function isUntouched(before: Sample | undefined, now: Reading): boolean {
  const earlier = before?.kind === 'reading' ? before.metrics['uptime'] : undefined;
  const uptime = now.metrics['uptime'];
  return earlier !== undefined && uptime !== undefined && uptime >= earlier;
}

/** Stop and start, connect and sync (initLimit), and the time until the leader would drop it again (syncLimit). */
export function verifyMs({ timing }: EnsembleSettings): number {
  return processStartMs + (timing.initLimit + timing.syncLimit) * timing.tickTimeMs;
}
