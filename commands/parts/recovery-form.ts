import type { Form } from '../../src/model/reply.ts';
import type { Desk, RecoveryPreview } from '../../src/ports/command.ts';
import { words } from '../../src/rules/card/words/words.ts';
import { planLines } from './plan-lines.ts';
import { type Asked, isOfSession, takesAll } from './recovery-request.ts';

/** Recoveries that restart servers and nothing else: their sum says all. */
const restarts: ReadonlySet<string> = new Set(['restart-server', 'rolling-restart', 'move-leader']);

/** The question before a recovery: the sum, what will run, and who else is at it. */
export function recoveryForm(
  asked: Asked,
  { reason, preview, who }: { reason: string; preview: RecoveryPreview; who: readonly string[] },
  desk: Desk,
): Form {
  const { actions, commands, card } = words(desk.language);
  const { form } = commands;
  const { facts } = preview.verdict;
  const all = takesAll(asked.action);
  const isRestart = restarts.has(asked.action);
  const what = card.action(asked.action, asked.server, asked.argument);
  return {
    title: isRestart && !all ? form.title(asked.server) : form.titleAll(what, asked.ensemble),
    lines: (isRestart
      ? [
          ...(all ? [form.order(preview.order ?? [])] : []),
          form.now(facts),
          form.after(facts),
          form.led(facts),
          form.out(facts),
          form.standalone(facts),
          ...who,
          form.runs(preview.command),
        ]
      : [
          ...(isOfSession(asked.action) ? [] : [form.now(facts)]),
          ...(asked.action === 'resync-server' ? [form.after(facts)] : []),
          ...planLines(asked.action, preview, desk.language),
          ...who,
        ]
    ).filter((line) => line !== ''),
    fields: [{ kind: 'flag', name: 'dry-run', label: form.dryRun }],
    reasonLabel: form.reason,
    submit: isRestart ? form.submit : actions.plan.submit,
    cancel: form.cancel,
    danger: true,
    invocation: {
      command: 'recover',
      args: [asked.action, ...asked.words],
      options: {
        ...(asked.action === 'purge-snapshots' && asked.argument !== undefined
          ? { keep: asked.argument }
          : {}),
        ...(asked.resume === undefined ? {} : { resume: asked.resume }),
        ...(asked.incident === undefined ? {} : { incident: String(asked.incident) }),
        ...(reason === '' ? {} : { reason }),
      },
    },
  };
}
