import { refuse } from '../src/model/refusal.ts';
import type { Command } from '../src/ports/command.ts';
import { cut } from '../src/rules/card/words/bounds.ts';
import { words } from '../src/rules/card/words/words.ts';
import { askReason, wantsForm } from './parts/ask-reason.ts';
import { isRefusal } from './parts/find.ts';
import { findRecovery } from './parts/find-recovery.ts';
import { reasonCharsMax } from './recover.ts';

const usage = 'reject <recovery> <reason>';

/** Ends the request of a recovery: nothing is done, and everybody sees why. */
export const reject: Command = {
  name: 'reject',
  aliases: ['decline', '驳回', '拒绝'],
  usage,
  role: 'operator',
  completes: ['recovery', 'text'],
  async run(invocation, desk) {
    const recovery = await findRecovery(invocation, desk, usage);
    if (isRefusal(recovery)) return recovery;
    const { approval } = words(desk.language);
    const said = invocation.options['reason'] ?? invocation.args.slice(1).join(' ');
    const reason = cut(said.trim(), reasonCharsMax);
    if (wantsForm(invocation)) {
      const { rejectForm } = approval;
      return askReason(invocation, { ...rejectForm, title: rejectForm.title(recovery.id) });
    }
    if (reason === '') return refuse('reason-missing');
    const done = await desk.reject(recovery.id, reason);
    if (isRefusal(done)) return done;
    const text = approval.done(done.id);
    return { outcome: 'done', visibility: 'private', blocks: [{ kind: 'text', text }] };
  },
};
