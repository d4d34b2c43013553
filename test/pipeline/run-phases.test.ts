import { describe, expect, it } from 'vitest';

import type { Order } from '../../src/model/order.ts';
import type { PhaseRecord } from '../../src/model/phase.ts';
import type { Recovery } from '../../src/model/recovery.ts';
import type { RecoveryActionName } from '../../src/model/recovery-action.ts';
import type { Refusal } from '../../src/model/refusal.ts';
import type { EnsembleSettings } from '../../src/model/settings.ts';
import type { ConfFacts } from '../../src/model/survey.ts';
import type { House } from '../../src/pipeline/house.ts';
import type { ExecutorRun } from '../../src/ports/executor.ts';
import { incidentCard } from '../../src/rules/card/incident-card.ts';
import { removeMember } from '../../src/rules/guard/remove-member.ts';
import { resyncServer } from '../../src/rules/guard/resync-server.ts';
import { runNamed } from '../../src/rules/guard/run-command.ts';
import {
  anEnsembleSettings,
  aPerson,
  aReading,
  aSample,
  aSettings,
  aStamp,
  type State,
} from '../support/builders.ts';
import { aHouse } from '../support/house.ts';
import { anExecutor, aProberOf, aRecovererOf, granted } from '../support/recoverer.ts';
import { aConf } from '../support/situation.ts';

const secret = 'super:s3cret-of-the-night';

/** An ensemble of three that zk1 leads, and machines whose folders are as `folders` says. Programs do what they are told to. */
function anEnsembleToMend(
  parts: {
    readonly run?: (order: Order, text: string) => Partial<ExecutorRun> | undefined;
    readonly onRun?: (text: string, states: Record<string, State>) => void;
    readonly settings?: Partial<EnsembleSettings>;
    readonly needed?: number;
  } = {},
) {
  const states: Record<string, State> = { zk1: 'leader', zk2: 'follower', zk3: 'follower' };
  const folder = new Set(['myid', 'version-2']);
  const runs: string[] = [];
  const read: string[] = [];
  let snapshotsSent = 0;
  let sids = [1, 2, 3];
  const textOf = (order: Order): string =>
    order.kind === 'exec' ? (order.argv[0] ?? '') : order.kind;

  function carryOut(server: string, order: Order): string {
    if (order.kind === 'stop') states[server] = 'refused';
    if (order.kind === 'start') {
      states[server] = 'follower';
      if (!folder.has('version-2')) snapshotsSent += 1;
      folder.add('version-2');
    }
    if (order.kind !== 'exec') return '';
    const [program, , from = '', to = ''] = order.argv;
    const name = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
    if (program === 'mv' && folder.delete(name(from))) folder.add(name(to));
    if (program === 'ls') return [...folder].join('\n');
    if (program === 'zkCli.sh') {
      read.push(order.stdin ?? '');
      sids = [1, 3];
      return `${order.stdin}Committed new configuration`;
    }
    return 'it lives';
  }

  const executor = anExecutor(
    (server, order) => {
      const text = textOf(order);
      if (text !== 'ls') runs.push(`${text} ${server.id}`);
      const wrong = parts.run?.(order, text);
      const isDone = wrong === undefined || wrong.kind === 'lost' || wrong.kind === 'timeout';
      const output = isDone ? carryOut(server.id, order) : '';
      parts.onRun?.(text, states);
      return { output, ...wrong };
    },
    { describe: (_settings, _ensemble, server, order) => `${textOf(order)} ${server.id}` },
  );
  const prober = aProberOf(states, {
    probe: (_settings, { id }) => {
      const atMs = house.clock.now();
      const sample = aSample(id, states[id] ?? 'refused');
      if (sample.kind === 'failure') return Promise.resolve({ ...sample, atMs });
      const followers = Object.values(states).filter((state) => state === 'follower').length;
      const metrics = {
        ...sample.metrics,
        ...(states[id] === 'leader'
          ? { synced_followers: followers, snap_count: snapshotsSent, quorum_size: sids.length }
          : {}),
      };
      return Promise.resolve(aReading({ ...sample, atMs, metrics }));
    },
    evidence: () => Promise.resolve({ mntr: 'zk_uptime\t9' }),
  });
  const conf = (sid: number): ConfFacts =>
    aConf(sid, { sids, version: sids.length === 3 ? '0x100000000' : '0x100000007' });
  const base = aHouse({
    settings: aSettings({
      people: [aPerson({ id: 'ann' }), aPerson({ id: 'bob', name: 'Bob' })],
      ensembles: [
        anEnsembleSettings({
          restart: { kind: 'command', argv: ['true'], timeoutMs: 1000 },
          approvals: {
            needed: { 'resync-server': parts.needed ?? 0, 'remove-member': 0 },
            withinMs: 600_000,
          },
          tools: {
            dataDir: '/data',
            zkCli: ['zkCli.sh'],
            zkAuth: secret,
            commands: { threads: { argv: ['jcmd'], role: 'operator', guard: 'none' } },
          },
          ...parts.settings,
        }),
      ],
    }),
    executors: [executor],
    prober,
    recoveryActions: [resyncServer, removeMember, runNamed],
  });
  const surveying: NonNullable<House['surveying']> = {
    surveyor: {
      survey: ({ server }) =>
        Promise.resolve(
          aSample(server.id, states[server.id] ?? 'refused').kind === 'reading'
            ? { facts: { conf: conf(server.sid ?? 0) }, asked: {} }
            : { facts: {}, asked: {} },
        ),
    },
    hosts: { look: () => Promise.resolve(undefined) },
  };
  const house = { ...base, surveying };
  const { recoverer, later } = aRecovererOf(house);
  const request = (action: RecoveryActionName, argument?: string) =>
    recoverer.request(
      {
        action,
        ensemble: 'orders',
        server: 'zk2',
        reason: 'holes in its log',
        ...(argument === undefined ? {} : { argument }),
      },
      aStamp({ by: 'ann' }),
    );
  const end = async (asked: Recovery | Refusal): Promise<Recovery> => {
    const { id } = granted(asked);
    await later(400_000);
    const found = await house.recoveries.get('orders', id);
    if (found === undefined) throw new Error('gone');
    return found;
  };
  /** As a process leaves it that dies while this order is given; `begun` is what it has done of it. */
  const crashAt = async (asked: Recovery | Refusal, at: number): Promise<Recovery> => {
    if ('code' in asked) throw new Error(`refused: ${asked.code}`);
    const phases = (asked.phases ?? []).map(
      (phase, index): PhaseRecord => ({
        ...phase,
        state: index < at ? 'done' : index === at ? 'running' : 'planned',
      }),
    );
    const left = { ...asked, version: asked.version + 1, state: 'running' as const, phases };
    await house.recoveries.save(left, asked.version);
    return left;
  };
  const line = async (): Promise<string> => {
    const [incident] = await house.incidents.recent('nightkeeper', 1);
    if (incident === undefined) throw new Error('no card');
    return (
      incidentCard(incident, { language: 'en', settings: house.settings() }).recoveryLine ?? ''
    );
  };
  return { house, recoverer, request, end, crashAt, line, runs, read, states, folder };
}

const steps = (recovery: Recovery) =>
  recovery.phases?.map(
    ({ name, state, isUndo }) => `${isUndo === true ? 'undo ' : ''}${name} ${state}`,
  );

describe('a sequence of orders', () => {
  it('gives one order after the other, and says on its card how it ended', async () => {
    const { request, end, line, runs, folder } = anEnsembleToMend();

    const done = await end(await request('resync-server'));

    expect(done).toMatchObject({ state: 'succeeded', evidence: true });
    expect(runs).toEqual(['stop zk2', 'mv zk2', 'start zk2']);
    expect(steps(done)).toEqual(['stop done', 'set-aside done', 'start done']);
    expect([...folder].some((name) => name.startsWith('version-2.bad.'))).toBe(true);
    expect(await line()).toMatch(
      /^Resync of zk2 worked, .*: it fetched all data from zk1 and is in sync; its old data is kept as version-2\.bad\.\S+/u,
    );
  });

  it('shows which order it has in hand', async () => {
    const all = anEnsembleToMend();
    const lines: string[] = [];
    const commit = all.house.incidents.commit.bind(all.house.incidents);
    all.house.incidents.commit = async (change) => {
      const answer = await commit(change);
      if (change.incident.detector === 'recovery') lines.push(await all.line());
      return answer;
    };

    await all.end(await all.request('resync-server'));

    expect(lines.map((each) => each.split(' · ')[0])).toEqual(
      expect.arrayContaining([
        '▱▱▱ 0 of 3 steps done, now: Stop zk2, and wait until it is gone',
        '▰▰▱ 2 of 3 steps done, now: Start zk2 empty: it fetches everything from zk1',
      ]),
    );
  });

  it.each<[string, Parameters<typeof anEnsembleToMend>[0], readonly string[], string, boolean]>([
    [
      'the stop fails',
      { run: (_, text) => (text === 'stop' ? { kind: 'failed', exitCode: 5 } : undefined) },
      ['stop failed'],
      'executor-failed',
      true,
    ],
    [
      'the data cannot be moved',
      { run: (_, text) => (text === 'mv' ? { kind: 'failed', exitCode: 1 } : undefined) },
      ['stop done', 'set-aside failed', 'undo start done'],
      'executor-failed',
      true,
    ],
    [
      'the start fails: its data stays aside',
      { run: (_, text) => (text === 'start' ? { kind: 'failed', exitCode: 1 } : undefined) },
      ['stop done', 'set-aside done', 'start failed'],
      'executor-failed',
      false,
    ],
    [
      'the leader goes while it is empty: it is stopped again',
      {
        onRun: (text, states) =>
          void (text === 'start' && Object.assign(states, { zk1: 'follower', zk3: 'leader' })),
      },
      ['stop done', 'set-aside done', 'start failed', 'undo stop done'],
      'no-start',
      false,
    ],
    [
      'another server falls once it is stopped: it is started again as it was',
      {
        onRun: (text, states) =>
          void (text === 'stop' && Object.assign(states, { zk1: 'not-serving', zk3: 'refused' })),
      },
      ['stop failed', 'undo start done'],
      'no-stop',
      true,
    ],
  ])('is taken back as far as that is safe: %s', async (_, parts, wanted, code, hasData) => {
    const { request, end, line, folder } = anEnsembleToMend(parts);

    const done = await end(await request('resync-server'));

    expect(done).toMatchObject({ state: 'failed', outcome: { code } });
    expect(steps(done)).toEqual(wanted);
    const isAside = [...folder].some((name) => name.startsWith('version-2.bad.'));
    expect(isAside).toBe(!hasData);
    expect((await line()).includes('was taken back')).toBe(
      wanted.at(-1)?.startsWith('undo') === true,
    );
  });

  it.each(['lost', 'timeout'] as const)(
    'asks the servers what became of an order that was %s',
    async (kind) => {
      const { request, end, runs } = anEnsembleToMend({
        run: (_, text) => (text === 'mv' ? { kind } : undefined),
      });

      const done = await end(await request('resync-server'));

      expect(done.state).toBe('succeeded');
      expect(runs.filter((run) => run === 'mv zk2')).toHaveLength(1);
    },
  );

  it('puts one folder back where the other cannot be moved', async () => {
    const { request, end, folder, states } = anEnsembleToMend({
      settings: {
        tools: { dataDir: '/data', logDir: '/log' },
      },
      run: (order, text) =>
        text === 'mv' && order.kind === 'exec' && order.argv[2]?.startsWith('/log') === true
          ? { kind: 'failed', exitCode: 1 }
          : undefined,
    });

    const done = await end(await request('resync-server'));

    expect(steps(done)).toEqual([
      'stop done',
      'set-aside done',
      'set-aside failed',
      'undo put-back done',
      'undo start done',
    ]);
    expect([...folder]).toEqual(['myid', 'version-2']);
    expect(states['zk2']).toBe('follower');
  });
});

describe('a process that dies in the middle', () => {
  it('has the order it had given looked at, and the others given', async () => {
    const { request, crashAt, end, runs, states } = anEnsembleToMend();
    const asked = await request('resync-server');
    await crashAt(asked, 0);
    states['zk2'] = 'refused';

    const done = await end(asked);

    expect(runs).toEqual(['mv zk2', 'start zk2']);
    expect(done.state).toBe('succeeded');
  });

  it('has nothing started empty where the quorum is lost meanwhile: its data is put back first', async () => {
    const { house, request, crashAt, end, runs, states, folder } = anEnsembleToMend();
    const asked = await request('resync-server');
    const left = await crashAt(asked, 2);
    const phases = (left.phases ?? []).map((phase) =>
      phase.name === 'start' ? { ...phase, state: 'planned' as const } : phase,
    );
    await house.recoveries.save({ ...left, version: left.version + 1, phases }, left.version);
    const aside = String(phases[1]?.facts['aside']);
    folder.delete('version-2');
    folder.add(aside);
    Object.assign(states, { zk1: 'not-serving', zk2: 'refused', zk3: 'refused' });

    const done = await end(asked);

    expect(runs).toEqual(['mv zk2', 'start zk2']);
    expect(done).toMatchObject({ state: 'failed', outcome: { code: 'not-as-left' } });
    expect([...folder]).toEqual(['myid', 'version-2']);
  });

  it('has an order without an effect not given again: what came before is taken back', async () => {
    const { request, crashAt, end, runs, states, folder } = anEnsembleToMend();
    const asked = await request('resync-server');
    await crashAt(asked, 1);
    states['zk2'] = 'refused';

    const done = await end(asked);

    expect(runs).toEqual(['start zk2']);
    expect(done).toMatchObject({ state: 'failed', outcome: { code: 'outcome-unknown' } });
    expect([...folder]).toEqual(['myid', 'version-2']);
  });

  it('leaves a command whose outcome nobody knows: it is never run again', async () => {
    const { request, crashAt, end, runs, line } = anEnsembleToMend();
    const asked = await request('run-command', 'threads');
    await crashAt(asked, 0);

    const done = await end(asked);

    expect(runs).toEqual([]);
    expect(done).toMatchObject({ state: 'failed', outcome: { code: 'outcome-unknown' } });
    expect(await line()).toContain('Command threads on zk2 failed');
  });

  it('leaves nothing to be done by whoever finds another recovery at work', async () => {
    const { house, request, crashAt, end, runs } = anEnsembleToMend();
    const asked = await request('resync-server');
    const left = await crashAt(asked, 1);
    await house.recoveries.unlock('orders', left.id, left.fence);
    await house.recoveries.lock('orders', 'r-99', 10_000_000);

    const done = await end(asked);

    expect(runs).toEqual([]);
    expect(done).toMatchObject({ state: 'failed', outcome: { code: 'overtaken' } });
  });
});

describe('a sequence that somebody stops', () => {
  it('gives no further order, and takes back what it can', async () => {
    const all = anEnsembleToMend({
      onRun: (text) => {
        if (text === 'mv' && all.runs.length === 2)
          stopping = all.recoverer.abort('r-1', {
            ...aStamp({ by: 'bob', name: 'Bob' }),
            reason: 'wait',
          });
      },
    });
    let stopping: Promise<unknown> = Promise.resolve();

    const done = await all.end(await all.request('resync-server'));
    await stopping;

    expect(all.runs).toEqual(['stop zk2', 'mv zk2', 'mv zk2', 'start zk2']);
    expect(done).toMatchObject({ state: 'aborted', outcome: { facts: { undone: true, done: 2 } } });
    expect([...all.folder]).toEqual(['myid', 'version-2']);
    expect(await all.line()).toContain('2 of 3 steps were done and taken back');
  });

  it('is not begun where nobody has begun it', async () => {
    const { recoverer, request, end, runs } = anEnsembleToMend();
    const asked = await request('resync-server');
    await recoverer.abort('r-1', { ...aStamp({ by: 'bob' }), reason: 'no' });

    expect(await end(asked)).toMatchObject({ state: 'aborted' });
    expect(runs).toEqual([]);
  });
});

describe('a command of the configuration', () => {
  it('is run, and its output kept', async () => {
    const { request, end, line } = anEnsembleToMend();

    const done = await end(await request('run-command', 'threads'));

    expect(done).toMatchObject({ state: 'succeeded', output: 'it lives' });
    expect(await line()).toContain('Command threads on zk2 worked');
  });

  it.each([
    [{ kind: 'failed', exitCode: 2 } as const, 'executor-failed'],
    [{ kind: 'timeout' } as const, 'executor-timeout'],
    [{ kind: 'lost' } as const, 'outcome-unknown'],
    [{ kind: 'unavailable', why: 'no-program' } as const, 'executor-no-program'],
  ])('has failed when it ended with %j', async (wrong, code) => {
    const { request, end } = anEnsembleToMend({ run: () => wrong });

    const done = await end(await request('run-command', 'threads'));

    expect(done).toMatchObject({ state: 'failed', outcome: { code } });
  });

  it('that is not there is refused', async () => {
    expect(await anEnsembleToMend().request('run-command', 'nothing')).toMatchObject({
      code: 'unknown-named-command',
    });
  });
});

describe('a change of the members', () => {
  it('gives the password to zkCli.sh alone: it stands in no memory, no output and no card', async () => {
    const { house, request, end, read } = anEnsembleToMend();

    const done = await end(await request('remove-member'));

    expect(done.state).toBe('succeeded');
    expect(read).toEqual([`addauth digest ${secret}\nreconfig -remove 2 -v 100000000\n`]);
    const kept = JSON.stringify([
      done,
      await house.incidents.recent('nightkeeper', 5),
      await house.incidents.audited('orders', 50),
    ]);
    expect(kept).not.toContain('s3cret');
    expect(done.output).toContain('addauth digest [hidden]');
  });

  it('says why ZooKeeper refused', async () => {
    const { request, end, line } = anEnsembleToMend({
      run: (_, text) =>
        text === 'zkCli.sh'
          ? { kind: 'failed', exitCode: 1, output: 'KeeperErrorCode = NoAuth' }
          : undefined,
    });

    const done = await end(await request('remove-member'));

    expect(done).toMatchObject({ state: 'failed', outcome: { code: 'reconfig-no-auth' } });
    expect(await line()).toContain('restart.zkAuth');
  });
});

describe('a recovery that others must agree to', () => {
  it('keeps the plan that was asked for, and runs the one of the end', async () => {
    const { request, recoverer, end, runs } = anEnsembleToMend({ needed: 1 });
    const asked = await request('resync-server');
    if ('code' in asked) throw new Error(asked.code);

    const preview = await recoverer.previewApproval(asked.id);
    await recoverer.approve(asked.id, { ...aStamp({ by: 'bob' }), reason: 'ok' });
    const done = await end(asked);

    expect(asked).toMatchObject({ state: 'awaiting' });
    expect(steps(asked)).toEqual(['stop planned', 'set-aside planned', 'start planned']);
    expect(preview).toMatchObject({ approvals: 1, steps: [{ name: 'stop' }, {}, {}] });
    expect(runs).toHaveLength(3);
    expect(done.state).toBe('succeeded');
  });

  it('is refused at once where there are too few others', async () => {
    const { request, recoverer } = anEnsembleToMend({ needed: 2 });

    expect(await request('resync-server')).toMatchObject({
      code: 'not-enough-people',
      facts: { needed: 2, others: 1 },
    });
    expect(await recoverer.preview('resync-server', 'orders', 'zk2')).toMatchObject({
      verdict: { kind: 'allow' },
    });
  });

  it('by default needs as many as the action asks for', async () => {
    const { request } = anEnsembleToMend({
      settings: { approvals: { needed: {}, withinMs: 600_000 } },
    });

    expect(await request('resync-server')).toMatchObject({ approval: { needed: 1 } });
    expect(await request('remove-member')).toMatchObject({ code: 'not-enough-people' });
    expect(await request('run-command', 'threads')).toMatchObject({ state: 'requested' });
  });
});
