import type { SnapshotRestoreRefusal } from '../../../../model/snapshot.ts';
import { bytes } from '../figures.ts';
import { byCount, counted, thousandsOf } from '../plural.ts';

const faults: Readonly<Record<string, string>> = {
  cut: 'its end is missing. Nothing was sent',
  sum: 'a checksum in it does not match: it was damaged or changed. Nothing was sent',
  strange: 'it is no snapshot of ZooKeeper as "backup --snapshot" writes it. Nothing was sent',
  old: 'it does not tell its last transaction: the server wrote it without serializeLastProcessedZxid.enabled=true. Nothing was sent',
  io: 'it cannot be read',
  sha256: 'its sha256 is another one. Nothing was sent',
};

const failures: Readonly<Record<string, string>> = {
  'too-old': 'its version has no such command; ZooKeeper 3.9 has',
  off: 'restoring is switched off: set admin.restore.enabled=true',
  login: 'it wants another login: set "login" of the ensemble to one that may do everything at /',
  'too-often':
    'it took one just now; by default one in five minutes (admin.rateLimiterIntervalInMS)',
  failed:
    'it could not take the snapshot; its log says why (it needs serializeLastProcessedZxid.enabled=true)',
  away: 'the connection was lost',
  changed: 'the file was changed while it was sent',
  'other-zxid': 'it tells another last transaction than the snapshot has',
};

function refusal(why: SnapshotRestoreRefusal): string {
  switch (why.kind) {
    case 'no-admin':
      return `${why.servers.join(', ')}: no AdminServer in the configuration. Every server must get the same snapshot: set "admin" of the server.`;
    case 'away':
      return `Cannot be asked: ${why.servers.map(({ id, why: detail }) => `${id} (${detail})`).join('; ')}. Every server must get the same snapshot, so all must answer.`;
    case 'too-old':
      return `Too old: ${why.servers.map(({ id, version }) => `${id} (${version || '?'})`).join(', ')}. The AdminServer restores since ZooKeeper 3.9; before that, stop all and lay the files: docs/backup.md.`;
    case 'not-serving':
      return `Not serving: ${why.servers.map(({ id, mode }) => `${id} (${mode})`).join(', ')}.`;
    case 'not-one':
      return `These are not one ensemble with one leader: ${why.servers.map(({ id, mode }) => `${id} is ${mode}`).join(', ')}.`;
    case 'unknown-members':
      return `The ensemble has ${counted(why.members, 'member')}, the configuration names ${why.configured}. A member that is left out would keep another tree: name all of them.`;
    case 'not-in-sync':
      return `${why.missing} of the voters ${byCount(why.missing, 'is', 'are')} not in sync with the leader.`;
    case 'clients':
      return `Clients are connected: ${why.servers.map(({ id, clients }) => `${id}: ${clients.slice(0, 5).join(', ')}${clients.length > 5 ? ` and ${clients.length - 5} more` : ''}`).join('; ')}. What they write meanwhile would make the servers differ. Keep them away first, with a firewall or on another clientPort, and stop the bot, whose test write is one, too. --despite-clients goes on all the same.`;
    case 'old-files':
      return `${why.servers.map(({ id, zxid }) => `${id} is at 0x${zxid.toString(16)}`).join(', ')}: further than the snapshot. A restore is in memory; the files in version-2 of dataDir and dataLogDir bring the newer data back at the next start or election. Stop all servers, move these files aside, start all together (docs/backup.md). --despite-files when you have seen to it.`;
  }
}

/** Texts about restoring a snapshot through the AdminServers. */
export const restoreSnapshotEn = {
  option: 'FILE is a snapshot of "backup --snapshot": put it into every server (3.9 and newer)',
  sha256: 'with --snapshot: refuse a file with another sha256',
  despiteClients: 'with --snapshot: although clients are connected',
  despiteFiles: 'with --snapshot: although servers are further than the snapshot',
  notWith: (option: string) => `${option} does not go with --snapshot: a snapshot goes back whole.`,
  bad: (file: string, why: string, detail: string) => `${file}: ${faults[why] ?? why} (${detail}).`,
  refusal,
  title: (file: string, zxid: string, size: number, znodes: number, sessions: number) =>
    `${file}: snapshot at zxid ${zxid}, ${bytes(size)}, ${thousandsOf(znodes, 'znode')}, ${thousandsOf(sessions, 'session')}.`,
  into: (ensemble: string) => `It replaces the tree of ${ensemble} on every server, in this order:`,
  server: (id: string, mode: string, version: string, znodes: number, zxid: string) =>
    `  ${id}: ${mode}, ${version}, ${thousandsOf(znodes, 'znode')} at zxid ${zxid}`,
  lost: (count: number) =>
    `What was done after the snapshot is lost: ${thousandsOf(count, 'transaction')}.`,
  lostEpochs: (elections: number) =>
    `What was done after the snapshot is lost: all since ${thousandsOf(elections, 'election')} ago.`,
  ahead:
    'The snapshot is further than the ensemble: clients that stayed connected since then must be restarted.',
  refused: 'Not restored, and nothing was sent:',
  confirm: (ensemble: string) => `To do it, type the name of the ensemble (${ensemble}): `,
  sending: (id: string, sent: number, all: number) => `${id}: ${bytes(sent)} of ${bytes(all)}`,
  restored: (id: string) => `${id}: has the snapshot.`,
  failed: (id: string, why: string, detail: string) => `${id}: ${failures[why] ?? why} (${detail})`,
  stopped: 'Stopped.',
  has: (ids: readonly string[]) => `They have the snapshot: ${ids.join(', ') || '-'}`,
  hasNot: (ids: readonly string[]) => `They do not have it: ${ids.join(', ') || '-'}`,
  unknown: (ids: readonly string[]) => `Unknown: ${ids.join(', ')}`,
  half: 'The servers differ now: let no client in. Mend what is wrong and repeat the whole with the same file (by default five minutes later), or stop all servers and lay the file on every one (docs/backup.md).',
  none: 'Nothing was changed. Mend what is wrong and repeat it.',
  verified: (znodes: number) => `Compared: all servers have ${thousandsOf(znodes, 'znode')}.`,
  differ: (all: readonly string[], want: number) =>
    `Compared: the servers do not have what the snapshot has (${thousandsOf(want, 'znode')}): ${all.join(', ')}. Let no client in, and look at their logs.`,
  next: (ensemble: string, ids: readonly string[]) =>
    `It is in their memory only. Before you let clients in, have every server write it to its disk:\n${ids.map((id) => `  nightkeeper backup ${ensemble} --snapshot --server ${id} --out ${ensemble}-${id}.snapshot`).join('\n')}\nThen restart all servers and compare once more: until then the next election brings back what was there before.`,
};

export type RestoreSnapshotWords = typeof restoreSnapshotEn;
