import type { Invocation } from '../src/model/invocation.ts';
import type { Recovery } from '../src/model/recovery.ts';
import { type Refusal, refuse } from '../src/model/refusal.ts';
import type { Command, Desk } from '../src/ports/command.ts';
import { cut } from '../src/rules/card/words/bounds.ts';
import { words } from '../src/rules/card/words/words.ts';
import { askReason, wantsForm } from './parts/ask-reason.ts';
import { isRefusal } from './parts/find.ts';
import { findRecovery } from './parts/find-recovery.ts';
import { reasonCharsMax } from './recover.ts';

const usage = 'abort <recovery|incident> [--reason "…"]';

/** Stops a recovery: one to come does not begin, a request is withdrawn, one that runs begins nothing more. */
export const abort: Command = {
  name: 'abort',
  aliases: ['stop', '停止', '中止'],
  usage,
  role: 'operator',
  completes: ['recovery', 'text'],
  async run(invocation, desk) {
    const recovery = await find(invocation, desk);
    if (isRefusal(recovery)) return recovery;
    const { automation } = words(desk.language);
    const { stopForm } = automation;
    if (wantsForm(invocation))
      return askReason(invocation, { ...stopForm, title: stopForm.title(recovery.id) });
    const said = invocation.options['reason'] ?? invocation.args.slice(1).join(' ');
    const stopped = await desk.abort(recovery.id, cut(said.trim(), reasonCharsMax));
    if (isRefusal(stopped)) return stopped;
    const { how } = stopped;
    const text =
      how === 'asked'
        ? automation.done.asked(recovery.id, recovery.steps !== undefined)
        : automation.done[how](recovery.id);
    return { outcome: 'done', visibility: 'private', blocks: [{ kind: 'text', text }] };
  },
};

/** The recovery `r-12`, or the one on the card of incident `12` or `#12`. */
async function find(invocation: Invocation, desk: Desk): Promise<Recovery | Refusal> {
  const [written = ''] = invocation.args;
  const number = /^[#＃]?(\d{1,9})$/u.exec(written)?.[1];
  if (number === undefined) return await findRecovery(invocation, desk, usage);
  const incident = await desk.incident(Number(number));
  if (incident === undefined) return refuse('unknown-incident', { incident: written });
  const recovery = incident.recovery?.id;
  if (recovery === undefined) return refuse('no-recovery', { incident: incident.id });
  return await findRecovery({ ...invocation, args: [recovery] }, desk, usage);
}
