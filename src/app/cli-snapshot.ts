import type { DetectorThresholds } from '../config/checks-ensembles.ts';
import { fetchSnapshot } from '../edges/zookeeper/admin-snapshot.ts';
import type { BackupCliOptions } from './cli-backup.ts';
import { type CliIo, type ExitCode, exitCodes } from './cli-io.ts';
import { ensembleFor, runTree, Unusable, wordsFor } from './cli-tree.ts';

/** `nightkeeper backup ENSEMBLE --snapshot`: the snapshot that a server of 3.9 or newer streams, from the first one that does. */
export async function snapshotToFile(
  ensemble: string,
  options: BackupCliOptions & { readonly server?: string },
  io: CliIo,
  detectorThresholds: DetectorThresholds,
): Promise<ExitCode> {
  const { snapshot } = wordsFor(io).backup;
  return await runTree(
    io,
    async ({ signal, progress }) => {
      const settings = await ensembleFor(ensemble, options, io, detectorThresholds);
      const { login, servers } = settings;
      const asked = servers.filter(
        ({ id }) => options.server === undefined || id === options.server,
      );
      const open = asked.flatMap(({ id, admin }) => (admin === undefined ? [] : [{ id, admin }]));
      if (open.length === 0) throw new Unusable(snapshot.noAdmin(ensemble));
      const reasons: string[] = [];
      for (const { id, admin } of open) {
        const answer = await fetchSnapshot(admin, options.out, {
          ...(login === undefined ? {} : { login: `${login.scheme} ${login.credential}` }),
          signal,
          onBytes: (bytes) => progress.show(snapshot.coming(id, bytes)),
        });
        progress.end();
        if (answer.kind === 'kept') {
          const { bytes, sha256, zxid } = answer;
          const told = { file: options.out, server: id, bytes, sha256, zxid };
          io.stdout.write(
            options.json === true
              ? `${JSON.stringify(told, null, 2)}\n`
              : `${snapshot.kept(id, zxid, options.out, bytes)}\n${wordsFor(io).backup.checksum(sha256)}\n`,
          );
          return exitCodes.done;
        }
        reasons.push(snapshot.refused(id, answer.why, answer.detail));
      }
      io.stderr.write(`${reasons.join('\n')}\n`);
      return exitCodes.refused;
    },
    () => undefined,
  );
}
