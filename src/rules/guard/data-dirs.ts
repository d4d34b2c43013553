import type { Situation } from '../../model/recovery-action.ts';
import { type Refusal, refuse } from '../../model/refusal.ts';

/** The folders a server keeps its data in, each with a `version-2` inside: snapshots, and logs of transactions. */
export interface DataDirs {
  readonly data: string;
  readonly log: string;
}

/** What ZooKeeper calls the folder inside, in every version since 3.0. */
export const versionDir = 'version-2';

/**
 * Where a server keeps its data: as the configuration says, else as the server itself says or was last heard to say. `conf` names the
 * inner folder (`…/data/version-2`), a configuration file the outer one.
 */
export function dataDirsOf({
  server,
  settings,
  confs,
  view,
}: Pick<Situation, 'server' | 'settings' | 'confs' | 'view'>): DataDirs | Refusal {
  const conf = confs[server.id] ?? view.surveys?.[server.id]?.conf;
  const host = { ...settings.host, ...settings.host?.servers?.[server.id] };
  const { tools } = settings;
  const data = tools?.dataDir ?? conf?.dataDir ?? host.dataDir;
  if (data === undefined) return refuse('data-dir-unknown', { server: server.id });
  const log = tools?.logDir ?? (tools?.dataDir === undefined ? conf?.dataLogDir : undefined);
  return { data: outer(data), log: outer(log ?? host.dataLogDir ?? data) };
}

/** Without a slash at the end, and without the inner folder. */
function outer(path: string): string {
  const bare = path.replace(/\/+$/u, '');
  return bare.endsWith(`/${versionDir}`) ? bare.slice(0, -versionDir.length - 1) : bare;
}
