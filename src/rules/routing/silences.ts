import type { Incident } from '../../model/incident.ts';
import { type Refusal, refuse } from '../../model/refusal.ts';
import {
  type Mute,
  type Scope,
  type Silence,
  silenceCard,
  silenceMsMax,
} from '../../model/silence.ts';

/** When it is over: at its end, or when somebody ended it. */
export function overMs({ endMs, ended }: Silence): number {
  return ended === undefined ? endMs : Math.min(endMs, ended.atMs);
}

export function isActive(silence: Silence, nowMs: number): boolean {
  return silence.startMs <= nowMs && nowMs < overMs(silence);
}

/** Whether a name fits a pattern, in which `*` stands for any letters. Without a pattern everything fits. */
export function fits(pattern: string | undefined, name: string | undefined): boolean {
  if (pattern === undefined || pattern === '*') return true;
  if (name === undefined) return false;
  const [first = '', ...rest] = pattern.toLowerCase().split('*');
  const text = name.toLowerCase();
  if (rest.length === 0) return text === first;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const [index, part] of rest.entries()) {
    const isLast = index === rest.length - 1;
    const found = isLast ? text.length - part.length : text.indexOf(part, at);
    if (found < at || !text.startsWith(part, found)) return false;
    at = found + part.length;
  }
  return true;
}

type Fault = Pick<Incident, 'detector' | 'subject' | 'severity'>;

/** Whether a scope covers a fault. The card of a silence is never silenced. */
export function covers(scope: Scope, { detector, subject, severity }: Fault): boolean {
  return (
    detector !== silenceCard &&
    fits(scope.ensemble, subject.ensemble) &&
    fits(scope.server, subject.server) &&
    fits(scope.detector, detector) &&
    (scope.severity === undefined || scope.severity === severity)
  );
}

/** The silence a fault is under: of several, the one that lasts longest. */
export function muteOf(
  silences: readonly Silence[],
  fault: Fault,
  nowMs: number,
): Mute | undefined {
  const longest = silences
    .filter(
      (silence) =>
        silence.freezes !== 'only' && isActive(silence, nowMs) && covers(silence.scope, fault),
    )
    .sort((a, b) => overMs(b) - overMs(a) || a.id - b.id)[0];
  if (longest === undefined) return undefined;
  const { id, set, reason } = longest;
  return { silence: id, untilMs: overMs(longest), by: set.by, name: set.name, reason };
}

/** What keeps anything from being recovered in an ensemble: of several, the one that lasts longest. */
export function freezeOf(
  silences: readonly Silence[],
  ensemble: string,
  nowMs: number,
): Silence | undefined {
  return silences
    .filter(
      (silence) =>
        silence.freezes !== undefined &&
        isActive(silence, nowMs) &&
        fits(silence.scope.ensemble, ensemble),
    )
    .sort((a, b) => overMs(b) - overMs(a) || a.id - b.id)[0];
}

/** A silence of exactly the same scope that is not over when another one would begin. */
export function overlapping(
  silences: readonly Silence[],
  scope: Scope,
  startMs: number,
  freezes: Silence['freezes'],
): Silence | undefined {
  return silences.find(
    (silence) =>
      silence.freezes === freezes &&
      sameScope(silence.scope, scope) &&
      silence.startMs <= startMs &&
      startMs < overMs(silence),
  );
}

function sameScope(a: Scope, b: Scope): boolean {
  return (
    (a.ensemble ?? '*') === (b.ensemble ?? '*') &&
    (a.server ?? '*') === (b.server ?? '*') &&
    (a.detector ?? '*') === (b.detector ?? '*') &&
    a.severity === b.severity
  );
}

/** A scope in one word: `orders/zk2 · member-down · page`, `*` for everything. */
export function scopeText({ ensemble = '*', server, detector, severity }: Scope): string {
  const where = server === undefined ? ensemble : `${ensemble}/${server}`;
  return [where, detector, severity].filter((part) => part !== undefined).join(' · ');
}

/** Why a silence cannot be had as it is asked for; undefined when it can. */
export function silenceFault(
  {
    scope,
    reason,
    untilMs,
    freezes,
  }: Pick<Silence, 'scope' | 'reason' | 'freezes'> & { readonly untilMs: number },
  silences: readonly Silence[],
  nowMs: number,
): Refusal | undefined {
  if (untilMs <= nowMs) return refuse('silence-end-past', { untilMs });
  if (untilMs - nowMs > silenceMsMax) return refuse('silence-too-long', { mostMs: silenceMsMax });
  if (reason.trim() === '')
    return refuse(freezes === 'only' ? 'freeze-reason-missing' : 'silence-reason-missing');
  const other = overlapping(silences, scope, nowMs, freezes);
  return other === undefined
    ? undefined
    : refuse(freezes === 'only' ? 'freeze-overlaps' : 'silence-overlaps', {
        silence: other.id,
        scope: scopeText(other.scope),
        name: other.set.name,
        untilMs: overMs(other),
      });
}
