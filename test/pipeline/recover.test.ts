import { describe, expect, it } from 'vitest';
import { NightkeeperError } from '../../src/model/errors.ts';
import { keeper } from '../../src/model/person.ts';
import type { GuardVerdict } from '../../src/model/recovery.ts';
import type { RecoveryAction } from '../../src/model/recovery-action.ts';
import type { CommandSettings } from '../../src/model/settings.ts';
import { applyOpen } from '../../src/pipeline/apply.ts';
import { lockLeaseMs } from '../../src/pipeline/hold-lock.ts';
import { lookAfterMs } from '../../src/pipeline/recovery-work.ts';
import type { Executor, ExecutorRun } from '../../src/ports/executor.ts';
import { restartServer } from '../../src/rules/guard/restart-server.ts';
import {
  anEnsembleSettings,
  aSettings,
  aStamp,
  aTrigger,
  type State,
} from '../support/builders.ts';
import { aHouse } from '../support/house.ts';
import {
  aGuardedRestart,
  anExecutor,
  aProberOf,
  aRecovererOf,
  granted,
} from '../support/recoverer.ts';

const allow: GuardVerdict = { kind: 'allow', facts: { after: 2 } };
const deny: GuardVerdict = { kind: 'deny', code: 'would-break-quorum', facts: { after: 1 } };

async function aRecovery(
  parts: {
    readonly guard?: RecoveryAction;
    readonly run?: Partial<ExecutorRun>;
    readonly onRun?: () => void;
    readonly can?: Executor['can'];
    readonly evidence?: () => Promise<Readonly<Record<string, string>>>;
    readonly restart?: Partial<CommandSettings>;
  } = {},
  others: readonly string[] = [],
) {
  const states: Record<string, State> = { zk1: 'leader', zk2: 'refused', zk3: 'follower' };
  const runs: string[] = [];
  const executor = anExecutor(
    (server) => {
      runs.push(server.id);
      parts.onRun?.();
      states['zk2'] = 'follower';
      return { output: 'ok', ...parts.run };
    },
    parts.can === undefined ? {} : { can: parts.can },
  );
  const house = aHouse({
    settings: aSettings({
      ensembles: [
        anEnsembleSettings({
          restart: { kind: 'command', argv: ['true'], timeoutMs: 1000, ...parts.restart },
        }),
        ...others.map((id) => anEnsembleSettings({ id })),
      ],
    }),
    executors: [executor],
    prober: aProberOf(states, parts.evidence === undefined ? {} : { evidence: parts.evidence }),
    recoveryActions: [parts.guard ?? aGuardedRestart(allow)],
  });
  const { recoverer, later } = aRecovererOf(house);
  const opened = await applyOpen(house, 'orders', aTrigger());
  if (opened.kind !== 'applied') throw new Error('not opened');
  const request = () =>
    recoverer.request(
      { action: 'restart-server', ensemble: 'orders', server: 'zk2', reason: 'it is down' },
      aStamp(),
    );
  const finished = async (id: string) => {
    await later(30_000);
    return await house.recoveries.get('orders', id);
  };
  return { house, recoverer, request, finished, runs, states, incident: opened.incident };
}

describe('a recovery', () => {
  it('runs once, is verified over several looks, and is on the card of its incident', async () => {
    const { house, request, finished, runs, incident } = await aRecovery();

    const asked = granted(await request());
    const done = await finished(asked.id);

    expect(runs).toEqual(['zk2']);
    expect(done).toMatchObject({ state: 'succeeded', incident: incident.id });
    expect((await house.incidents.get(incident.id))?.recovery).toMatchObject({
      state: 'succeeded',
      reason: 'it is down',
      name: 'Ann',
    });
    expect(await house.recoveries.running('orders')).toBeUndefined();
  });

  it('is on the card of the whole ensemble where its server has none, or on one of its own, never on that of another server', async () => {
    const { house, recoverer, incident } = await aRecovery();
    const ensemble = { fingerprint: 'orders/quorum-lost/', subject: { ensemble: 'orders' } };
    const ask = { action: 'restart-server', ensemble: 'orders', server: 'zk3', reason: 'x' };

    const alone = granted(await recoverer.request(ask, aStamp()));
    await house.recoveries.unlock('orders', alone.id, alone.fence);
    const opened = await applyOpen(house, 'orders', aTrigger(ensemble));
    const placed = await recoverer.request(ask, aStamp());

    expect(incident.subject.server).toBe('zk2');
    expect(await house.incidents.get(alone.incident ?? 0)).toMatchObject({
      detector: 'recovery',
      subject: { ensemble: 'orders', server: 'zk3' },
    });
    expect(placed).toMatchObject({
      incident: opened.kind === 'applied' ? opened.incident.id : 'none',
    });
  });

  it('is refused where the configuration has no way to an order it needs', async () => {
    const { request, runs } = await aRecovery({
      guard: { ...aGuardedRestart(allow), needs: ['stop', 'exec'] },
      can: (_settings, order) => order !== 'exec',
    });

    const asked = await request();

    expect(asked).toMatchObject({ code: 'no-order', facts: { ensemble: 'orders', order: 'exec' } });
    expect(runs).toEqual([]);
  });

  it('is refused at the click in the words of the guard, and nothing is locked', async () => {
    const { house, request, runs } = await aRecovery({ guard: aGuardedRestart(deny) });

    const asked = await request();

    expect(asked).toMatchObject({ kind: 'refusal', code: 'would-break-quorum' });
    expect(runs).toEqual([]);
    expect(await house.recoveries.running('orders')).toBeUndefined();
  });

  it('is stopped by the guard right before the command, when another server died meanwhile', async () => {
    const { house, request, finished, runs, incident } = await aRecovery({
      guard: aGuardedRestart(allow, deny),
    });

    const asked = granted(await request());
    const done = await finished(asked.id);

    expect(runs).toEqual([]);
    expect(done).toMatchObject({ state: 'refused', outcome: { code: 'would-break-quorum' } });
    expect(done?.guards.map(({ at }) => at)).toEqual(['click', 'run']);
    expect((await house.incidents.get(incident.id))?.recovery?.state).toBe('failed');
  });

  it('is taken from one of two people who ask at the same moment', async () => {
    const { request, finished, runs } = await aRecovery();

    const both = await Promise.all([request(), request()]);
    await finished('r-1');

    expect(both.filter((each) => 'code' in each && each.code === 'recovery-running')).toHaveLength(
      1,
    );
    expect(runs).toEqual(['zk2']);
  });

  it('is looked at again after a crash in the middle, never run again', async () => {
    const { house, request, finished, runs, states } = await aRecovery();
    const asked = granted(await request());
    await house.recoveries.save({ ...asked, state: 'running', version: 2 }, 1);
    states['zk2'] = 'follower';

    const done = await finished(asked.id);

    expect(runs).toEqual([]);
    expect(done?.state).toBe('succeeded');
  });

  it('runs once although its job is handed out twice', async () => {
    const { house, recoverer, request, runs } = await aRecovery();
    const asked = granted(await request());

    await Promise.allSettled([
      recoverer.run({ kind: 'recover', ensemble: 'orders', recovery: asked.id }),
      recoverer.run({ kind: 'recover', ensemble: 'orders', recovery: asked.id }),
      house.clock.advance(20_000),
    ]);

    expect(runs.length).toBeLessThanOrEqual(1);
  });

  it('is done by another process where the one that took it died before the work was queued', async () => {
    const { house, request, finished, runs } = await aRecovery();
    const now = house.schedule.now.bind(house.schedule);
    Object.assign(house.schedule, { now: () => Promise.reject(new Error('killed')) });
    await expect(request()).rejects.toThrow('killed');
    Object.assign(house.schedule, { now });

    await house.schedule.start();
    await house.clock.advance(lookAfterMs - 1);
    const before = [...runs];
    const done = await finished('r-1');

    expect(before).toEqual([]);
    expect(runs).toEqual(['zk2']);
    expect(done?.state).toBe('succeeded');
  });

  it('holds up nobody where the process that took it died before it was written down', async () => {
    const { house, request } = await aRecovery();
    const save = house.recoveries.save.bind(house.recoveries);
    Object.assign(house.recoveries, { save: () => Promise.reject(new Error('killed')) });
    await expect(request()).rejects.toThrow('killed');
    Object.assign(house.recoveries, { save });

    await house.schedule.start();
    await house.clock.advance(lookAfterMs);
    await house.schedule.idle();

    expect(await house.recoveries.running('orders')).toBeUndefined();
  });

  it('is told how it ended where the process that ended it died before it said so', async () => {
    const { house, recoverer, request, runs, incident } = await aRecovery();
    const asked = granted(await request());
    await house.recoveries.save({ ...asked, state: 'succeeded', version: 2 }, 1);
    const run = () => recoverer.run({ kind: 'recover', ensemble: 'orders', recovery: asked.id });

    await run();
    const told = await house.incidents.get(incident.id);
    await run();

    expect(runs).toEqual([]);
    expect(told?.recovery).toMatchObject({ id: asked.id, state: 'succeeded' });
    expect(await house.incidents.get(incident.id)).toEqual(told);
    expect(await house.recoveries.running('orders')).toBeUndefined();
  });

  it('of a command that ends well and does nothing has failed, and is not run again', async () => {
    const { request, finished, runs } = await aRecovery({
      guard: { ...aGuardedRestart(allow), verified: () => 'untouched' },
      run: { kind: 'done', exitCode: 0 },
    });

    const asked = granted(await request());
    const done = await finished(asked.id);

    expect(runs).toEqual(['zk2']);
    expect(done).toMatchObject({ state: 'failed', outcome: { code: 'no-effect' } });
  });

  it('does nothing when Redis goes away between the guard and the command', async () => {
    const { house, request, finished, runs } = await aRecovery();
    const gone = () => Promise.reject(new NightkeeperError('redis-unavailable', 'away'));

    const asked = granted(await request());
    const renew = house.recoveries.renew.bind(house.recoveries);
    Object.assign(house.recoveries, { renew: gone });
    await finished(asked.id).catch(() => undefined);
    Object.assign(house.recoveries, { renew });

    expect(runs).toEqual([]);
    // Nobody knows whether it ran: the server is looked at, and the command never given again.
    expect(await house.recoveries.get('orders', asked.id)).toMatchObject({
      state: 'failed',
      outcome: { code: 'not-verified' },
    });
  });

  it('does not run late when the process was paused while it asked for its lock', async () => {
    const { house, request, finished, runs } = await aRecovery();
    const renew = house.recoveries.renew.bind(house.recoveries);
    const paused: typeof renew = async (...args) => {
      const answer = await renew(...args);
      await house.clock.advance(lockLeaseMs);
      return answer;
    };

    const asked = granted(await request());
    Object.assign(house.recoveries, { renew: paused });
    await finished(asked.id).catch(() => undefined);

    expect(runs).toEqual([]);
  });

  it('is refused while the ensemble is frozen, and again right before the command', async () => {
    const { house, recoverer, request, finished, runs } = await aRecovery();
    const frozen = {
      scope: { ensemble: 'orders' },
      reason: 'new disks',
      set: aStamp({ name: 'Bo' }),
      startMs: house.clock.now(),
      endMs: house.clock.now() + 600_000,
      freezes: 'only',
    } as const;

    const asked = granted(await request());
    await house.silences.add(frozen, house.clock.now());
    const done = await finished(asked.id);
    const preview = await recoverer.preview('restart-server', 'orders', 'zk2');

    expect(runs).toEqual([]);
    expect(done).toMatchObject({ state: 'refused', outcome: { code: 'frozen' } });
    expect(done?.guards.map(({ at, verdict }) => [at, verdict.kind])).toEqual([
      ['click', 'allow'],
      ['run', 'wait'],
    ]);
    expect(preview).toMatchObject({
      verdict: { kind: 'wait', code: 'frozen', facts: { name: 'Bo', reason: 'new disks' } },
    });
  });

  it('is refused when the cause is known to be another, by the open incidents', async () => {
    const { house, recoverer } = await aRecovery({ guard: restartServer });
    await applyOpen(
      house,
      'orders',
      aTrigger({
        detector: 'disk-full-now',
        fingerprint: 'orders/disk-full-now/zk2',
        facts: { path: '/data' },
      }),
    );

    const preview = await recoverer.preview('restart-server', 'orders', 'zk2');

    expect(preview).toMatchObject({
      verdict: { kind: 'deny', code: 'would-not-help', facts: { why: 'disk-full', path: '/data' } },
    });
  });

  it.each([
    ['by itself', keeper.id, { state: 'refused', outcome: { code: 'breaker-open' } }],
    ['for a person', 'ann', { state: 'succeeded' }],
  ])('that the bot does %s while another ensemble pages', async (_, by, expected) => {
    const { house, recoverer, finished } = await aRecovery({}, ['users']);
    const asked = granted(
      await recoverer.request(
        { action: 'restart-server', ensemble: 'orders', server: 'zk2', reason: 'it is down' },
        aStamp({ by }),
      ),
    );
    const elsewhere = { ensemble: 'users', server: 'zk9' };
    await applyOpen(
      house,
      'users',
      aTrigger({ fingerprint: 'users/member-down/zk9', subject: elsewhere, severity: 'page' }),
    );

    expect(await finished(asked.id)).toMatchObject(expected);
  });

  it('does not run when the lock was lost while the guard looked', async () => {
    const { house, request, runs } = await aRecovery();
    granted(await request());
    const renew = house.recoveries.renew.bind(house.recoveries);
    Object.assign(house.recoveries, { renew: () => Promise.resolve(false) });

    await house.schedule.start();
    await house.clock.advance(100);
    Object.assign(house.recoveries, { renew });

    expect(runs).toEqual([]);
  });

  it('is refused, not forgotten, when another one got its turn before it began', async () => {
    const { house, request, finished, runs, incident } = await aRecovery();
    const asked = granted(await request());
    await house.clock.advance(lockLeaseMs + 1);
    await house.recoveries.lock('orders', 'r-99', 120_000);

    const done = await finished(asked.id);

    expect(runs).toEqual([]);
    expect(done).toMatchObject({ state: 'refused', outcome: { code: 'recovery-running' } });
    expect((await house.incidents.get(incident.id))?.recovery?.state).toBe('failed');
    expect(await house.recoveries.running('orders')).toBe('r-99');
  });

  it('is looked up, not run, when another one got the lock after it began', async () => {
    const { house, request, finished, runs, states } = await aRecovery();
    const asked = granted(await request());
    await house.recoveries.save({ ...asked, state: 'running', version: 2 }, 1);
    states['zk2'] = 'follower';
    await house.clock.advance(lockLeaseMs + 1);
    await house.recoveries.lock('orders', 'r-99', 120_000);

    const done = await finished(asked.id);

    expect(runs).toEqual([]);
    expect(done?.state).toBe('succeeded');
  });

  it('lets the lock go when the configuration has lost what it needs', async () => {
    const { house, recoverer, request } = await aRecovery();
    const asked = granted(await request());
    house.settingsAre(aSettings({ ensembles: [anEnsembleSettings()] }));

    await recoverer.run({ kind: 'recover', ensemble: 'orders', recovery: asked.id });

    expect(await house.recoveries.get('orders', asked.id)).toMatchObject({
      state: 'refused',
      outcome: { code: 'no-executor' },
    });
    expect(await house.recoveries.running('orders')).toBeUndefined();
  });

  it('keeps what the server said before the command, and says on the card where', async () => {
    const asked: string[] = [];
    const { house, request, finished, incident } = await aRecovery({
      evidence: () => {
        asked.push('evidence');
        return Promise.resolve({ mntr: 'zk_uptime\t9' });
      },
      onRun: () => asked.push('run'),
    });

    const recovery = granted(await request());
    const done = await finished(recovery.id);

    expect(asked).toEqual(['evidence', 'run']);
    expect(done).toMatchObject({ state: 'succeeded', evidence: true });
    expect(await house.recoveries.evidence('orders', recovery.id)).toMatchObject([
      { server: 'zk2', answers: { mntr: 'zk_uptime\t9' } },
    ]);
    expect((await house.incidents.get(incident.id))?.recovery).toMatchObject({ evidence: true });
  });

  it('keeps the end of the log as well, and hides what looks like a password', async () => {
    const { house, request, finished } = await aRecovery({
      restart: { log: ['tail', '-n', '{lines}', '/var/log/zk'], on: [] },
      run: { output: 'ssl.keyStore.password=hush1234' },
      evidence: () => Promise.resolve({ srvr: 'Mode: follower' }),
    });

    const asked = granted(await request());
    await finished(asked.id);

    expect(await house.recoveries.evidence('orders', asked.id)).toMatchObject([
      { server: 'zk2', answers: { srvr: 'Mode: follower', log: 'ssl.keyStore.password=[hidden]' } },
    ]);
  });

  it('goes on where no evidence can be had', async () => {
    const { request, finished, runs } = await aRecovery({
      evidence: () => Promise.reject(new Error('Redis is full')),
    });

    const asked = granted(await request());
    const done = await finished(asked.id);

    expect(runs).toEqual(['zk2']);
    expect(done).toMatchObject({ state: 'succeeded' });
    expect(done?.evidence).toBeUndefined();
  });

  it('says how the command failed', async () => {
    const { house, request, finished, incident } = await aRecovery({
      run: { kind: 'failed', exitCode: 5, output: 'Unit zookeeper.service not found.' },
    });

    const asked = granted(await request());
    const done = await finished(asked.id);

    expect(done).toMatchObject({
      state: 'failed',
      outcome: { code: 'executor-failed', facts: { exitCode: 5 } },
      output: 'Unit zookeeper.service not found.',
    });
    expect((await house.incidents.get(incident.id))?.recovery?.state).toBe('failed');
  });

  it('fails in words when the server does not come back in time', async () => {
    const parts: Parameters<typeof aRecovery>[0] = {};
    const { request, finished } = await aRecovery({
      ...parts,
      guard: { ...aGuardedRestart(allow), verified: () => 'not-yet' },
    });

    const asked = granted(await request());
    const done = await finished(asked.id);

    expect(done).toMatchObject({ state: 'failed', outcome: { code: 'not-verified' } });
  });

  it.each([
    ['an action nobody knows', { action: 'reboot-moon' }, 'unknown-action'],
    ['an ensemble nobody knows', { ensemble: 'payments' }, 'unknown-ensemble'],
    ['a server that is no member', { server: 'zk9' }, 'unknown-server'],
  ])('refuses %s', async (_what, wrong, code) => {
    const { recoverer } = await aRecovery();

    const asked = await recoverer.request(
      { action: 'restart-server', ensemble: 'orders', server: 'zk2', reason: 'x', ...wrong },
      aStamp(),
    );

    expect(asked).toMatchObject({ kind: 'refusal', code });
  });

  it('keeps every step in the audit with who asked, why, and what the guard summed up', async () => {
    const { house, request, finished } = await aRecovery();

    const asked = granted(await request());
    await finished(asked.id);
    const entries = await house.incidents.audited('orders', 20);

    const steps = entries.filter(({ what }) => what.startsWith('recovery:')).toReversed();
    expect(steps.map(({ what }) => what)).toEqual([
      'recovery:requested',
      'recovery:running',
      'recovery:verifying',
      'recovery:succeeded',
    ]);
    expect(
      steps.every(({ name, facts }) => name === 'Ann' && facts['reason'] === 'it is down'),
    ).toBe(true);
    expect(steps.map(({ facts }) => [facts['guard'], facts['after']])).toEqual(
      steps.map(() => ['allow', 2]),
    );
  });
});
