import type { ServerId } from '../../model/ensemble.ts';
import type { IncidentId } from '../../model/incident.ts';
import type { Command } from '../../ports/command.ts';
import { chartMetrics } from '../../rules/card/chart-metric.ts';

/** What a line can be completed with. */
export interface Vocabulary {
  readonly commands: readonly Pick<Command, 'name' | 'aliases' | 'usage' | 'completes'>[];
  readonly ensembles: Readonly<Record<string, readonly ServerId[]>>;
  readonly incidents: readonly { readonly id: IncidentId; readonly title: string }[];
  /** Names of recoveries: `restart-server`. */
  readonly actions: readonly string[];
  /** Names of on-call schedules. */
  readonly schedules: readonly string[];
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

/** Completes the last word of a typed line. */
export function complete(line: string, vocabulary: Vocabulary): readonly Completion[] {
  const prefix = /^\s*(?:\/?zk\s+)?/iu.exec(line)?.[0] ?? '';
  const words = line.slice(prefix.length).split(/\s+/u);
  const typed = words.at(-1) ?? '';
  const before = line.slice(0, line.length - typed.length);
  return candidates(words.slice(0, -1), vocabulary)
    .filter(({ word }) => word.toLowerCase().startsWith(typed.toLowerCase()))
    .filter(({ word }) => word !== typed)
    .slice(0, completionsMax)
    .map(({ word, hint }) => ({ line: `${before}${word} `, word, hint }));
}

interface Candidate {
  readonly word: string;
  readonly hint: string;
}

function candidates(words: readonly string[], vocabulary: Vocabulary): readonly Candidate[] {
  const name = words[0]?.toLowerCase();
  if (name === undefined) return commandNames(vocabulary);
  const command = vocabulary.commands.find(
    (one) => one.name === name || one.aliases.includes(name),
  );
  const kind = command?.completes[words.length - 1];
  switch (kind) {
    case 'command':
      return commandNames(vocabulary);
    case 'ensemble':
      return Object.entries(vocabulary.ensembles).map(([id, servers]) => ({
        word: id,
        hint: servers.join(', '),
      }));
    case 'server':
      return serversNamedBy(words, vocabulary).map((word) => ({ word, hint: '' }));
    case 'incident':
      return vocabulary.incidents.map(({ id, title }) => ({ word: String(id), hint: title }));
    case 'action':
      return vocabulary.actions.map((word) => ({ word, hint: '' }));
    case 'metric':
      return chartMetrics.map(({ name, title }) => ({ word: name, hint: title }));
    case 'schedule':
      return vocabulary.schedules.map((word) => ({ word, hint: '' }));
    case 'text':
    case undefined:
      return [];
  }
}

function commandNames({ commands }: Vocabulary): readonly Candidate[] {
  return commands.map(({ name, usage }) => ({ word: name, hint: usage }));
}

/** The servers of the ensemble the line names already, else all. */
function serversNamedBy(words: readonly string[], { ensembles }: Vocabulary): readonly ServerId[] {
  const named = words.findLast((word) => Object.hasOwn(ensembles, word));
  return named === undefined ? Object.values(ensembles).flat() : (ensembles[named] ?? []);
}
