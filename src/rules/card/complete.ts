import type { CompletedKind } from '../../model/completed-kind.ts';
import type { EnsembleId, ServerId } from '../../model/ensemble.ts';
import { type Incident, type IncidentId, isOpen, isUnderWay } from '../../model/incident.ts';
import type { Invocation } from '../../model/invocation.ts';
import type { Language } from '../../model/person.ts';
import type { CompletedLine } from '../../model/reply.ts';
import type { Settings } from '../../model/settings.ts';
import type { Silence, SilenceId } from '../../model/silence.ts';
import type { EnsembleStatus } from '../../model/status.ts';
import { chartMetrics } from './chart-metric.ts';
import { titleOf } from './incident-card.ts';
import { scopeWord } from './silence-table.ts';
import { lineOf } from './typed-line.ts';
import { words as wordsIn } from './words/words.ts';

/** A command, as far as completing a line needs it. */
export interface NamedCommand {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly usage: string;
  readonly completes: readonly CompletedKind[];
}

/** What a line can be completed with. */
export interface Vocabulary {
  readonly commands: readonly NamedCommand[];
  /** What each command does, in the reader's language. */
  readonly about: Readonly<Record<string, string>>;
  readonly ensembles: Readonly<Record<EnsembleId, readonly ServerId[]>>;
  /** Those that are open, newest first. */
  readonly incidents: readonly { readonly id: IncidentId; readonly title: string }[];
  /** Names of recoveries: `restart-server`. */
  readonly actions: readonly string[];
  /** Names of on-call schedules. */
  readonly schedules: readonly string[];
  /** Recoveries that somebody can still decide on. */
  readonly recoveries: readonly { readonly id: string; readonly title: string }[];
  /** Silences that are in force. */
  readonly silences: readonly { readonly id: SilenceId; readonly title: string }[];
}

export interface Completion {
  /** The whole line with this suggestion taken. */
  readonly line: string;
  /** The word that is added. */
  readonly word: string;
  /** What it stands for: the usage of a command, the title of an incident. */
  readonly hint: string;
}

/** Suggestions shown for one line: more is a list nobody reads. */
export const completionsMax = 12;

/** What there is right now to complete lines with. */
export function vocabularyOf(now: {
  readonly settings: Pick<Settings, 'ensembles' | 'onCall'>;
  readonly statuses: readonly (EnsembleStatus | undefined)[];
  readonly incidents: readonly Incident[];
  /** Those that are in force. */
  readonly silences: readonly Silence[];
  readonly commands: readonly NamedCommand[];
  readonly actions: readonly string[];
  readonly language: Language;
}): Vocabulary {
  const all = wordsIn(now.language);
  const open = now.incidents.filter(isOpen).toSorted((a, b) => b.id - a.id);
  const seen = new Map(now.statuses.map((status) => [status?.ensemble, status?.grid ?? []]));
  return {
    commands: now.commands,
    about: Object.fromEntries(
      now.commands.map(({ name }) => [name, all.commands.about[name]?.about ?? '']),
    ),
    actions: now.actions,
    schedules: now.settings.onCall.map(({ id }) => id),
    ensembles: Object.fromEntries(
      now.settings.ensembles.map(({ id, servers }) => {
        const told = (seen.get(id) ?? []).map(({ server }) => server);
        return [id, told.length > 0 ? told : servers.map((server) => server.id)];
      }),
    ),
    incidents: open.map((incident) => ({ id: incident.id, title: titleOf(incident, all) })),
    recoveries: open.flatMap(({ recovery }) =>
      recovery === undefined || !isUnderWay(recovery)
        ? []
        : [
            {
              id: recovery.id,
              title: all.card.action(recovery.action, recovery.server, recovery.argument),
            },
          ],
    ),
    silences: now.silences.map((silence) => ({
      id: silence.id,
      title: all.common.join([scopeWord(silence), silence.reason]),
    })),
  };
}

/** Completes the last word of a line that is being typed. */
export function complete(line: string, vocabulary: Vocabulary): readonly Completion[] {
  const prefix = /^\s*(?:\/?zk\s+)?/iu.exec(line)?.[0] ?? '';
  const typed = line.slice(prefix.length).split(/\s+/u);
  const last = typed.at(-1) ?? '';
  const before = line.slice(0, line.length - last.length);
  return beginning(last, candidates(typed.slice(0, -1), vocabulary))
    .filter(({ word }) => word !== last)
    .slice(0, completionsMax)
    .map(({ word, hint }) => ({ line: `${before}${word} `, word, hint }));
}

/**
 * What a line that was sent can become, where it is incomplete or misspelt: the first word that is missing or that stands for nothing
 * is exchanged, the others stay. Words that begin like it, else the one it is taken for (`meant`), else those whose hint speaks of it
 * (`ack orders`), else all.
 */
export function completionsOf(
  { command, args, options }: Invocation,
  vocabulary: Vocabulary,
  meant?: string,
): readonly CompletedLine[] {
  const typed = [command, ...args];
  for (let index = 0; index <= typed.length; index += 1) {
    const before = typed.slice(0, index);
    const offered = candidates(before, vocabulary);
    const word = (typed[index] ?? '').replace(/^[#＃]/u, '');
    if (offered.length === 0) return [];
    const isKnown =
      offered.some((each) => stands(word, each)) ||
      // An incident may stand where an ensemble is written.
      vocabulary.incidents.some(({ id }) => String(id) === word);
    if (word !== '' && isKnown) continue;
    return likely(word, offered, meant)
      .slice(0, completionsMax)
      .map((each) => ({
        line: lineOf([...before, each.word, ...typed.slice(index + 1)], options),
        hint: index === 0 ? (vocabulary.about[each.name ?? ''] ?? each.hint) : each.hint,
      }));
  }
  return [];
}

interface Candidate {
  readonly word: string;
  readonly hint: string;
  /** Other words for the same. */
  readonly aliases?: readonly string[];
  /** The command that it is, where it is one. */
  readonly name?: string;
}

function stands(word: string, candidate: Candidate): boolean {
  return [candidate.word, ...(candidate.aliases ?? [])].some(
    (each) => each.toLowerCase() === word.toLowerCase(),
  );
}

/** Those that begin like that; by another word of theirs where only that one does. */
function beginning(typed: string, offered: readonly Candidate[]): readonly Candidate[] {
  const start = typed.toLowerCase();
  return offered.flatMap((each) => {
    const word = [each.word, ...(start === '' ? [] : (each.aliases ?? []))].find((one) =>
      one.toLowerCase().startsWith(start),
    );
    return word === undefined ? [] : [{ ...each, word }];
  });
}

function likely(
  typed: string,
  offered: readonly Candidate[],
  meant: string | undefined,
): readonly Candidate[] {
  const begun = beginning(typed, offered);
  if (begun.length > 0) return begun;
  const taken = offered.filter(({ word }) => word === meant);
  if (taken.length > 0) return taken;
  const about = typed.toLowerCase();
  const speaking = offered.filter(
    ({ hint, name }) => name === undefined && hint.toLowerCase().includes(about),
  );
  return speaking.length > 0 ? speaking : offered;
}

function candidates(typed: readonly string[], vocabulary: Vocabulary): readonly Candidate[] {
  const [name, ...args] = typed;
  if (name === undefined) return commandNames(vocabulary);
  const word = name.toLowerCase();
  const command = vocabulary.commands.find(
    (one) => one.name === word || one.aliases.includes(word),
  );
  if (command === undefined) return [];
  // The kind of recovery may be left out: a restart is meant then.
  const isShort = command.completes[0] === 'action' && isEnsemble(args[0] ?? '', vocabulary);
  const kind = command.completes[isShort ? args.length + 1 : args.length];
  if (kind === 'action')
    return [...ofKind(kind, typed, vocabulary), ...ofKind('ensemble', typed, vocabulary)];
  return kind === undefined ? [] : ofKind(kind, typed, vocabulary);
}

function ofKind(
  kind: CompletedKind,
  typed: readonly string[],
  vocabulary: Vocabulary,
): readonly Candidate[] {
  switch (kind) {
    case 'command':
      return commandNames(vocabulary);
    case 'ensemble':
      return Object.entries(vocabulary.ensembles).map(([id, servers]) => ({
        word: id,
        hint: servers.join(', '),
      }));
    case 'server':
      return serversNamedBy(typed, vocabulary).map((word) => ({ word, hint: '' }));
    case 'incident':
      return vocabulary.incidents.map(({ id, title }) => ({ word: String(id), hint: title }));
    case 'action':
      return vocabulary.actions.map((word) => ({ word, hint: '' }));
    case 'metric':
      return chartMetrics.map(({ name, title }) => ({ word: name, hint: title }));
    case 'schedule':
      return vocabulary.schedules.map((word) => ({ word, hint: '' }));
    case 'recovery':
      return vocabulary.recoveries.map(({ id, title }) => ({ word: id, hint: title }));
    case 'silence':
      return vocabulary.silences.map(({ id, title }) => ({ word: String(id), hint: title }));
    case 'text':
      return [];
  }
}

function commandNames({ commands }: Vocabulary): readonly Candidate[] {
  return commands.map(({ name, aliases, usage }) => ({ word: name, hint: usage, aliases, name }));
}

/** The servers of the ensemble the line names already, else all. */
function serversNamedBy(typed: readonly string[], { ensembles }: Vocabulary): readonly ServerId[] {
  const named = typed.findLast((word) => isEnsemble(word, { ensembles }));
  return named === undefined
    ? Object.values(ensembles).flat()
    : (ensembles[named.toLowerCase()] ?? []);
}

function isEnsemble(word: string, { ensembles }: Pick<Vocabulary, 'ensembles'>): boolean {
  return Object.hasOwn(ensembles, word.toLowerCase());
}
