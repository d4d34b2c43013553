import { describe, expect, it } from 'vitest';
import type { ServerStand } from '../../../src/model/snapshot.ts';
import {
  isRestored,
  restoreOrder,
  type SnapshotRestoreCase,
  snapshotRestoreRefusals,
} from '../../../src/rules/backup/restore-snapshot.ts';

function aStand(id: string, mode: string, more: Partial<ServerStand> = {}): ServerStand {
  const quorum = mode === 'standalone' ? {} : { quorumSize: 3 };
  return { id, mode, version: '3.9.3', znodes: 10, zxid: 5n, clients: [], ...quorum, ...more };
}

const leader = aStand('s1', 'leader', { syncedFollowers: 2, learners: 2 });
const followers = [aStand('s2', 'follower'), aStand('s3', 'follower')];
const three = [leader, ...followers];

function aCase(more: Partial<SnapshotRestoreCase>): SnapshotRestoreCase {
  return {
    snapshot: { zxid: 5n },
    stands: three,
    away: [],
    withoutAdmin: [],
    allowed: { clients: false, oldFiles: false },
    ...more,
  };
}

const [follower = leader] = followers;
const observer = aStand('s4', 'observer');
const withClient = [leader, follower, aStand('s3', 'follower', { clients: ['10.0.0.7:40376'] })];
const further = [leader, follower, aStand('s3', 'follower', { zxid: 6n })];

describe('a snapshot that is to go into an ensemble', () => {
  it.each<[string, Partial<SnapshotRestoreCase>, readonly string[]]>([
    ['three in sync, without clients', {}, []],
    ['one standalone server', { stands: [aStand('s1', 'standalone')] }, []],
    [
      'an observer that is configured',
      { stands: [{ ...leader, learners: 3 }, ...followers, observer] },
      [],
    ],
    ['a newer version', { stands: [aStand('s1', 'standalone', { version: '3.10.0' })] }, []],
    [
      'a server without AdminServer',
      { stands: [leader, follower], withoutAdmin: ['s3'] },
      ['no-admin'],
    ],
    [
      'a server that is away',
      { stands: [leader, follower], away: [{ id: 's3', why: 'x' }] },
      ['away'],
    ],
    [
      'a server of 3.8',
      { stands: [leader, follower, aStand('s3', 'follower', { version: '3.8.4' })] },
      ['too-old'],
    ],
    [
      'a server without version',
      { stands: [leader, follower, aStand('s3', 'follower', { version: '' })] },
      ['too-old'],
    ],
    [
      'a read-only server',
      { stands: [leader, follower, aStand('s3', 'read-only')] },
      ['not-serving'],
    ],
    ['one follower of three', { stands: [follower] }, ['unknown-members']],
    ['the leader of three alone', { stands: [leader] }, ['unknown-members']],
    ['two of three', { stands: [leader, follower] }, ['unknown-members']],
    [
      'an observer nobody configured',
      { stands: [{ ...leader, learners: 3 }, ...followers] },
      ['unknown-members'],
    ],
    [
      'two standalone servers',
      { stands: [aStand('s1', 'standalone'), aStand('s2', 'standalone')] },
      ['not-one'],
    ],
    [
      'two leaders',
      { stands: [leader, { ...leader, id: 's2' }, aStand('s3', 'follower')] },
      ['not-one'],
    ],
    ['no leader', { stands: [follower, ...followers] }, ['not-one']],
    [
      'a follower that lags',
      { stands: [{ ...leader, syncedFollowers: 1 }, ...followers] },
      ['not-in-sync'],
    ],
    ['clients', { stands: withClient }, ['clients']],
    ['clients, allowed', { stands: withClient, allowed: { clients: true, oldFiles: false } }, []],
    ['a server that is further', { stands: further }, ['old-files']],
    [
      'a server that is further, allowed',
      { stands: further, allowed: { clients: false, oldFiles: true } },
      [],
    ],
  ])('meets %s', (_, given, kinds) => {
    const refusals = snapshotRestoreRefusals(aCase(given));

    expect(refusals.map(({ kind }) => kind)).toEqual(kinds);
  });

  it('is refused for everything at once', () => {
    const old = aStand('s1', 'follower', { version: '3.8.0', zxid: 9n, clients: ['x'] });

    const refusals = snapshotRestoreRefusals(
      aCase({ stands: [old], away: [{ id: 's2', why: 'refused' }], withoutAdmin: ['s3'] }),
    );

    expect(refusals.map(({ kind }) => kind)).toEqual([
      'no-admin',
      'away',
      'too-old',
      'clients',
      'old-files',
    ]);
  });

  it('goes to the leader last', () => {
    expect(restoreOrder(three).map(({ id }) => id)).toEqual(['s2', 's3', 's1']);
  });

  it('is there when all have the same tree, but for ephemerals that ended', () => {
    const having = (...counts: readonly number[]) =>
      isRestored(
        counts.map((znodes, at) => aStand(`s${at}`, 'follower', { znodes })),
        { znodes: 12, ephemerals: 2 },
      );

    expect([having(12, 12), having(10, 10)]).toEqual([true, true]);
    expect([having(12, 11), having(13, 13), having(9, 9), having()]).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });
});
