import type { Recovery } from '../src/model/recovery.ts';
import { type Refusal, refuse } from '../src/model/refusal.ts';
import type { Form, Reply } from '../src/model/reply.ts';
import type { Command, Desk, RecoveryPreview } from '../src/ports/command.ts';
import { cut } from '../src/rules/card/words/bounds.ts';
import { words } from '../src/rules/card/words/words.ts';
import { isRefusal } from './parts/find.ts';
import { findRecovery } from './parts/find-recovery.ts';
import { isYes } from './parts/is-yes.ts';
import { isOtherPlan, planLines } from './parts/plan-lines.ts';
import { reasonCharsMax } from './recover.ts';

const usage = 'approve <recovery> [--reason "…"] [--confirm yes]';

/** Agrees to a recovery that somebody else asked for, after showing what has changed since. */
export const approve: Command = {
  name: 'approve',
  aliases: ['agree', '同意', '批准'],
  usage,
  role: 'operator',
  completes: ['recovery'],
  async run(invocation, desk) {
    const recovery = await findRecovery(invocation, desk, usage);
    if (isRefusal(recovery)) return recovery;
    const reason = cut((invocation.options['reason'] ?? '').trim(), reasonCharsMax);
    if (!isYes(invocation.options['confirm'])) return ask(recovery, reason, desk);
    if (reason === '') return refuse('reason-missing');
    const done = await desk.approve(recovery.id, reason);
    if (isRefusal(done)) return done;
    const { approval, card } = words(desk.language);
    const left = (done.approval?.needed ?? 0) - (done.approval?.given.length ?? 0);
    const what = card.action(done.action, done.server, done.argument);
    const text = left > 0 ? approval.agreed(done.id, left) : approval.begins(what, done.id);
    return { outcome: 'done', visibility: 'private', blocks: [{ kind: 'text', text }] };
  },
};

/** Shows how it was and how it is; refuses right away what would be refused later. */
async function ask(recovery: Recovery, reason: string, desk: Desk): Promise<Reply | Refusal> {
  const preview = await desk.previewApproval(recovery.id);
  if (isRefusal(preview)) return preview;
  const { verdict } = preview;
  if (verdict.kind !== 'allow') return refuse(verdict.code, verdict.facts);
  const form = formOf(recovery, reason, preview, desk);
  return { outcome: 'ask', visibility: 'private', blocks: [{ kind: 'form', form }] };
}

function formOf(recovery: Recovery, reason: string, preview: RecoveryPreview, desk: Desk): Form {
  const { actions, approval, card, commands } = words(desk.language);
  const { form } = approval;
  const { requested, guards } = recovery;
  const then = guards[0]?.verdict.facts ?? {};
  const now = preview.verdict.facts;
  const isSame = ['serving', 'after', 'voters', 'leader'].every((key) => then[key] === now[key]);
  const leaders = [String(then['leader'] ?? ''), String(now['leader'] ?? '')] as const;
  const plan =
    recovery.phases === undefined
      ? [commands.form.runs(preview.command)]
      : planLines(recovery.action, { ...preview, approvals: 0 }, desk.language);
  return {
    title: form.title(
      card.action(recovery.action, recovery.server, recovery.argument),
      recovery.id,
    ),
    lines: [
      form.asked(requested.name, requested.via, desk.nowMs - requested.atMs, recovery.reason),
      ...(isSame ? [form.same(now)] : [form.before(then), form.now(now)]),
      leaders[0] === leaders[1] ? '' : actions.plan.leaderChanged(...leaders),
      isOtherPlan(recovery.phases, preview.steps) ? actions.plan.changed : '',
      ...(recovery.phases === undefined || 'after' in now ? [commands.form.after(now)] : []),
      commands.form.led(now),
      ...plan,
    ].filter((line) => line !== ''),
    reasonLabel: form.reasonLabel,
    submit: form.submit,
    cancel: commands.form.cancel,
    danger: true,
    invocation: {
      command: 'approve',
      args: [recovery.id],
      options: reason === '' ? {} : { reason },
    },
  };
}
