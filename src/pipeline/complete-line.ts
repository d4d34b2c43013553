import { ownEnsemble } from '../model/ensemble.ts';
import type { Invocation } from '../model/invocation.ts';
import type { Language } from '../model/person.ts';
import type { Refusal, RefusalCode } from '../model/refusal.ts';
import type { CompletedLine } from '../model/reply.ts';
import { completionsOf, vocabularyOf } from '../rules/card/complete.ts';
import { lineOf } from '../rules/card/typed-line.ts';
import { words } from '../rules/card/words/words.ts';
import { isActive } from '../rules/routing/silences.ts';
import type { House } from './house.ts';

/** Refusals of lines that are not whole, or that name something that is not there. */
const unfinished: ReadonlySet<RefusalCode> = new Set([
  'unknown-command',
  'bad-arguments',
  'unknown-ensemble',
  'unknown-server',
  'unknown-metric',
  'unknown-incident',
  'ambiguous-incident',
  'unknown-action',
  'unknown-schedule',
  'unknown-recovery',
  'unknown-silence',
]);

/** Refusals of lines that lack words only their writer has: asked for in a form. */
const unsaid: ReadonlySet<RefusalCode> = new Set([
  'silence-end-missing',
  'silence-reason-missing',
  'resolve-reason-missing',
  'note-missing',
]);

type Needs = Pick<
  House,
  | 'settings'
  | 'incidents'
  | 'ensembles'
  | 'silences'
  | 'commands'
  | 'recoveryActions'
  | 'clock'
  | 'log'
>;

/** What a refused line can become; nothing where no word is missing, or nobody knows what there is. */
export async function completeLine(
  house: Needs,
  invocation: Invocation,
  { code, facts }: Refusal,
  language: Language,
): Promise<readonly CompletedLine[]> {
  if (unsaid.has(code)) return withForm(invocation, language);
  if (!unfinished.has(code)) return [];
  const settings = house.settings();
  try {
    const [statuses, open, silences] = await Promise.all([
      Promise.all(settings.ensembles.map(({ id }) => house.ensembles.status(id))),
      Promise.all(
        [...settings.ensembles.map(({ id }) => id), ownEnsemble].map((id) =>
          house.incidents.open(id),
        ),
      ),
      house.silences.list(),
    ]);
    const nowMs = house.clock.now();
    const vocabulary = vocabularyOf({
      settings,
      statuses,
      incidents: open.flat(),
      silences: silences.filter((each) => isActive(each, nowMs)),
      commands: house.commands,
      actions: house.recoveryActions.map(({ name }) => name),
      language,
    });
    const { suggestion } = facts;
    return completionsOf(
      invocation,
      vocabulary,
      typeof suggestion === 'string' ? suggestion : undefined,
    );
  } catch (error) {
    house.log.warn({ err: error }, 'a line could not be completed');
    return [];
  }
}

/** The same line, with a form that asks for the rest; where one has been shown already there is nothing to add. */
function withForm(
  { command, args, options }: Invocation,
  language: Language,
): readonly CompletedLine[] {
  if (options['ask'] !== undefined) return [];
  const line = lineOf([command, ...args], { ...options, ask: 'yes' });
  return [{ line, hint: words(language).common.asksTheRest }];
}
