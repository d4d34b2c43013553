import type { ConfigFault } from '../model/config-fault.ts';
import type { ConfigDocument, Path } from './document.ts';
import { get, tooShort } from './look.ts';

/** Backups come no closer than this: a large tree takes minutes. */
const backupLeast = '1m';

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
  return [...both, ...tooShort(document, [...path, 'every'], get(backup, 'every'), backupLeast)];
}
