import { describe, expect, it } from 'vitest';
import type { Incident } from '../../src/model/incident.ts';
import type { GuardVerdict, Recovery } from '../../src/model/recovery.ts';
import { applyOpen } from '../../src/pipeline/apply.ts';
import { incidentCard } from '../../src/rules/card/incident-card.ts';
import { threadLine } from '../../src/rules/card/thread-line.ts';
import {
  anEnsembleSettings,
  aPerson,
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

const allow: GuardVerdict = { kind: 'allow', facts: { voters: 3, serving: 2, after: 2 } };
const deny: GuardVerdict = { kind: 'deny', code: 'would-break-quorum', facts: { after: 1 } };
const withinMs = 900_000;

const ann = aStamp({ by: 'ann', name: 'Ann' });
const bob = { ...aStamp({ by: 'bob', name: 'Bob' }), reason: 'looked at it too' };
const cao = { ...aStamp({ by: 'cao', name: 'Cao' }), reason: 'fine' };

/** An ensemble whose restarts need other people; the guard gives these answers in order. */
function anApproval(needed: number, ...verdicts: readonly GuardVerdict[]) {
  const states: Record<string, State> = { zk1: 'leader', zk2: 'refused', zk3: 'follower' };
  const runs: string[] = [];
  const executor = anExecutor(
    (server) => {
      runs.push(server.id);
      states['zk2'] = 'follower';
      return undefined;
    },
    { describe: () => 'systemctl restart zookeeper' },
  );
  const settings = aSettings({
    people: [
      aPerson({ id: 'ann', name: 'Ann', handles: { slack: 'U1' } }),
      aPerson({ id: 'bob', name: 'Bob', handles: { slack: 'U2' } }),
      aPerson({ id: 'cem', name: 'Cem', handles: { slack: 'U3' } }),
    ],
    ensembles: [
      anEnsembleSettings({
        restart: { kind: 'command', argv: ['true'], timeoutMs: 1000 },
        approvals: { needed: { 'restart-server': needed }, withinMs },
      }),
    ],
  });
  const house = aHouse({
    settings,
    executors: [executor],
    prober: aProberOf(states),
    recoveryActions: [aGuardedRestart(...verdicts)],
  });
  const { recoverer, later } = aRecovererOf(house);
  const request = async (): Promise<Recovery> =>
    granted(
      await recoverer.request(
        { action: 'restart-server', ensemble: 'orders', server: 'zk2', reason: 'it hangs' },
        ann,
      ),
    );
  const cards = async (): Promise<readonly Incident[]> =>
    (await house.incidents.recent('nightkeeper', 10)).filter(
      (each) => each.detector === 'recovery',
    );
  return { house, settings, recoverer, request, runs, cards, later };
}

describe('a recovery to which others must agree', () => {
  it('does nothing until somebody else agrees, then runs once', async () => {
    const { house, recoverer, request, runs, later } = anApproval(1);

    const asked = await request();
    await later(60_000);
    const before = [...runs];
    const agreed = granted(await recoverer.approve(asked.id, bob));
    await later(30_000);

    expect(asked).toMatchObject({ state: 'awaiting', approval: { needed: 1, given: [] } });
    expect(before).toEqual([]);
    expect(agreed.state).toBe('requested');
    expect(runs).toEqual(['zk2']);
    expect(await house.recoveries.get('orders', asked.id)).toMatchObject({
      state: 'succeeded',
      guards: [{ at: 'click' }, { at: 'approval' }, { at: 'run' }],
    });
  });

  it('has a card of its own where no fault has one, which calls who may agree and ends with it', async () => {
    const { settings, recoverer, request, cards, later } = anApproval(1);

    const asked = await request();
    const [open] = await cards();
    granted(await recoverer.approve(asked.id, bob));
    await later(30_000);
    const [over] = await cards();

    if (open === undefined) throw new Error('no card');
    const card = incidentCard(open, { language: 'en', settings });
    expect(card.title).toBe('orders: Restart of zk2 — asked by Ann');
    expect(card.recoveryLine).toContain('1 more person must agree until');
    expect(card.buttons.map(({ id }) => id)).toEqual(['approve', 'reject']);
    const line = threadLine(open, `recovery:${asked.id}:awaiting`, {
      language: 'en',
      settings,
      channel: 'slack',
    });
    expect(line.mention).toEqual(['U2', 'U3']);
    expect(over).toMatchObject({
      id: open.id,
      state: 'resolved',
      recovery: { state: 'succeeded' },
    });
  });

  it('is on the card of its fault where there is one', async () => {
    const { house, settings, request, cards } = anApproval(1);
    const fault = await applyOpen(house, 'orders', aTrigger());
    if (fault.kind !== 'applied') throw new Error('not opened');

    const asked = await request();

    const incident = await house.incidents.get(fault.incident.id);
    if (incident === undefined) throw new Error('gone');
    expect(asked.incident).toBe(incident.id);
    expect(await cards()).toEqual([]);
    expect(
      incidentCard(incident, { language: 'en', settings }).buttons.map(({ id }) => id),
    ).toEqual(['ack', 'escalate', 'approve', 'reject']);
  });

  it('may need two people, both others than the one who asked', async () => {
    const { recoverer, request, runs, later } = anApproval(2);
    const asked = await request();

    const own = await recoverer.approve(asked.id, { ...ann, reason: 'sure' });
    const first = await recoverer.approve(asked.id, bob);
    const again = await recoverer.approve(asked.id, bob);
    await later(1000);
    const before = [...runs];
    const second = await recoverer.approve(asked.id, cao);
    await later(30_000);

    expect(own).toMatchObject({ kind: 'refusal', code: 'own-request' });
    expect(first).toMatchObject({ state: 'awaiting', approval: { given: [{ by: 'bob' }] } });
    expect(again).toMatchObject({ kind: 'refusal', code: 'already-approved' });
    expect(before).toEqual([]);
    expect(second).toMatchObject({ state: 'requested' });
    expect(runs).toEqual(['zk2']);
  });

  it('asks the guard again: what was safe when it was asked for may not be any more', async () => {
    const { house, recoverer, request, runs, later } = anApproval(1, allow, deny, allow);
    const asked = await request();

    const refused = await recoverer.approve(asked.id, bob);
    const still = await house.recoveries.get('orders', asked.id);
    const agreed = await recoverer.approve(asked.id, bob);
    await later(30_000);

    expect(refused).toMatchObject({ kind: 'refusal', code: 'would-break-quorum' });
    expect(still).toMatchObject({ state: 'awaiting', approval: { given: [] } });
    expect(agreed).toMatchObject({ state: 'requested' });
    expect(runs).toEqual(['zk2']);
  });

  it('expires where nobody agrees in time, and says so', async () => {
    const { house, recoverer, request, runs, cards, later } = anApproval(1);
    const asked = await request();

    await later(withinMs + 1);
    const late = await recoverer.approve(asked.id, bob);

    expect(await house.recoveries.get('orders', asked.id)).toMatchObject({ state: 'expired' });
    expect((await cards())[0]).toMatchObject({ state: 'resolved', recovery: { state: 'expired' } });
    expect(late).toMatchObject({ code: 'not-awaiting', facts: { state: 'expired' } });
    expect(runs).toEqual([]);
  });

  it('ends with a rejection, whose reason everybody sees', async () => {
    const { house, settings, recoverer, request, runs, cards } = anApproval(1);
    const asked = await request();

    const rejected = await recoverer.reject(asked.id, { ...bob, reason: 'the disk comes first' });
    const late = await recoverer.approve(asked.id, cao);

    const [card] = await cards();
    if (card === undefined) throw new Error('no card');
    expect(rejected).toMatchObject({ state: 'rejected' });
    expect(incidentCard(card, { language: 'en', settings }).recoveryLine).toBe(
      'Restart of zk2 was rejected by Bob: the disk comes first. Nothing was done',
    );
    expect(late).toMatchObject({ code: 'not-awaiting', facts: { state: 'rejected' } });
    expect(runs).toEqual([]);
    expect(
      (await house.incidents.audited('orders', 10)).map(({ what, who }) => `${who} ${what}`),
    ).toEqual(['bob recovery:rejected', 'ann recovery:awaiting']);
  });

  it('lets exactly one of two agree where one is enough and both press at once', async () => {
    const { recoverer, request, runs, later } = anApproval(1);
    const asked = await request();

    const answers = await Promise.allSettled([
      recoverer.approve(asked.id, bob),
      recoverer.approve(asked.id, cao),
    ]);
    await later(30_000);

    const started = answers.filter(
      (each) => each.status === 'fulfilled' && !('code' in each.value),
    );
    expect(started).toHaveLength(1);
    expect(runs).toEqual(['zk2']);
  });

  it('does not start while another recovery runs in the ensemble', async () => {
    const { house, recoverer, request } = anApproval(1);
    const asked = await request();
    await house.recoveries.lock('orders', 'r-99', 60_000);

    const refused = await recoverer.approve(asked.id, bob);

    expect(refused).toMatchObject({ code: 'recovery-running' });
    expect(await house.recoveries.get('orders', asked.id)).toMatchObject({ state: 'awaiting' });
  });

  it.each([['nobody knows', 'r-77', 'unknown-recovery']])(
    'refuses an id %s',
    async (_, id, code) => {
      const { recoverer } = anApproval(1);

      expect(await recoverer.approve(id, bob)).toMatchObject({ kind: 'refusal', code });
    },
  );
});
