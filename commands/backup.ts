import { refuse } from '../src/model/refusal.ts';
import type { Command } from '../src/ports/command.ts';
import { words } from '../src/rules/card/words/words.ts';
import { findEnsemble, isRefusal } from './parts/find.ts';

const usage = 'backup <ensemble>';

/** Has the bot keep the tree of an ensemble in a file, now. */
export const backup: Command = {
  name: 'backup',
  aliases: ['备份'],
  usage,
  role: 'operator',
  completes: ['ensemble'],
  async run({ args }, desk) {
    const [name, ...rest] = args;
    if (name === undefined || rest.length > 0) return refuse('bad-arguments', { usage });
    const ensemble = findEnsemble(desk, name);
    if (isRefusal(ensemble)) return ensemble;
    const denied = desk.permit('operator', ensemble.id);
    if (denied !== undefined) return denied;
    if (ensemble.backup === undefined) return refuse('backup-off', { ensemble: ensemble.id });
    const { running } = await desk.backups(ensemble.id);
    if (running !== undefined) return refuse('backup-running', { ensemble: ensemble.id });
    await desk.askForBackup(ensemble.id);
    const { dir, root } = ensemble.backup;
    const text = words(desk.language).backup.begins(ensemble.id, root, dir);
    return { outcome: 'done', visibility: 'private', blocks: [{ kind: 'text', text }] };
  },
};
