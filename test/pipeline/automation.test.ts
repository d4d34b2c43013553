import { describe, expect, it } from 'vitest';
import type { AutoRule } from '../../src/model/automation.ts';
import type { Incident } from '../../src/model/incident.ts';
import type { GuardVerdict } from '../../src/model/recovery.ts';
import { applyChange, applyOpen } from '../../src/pipeline/apply.ts';
import { attend, keepAutomation, planFor } from '../../src/pipeline/automation.ts';
import { switchAutomation } from '../../src/pipeline/desk-automation.ts';
import type { ExecutorRun } from '../../src/ports/executor.ts';
import { incidentCard } from '../../src/rules/card/incident-card.ts';
import { threadLine } from '../../src/rules/card/thread-line.ts';
import { signalsOf } from '../../src/rules/routing/due.ts';
import {
  anEnsembleSettings,
  aPerson,
  aSettings,
  aStamp,
  aTrigger,
  nightMs,
  type State,
} from '../support/builders.ts';
import { createFakeClock } from '../support/clock.ts';
import { aHouse, type SharedHouse } from '../support/house.ts';
import { aGuardedRestart, anExecutor, aProberOf, aRecovererOf } from '../support/recoverer.ts';

const minute = 60_000;
const rule: AutoRule = {
  detector: 'member-hung',
  action: 'restart-server',
  afterMs: 10 * minute,
  perServer: { times: 1, withinMs: 360 * minute },
  perEnsemble: { times: 2, withinMs: 360 * minute },
};
const allow: GuardVerdict = { kind: 'allow', facts: {} };

interface Parts {
  readonly run?: Partial<ExecutorRun>;
  readonly verdicts?: readonly GuardVerdict[];
  readonly rules?: readonly AutoRule[];
  readonly shared?: SharedHouse;
  readonly runs?: string[];
}

/** One replica; two that share a house are two replicas on one Redis. */
function aReplica(parts: Parts = {}) {
  const states: Record<string, State> = { zk1: 'leader', zk2: 'timeout', zk3: 'follower' };
  const runs = parts.runs ?? [];
  const executor = anExecutor((server) => {
    runs.push(server.id);
    states[server.id] = 'follower';
    return parts.run;
  });
  const house = aHouse({
    ...(parts.shared === undefined ? {} : { shared: parts.shared }),
    settings: aSettings({
      people: [aPerson({ handles: { slack: 'U1' } })],
      ensembles: [
        anEnsembleSettings({
          restart: { kind: 'command', argv: ['true'], timeoutMs: 1000 },
          auto: parts.rules ?? [rule],
        }),
        anEnsembleSettings({ id: 'users' }),
      ],
    }),
    executors: [executor],
    prober: aProberOf(states),
    recoveryActions: [aGuardedRestart(...(parts.verdicts ?? [allow]))],
  });
  const { members, recoverer, later } = aRecovererOf(house);
  house.schedule.handle('auto', (job) => attend(house, members, job));
  for (const kind of ['escalate', 'fallback'] as const)
    house.schedule.handle(kind, () => Promise.resolve());
  /** A hung zk2 that people are called for. */
  const hangs = async (change: Parameters<typeof aTrigger>[0] = {}): Promise<Incident> => {
    const named = { fingerprint: 'orders/member-hung/zk2', detector: 'member-hung' };
    const opened = await applyOpen(
      house,
      change.subject?.ensemble ?? 'orders',
      aTrigger({ ...named, severity: 'page', page: true, ...change }),
    );
    if (opened.kind !== 'applied') throw new Error('not opened');
    await planFor(house, [opened.incident]);
    return await now(opened.incident.id);
  };
  const now = async (id: number): Promise<Incident> => {
    const incident = await house.incidents.get(id);
    if (incident === undefined) throw new Error('gone');
    return incident;
  };
  const pass = async (ms: number): Promise<void> => {
    await later(ms);
    await later(20_000);
  };
  const line = (incident: Incident): string =>
    incidentCard(incident, { language: 'en', settings: house.settings() }).recoveryLine ?? '';
  return { house, members, recoverer, hangs, now, pass, line, runs };
}

describe('a fault that nobody takes on', () => {
  it('is announced on its card first, and acted on when its time has come, once', async () => {
    const { house, hangs, now, pass, line, runs } = aReplica();

    const incident = await hangs();
    const { buttons } = incidentCard(incident, { language: 'en', settings: house.settings() });
    await pass(9 * minute);
    const before = [...runs];
    await pass(2 * minute);

    expect(incident.recovery).toMatchObject({
      state: 'scheduled',
      startsMs: (incident.pagedMs ?? 0) + 10 * minute,
      via: 'auto',
    });
    expect(line(incident)).toMatch(
      /^Restart of zk2 begins by itself at .* unless somebody stops it or acknowledges/u,
    );
    expect(buttons.find(({ id }) => id === 'stop')).toMatchObject({
      label: 'Stop',
      invocation: { command: 'abort', args: [incident.recovery?.id], options: {} },
    });
    expect(signalsOf(incident, true).map(({ signal }) => signal)).toContain(
      `recovery:${incident.recovery?.id}:scheduled`,
    );
    expect(before).toEqual([]);
    expect(runs).toEqual(['zk2']);
    expect((await now(incident.id)).recovery).toMatchObject({
      state: 'succeeded',
      name: 'Nightkeeper',
    });
    const audit = await house.incidents.audited('orders', 20);
    expect(
      audit
        .filter(({ what }) => what.startsWith('recovery:'))
        .map(({ what, who }) => `${who} ${what}`)
        .toReversed(),
    ).toEqual([
      'nightkeeper recovery:scheduled',
      'nightkeeper recovery:requested',
      'nightkeeper recovery:running',
      'nightkeeper recovery:verifying',
      'nightkeeper recovery:succeeded',
    ]);
  });

  it.each<[string, (replica: ReturnType<typeof aReplica>, id: number) => Promise<unknown>, string]>(
    [
      [
        'somebody presses Stop',
        async ({ recoverer, now }, id) =>
          await recoverer.abort((await now(id)).recovery?.id ?? '', {
            ...aStamp(),
            reason: 'I look first',
          }),
        'was stopped by Ann before it began: I look first. Nothing was done',
      ],
      [
        'somebody acknowledges',
        async ({ house }, id) =>
          await applyChange(house, id, { kind: 'acknowledge', stamp: aStamp() }),
        'Ann has the incident',
      ],
      [
        'it is silenced',
        async ({ house }, id) =>
          await applyChange(house, id, {
            kind: 'mute',
            mute: { silence: 1, untilMs: nightMs + 9e6, by: 'ann', name: 'Ann', reason: 'known' },
          }),
        'silenced by Ann',
      ],
      [
        'the fault goes away',
        async ({ house }, id) => await applyChange(house, id, { kind: 'resolve', grid: [] }),
        'the fault is not what it was',
      ],
      [
        'automation is switched off',
        async ({ house }) => await switchAutomation(house, '*', 'off', aStamp(), 'new disks'),
        'switched off by Ann: new disks',
      ],
      [
        'the rule leaves the configuration',
        ({ house }) => {
          house.settingsAre(aSettings({ ensembles: [anEnsembleSettings()] }));
          return Promise.resolve();
        },
        'the configuration does not want it any more',
      ],
    ],
  )('is left alone when %s', async (_, what, said) => {
    const replica = aReplica();
    const { hangs, now, pass, line, runs, house, members } = replica;
    const incident = await hangs();

    await pass(minute);
    await what(replica, incident.id);
    await pass(11 * minute);
    await keepAutomation(house, members);

    expect(runs).toEqual([]);
    expect(line(await now(incident.id))).toContain(said);
    expect(await house.recoveries.get('orders', incident.recovery?.id ?? '')).toMatchObject({
      state: 'aborted',
    });
  });

  it('is told by the loser where two stop it at once', async () => {
    const { hangs, recoverer } = aReplica();
    const { recovery } = await hangs();
    const id = recovery?.id ?? '';

    const answers = await Promise.all([
      recoverer.abort(id, { ...aStamp(), by: 'ben', name: 'Ben', reason: '' }),
      recoverer.abort(id, { ...aStamp(), reason: '' }),
    ]);

    expect(answers.filter((each) => 'how' in each)).toHaveLength(1);
    expect(answers.filter((each) => 'code' in each)).toMatchObject([{ code: 'nothing-to-stop' }]);
  });

  it.each<[string, Parts, string]>([
    [
      'the guard denies it',
      {
        verdicts: [
          {
            kind: 'deny',
            code: 'would-break-quorum',
            facts: { server: 'zk2', after: 1, quorum: 2, voters: 3 },
          },
        ],
      },
      'does not happen by itself',
    ],
  ])(
    'is not acted on where %s when the time has come, and the thread says so',
    async (_, parts, said) => {
      const { hangs, now, pass, line, runs, house } = aReplica(parts);
      const incident = await hangs();

      await pass(11 * minute);

      const after = await now(incident.id);
      expect(runs).toEqual([]);
      expect(line(after)).toContain(said);
      expect(signalsOf(after, true).map(({ signal }) => signal)).toContain(
        `recovery:${incident.recovery?.id}:aborted`,
      );
      expect(await house.recoveries.running('orders')).toBeUndefined();
    },
  );

  it('is not acted on where another ensemble has an alarm, too', async () => {
    const { hangs, now, pass, line, runs } = aReplica();
    const incident = await hangs();
    await hangs({
      fingerprint: 'users/quorum-lost/',
      detector: 'quorum-lost',
      subject: { ensemble: 'users' },
    });

    await pass(11 * minute);

    expect(runs).toEqual([]);
    expect(line(await now(incident.id))).toContain('several ensembles have alarms: orders, users');
  });

  it('waits where the guard says wait', async () => {
    const untilMs = createFakeClock().now() + 10.5 * minute;
    const wait: GuardVerdict = { kind: 'wait', untilMs, code: 'electing', facts: {} };
    const { hangs, pass, runs } = aReplica({ verdicts: [wait, allow] });
    await hangs();

    await pass(10 * minute);
    await pass(minute);

    expect(runs).toEqual(['zk2']);
  });

  it('calls people when it failed, and does not try again', async () => {
    const { house, hangs, now, pass, runs } = aReplica({ run: { kind: 'failed', exitCode: 3 } });
    const incident = await hangs();

    await pass(11 * minute);
    await pass(60 * minute);

    const after = await now(incident.id);
    expect(runs).toEqual(['zk2']);
    expect(after.recovery).toMatchObject({ state: 'failed' });
    const context = { language: 'en', settings: house.settings(), channel: 'slack' } as const;
    const said = threadLine(after, `recovery:${after.recovery?.id}:failed`, context);
    expect(said.mention).toEqual(['U1']);
    expect(said.text).toContain('failed, asked by Nightkeeper via automatic recovery');
  });

  it('is acted on no more often than the rule allows', async () => {
    const { house, hangs, now, pass, line, runs } = aReplica();
    const first = await hangs();
    await pass(11 * minute);
    await applyChange(house, first.id, { kind: 'resolve', grid: [] });

    const second = await hangs();
    await pass(11 * minute);

    expect(runs).toEqual(['zk2']);
    expect(line(await now(second.id))).toContain('at most 1 in 6 h for a server');
  });

  it.each<[string, Parameters<typeof aTrigger>[0], Parts]>([
    ['no rule is for', { detector: 'member-down' }, {}],
    ['nobody was called for', { page: false }, {}],
    ['comes and goes', { facts: { flaps: 5, flapMs: 1 } }, {}],
    ['concerns the one that led', { facts: { led: true } }, {}],
    [
      'begins under a silence',
      { mute: { silence: 1, untilMs: 9e15, by: 'a', name: 'A', reason: 'x' } },
      {},
    ],
  ])('is not even announced where it %s', async (_, trigger, parts) => {
    const { hangs, pass, runs } = aReplica(parts);

    const incident = await hangs(trigger);
    await pass(20 * minute);

    expect(incident.recovery).toBeUndefined();
    expect(runs).toEqual([]);
  });

  it('is acted on once where two replicas look at once', async () => {
    const one = aReplica();
    const { clock, stores, schedule } = one.house;
    const two = aReplica({ shared: { clock, stores, schedule }, runs: one.runs });
    const incident = await one.hangs();
    await Promise.all([planFor(one.house, [incident]), planFor(two.house, [incident])]);
    await one.pass(10 * minute - 20_000 - 1);
    await one.house.clock.advance(1);

    const job = { kind: 'auto', ensemble: 'orders', incident: incident.id } as const;
    await Promise.all([
      attend(one.house, one.members, job),
      attend(two.house, two.members, job),
      attend(one.house, one.members, job),
    ]);
    await one.pass(minute);

    expect(one.runs).toEqual(['zk2']);
    expect((await one.house.recoveries.recent('orders', 9)).map(({ state }) => state)).toEqual([
      'succeeded',
    ]);
  });

  it('goes on where a process died after it was begun on the card, or before it was written down', async () => {
    const { house, members, hangs, pass, runs } = aReplica();
    const incident = await hangs();
    await pass(10 * minute - 40_001);
    await applyChange(house, incident.id, {
      kind: 'begin-recovery',
      recovery: incident.recovery?.id ?? '',
    });

    await house.clock.advance(30_000);
    await keepAutomation(house, members);
    await pass(minute);

    expect(runs).toEqual(['zk2']);
  });
});
