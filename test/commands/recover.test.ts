import { describe, expect, it } from 'vitest';

import { reasonCharsMax, recover } from '../../commands/recover.ts';
import { refuse } from '../../src/model/refusal.ts';
import type { RecoveryPreview } from '../../src/ports/command.ts';
import { anIncident, aPerson, aStamp, nightMs } from '../support/builders.ts';
import { aDesk } from '../support/desk.ts';
import { read, run } from './run.ts';

const facts = {
  ensemble: 'orders',
  server: 'zk2',
  role: 'voter',
  voters: 3,
  serving: 2,
  quorum: 2,
  after: 2,
  margin: 0,
  serves: false,
  led: false,
  standalone: false,
  missing: [],
};
const allowed: RecoveryPreview = {
  verdict: { kind: 'allow', facts },
  command: 'systemctl restart zookeeper@zk2',
};

describe('the command recover', () => {
  it.each(['recover restart-server orders zk2', 'recover orders zk2', '重启 Orders ZK2'])(
    'shows the sum first and asks why: %s',
    async (line) => {
      const desk = aDesk({ preview: allowed });

      const answer = await run(recover, line, desk);

      expect(answer).toMatchObject({ outcome: 'ask', visibility: 'private' });
      expect(desk.asked).toEqual(['preview restart-server orders zk2']);
      expect(read(answer).split('\n')).toEqual([
        'Restart zk2?',
        '3 voters, 2 serving now.',
        'After stopping zk2: 2 of 3, quorum is 2: margin 0.',
        'It does not serve now, so a restart takes nothing away.',
        'Nobody else has an incident here or acts on it.',
        'Runs: systemctl restart zookeeper@zk2',
      ]);
      expect(answer).toMatchObject({
        blocks: [
          {
            form: {
              danger: true,
              invocation: {
                command: 'recover',
                args: ['restart-server', 'orders', 'zk2'],
                options: {},
              },
            },
          },
        ],
      });
    },
  );

  it.each([
    [{ led: true, serves: true }, 'It is the leader: an election follows'],
    [{ standalone: true, voters: 1, after: 0, margin: -1 }, 'Nobody can write until it is back.'],
    [{ standalone: true }, 'It is the only server'],
    [{ lost: true, capable: 2 }, 'With zk2 back, 2 of 3 can serve, and 2 are needed.'],
    [{ role: 'observer' }, 'zk2 is an observer: stopping it does not touch the quorum.'],
  ])('says in the sum what matters (%j)', async (change, said) => {
    const preview: RecoveryPreview = {
      ...allowed,
      verdict: { kind: 'allow', facts: { ...facts, ...change } },
    };

    const answer = await run(recover, 'recover orders zk2', aDesk({ preview }));

    expect(read(answer)).toContain(said);
  });

  it('keeps the incident and the reason in the question it asks back', async () => {
    const desk = aDesk({ preview: allowed, incidents: [anIncident()] });

    const answer = await run(
      recover,
      'recover orders zk2 --incident #12 --reason "hung since 3"',
      desk,
    );

    expect(answer).toMatchObject({
      blocks: [{ form: { invocation: { options: { incident: '12', reason: 'hung since 3' } } } }],
    });
  });

  it('runs with a reason and a yes, and does not ask the guard twice', async () => {
    const desk = aDesk({ incidents: [anIncident()] });

    const answer = await run(
      recover,
      'recover orders zk2 --reason "hung since 3" --confirm yes --incident 12',
      desk,
    );

    expect(desk.asked).toEqual(['restart-server orders zk2 (hung since 3) for #12']);
    expect(answer).toMatchObject({ outcome: 'done' });
    expect(read(answer)).toBe('Restart of zk2 begins (r-7). Its card says how it goes.');
  });

  it('names who else has an incident there, or acts on it', async () => {
    const stamp = { by: 'bo', name: 'Bo', via: 'slack', atMs: nightMs };
    const taken = anIncident({ state: 'acknowledged', acknowledged: stamp });
    const mark = {
      ...({ id: 'r-6', action: 'restart-server', server: 'zk3', state: 'running' } as const),
      reason: 'x',
      ...stamp,
    };
    const acting = anIncident({ id: 13, recovery: mark });
    const desk = aDesk({ preview: allowed, incidents: [taken, acting] });

    const text = read(await run(recover, 'recover orders zk2', desk));

    expect(text).toContain('Bo has incident #12 of this ensemble since 21 Nov 03:00 UTC.');
    expect(text).toContain('Restart of zk3: asked for by Bo at 21 Nov 03:00 UTC.');
    expect(text).not.toContain('Nobody else');
  });

  it.each(['succeeded', 'failed', 'aborted', 'rejected', 'expired'] as const)(
    'does not name who asked for one that %s',
    async (state) => {
      const mark = { id: 'r-6', action: 'restart-server', server: 'zk3', state, reason: 'x' };
      const over = anIncident({ recovery: { ...mark, ...aStamp() } });
      const desk = aDesk({ preview: allowed, incidents: [over] });

      expect(read(await run(recover, 'recover orders zk2', desk))).toContain('Nobody else');
    },
  );

  it('only rehearses where the box is ticked: the guard is asked and nothing is done', async () => {
    const line = 'recover orders zk2 --reason x --confirm yes --dry-run yes';
    const desk = aDesk({ preview: allowed });
    const denied: RecoveryPreview = {
      ...allowed,
      verdict: { kind: 'deny', code: 'would-break-quorum', facts },
    };

    const answer = await run(recover, line, desk);
    const refused = await run(recover, line, aDesk({ preview: denied }));

    expect(desk.asked).toEqual(['preview restart-server orders zk2']);
    expect(read(answer)).toBe(
      'Dry run: Restart of zk2 would be allowed now and would run: systemctl restart zookeeper@zk2. Nothing was done.',
    );
    expect(refused).toMatchObject({ code: 'would-break-quorum' });
  });

  const steps: NonNullable<RecoveryPreview['steps']> = [
    { name: 'stop', server: 'zk2', facts: { server: 'zk2' }, command: 'systemctl stop zk2' },
    {
      name: 'set-aside',
      server: 'zk2',
      facts: { server: 'zk2', dir: '/data', aside: 'version-2.bad.x' },
      command: 'mv -T /data/version-2 /data/version-2.bad.x',
    },
    {
      name: 'start',
      server: 'zk2',
      facts: { server: 'zk2', leader: 'zk1', empty: true },
      command: 'systemctl start zk2',
    },
  ];
  const planned: RecoveryPreview = { ...allowed, steps, approvals: 1 };

  it.each(['--dry-run', '--dry-run yes', '--reason x --confirm yes --dry-run'])(
    'shows the whole plan with %s, and does nothing',
    async (option) => {
      const desk = aDesk({ preview: planned });

      const answer = await run(recover, `recover resync-server orders zk2 ${option}`, desk);

      expect(desk.asked).toEqual(['preview resync-server orders zk2']);
      expect(read(answer).split('\n')).toEqual([
        'Dry run: Resync of zk2 would be allowed now and would run: systemctl restart zookeeper@zk2. Nothing was done.',
        'What will happen:',
        '1. Stop zk2, and wait until it is gone',
        '   on zk2: systemctl stop zk2',
        '2. Set its data aside: /data/version-2 becomes version-2.bad.x; nothing is deleted',
        '   on zk2: mv -T /data/version-2 /data/version-2.bad.x',
        '3. Start zk2 empty: it fetches everything from zk1',
        '   on zk2: systemctl start zk2',
        expect.stringContaining('It has worked when: The leader has sent a snapshot'),
        expect.stringContaining('If a step fails: Before it is started empty'),
        '1 other person must agree before it runs.',
      ]);
    },
  );

  it('shows the plan of what the guard refuses, too', async () => {
    const preview: RecoveryPreview = {
      ...planned,
      verdict: { kind: 'deny', code: 'leads', facts },
    };
    const line = 'recover resync-server orders zk2 --dry-run';

    const answer = await run(recover, line, aDesk({ preview }));

    expect(answer).toMatchObject({ outcome: 'refused' });
    expect(read(answer)).toContain('The guard refuses it now: zk2 leads the ensemble');
    expect(read(answer)).toContain('First make another server lead');
    expect(read(answer)).toContain('1. Stop zk2');
  });

  const member = '4=10.0.0.4:2888:3888:participant;10.0.0.4:2181';
  const commands = {
    threads: { argv: ['jcmd'], role: 'operator', guard: 'none' },
    wipe: { argv: ['rm'], role: 'admin', guard: 'none' },
  } as const;
  const withCommands = (overrides: Parameters<typeof aDesk>[1] = {}) => {
    const desk = aDesk({ preview: planned });
    const [orders, ...others] = desk.settings.ensembles;
    if (orders === undefined) throw new Error('no ensemble');
    const ensembles = [{ ...orders, tools: { commands } }, ...others];
    return aDesk({ preview: planned }, { settings: { ...desk.settings, ensembles }, ...overrides });
  };

  it.each<[string, string, readonly string[], Readonly<Record<string, string>>]>([
    [
      'resync-server orders zk2',
      'Resync of zk2 of orders?',
      ['resync-server', 'orders', 'zk2'],
      {},
    ],
    [
      'purge-snapshots orders ZK2 --keep 5',
      'Purge of snapshots of zk2 of orders?',
      ['purge-snapshots', 'orders', 'zk2'],
      { keep: '5' },
    ],
    [
      `add-member orders ${member}`,
      'Addition of the member 10.0.0.4:2181 of orders?',
      ['add-member', 'orders', member],
      {},
    ],
    [
      'add-member orders zk3',
      'Addition of the member zk3 of orders?',
      ['add-member', 'orders', 'zk3'],
      {},
    ],
    [
      'remove-member orders zk3',
      'Removal of the member zk3 of orders?',
      ['remove-member', 'orders', 'zk3'],
      {},
    ],
    [
      'run-command orders zk2 threads',
      'Command threads on zk2 of orders?',
      ['run-command', 'orders', 'zk2', 'threads'],
      {},
    ],
  ])(
    'asks before %s, with the plan, and can be sent as it was',
    async (line, title, args, more) => {
      const desk = withCommands();

      const answer = await run(recover, `recover ${line}`, desk);

      expect(read(answer)).toContain('1. Stop zk2');
      expect(answer).toMatchObject({
        outcome: 'ask',
        blocks: [{ form: { title, submit: 'Do it', invocation: { args, options: more } } }],
      });
    },
  );

  it.each([
    ['resync-server orders', 'Write: /zk recover'],
    ['resync-server orders zk9', 'has no server "zk9"'],
    ['resync-server ordres zk2', 'Did you mean orders?'],
    ['resync-server users zk9', 'no way to restart servers of users'],
    ['add-member orders 4=10.0.0.4', 'Write the member'],
    ['remove-member orders zk2 zk3', 'Write: /zk recover'],
    ['run-command orders zk2', 'Write: /zk recover'],
    ['run-command orders zk2 thread', 'There are: threads, wipe'],
    ['run-command orders zk2 toString', 'has no command "toString"'],
    ['run-command users zk9 threads', 'An administrator adds commands'],
    ['resync-server orders zk2 --confirm yes', 'Add: --reason "why"'],
  ])('refuses recover %s with the next step', async (line, said) => {
    const desk = withCommands();

    const answer = await run(recover, `recover ${line}`, desk);

    expect(answer).toMatchObject({ kind: 'refusal' });
    expect(read(answer)).toContain(said);
    expect(desk.asked).toEqual([]);
  });

  it.each([
    ['operator', 'run-command orders zk2 threads', 'ask'],
    ['operator', 'run-command orders zk2 wipe', 'not-permitted'],
    ['viewer', 'run-command orders zk2 threads', 'not-permitted'],
    ['viewer', 'resync-server orders zk2', 'not-permitted'],
    ['viewer', 'remove-member orders zk2 --dry-run', 'not-permitted'],
  ] as const)('as %s: %s is %s', async (role, line, wanted) => {
    const actor = aPerson({ roles: { '*': role } });
    const desk = withCommands({ origin: { via: 'console', actor } });

    const answer = await run(recover, `recover ${line}`, desk);

    expect('code' in answer ? answer.code : answer.outcome).toBe(wanted);
  });

  it('does nothing for an incident that is over: its button is pressed too late', async () => {
    const over = anIncident({ state: 'resolved', resolvedMs: nightMs });
    const desk = aDesk({ preview: allowed, incidents: [over] });

    const answer = await run(recover, 'recover orders zk2 --incident 12', desk);

    expect(answer).toMatchObject({ kind: 'refusal', code: 'already-resolved' });
    expect(read(answer)).toContain('Incident #12 is resolved since');
    expect(desk.asked).toEqual([]);
  });

  it('goes on with the incident that another one became part of', async () => {
    const part = anIncident({ state: 'resolved', resolvedMs: nightMs, foldedInto: 14 });
    const desk = aDesk({ preview: allowed, incidents: [part] });

    const answer = await run(recover, 'recover orders zk2 --incident 12', desk);

    expect(answer).toMatchObject({
      blocks: [{ form: { invocation: { options: { incident: '14' } } } }],
    });
  });

  it.each([
    ['recover', 'Write: /zk recover'],
    ['recover orders', 'Write: /zk recover'],
    ['recover restart-server orders', 'Write: /zk recover'],
    ['recover restart-server orders zk2 zk3', 'Write: /zk recover'],
    ['recover restart-sever orders zk2', 'Did you mean restart-server?'],
    ['recover ordres zk2', 'Did you mean orders?'],
    ['recover orders zk22', 'The ensemble orders has no server "zk22". Did you mean zk2?'],
    ['recover users zk9', 'The bot has no way to restart servers of users.'],
    ['recover orders zk2 --incident 99', 'There is no incident #99.'],
    ['recover orders zk2 --incident 13', 'There is no incident #13.'],
    ['recover orders zk2 --confirm yes', 'Add: --reason "why"'],
    ['recover orders zk2 --confirm yes --reason "  "', 'Add: --reason "why"'],
  ])('refuses %s with the next step', async (line, said) => {
    const desk = aDesk({ incidents: [anIncident({ id: 13, ensemble: 'users' })] });

    const answer = await run(recover, line, desk);

    expect(answer).toMatchObject({ kind: 'refusal' });
    expect(read(answer)).toContain(said);
    expect(desk.asked).toEqual([]);
  });

  it('knows servers that only the ensemble itself told of', async () => {
    const desk = aDesk({
      preview: allowed,
      statuses: [
        {
          ensemble: 'orders',
          atMs: nightMs,
          health: 'healthy',
          grid: [{ server: '10.0.0.4:2181', role: 'voter', state: 'follower' }],
          voters: 4,
          serving: 4,
          quorum: 3,
          servers: {},
        },
      ],
    });

    await run(recover, 'recover orders 10.0.0.4:2181', desk);

    expect(desk.asked).toEqual(['preview restart-server orders 10.0.0.4:2181']);
  });

  it('refuses a person without the role before anything is looked at', async () => {
    const viewer = aPerson({ roles: { orders: 'viewer' } });
    const desk = aDesk({}, { origin: { via: 'slack', actor: viewer } });

    const answer = await run(recover, 'recover orders zk2 --reason x --confirm yes', desk);

    expect(answer).toMatchObject({ code: 'not-permitted' });
    expect(desk.asked).toEqual([]);
  });

  it.each([
    [
      {
        kind: 'deny',
        code: 'would-break-quorum',
        facts: { ...facts, after: 1, missing: ['zk3'] },
      } as const,
      'Taking zk2 down would leave 1 of 3 voters, and 2 are needed: writes would stop. First bring back: zk3.',
    ],
    [
      {
        kind: 'wait',
        code: 'cooling-down',
        untilMs: nightMs + 600_000,
        facts: { ...facts, untilMs: nightMs + 600_000, cooldownMs: 600_000 },
      } as const,
      'zk2 was restarted not long ago; the next restart is allowed 10 min after the last. Not before 21 Nov 03:10 UTC.',
    ],
    [
      { kind: 'deny', code: 'would-not-help', facts: { ...facts, why: 'quorum-lost' } } as const,
      'The quorum is lost and zk2 is not the one that fails',
    ],
    [
      {
        kind: 'deny',
        code: 'would-not-help',
        facts: { ...facts, why: 'not-enough', capable: 1 },
      } as const,
      'Even with zk2 back, 1 of 2 needed voters could serve.',
    ],
    [
      { kind: 'deny', code: 'blind', facts: { ...facts, seen: 1 } } as const,
      '1 of 3 voters gave a sign',
    ],
  ])('says in words what the guard refuses (%#)', async (verdict, said) => {
    const answer = await run(
      recover,
      'recover orders zk2',
      aDesk({ preview: { verdict, command: '' } }),
    );

    expect(answer).toMatchObject({ kind: 'refusal', code: verdict.code });
    expect(read(answer)).toContain(said);
  });

  it('hands on why it could not be looked at or begun', async () => {
    const refusal = refuse('redis-unavailable');

    expect(await run(recover, 'recover orders zk2', aDesk({ preview: refusal }))).toBe(refusal);
    expect(
      await run(recover, 'recover orders zk2 --reason x --confirm yes', aDesk({ refusal })),
    ).toBe(refusal);
  });

  it('cuts an endless reason', async () => {
    const desk = aDesk();

    await run(recover, `recover orders zk2 --confirm yes --reason ${'x'.repeat(3000)}`, desk);

    expect(desk.asked[0]).toHaveLength('restart-server orders zk2 ()'.length + reasonCharsMax);
  });
});
