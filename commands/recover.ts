import { isOpen } from '../src/model/incident.ts';
import type { Invocation } from '../src/model/invocation.ts';
import { allServers, recoveryActionNames } from '../src/model/recovery-action.ts';
import { type Refusal, refuse } from '../src/model/refusal.ts';
import type { Form, Reply } from '../src/model/reply.ts';
import type { Command, Desk, RecoveryPreview } from '../src/ports/command.ts';
import { bounded, cut } from '../src/rules/card/words/bounds.ts';
import { words } from '../src/rules/card/words/words.ts';
import { choices } from './parts/closest.ts';
import { findEnsemble, findServer, isRefusal } from './parts/find.ts';

const usage =
  'recover [restart-server] <ensemble> <server>, or recover rolling-restart|move-leader <ensemble> [--reason "…"] [--confirm yes] [--dry-run yes] [--resume <recovery>]';

/** Recoveries a person may ask for. */
const actions: readonly string[] = recoveryActionNames;

/** Recoveries that choose their servers themselves. */
function takesAll(action: string | undefined): boolean {
  return action === 'rolling-restart' || action === 'move-leader';
}

/** Characters of a reason that are kept: it stands in the audit and on the card. */
export const reasonCharsMax = 500;

/** Restarts a server, after the sum was shown, with a reason and a yes. */
export const recover: Command = {
  name: 'recover',
  aliases: ['restart', '恢复', '重启'],
  usage,
  role: 'operator',
  completes: ['action', 'ensemble', 'server'],
  async run(invocation, desk) {
    const asked = await read(invocation, desk);
    if (isRefusal(asked)) return asked;
    const reason = cut((invocation.options['reason'] ?? '').trim(), reasonCharsMax);
    const yes = ['yes', 'y', '是'].includes((invocation.options['confirm'] ?? '').toLowerCase());
    if (!yes) return ask(asked, reason, desk);
    if (reason === '') return refuse('reason-missing');
    if (invocation.options['dry-run'] === 'yes') return rehearse(asked, desk);
    const recovery = await desk.requestRecovery({ ...asked, reason });
    if (isRefusal(recovery)) return recovery;
    const { approval, card, commands } = words(desk.language);
    const what = card.action(asked.action, asked.server);
    const text =
      recovery.approval === undefined
        ? commands.done.recover(what, recovery.id)
        : approval.asked(what, recovery.id, recovery.approval.needed, recovery.approval.untilMs);
    return { outcome: 'done', visibility: 'private', blocks: [{ kind: 'text', text }] };
  },
};

interface Asked {
  readonly action: string;
  readonly ensemble: string;
  readonly server: string;
  readonly incident?: number;
  /** An earlier recovery to go on with. */
  readonly resume?: string;
}

/** What is asked for: every part is found, and the person may have it. */
async function read({ args, options }: Invocation, desk: Desk): Promise<Asked | Refusal> {
  if (args.length < 2 || args.length > 3) return refuse('bad-arguments', { usage });
  const [action = '', name = '', serverName = ''] =
    args.length === 3 || takesAll(args[0]) ? args : ['restart-server', ...args];
  if (actions.includes(name) || (takesAll(action) && serverName !== ''))
    return refuse('bad-arguments', { usage });
  if (!actions.includes(action))
    return refuse('unknown-action', { action, ...choices(action, actions) });
  const ensemble = findEnsemble(desk, name);
  if (isRefusal(ensemble)) return ensemble;
  const server = takesAll(action)
    ? { id: allServers }
    : await findServer(desk, ensemble, serverName);
  if (isRefusal(server)) return server;
  const denied = desk.permit('operator', ensemble.id);
  if (denied !== undefined) return denied;
  if (ensemble.restart === undefined) return refuse('no-executor', { ensemble: ensemble.id });
  const { resume } = options;
  const asked = {
    action,
    ensemble: ensemble.id,
    server: server.id,
    ...(resume === undefined ? {} : { resume }),
  };
  const id = options['incident'];
  if (id === undefined) return asked;
  const incident = await desk.incident(Number(id.replace(/^#/u, '')));
  if (incident === undefined || incident.ensemble !== ensemble.id)
    return refuse('unknown-incident', { incident: id });
  if (isOpen(incident)) return { ...asked, incident: incident.id };
  // The fault goes on under another number; any other end means that a button is pressed which no card shows any more.
  return incident.foldedInto === undefined
    ? refuse('already-resolved', { incident: incident.id, atMs: incident.resolvedMs ?? 0 })
    : { ...asked, incident: incident.foldedInto };
}

/** Shows the sum and asks for a reason; refuses right away what the guard would refuse later. */
async function ask(asked: Asked, reason: string, desk: Desk): Promise<Reply | Refusal> {
  const preview = await desk.previewRecovery(asked.action, asked.ensemble, asked.server);
  if (isRefusal(preview)) return preview;
  const { verdict } = preview;
  if (verdict.kind !== 'allow') return refuse(verdict.code, verdict.facts);
  return {
    outcome: 'ask',
    visibility: 'private',
    blocks: [
      {
        kind: 'form',
        form: formOf(asked, { reason, preview, who: await others(asked, desk) }, desk),
      },
    ],
  };
}

/** Asks the guard and shows what would run. */
async function rehearse(asked: Asked, desk: Desk): Promise<Reply | Refusal> {
  const preview = await desk.previewRecovery(asked.action, asked.ensemble, asked.server);
  if (isRefusal(preview)) return preview;
  const { verdict, command } = preview;
  if (verdict.kind !== 'allow') return refuse(verdict.code, verdict.facts);
  const { card, commands } = words(desk.language);
  const text = commands.done.dryRun(card.action(asked.action, asked.server), command);
  return { outcome: 'done', visibility: 'private', blocks: [{ kind: 'text', text }] };
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
    ...(recovery === undefined || recovery.state === 'succeeded' || recovery.state === 'failed'
      ? []
      : [
          commands.form.acts(
            card.action(recovery.action, recovery.server),
            recovery.name,
            recovery.atMs,
          ),
        ]),
  ]);
  return lines.length === 0 ? [commands.form.nobody] : bounded(lines, othersMax, common.more);
}

function formOf(
  asked: Asked,
  { reason, preview, who }: { reason: string; preview: RecoveryPreview; who: readonly string[] },
  desk: Desk,
): Form {
  const { commands, card } = words(desk.language);
  const { form } = commands;
  const { facts } = preview.verdict;
  const all = takesAll(asked.action);
  return {
    title: all
      ? form.titleAll(card.action(asked.action, ''), asked.ensemble)
      : form.title(asked.server),
    lines: [
      ...(all ? [form.order(preview.order ?? [])] : []),
      form.now(facts),
      form.after(facts),
      form.led(facts),
      form.out(facts),
      form.standalone(facts),
      ...who,
      form.runs(preview.command),
    ].filter((line) => line !== ''),
    fields: [{ kind: 'flag', name: 'dry-run', label: form.dryRun }],
    reasonLabel: form.reason,
    submit: form.submit,
    cancel: form.cancel,
    danger: true,
    invocation: {
      command: 'recover',
      args: [asked.action, asked.ensemble, ...(all ? [] : [asked.server])],
      options: {
        ...(asked.resume === undefined ? {} : { resume: asked.resume }),
        ...(asked.incident === undefined ? {} : { incident: String(asked.incident) }),
        ...(reason === '' ? {} : { reason }),
      },
    },
  };
}
