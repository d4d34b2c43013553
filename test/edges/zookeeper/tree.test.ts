import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { comparePaths } from '../../../src/model/znode.ts';
import { startEnsemble, type ZooKeeperEnsemble } from '../../servers/zookeeper.ts';
import {
  aclOf,
  all,
  aZnode,
  createAll,
  digestOf,
  openTree,
  someTree,
  sumOf,
} from '../../support/znodes.ts';

let ensemble: ZooKeeperEnsemble;

beforeAll(async () => {
  ensemble = await startEnsemble({ servers: 3, tickTimeMs: 500 });
}, 60_000);

afterAll(() => ensemble.close());

describe('a tree of a real ensemble', () => {
  it('is walked in order, each znode once, as it was written', async () => {
    const tree = await openTree(ensemble.settings());
    const made = [...someTree(2000, 7)];
    await createAll(tree, made);
    const expected = made.toSorted((a, b) => comparePaths(a.path, b.path));

    const found = (await all(tree)).filter(({ path }) => path !== '/');

    expect(found.map(({ path }) => path)).toEqual(expected.map(({ path }) => path));
    expect(found.map(({ data }) => data)).toEqual(expected.map(({ data }) => data));
    expect(found.map(({ acl }) => acl)).toEqual(expected.map(({ acl }) => acl));
    await tree.close();
  }, 60_000);

  it('is walked from the middle on', async () => {
    const tree = await openTree(ensemble.settings());
    const paths = (await all(tree)).map(({ path }) => path);
    const middle = paths[Math.floor(paths.length / 2)] ?? '';
    const walk = tree.walk({ root: '/', after: middle, statOnly: true });
    const rest: string[] = [];

    for (let batch = await walk.next(); batch.length > 0; batch = await walk.next())
      rest.push(...batch.map(({ path }) => path));

    expect(rest).toEqual(paths.slice(Math.floor(paths.length / 2) + 1));
    await tree.close();
  }, 60_000);

  it('goes on with another server when its own is killed in the middle', async () => {
    const tree = await openTree(ensemble.settings());
    const before = await sumOf(tree);
    const lost: string[] = [];
    const again = await openTree(ensemble.settings(), {
      inFlight: 4,
      onLost: (why) => void lost.push(why),
    });
    const walk = again.walk({ root: '/' });
    let seen = (await walk.next()).length;

    // Whichever it talks to: one after the other, a quorum always stays.
    for (const server of ensemble.servers) {
      await server.kill('SIGKILL');
      seen += (await walk.next()).length;
      server.start();
      await ensemble.ready();
    }
    for (let batch = await walk.next(); batch.length > 0; batch = await walk.next())
      seen += batch.length;

    expect(lost.length).toBeGreaterThan(0);
    expect(seen).toBe(before.znodes);
    await tree.close();
    await again.close();
  }, 120_000);

  it('says what it may not read, and reads it after a login', async () => {
    const acl = aclOf([31, 'digest', digestOf('owner:pw')]);
    const anybody = await openTree(ensemble.settings());
    await createAll(anybody, [aZnode('/vault'), aZnode('/vault/open')]);
    await createAll(anybody, [aZnode('/vault/closed', { acl })]);

    const [, closed] = await all(anybody, '/vault');
    const owner = await openTree(ensemble.settings(), {
      logins: [{ scheme: 'digest', credential: 'owner:pw' }],
    });
    const [, opened] = await all(owner, '/vault');

    expect(closed).toMatchObject({ path: '/vault/closed', data: undefined, acl: undefined });
    expect(opened).toMatchObject({ path: '/vault/closed', acl });
    expect(opened?.data?.toString()).toBe('/vault/closed');
    await anybody.close();
    await owner.close();
  }, 60_000);

  it('gives up in time when no server is left', async () => {
    const settings = ensemble.settings();
    const nowhere = settings.servers.map((each) => ({
      ...each,
      client: { host: '127.0.0.1', port: 1 },
    }));

    await expect(
      openTree({ ...settings, servers: nowhere }, { patienceMs: 200 }),
    ).rejects.toMatchObject({ code: 'zookeeper-disconnected' });
  });
});
