import { ownEnsemble } from '../model/ensemble.ts';
import type { Invocation } from '../model/invocation.ts';
import type { Language } from '../model/person.ts';
import type { Refusal, RefusalCode } from '../model/refusal.ts';
import type { CompletedLine } from '../model/reply.ts';
import { completionsOf, vocabularyOf } from '../rules/card/complete.ts';
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
]);

type Needs = Pick<
  House,
  'settings' | 'incidents' | 'ensembles' | 'commands' | 'recoveryActions' | 'log'
>;

/** What a refused line can become; nothing where no word is missing, or nobody knows what there is. */
export async function completeLine(
  house: Needs,
  invocation: Invocation,
  { code, facts }: Refusal,
  language: Language,
): Promise<readonly CompletedLine[]> {
  if (!unfinished.has(code)) return [];
  const settings = house.settings();
  try {
    const [statuses, open] = await Promise.all([
      Promise.all(settings.ensembles.map(({ id }) => house.ensembles.status(id))),
      Promise.all(
        [...settings.ensembles.map(({ id }) => id), ownEnsemble].map((id) =>
          house.incidents.open(id),
        ),
      ),
    ]);
    const vocabulary = vocabularyOf({
      settings,
      statuses,
      incidents: open.flat(),
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
