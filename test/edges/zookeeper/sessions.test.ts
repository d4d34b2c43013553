import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { commandExecutor } from '../../../src/edges/executors/command.ts';
import { createProber } from '../../../src/edges/zookeeper/prober.ts';
import type { Link } from '../../../src/edges/zookeeper/session-link.ts';
import { createSessions } from '../../../src/edges/zookeeper/sessions.ts';
import type { Drill } from '../../../src/model/drill.ts';
import type { EnsembleSettings } from '../../../src/model/settings.ts';
import { drillHouse } from '../../../src/pipeline/drill-house.ts';
import { createMembers } from '../../../src/pipeline/members.ts';
import { createRecoverer } from '../../../src/pipeline/recover.ts';
import { dropConnection } from '../../../src/rules/guard/drop-connection.ts';
import { killSession } from '../../../src/rules/guard/kill-session.ts';
import { startEnsemble, type ZooKeeperEnsemble } from '../../servers/zookeeper.ts';
import { aSettings, aStamp } from '../../support/builders.ts';
import { aHouse } from '../../support/house.ts';
import { realClock } from '../../support/real-clock.ts';
import { answerMs, openClient } from '../../support/session-client.ts';
import { until } from '../../support/until.ts';

/** Nobody else must agree. */
const alone = { needed: { 'kill-session': 0 }, withinMs: 60_000 };

describe('sessions of a real ensemble', () => {
  let ensemble: ZooKeeperEnsemble;
  const links: Link[] = [];

  beforeAll(async () => {
    ensemble = await startEnsemble({ servers: 3 });
  }, 60_000);
  afterEach(async () => {
    await Promise.all(links.splice(0).map((link) => link.close()));
  });
  afterAll(() => ensemble.close());

  async function client(on = 0, session?: string) {
    const opened = await openClient(ensemble.servers[on]!, 20_000, session);
    links.push(opened.link);
    return opened;
  }

  function aBot(approvals: EnsembleSettings['approvals'] = alone) {
    const ensembles = [ensemble.settings(approvals === undefined ? {} : { approvals })];
    const house = {
      ...aHouse({
        settings: aSettings({ ensembles }),
        executors: [commandExecutor],
        prober: createProber({ clock: realClock }),
        recoveryActions: [killSession, dropConnection],
      }),
      // The servers are real, and take their time.
      clock: realClock,
      sessions: createSessions({ clock: realClock }),
    };
    const recoverer = createRecoverer(
      house,
      createMembers(house, () => undefined),
    );
    async function recover(action: string, session: string) {
      const asked = { action, ensemble: 'orders', server: session, reason: 'it holds the lock' };
      const recovery = await recoverer.request(asked, aStamp());
      if ('code' in recovery) return recovery;
      await recoverer.run({ kind: 'recover', ensemble: 'orders', recovery: recovery.id });
      return (await house.recoveries.get('orders', recovery.id))!;
    }
    return { house, recoverer, recover };
  }

  it('shows whose a session is before it is ended: where from, since when, and what hangs on it', async () => {
    const { id, register } = await client(1);
    await register('/shown');
    const { recoverer } = aBot();

    const preview = await recoverer.preview('kill-session', 'orders', id);

    expect(preview).toMatchObject({
      verdict: {
        kind: 'allow',
        facts: { session: id, server: 'zk2', ephemerals: 1, paths: ['/shown'], watches: 0 },
      },
      steps: [{ name: 'kill-session' }],
    });
    expect(preview).toHaveProperty(
      'verdict.facts.address',
      expect.stringMatching(/^127\.0\.0\.1:\d+$/u),
    );
  }, 60_000);

  it('ends a session with all it has, on every member', async () => {
    const victim = await client(1);
    await victim.register('/lock');
    const other = await client(2);
    const { recover } = aBot();

    const recovery = await recover('kill-session', victim.id);

    expect(recovery).toMatchObject({ state: 'succeeded' });
    await victim.link.gone;
    await until(
      'the lock is gone',
      async () => !(await other.operations.exists('/lock', answerMs)),
    );
    await expect(client(0, victim.id)).rejects.toThrow('no session');
  }, 60_000);

  it('ends a connection and leaves the session, so that its client comes back with all it has', async () => {
    const victim = await client(1);
    await victim.register('/kept');
    const { recover } = aBot();

    const recovery = await recover('drop-connection', victim.id);

    expect(recovery).toMatchObject({ state: 'succeeded' });
    expect(await victim.link.gone).toMatchObject({ reason: 'reset' });
    const again = await client(1, victim.id);
    expect(again.id).toBe(victim.id);
    expect(await again.operations.exists('/kept', answerMs)).toBe(true);
  }, 60_000);

  it('ends a session whose client is away, and has no connection of it to cut', async () => {
    const victim = await client(0);
    await victim.register('/ghost');
    victim.link.drop({ reason: 'reset', connected: true, detail: 'unplugged' });
    await victim.link.gone;
    const { recover, recoverer } = aBot();
    await until('the server has seen the end of the connection', async () => {
      const preview = await recoverer.preview('drop-connection', 'orders', victim.id);
      return 'verdict' in preview && preview.verdict.kind === 'deny';
    });

    expect(await recover('drop-connection', victim.id)).toMatchObject({ code: 'no-connection' });
    expect(await recover('kill-session', victim.id)).toMatchObject({ state: 'succeeded' });
    const { operations } = await client(2);
    await until('the ghost is gone', async () => !(await operations.exists('/ghost', answerMs)));
  }, 60_000);

  it('refuses a session nobody knows, and the bot’s own', async () => {
    const own = await client(0);
    const { house, recover } = aBot();
    await house.ensembles.saveOwnSessions('orders', 'replica-2', {
      standing: 1,
      left: [],
      sessions: [own.id],
      atMs: house.clock.now(),
    });

    expect(await recover('kill-session', '0x1abc')).toMatchObject({ code: 'unknown-session' });
    expect(await recover('kill-session', own.id)).toMatchObject({ code: 'own-session' });
    expect(await recover('drop-connection', own.id)).toMatchObject({ code: 'own-session' });
  }, 60_000);

  it('is not to be had in a drill, which must end nothing', async () => {
    const { house } = aBot();
    const drill = { id: 'd-1', recording: 'quorum-lost' } as Drill;

    const inDrill = createRecoverer(
      drillHouse(house, drill),
      createMembers(house, () => undefined),
    );

    expect(drillHouse(house, drill).sessions).toBeUndefined();
    expect(await inDrill.preview('kill-session', 'orders', '0x1abc')).toMatchObject({
      code: 'no-executor',
    });
  }, 60_000);

  it('waits for another person where the configuration says nothing of a session', async () => {
    const { id } = await client(0);
    const { recoverer } = aBot({ needed: {}, withinMs: 60_000 });

    const preview = await recoverer.preview('kill-session', 'orders', id);

    expect(preview).toMatchObject({ approvals: 1 });
  }, 60_000);
});
