import { isUnderWay } from '../src/model/incident.ts';
import { type Refusal, refuse } from '../src/model/refusal.ts';
import type { Reply } from '../src/model/reply.ts';
import type { Command, Desk, RecoveryPreview } from '../src/ports/command.ts';
import { bounded, cut } from '../src/rules/card/words/bounds.ts';
import { refusalTextOf } from '../src/rules/card/words/refusal-text.ts';
import { words } from '../src/rules/card/words/words.ts';
import { isRefusal } from './parts/find.ts';
import { isYes } from './parts/is-yes.ts';
import { planLines } from './parts/plan-lines.ts';
import { recoveryForm } from './parts/recovery-form.ts';
import { type Asked, readRequest } from './parts/recovery-request.ts';

const usage =
  'recover [restart-server] <ensemble> <server>, or recover rolling-restart|move-leader <ensemble>, or recover resync-server|purge-snapshots|remove-member <ensemble> <server>, or recover add-member <ensemble> <member>, or recover run-command <ensemble> <server> <name>, or recover kill-session|drop-connection <ensemble> <session> [--reason "…"] [--confirm yes] [--dry-run] [--keep <snapshots>] [--resume <recovery>]';

/** Characters of a reason that are kept: it stands in the audit and on the card. */
export const reasonCharsMax = 500;

/** Does a recovery, after its plan and the sum were shown, with a reason and a yes. */
export const recover: Command = {
  name: 'recover',
  aliases: ['restart', '恢复', '重启'],
  usage,
  role: 'operator',
  completes: ['action', 'ensemble', 'server'],
  async run(invocation, desk) {
    const asked = await readRequest(invocation, desk, usage);
    if (isRefusal(asked)) return asked;
    if (isDryRun(invocation.options['dry-run'])) return rehearse(asked, desk);
    const reason = cut((invocation.options['reason'] ?? '').trim(), reasonCharsMax);
    if (!isYes(invocation.options['confirm'])) return ask(asked, reason, desk);
    if (reason === '') return refuse('reason-missing');
    const { words: _typed, ...request } = asked;
    const recovery = await desk.requestRecovery({ ...request, reason });
    if (isRefusal(recovery)) return recovery;
    const { approval, card, commands } = words(desk.language);
    const what = card.action(asked.action, asked.server, asked.argument);
    const text =
      recovery.approval === undefined
        ? commands.done.recover(what, recovery.id)
        : approval.asked(what, recovery.id, recovery.approval.needed, recovery.approval.untilMs);
    return { outcome: 'done', visibility: 'private', blocks: [{ kind: 'text', text }] };
  },
};

/** The word alone is enough; only a plain no takes it back. */
function isDryRun(option: string | undefined): boolean {
  return option !== undefined && !['no', 'n', 'false', '否'].includes(option.toLowerCase());
}

/** Shows the sum and asks for a reason; refuses right away what the guard would refuse later. */
async function ask(asked: Asked, reason: string, desk: Desk): Promise<Reply | Refusal> {
  const preview = await previewOf(asked, desk);
  if (isRefusal(preview)) return preview;
  const { verdict } = preview;
  if (verdict.kind !== 'allow') return refuse(verdict.code, verdict.facts);
  const who = await others(asked, desk);
  const form = recoveryForm(asked, { reason, preview, who }, desk);
  return { outcome: 'ask', visibility: 'private', blocks: [{ kind: 'form', form }] };
}

async function previewOf(
  { action, ensemble, server, argument }: Asked,
  desk: Desk,
): Promise<RecoveryPreview | Refusal> {
  return await desk.previewRecovery(action, ensemble, server, argument);
}

/** Asks the guard, and shows its verdict and everything that would run; runs nothing. */
async function rehearse(asked: Asked, desk: Desk): Promise<Reply | Refusal> {
  const preview = await previewOf(asked, desk);
  if (isRefusal(preview)) return preview;
  const { verdict, command } = preview;
  const all = words(desk.language);
  const what = all.card.action(asked.action, asked.server, asked.argument);
  const plan = planLines(asked.action, preview, desk.language);
  if (verdict.kind !== 'allow') {
    const refusal = refusalTextOf(all, verdict.code, verdict.facts);
    if (plan.length === 0 || refusal === undefined) return refuse(verdict.code, verdict.facts);
    const refused = [all.actions.plan.refused(refusal.text), refusal.next];
    return said('refused', [all.actions.plan.nothingDone, ...refused, ...plan]);
  }
  return said('done', [all.commands.done.dryRun(what, command), ...plan]);
}

function said(outcome: Reply['outcome'], lines: readonly string[]): Reply {
  const text = lines.join('\n');
  return { outcome, visibility: 'private', blocks: [{ kind: 'text', text }] };
}

/** People named in a form; more are counted. */
const othersMax = 4;

/** Who else has an incident of this ensemble, or acts on it: what two people do at once seldom helps. */
async function others({ ensemble }: Asked, desk: Desk): Promise<readonly string[]> {
  const { card, commands, common } = words(desk.language);
  const me = desk.origin.actor.id;
  const lines = (await desk.openIncidents(ensemble)).flatMap(({ id, acknowledged, recovery }) => [
    ...(acknowledged === undefined || acknowledged.by === me
      ? []
      : [commands.form.has(acknowledged.name, id, acknowledged.atMs)]),
    ...(recovery === undefined || !isUnderWay(recovery)
      ? []
      : [
          commands.form.acts(
            card.action(recovery.action, recovery.server, recovery.argument),
            recovery.name,
            recovery.atMs,
          ),
        ]),
  ]);
  return lines.length === 0 ? [commands.form.nobody] : bounded(lines, othersMax, common.more);
}
