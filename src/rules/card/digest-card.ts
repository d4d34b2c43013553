import type { Card, ThreadLine, Tone } from '../../model/card.ts';
import type { Digest, DigestCall, MemberState } from '../../model/destination.ts';
import { ownEnsemble } from '../../model/ensemble.ts';
import type { Incident } from '../../model/incident.ts';
import type { Language } from '../../model/person.ts';
import type { Settings } from '../../model/settings.ts';
import { detailCharsMax, lineCharsMax, titleOf } from './incident-card.ts';
import { mentionsMax, threadLine } from './thread-line.ts';
import { bounded, cut } from './words/bounds.ts';
import { type Words, words } from './words/words.ts';

/** Incidents named on a digest, the worst first; the others are counted. As many lines as evidence has on a card. */
export const digestLinesMax = 12;

/** The name under which a digest goes where a card names its detector. */
export const digestDetector = 'storm';

export interface DigestContext {
  readonly language: Language;
  readonly settings: Settings;
  /** True when nothing new has come for as long as the window. */
  readonly isOver: boolean;
  readonly nowMs: number;
}

/** Draws a storm: how many, the worst of them, and where it stands. `listed` are the incidents to name, the worst first. */
export function digestCard(
  digest: Digest,
  listed: readonly Incident[],
  { language, settings, isOver, nowMs }: DigestContext,
): Card {
  const all = words(language);
  const { digest: say } = all.delivery;
  const states = Object.values(digest.members);
  const count = countOf(digest);
  const console = settings.publicUrl?.replace(/\/+$/u, '');
  const lines = listed
    .slice(0, digestLinesMax)
    .map((incident) =>
      cut(lineOf(incident, digest.members[String(incident.id)], all), detailCharsMax),
    );
  const left = count.total - lines.length;
  return {
    incident: 0,
    ensemble: ownEnsemble,
    detector: digestDetector,
    version: digest.sends + 1,
    language,
    tone: toneOf(states),
    severity: all.common.severity[worstOf(states)],
    title: say.title(count.total, count.open),
    grid: [],
    meaning: say.meaning,
    advice: count.open === 0 ? say.over : say.advice,
    ...(console === undefined ? {} : { consoleUrl: `${console}/` }),
    evidence: left > 0 ? [...lines, all.common.more(left)] : lines,
    symptoms: [],
    stateLine: say.state(count.total, count.resolved, isOver),
    sinceMs: digest.id,
    changedMs: nowMs,
    buttons:
      count.open === 0
        ? []
        : [
            {
              id: 'list',
              label: say.list,
              style: 'plain',
              invocation: { command: 'incidents', args: [], options: {} },
            },
          ],
    more: [],
  };
}

/** How many faults a storm had, how many are resolved, and how many are open. */
export function countOf(digest: Digest): {
  readonly total: number;
  readonly resolved: number;
  readonly open: number;
} {
  const states = Object.values(digest.members);
  const total = states.length + digest.beyond;
  const resolved = states.filter((state) => state === 'resolved').length;
  return { total, resolved, open: total - resolved };
}

/** One line that calls for all of these at once, with everybody whom any of them calls. */
export function digestLine(
  calls: readonly { readonly incident: Incident; readonly call: DigestCall }[],
  context: { readonly language: Language; readonly settings: Settings; readonly channel: string },
): ThreadLine {
  const all = words(context.language);
  const lines = calls.map(({ incident, call }) => threadLine(incident, call.signal, context));
  const mention = [...new Set(lines.flatMap((line) => line.mention))].slice(0, mentionsMax);
  const [only] = lines;
  if (lines.length === 1 && only !== undefined && calls[0] !== undefined)
    return {
      text: cut(all.delivery.digest.line(calls[0].incident.id, only.text), lineCharsMax),
      mention,
    };
  const named = bounded(
    calls.map(({ incident }) => all.delivery.digest.line(incident.id, titleOf(incident, all))),
    digestLinesMax,
    all.common.more,
  );
  return { text: cut(all.delivery.digest.called(calls.length, named), lineCharsMax), mention };
}

/** What is said when a storm is over. */
export function digestEnd(digest: Digest, language: Language): ThreadLine {
  const { total, resolved, open } = countOf(digest);
  return { text: words(language).delivery.digest.ended(total, resolved, open), mention: [] };
}

function lineOf(incident: Incident, state: MemberState | undefined, all: Words): string {
  const { digest } = all.delivery;
  const line = digest.line(incident.id, titleOf(incident, all));
  switch (state) {
    case 'acknowledged':
      return digest.acknowledged(line);
    case 'resolved':
      return digest.resolved(line);
    case 'own':
      return digest.own(line);
    case 'page':
    case 'warn':
    case 'info':
    case undefined:
      return line;
  }
}

function toneOf(states: readonly MemberState[]): Tone {
  if (states.includes('page')) return 'critical';
  if (states.includes('warn')) return 'warning';
  if (states.includes('info')) return 'info';
  return states.includes('acknowledged') || states.includes('own') ? 'acknowledged' : 'resolved';
}

function worstOf(states: readonly MemberState[]): 'page' | 'warn' | 'info' {
  if (states.includes('page')) return 'page';
  return states.includes('warn') ? 'warn' : 'info';
}
