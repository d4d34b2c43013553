import type { ServerId } from '../../../model/ensemble.ts';
import type { EnsembleView } from '../../../model/finding.ts';
import type { LogHint } from '../../../model/log-hint.ts';
import type {
  ConfFacts,
  HostFacts,
  MemberFacts,
  SurveyFacts,
  SurveyPart,
} from '../../../model/survey.ts';

const hourMs = 3_600_000;

/** How old a part may be and still be judged by, at the most. Parts that hardly change are asked for rarely. */
const keptMs: Readonly<Partial<Record<SurveyPart, number>>> = {
  conf: 24 * hourMs,
  admin: 24 * hourMs,
  certificates: 24 * hourMs,
};

/**
 * A part of what the last survey of a server brought. Undefined when it is not known, when it is old, and when the last question
 * brought nothing: how it was before says nothing of now. `conf` alone is kept: a server without a quorum does not tell it.
 */
export function surveyed<Part extends keyof SurveyFacts>(
  view: EnsembleView,
  server: ServerId,
  part: Part,
): SurveyFacts[Part] | undefined {
  const survey = view.surveys?.[server];
  const facts = survey?.[part];
  if (survey === undefined || facts === undefined) return undefined;
  const asked = survey.asked[part];
  if (asked?.failed !== undefined && part !== 'conf') return undefined;
  const oldestMs = view.atMs - (keptMs[part] ?? hourMs);
  return (asked?.atMs ?? survey.atMs) < oldestMs ? undefined : facts;
}

/** What the end of the log said of this, on the machine. */
export function hintOf(host: HostFacts | undefined, kind: LogHint['kind']): LogHint | undefined {
  return host?.logHints?.find((hint) => hint.kind === kind);
}

/** The same, while lines are still added to it: what the log says of minutes ago may be over. */
export function hintLately(
  view: EnsembleView,
  server: ServerId,
  kind: LogHint['kind'],
  windowMs: number,
): LogHint | undefined {
  const host = surveyed(view, server, 'host');
  const hint = hintOf(host, kind);
  if (host === undefined || hint === undefined) return undefined;
  return (hint.newAtMs ?? host.atMs) < view.atMs - windowMs ? undefined : hint;
}

/**
 * The servers a server believes in: as its running process says, or as its file says where that was read later: a process that does not
 * serve says nothing, and may have been started with another file.
 */
export function membersOf(
  view: EnsembleView,
  server: ServerId,
): { readonly members: readonly MemberFacts[]; readonly source: 'conf' | 'file' } | undefined {
  const conf: ConfFacts | undefined = surveyed(view, server, 'conf');
  const host = surveyed(view, server, 'host');
  const sample = view.samples[server];
  const isOut = sample?.kind !== 'reading';
  if (host?.members !== undefined && (isOut || conf?.members === undefined))
    return { members: host.members, source: 'file' };
  return conf?.members === undefined ? undefined : { members: conf.members, source: 'conf' };
}
