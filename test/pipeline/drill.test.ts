import { describe, expect, it } from 'vitest';
import { detectors, recoveryActions } from '../../src/app/catalog.ts';
import { drillMsMax, type RecordingName } from '../../src/model/drill.ts';
import type { Incident } from '../../src/model/incident.ts';
import { applyChange, applyOpen } from '../../src/pipeline/apply.ts';
import {
  keepDrills,
  playDrill,
  startDrill,
  stopDrill,
  yieldDrill,
} from '../../src/pipeline/drill.ts';
import { judge } from '../../src/pipeline/judge.ts';
import { look } from '../../src/pipeline/look.ts';
import { createMembers } from '../../src/pipeline/members.ts';
import { createRecoverer } from '../../src/pipeline/recover.ts';
import type { Executor } from '../../src/ports/executor.ts';
import { incidentCard } from '../../src/rules/card/incident-card.ts';
import { threadLine } from '../../src/rules/card/thread-line.ts';
import {
  anEnsemble,
  anEnsembleSettings,
  aPerson,
  aReading,
  aSettings,
  aStamp,
  aTrigger,
} from '../support/builders.ts';
import { aHouse } from '../support/house.ts';

const minute = 60_000;

/** A healthy ensemble; its executor ends the test when anything is run. */
function aTheatre(parts: { readonly voters?: number; readonly approvals?: number } = {}) {
  const ran: string[] = [];
  const counted: string[] = [];
  const executor = {
    kind: 'command',
    can: () => true,
    describe: () => 'systemctl restart zookeeper',
    run: () => {
      ran.push('run');
      throw new Error('a drill ran a command');
    },
  } as unknown as Executor;
  const { servers } = anEnsemble({ voters: parts.voters ?? 3 });
  const house = aHouse({
    settings: aSettings({
      people: [aPerson(), aPerson({ id: 'bo', name: 'Bo' })],
      ensembles: [
        anEnsembleSettings({
          servers,
          restart: { kind: 'command', argv: ['true'], timeoutMs: 1000 },
          ...(parts.approvals === undefined
            ? {}
            : { approvals: { needed: { 'restart-server': parts.approvals }, withinMs: 600_000 } }),
        }),
      ],
    }),
    executors: [executor],
    detectors,
    recoveryActions,
    prober: {
      probe: (_settings, { id }) =>
        Promise.resolve(
          aReading({
            server: id,
            atMs: house.clock.now(),
            mode: id === 'zk1' ? 'leader' : 'follower',
            metrics: {
              uptime: 9e6,
              ...(id === 'zk1' ? { synced_followers: servers.length - 1 } : {}),
            },
          }),
        ),
      discover: () => Promise.resolve(undefined),
      evidence: () => Promise.reject(new Error('a drill asked a server')),
    },
  });
  Object.assign(house.telemetry, { count: (name: string) => counted.push(name) });
  const members = createMembers(house, () => undefined);
  const recoverer = createRecoverer(house, members);
  house.schedule.handle('recover', (job) => recoverer.run(job));
  house.schedule.handle('drill', (job) => playDrill(house, members, job));
  for (const kind of ['deliver', 'observe', 'escalate', 'fallback', 'reroute', 'remind'] as const)
    house.schedule.handle(kind, () => Promise.resolve());
  const pass = async (ms: number): Promise<void> => {
    await house.schedule.start();
    // A job may sleep: time goes on while it does.
    for (let left = ms; left > 0; left -= 1000) {
      await house.clock.advance(Math.min(left, 1000));
      for (let turn = 0; turn < 5; turn += 1) await new Promise((done) => setImmediate(done));
    }
  };
  const start = async (recording: RecordingName, anyway = false) =>
    await startDrill(house, { recording, ensemble: 'orders', anyway }, aStamp());
  const open = async (): Promise<readonly Incident[]> => await house.incidents.open('orders');
  const card = (incident: Incident, language: 'en' | 'zh-CN' = 'en') =>
    incidentCard(incident, { language, settings: house.settings() });
  const real = async (): Promise<Incident> => {
    const opened = await applyOpen(house, 'orders', aTrigger({ severity: 'page' }));
    if (opened.kind !== 'applied') throw new Error('not opened');
    return opened.incident;
  };
  return { house, members, recoverer, pass, start, open, card, real, ran, counted };
}

describe('a drill', () => {
  it.each<[RecordingName, number, readonly string[]]>([
    ['quorum-lost', 3, ['quorum-lost']],
    ['quorum-lost', 5, ['quorum-lost']],
    ['member-down', 3, ['member-down']],
    ['member-hung', 3, ['member-hung']],
    ['disk-full-now', 3, ['disk-full-now']],
  ])(
    'plays %s in an ensemble of %i on one card, marked, and counts nothing',
    async (recording, voters, expected) => {
      const { start, pass, open, card, counted } = aTheatre({ voters });
      counted.length = 0;

      await start(recording);
      await pass(90_000);

      const incidents = await open();
      expect(incidents.map(({ detector }) => detector)).toEqual(expected);
      const [incident] = incidents;
      if (incident === undefined) throw new Error('no card');
      expect(incident.pagedMs).toBeDefined();
      expect(card(incident)).toMatchObject({
        drill: true,
        title: expect.stringMatching(/^DRILL · orders/u),
      });
      expect(card(incident).meaning).toMatch(/^This is a DRILL: nothing is broken/u);
      expect(card(incident, 'zh-CN').title).toMatch(/^演练 DRILL · /u);
      expect(counted).toEqual([]);
    },
  );

  it('marks every line of the thread and every entry of the audit', async () => {
    const { house, start, pass, open } = aTheatre();

    await start('member-down');
    await pass(90_000);
    const [incident] = await open();
    if (incident === undefined) throw new Error('no card');
    await applyChange(house, incident.id, { kind: 'acknowledge', stamp: aStamp() });

    for (const signal of ['paged', 'escalated:1', 'resolved', 'note:1', 'whatever'])
      for (const language of ['en', 'zh-CN'] as const) {
        const context = { language, settings: house.settings(), channel: 'slack' };
        expect(threadLine(incident, signal, context).text).toMatch(/^(?:演练 )?DRILL · /u);
      }
    for (const { facts, what } of await house.incidents.audited('orders', 50))
      expect([what, facts['drill']]).toEqual([what, expect.stringMatching(/^d-/u)]);
  });

  it('lets people restart, runs nothing anywhere, and ends when all is mended, with a report', async () => {
    const { house, recoverer, start, pass, open, ran } = aTheatre();
    await start('member-down');
    await pass(20_000);
    const [incident] = await open();
    await applyChange(house, incident?.id ?? 0, {
      kind: 'acknowledge',
      stamp: { ...aStamp(), atMs: house.clock.now() },
    });

    const asked = await recoverer.request(
      {
        action: 'restart-server',
        ensemble: 'orders',
        server: 'zk2',
        reason: 'it is down',
        incident: incident?.id ?? 0,
      },
      { ...aStamp(), by: 'bo', name: 'Bo', atMs: house.clock.now() },
    );
    await pass(2 * minute);

    expect(asked).toMatchObject({ action: 'restart-server' });
    expect(ran).toEqual([]);
    const [recovery] = await house.recoveries.recent('orders', 1);
    expect(recovery).toMatchObject({ state: 'succeeded', drill: expect.stringMatching(/^d-/u) });
    expect(recovery?.output).toContain('nothing was run');
    expect(await open()).toEqual([]);
    const state = await house.drills.get('orders');
    expect(state?.ended).toMatchObject({
      why: 'over',
      report: {
        acknowledged: { name: 'Ann' },
        decided: { name: 'Bo', action: 'restart-server', server: 'zk2' },
      },
    });
    expect(state?.ended?.report.acknowledged?.afterMs).toBeGreaterThan(10_000);
    const told = await house.incidents.get(incident?.id ?? 0);
    const context = { language: 'en', settings: house.settings(), channel: 'slack' } as const;
    expect(threadLine(told as Incident, 'note:1', context).text).toMatch(
      /^DRILL · The drill is over: everything in it is mended\. Acknowledged by Ann after .* Bo decided after .*: restart-server zk2\.$/u,
    );
  });

  it('asks its own guard and its own approvals', async () => {
    const { recoverer, house, start, pass, ran } = aTheatre({ approvals: 1 });
    await start('member-down');
    await pass(20_000);
    const ask = { action: 'restart-server', ensemble: 'orders', reason: 'x' };

    const healthy = await recoverer.request({ ...ask, server: 'zk3' }, aStamp());
    const asked = await recoverer.request({ ...ask, server: 'zk2' }, aStamp());
    if ('code' in asked) throw new Error(asked.code);
    const agreed = await recoverer.approve(asked.id, {
      ...aStamp(),
      by: 'bo',
      name: 'Bo',
      reason: 'yes',
    });
    await pass(minute);

    expect(healthy).toMatchObject({ code: 'would-break-quorum' });
    expect(agreed).toMatchObject({ state: 'requested' });
    expect(ran).toEqual([]);
    expect(await house.recoveries.get('orders', asked.id)).toMatchObject({ state: 'succeeded' });
  });

  it('never runs a command of its own, not even when it is over and forgotten', async () => {
    const { house, recoverer, start, pass, ran } = aTheatre();
    await start('member-down');
    await pass(20_000);
    const asked = await recoverer.request(
      { action: 'restart-server', ensemble: 'orders', server: 'zk2', reason: 'x' },
      aStamp(),
    );
    if ('code' in asked) throw new Error(asked.code);
    await stopDrill(house, 'orders', aStamp());
    await house.drills.start({
      id: 'd-other',
      ensemble: 'orders',
      recording: 'member-hung',
      started: aStamp(),
      untilMs: 0,
      beside: [],
    });

    await pass(2 * minute);

    expect(ran).toEqual([]);
    expect((await house.recoveries.get('orders', asked.id))?.drill).toBeDefined();
  });

  it('keeps no real recovery waiting, and counts against none', async () => {
    const { house, start, pass, recoverer } = aTheatre();
    await start('member-down');
    await pass(20_000);

    const asked = await recoverer.request(
      { action: 'restart-server', ensemble: 'orders', server: 'zk2', reason: 'x' },
      aStamp(),
    );

    expect(asked).not.toHaveProperty('code');
    expect(await house.recoveries.running('orders')).toBeUndefined();
    expect(await house.recoveries.running('orders.drill')).toBeDefined();
  });

  it('folds into nothing real, and nothing real is resolved by it or opened beside it', async () => {
    const { house, members, start, pass, open, real } = aTheatre();
    const known = await real();
    await start('member-down', true);
    await pass(90_000);
    const settings = house.settings().ensembles[0];
    if (settings === undefined) throw new Error('no ensemble');
    const seen = await look(house, settings, await members.of(settings), []);
    const judged = await judge(house, seen);

    expect(judged).not.toBe('conflict');
    if (judged === 'conflict') return;
    expect(judged.changed.every(({ drill }) => drill === undefined)).toBe(true);
    const after = await open();
    expect(
      after.filter(({ drill }) => drill !== undefined).map(({ detector }) => detector),
    ).toEqual(['member-down']);
    expect(await house.incidents.get(known.id)).toMatchObject({ fingerprint: known.fingerprint });
  });

  it('makes way at once for a real fault of its ensemble', async () => {
    const { house, start, pass, open, real } = aTheatre();
    await start('quorum-lost');
    await pass(20_000);

    const fault = await real();
    await yieldDrill(house, 'orders', [fault]);

    expect((await house.drills.get('orders'))?.ended?.why).toBe('real-fault');
    expect((await open()).map(({ id }) => id)).toEqual([fault.id]);
  });

  it('ends by its word, and by itself when its time is up', async () => {
    const first = aTheatre();
    await first.start('quorum-lost');
    await first.pass(20_000);
    const stopped = await stopDrill(first.house, 'orders', aStamp());
    const second = aTheatre();
    await second.start('quorum-lost');
    await second.pass(drillMsMax + 10_000);

    expect(stopped).toMatchObject({ why: 'stopped', name: 'Ann', report: {} });
    expect(await first.open()).toEqual([]);
    expect(await stopDrill(first.house, 'orders', aStamp())).toMatchObject({ code: 'no-drill' });
    expect((await second.house.drills.get('orders'))?.ended?.why).toBe('bound');
    expect(await second.open()).toEqual([]);
  });

  it('is refused beside something real, twice at once, and too often', async () => {
    const { house, start, real, pass } = aTheatre();
    const fault = await real();

    expect(await start('quorum-lost')).toMatchObject({
      code: 'drill-not-now',
      facts: { incidents: [`#${fault.id}`] },
    });
    expect(await start('quorum-lost', true)).toMatchObject({ recording: 'quorum-lost' });
    expect(await start('quorum-lost', true)).toMatchObject({ code: 'drill-running' });
    await stopDrill(house, 'orders', aStamp());
    expect(await start('quorum-lost', true)).toMatchObject({ code: 'drill-too-often' });
    await pass(11 * minute);
    expect(await start('quorum-lost', true)).toMatchObject({ recording: 'quorum-lost' });
  });

  it('goes on where a job was lost, and closes what a dying process left open', async () => {
    const { house, start, pass, open } = aTheatre();
    await start('member-down');
    await pass(20_000);
    const [incident] = await open();
    const state = await house.drills.get('orders');
    if (state === undefined) throw new Error('no drill');
    await house.drills.end(state.drill, {
      atMs: house.clock.now(),
      why: 'stopped',
      name: 'Ann',
      report: {},
    });

    await keepDrills(house);

    expect(await open()).toEqual([]);
    expect(incident).toBeDefined();
  });
});
