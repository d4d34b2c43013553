import {
  deny,
  type GuardVerdict,
  isNeverBegun,
  type Recovery,
  takesDown,
} from '../../model/recovery.ts';
import type { GuardView } from '../../model/recovery-action.ts';
import type { Sample } from '../../model/sample.ts';
import { defaultRecoveriesPerHour } from '../../model/settings.ts';
import { isTooMuchOut } from './breaker.ts';

/** The span that limit is counted over. */
const limitSpanMs = 3_600_000;

/**
 * What holds for every recovery, whatever it does: nobody has frozen the ensemble, it has not had too many of them lately, and what the
 * bot wants to do by itself concerns one ensemble alone. Undefined when nothing is in the way. Only what takes servers down is counted.
 */
export function limitOf(
  input: GuardView,
  nowMs: number,
  isCounted = true,
): GuardVerdict | undefined {
  return frozen(input) ?? (isCounted ? tooMany(input, nowMs) : undefined) ?? broken(input);
}

function frozen({ ensemble, server, freeze }: GuardView): GuardVerdict | undefined {
  if (freeze === undefined) return undefined;
  const facts = { ...freeze, ensemble: ensemble.id, server: server.id };
  return { kind: 'wait', code: 'frozen', untilMs: freeze.untilMs, facts };
}

function tooMany(
  { ensemble, server, settings, recent }: GuardView,
  nowMs: number,
): GuardVerdict | undefined {
  const { recoveriesPerHour = defaultRecoveriesPerHour } = settings;
  if (recoveriesPerHour === 0) return undefined;
  const begun = recent
    .filter(({ action }) => takesDown.has(action))
    .flatMap((recovery) => begunMs(recovery) ?? [])
    .filter((atMs) => nowMs - atMs < limitSpanMs)
    .toSorted((a, b) => b - a);
  const oldest = begun[recoveriesPerHour - 1];
  if (oldest === undefined) return undefined;
  const untilMs = oldest + limitSpanMs;
  const facts = { ensemble: ensemble.id, server: server.id, count: begun.length, untilMs };
  return {
    kind: 'wait',
    code: 'too-many-recoveries',
    untilMs,
    facts: { ...facts, max: recoveriesPerHour },
  };
}

/** When a recovery began to act; undefined when it never did. */
function begunMs(recovery: Recovery): number | undefined {
  if (recovery.state === 'failed' && isNeverBegun(recovery)) return undefined;
  return recovery.startedMs;
}

/** What hits several ensembles at once, or much of one, is no server's fault: only a person goes on. */
function broken({ ensemble, server, view, alone }: GuardView): GuardVerdict | undefined {
  if (alone === undefined) return undefined;
  const out = ensemble.servers.filter(({ id }) => !isIn(view.samples[id])).map(({ id }) => id);
  const facts = { ensemble: ensemble.id, server: server.id, out, elsewhere: alone.elsewhere };
  return alone.elsewhere.length > 0 || isTooMuchOut(out, ensemble.servers.length)
    ? deny('breaker-open', facts)
    : undefined;
}

function isIn(sample: Sample | undefined): boolean {
  return sample?.kind === 'reading' && sample.mode !== 'read-only';
}
