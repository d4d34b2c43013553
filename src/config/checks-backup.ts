import type { ConfigFault } from '../model/config-fault.ts';
import type { ConfigDocument, Path } from './document.ts';
import { durationMs } from './duration.ts';
import { get } from './look.ts';

/** Backups come no closer than this: a large tree takes minutes. */
const backupMsMin = 60_000;

/** What the section `backup` of an ensemble says that cannot be. */
export function backupFaults(
  document: ConfigDocument,
  above: Path,
  ensemble: unknown,
): readonly ConfigFault[] {
  const backup = get(ensemble, 'backup');
  if (backup === undefined) return [];
  const path = [...above, 'backup'];
  const given = ['every', 'cron'].filter((key) => get(backup, key) !== undefined);
  const both =
    given.length === 2
      ? [document.at(path, { kind: 'not-one', keys: ['every', 'cron'], given } as const)]
      : [];
  const every = get(backup, 'every');
  const everyMs = durationMs(every);
  if (everyMs === undefined || everyMs >= backupMsMin) return both;
  const what = { kind: 'out-of-range', value: String(every), least: '1m' } as const;
  return [...both, document.at([...path, 'every'], what)];
}
