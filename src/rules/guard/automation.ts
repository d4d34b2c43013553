import type { AutoRule, Limit, SwitchedOff } from '../../model/automation.ts';
import { everywhere } from '../../model/automation.ts';
import type { Facts } from '../../model/finding.ts';
import type { GridCell, Incident } from '../../model/incident.ts';
import type { Recovery } from '../../model/recovery.ts';
import type { EnsembleSettings } from '../../model/settings.ts';
import type { Silence } from '../../model/silence.ts';
import { scopesMeet } from '../../model/silence.ts';
import { isTooMuchOut } from './breaker.ts';

/** Why the bot does nothing by itself, as a code and what its words are filled with. */
export interface Hindrance {
  readonly code: string;
  readonly facts: Facts;
}

/** How long before it begins its card says so at least: somebody must have the time to stop it. */
export const noticeMs = 60_000;

/** The rule for an incident; none where it has no server. */
export function ruleFor(
  settings: EnsembleSettings | undefined,
  { detector, subject }: Pick<Incident, 'detector' | 'subject'>,
): AutoRule | undefined {
  if (subject.server === undefined) return undefined;
  return settings?.auto?.find((rule) => rule.detector === detector);
}

/** When it would begin; undefined while nobody was called for it. Its card must have said so for a while by then. */
export function startsMs(
  { severity, pagedMs, openedMs, clockMs = 0 }: Incident,
  { afterMs }: AutoRule,
  nowMs: number,
): number | undefined {
  const calledMs = pagedMs ?? (severity === 'page' ? undefined : openedMs);
  if (calledMs === undefined) return undefined;
  return Math.max(Math.max(calledMs, clockMs) + afterMs, nowMs + Math.min(afterMs, noticeMs));
}

/** What keeps the bot's hands off this fault, whenever it is asked: somebody wants it so, or it is no fault to act on. */
export function hindranceOf(
  { ensemble, facts, detector }: Incident,
  off: readonly SwitchedOff[],
  silences: readonly Silence[],
): Hindrance | undefined {
  const by = off.find(({ scope }) => scope === everywhere || scope === ensemble);
  if (by !== undefined)
    return { code: 'auto-off', facts: { name: by.set.name, reason: by.reason } };
  const window = silences.find(
    (each) => each.window !== undefined && scopesMeet(each.scope, { ensemble }),
  );
  if (window !== undefined)
    return { code: 'auto-maintenance', facts: { window: window.window ?? '' } };
  if (facts['flaps'] !== undefined) return { code: 'auto-flapping', facts: {} };
  // What hung may hold writes that only it has seen; what is dead holds nobody up any more.
  if (facts['led'] === true && detector !== 'member-down')
    return { code: 'auto-leader', facts: {} };
  return undefined;
}

/** The breaker: alarms in more than one ensemble, or too many members out, are no fault that a restart ends. */
export function breakerOf(
  alarmed: readonly string[],
  grid: readonly GridCell[],
): Hindrance | undefined {
  if (alarmed.length > 1) return { code: 'auto-alarms', facts: { ensembles: alarmed } };
  const out = grid.filter(({ state }) => !serving.has(state)).map(({ server }) => server);
  return isTooMuchOut(out, grid.length)
    ? { code: 'auto-out', facts: { out, total: grid.length } }
    : undefined;
}

const serving: ReadonlySet<GridCell['state']> = new Set([
  'leader',
  'follower',
  'observer',
  'standalone',
]);

/** Whether it has done so often enough: what was begun counts, whoever stopped it later and however it ended. */
export function overLimit(
  recoveries: readonly Recovery[],
  server: string,
  { perServer, perEnsemble }: AutoRule,
  nowMs: number,
): Hindrance | undefined {
  const begun = recoveries.filter(({ automatic, fence }) => automatic !== undefined && fence > 0);
  const isFull = (of: readonly Recovery[], { times, withinMs }: Limit): boolean =>
    of.filter((each) => nowMs - (each.automatic?.startsMs ?? 0) < withinMs).length >= times;
  const mine = begun.filter((each) => each.server === server);
  if (isFull(mine, perServer)) return { code: 'auto-limit', facts: { of: server, ...perServer } };
  if (isFull(begun, perEnsemble)) return { code: 'auto-limit', facts: { of: '', ...perEnsemble } };
  return undefined;
}
