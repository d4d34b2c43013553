import { describe, expect, it } from 'vitest';
import type { Recovery } from '../../src/model/recovery.ts';
import type { ExecutorRun } from '../../src/ports/executor.ts';
import { incidentCard } from '../../src/rules/card/incident-card.ts';
import { moveLeader } from '../../src/rules/guard/move-leader.ts';
import { restartInTurn } from '../../src/rules/guard/rolling-restart.ts';
import {
  anEnsembleSettings,
  aReading,
  aSample,
  aSettings,
  aStamp,
  type State,
} from '../support/builders.ts';
import { aHouse } from '../support/house.ts';
import { anExecutor, aProberOf, aRecovererOf, granted } from '../support/recoverer.ts';

const ask = { ensemble: 'orders', server: '*', reason: 'new heap size' };

/** A healthy ensemble of three that `zk1` leads; a restart brings a server back as `back` says, a new follower otherwise. */
function anEnsembleToRoll(
  parts: {
    readonly run?: (server: string, call: number) => Partial<ExecutorRun>;
    readonly onRun?: (server: string, states: Record<string, State>) => void;
  } = {},
) {
  const states: Record<string, State> = { zk1: 'leader', zk2: 'follower', zk3: 'follower' };
  const startedMs: Record<string, number> = {};
  const runs: string[] = [];
  const executor = anExecutor((server) => {
    runs.push(server.id);
    const run = parts.run?.(server.id, runs.length) ?? {};
    if (run.kind === undefined || run.kind === 'lost') {
      startedMs[server.id] = house.clock.now();
      if (states[server.id] === 'leader') {
        states[server.id] = 'follower';
        states['zk2'] = 'leader';
      }
      parts.onRun?.(server.id, states);
    }
    return run;
  });
  const prober = aProberOf(states, {
    probe: (_settings, { id }) => {
      const atMs = house.clock.now();
      const state = states[id] ?? 'refused';
      const sample = aSample(id, state);
      if (sample.kind === 'failure') return Promise.resolve({ ...sample, atMs });
      const uptime = atMs - (startedMs[id] ?? 0);
      return Promise.resolve(
        aReading({
          ...sample,
          atMs,
          metrics: {
            ...sample.metrics,
            uptime,
            ...(state === 'leader' ? { synced_followers: 2 } : {}),
          },
        }),
      );
    },
  });
  const house = aHouse({
    settings: aSettings({
      ensembles: [
        anEnsembleSettings({
          restart: { kind: 'command', argv: ['true'], timeoutMs: 1000 },
          restartCooldownMs: 60_000,
        }),
      ],
    }),
    executors: [executor],
    prober,
    recoveryActions: [restartInTurn, moveLeader],
  });
  const { recoverer, later } = aRecovererOf(house);
  const request = async (change: { readonly action: string; readonly resume?: string }) =>
    granted(await recoverer.request({ ...ask, ...change }, aStamp()));
  const end = async (recovery: Recovery): Promise<Recovery> => {
    await later(400_000);
    const found = await house.recoveries.get('orders', recovery.id);
    if (found === undefined) throw new Error('gone');
    return found;
  };
  const card = async () => {
    const [incident] = await house.incidents.recent('nightkeeper', 1);
    if (incident === undefined) throw new Error('no card');
    const { recoveryLine } = incidentCard(incident, { language: 'en', settings: house.settings() });
    return { incident, recoveryLine };
  };
  return { house, recoverer, request, end, card, runs, states };
}

describe('a rolling restart', () => {
  it('takes every server once, the leader last, on one card of its own', async () => {
    const { request, end, card, runs } = anEnsembleToRoll();

    const done = await end(await request({ action: 'rolling-restart' }));

    expect(runs).toEqual(['zk2', 'zk3', 'zk1']);
    expect(done.state).toBe('succeeded');
    expect(done.steps?.map(({ server, state }) => `${server} ${state}`)).toEqual([
      'zk2 done',
      'zk3 done',
      'zk1 done',
    ]);
    const { incident, recoveryLine } = await card();
    expect(incident).toMatchObject({ detector: 'recovery', state: 'resolved' });
    expect(recoveryLine).toContain('Rolling restart worked');
    expect(recoveryLine).toContain('3 servers were restarted');
  });

  it('shows how far it is while it runs', async () => {
    const lines: string[] = [];
    const all = anEnsembleToRoll();
    const { house, request, end, card } = all;
    house.incidents.commit = ((commit) => async (change) => {
      const answer = await commit(change);
      if (change.incident.detector === 'recovery') lines.push((await card()).recoveryLine ?? '');
      return answer;
    })(house.incidents.commit.bind(house.incidents));

    await end(await request({ action: 'rolling-restart' }));

    const bars = lines.map((line) => line.split(' · ')[0]).filter((line) => line?.includes('▱'));
    expect(bars).toEqual([
      '▱▱▱ 0 of 3 done, now zk2',
      '▰▱▱ 1 of 3 done',
      '▰▱▱ 1 of 3 done, now zk3',
      '▰▰▱ 2 of 3 done',
      '▰▰▱ 2 of 3 done, now zk1',
    ]);
  });

  it.each<[string, Parameters<typeof anEnsembleToRoll>[0], string, readonly string[]]>([
    [
      'a command fails',
      { run: (_, call) => (call === 2 ? { kind: 'failed', exitCode: 5 } : {}) },
      'executor-failed',
      ['zk2', 'zk3'],
    ],
    [
      'a server does not come back',
      { onRun: (server, states) => void (server === 'zk3' && (states[server] = 'refused')) },
      'not-verified',
      ['zk2', 'zk3'],
    ],
    ['the command does nothing', { run: () => ({ kind: 'timeout' }) }, 'executor-timeout', ['zk2']],
    [
      'another server falls meanwhile',
      { onRun: (server, states) => void (server === 'zk2' && (states['zk3'] = 'refused')) },
      'others-out',
      ['zk2'],
    ],
  ])('stops at the first doubt: %s', async (_, parts, code, taken_) => {
    const { request, end, card, runs } = anEnsembleToRoll(parts);

    const done = await end(await request({ action: 'rolling-restart' }));

    expect(runs).toEqual(taken_);
    expect(done).toMatchObject({ state: 'failed', outcome: { code } });
    expect((await card()).incident).toMatchObject({
      state: 'resolved',
      recovery: { state: 'failed' },
    });
  });

  it('does not even restart what fell between two servers', async () => {
    const all = anEnsembleToRoll();
    const { house, request, end, card, runs, states } = all;
    house.incidents.commit = ((commit) => (change) => {
      // The word of the first server that is done is the last thing before the next one is taken.
      if (runs.length === 1 && change.incident.recovery?.progress?.done === 1)
        states['zk3'] = 'refused';
      return commit(change);
    })(house.incidents.commit.bind(house.incidents));

    const done = await end(await request({ action: 'rolling-restart' }));

    expect(runs).toEqual(['zk2']);
    expect(done).toMatchObject({ state: 'failed', outcome: { code: 'others-out' } });
    expect((await card()).recoveryLine).toContain('zk3');
  });

  it('goes on where an earlier one stopped', async () => {
    let isBroken = true;
    const { request, end, runs } = anEnsembleToRoll({
      run: (server) => (server === 'zk3' && isBroken ? { kind: 'failed', exitCode: 1 } : {}),
    });
    const stopped = await end(await request({ action: 'rolling-restart' }));
    isBroken = false;

    const done = await end(await request({ action: 'rolling-restart', resume: stopped.id }));

    expect(runs).toEqual(['zk2', 'zk3', 'zk3', 'zk1']);
    expect(done.state).toBe('succeeded');
  });

  it('looks at what a dead process had in hand, and never runs its command again', async () => {
    const { house, request, end, runs, states } = anEnsembleToRoll();
    const asked = await request({ action: 'rolling-restart' });
    const steps = [{ server: 'zk2', state: 'running' as const, startedMs: house.clock.now() }];
    await house.recoveries.save({ ...asked, version: 2, state: 'running', steps }, 1);
    states['zk2'] = 'follower';

    const done = await end(asked);

    expect(runs).toEqual(['zk3', 'zk1']);
    expect(done.state).toBe('succeeded');
  });

  it('is over where a dead process had only the last word left', async () => {
    const { house, request, end, runs } = anEnsembleToRoll();
    const asked = await request({ action: 'rolling-restart' });
    const steps = ['zk2', 'zk3', 'zk1'].map((server) => ({
      server,
      state: 'done' as const,
      startedMs: 0,
    }));
    await house.recoveries.save({ ...asked, version: 2, state: 'running', steps }, 1);

    const done = await end(asked);

    expect(runs).toEqual([]);
    expect(done.state).toBe('succeeded');
  });

  it('is refused at the click while a server is out that is not the first in line', async () => {
    const { recoverer, states } = anEnsembleToRoll();
    states['zk2'] = 'refused';
    states['zk3'] = 'refused';

    const answer = await recoverer.request({ ...ask, action: 'rolling-restart' }, aStamp());

    expect(answer).toMatchObject({ kind: 'refusal' });
  });

  it('previews the order', async () => {
    const { recoverer } = anEnsembleToRoll();

    const preview = await recoverer.preview('rolling-restart', 'orders', '*');

    expect(preview).toMatchObject({ verdict: { kind: 'allow' }, order: ['zk2', 'zk3', 'zk1'] });
  });
});

describe('a move of the leader', () => {
  it('restarts the leader alone', async () => {
    const { request, end, runs } = anEnsembleToRoll();

    const done = await end(await request({ action: 'move-leader' }));

    expect(runs).toEqual(['zk1']);
    expect(done.state).toBe('succeeded');
  });

  it('says so when the same one leads again', async () => {
    const { request, end, card } = anEnsembleToRoll({
      onRun: (_, states) => Object.assign(states, { zk1: 'leader', zk2: 'follower' }),
    });

    const done = await end(await request({ action: 'move-leader' }));

    expect(done).toMatchObject({ state: 'failed', outcome: { code: 'same-leader' } });
    expect((await card()).recoveryLine).toContain('it leads again too');
  });

  it('has nothing to do where nobody leads', async () => {
    const { recoverer, states } = anEnsembleToRoll();
    for (const id of Object.keys(states)) states[id] = 'refused';

    expect(await recoverer.request({ ...ask, action: 'move-leader' }, aStamp())).toMatchObject({
      code: 'nothing-to-do',
    });
  });
});
