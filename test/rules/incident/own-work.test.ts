import { describe, expect, it } from 'vitest';
import type { Recovery } from '../../../src/model/recovery.ts';
import { type OwnWork, ownWorkOf } from '../../../src/rules/incident/own-work.ts';
import type { PlanStep } from '../../../src/rules/incident/plan.ts';
import { aRecovery, nightMs, type State } from '../../support/builders.ts';
import { aNight, type Look } from '../../support/night.ts';

const well = { zk1: 'leader', zk2: 'follower', zk3: 'follower' } as const;

/** Looks every 5 s, the first three at a healthy ensemble; answers what was opened or paged, in order, and the night itself. */
function watched(
  looks: readonly (readonly [Readonly<Record<string, State>>, Look?])[],
  begin: readonly Readonly<Record<string, State>>[] = [well, well, well],
) {
  const night = aNight();
  const told: string[] = [];
  for (const [index, [states, what]] of [
    ...begin.map((each) => [each] as const),
    ...looks,
  ].entries()) {
    const atMs = index * 5000;
    told.push(...night.look(atMs, states, what).flatMap((step) => tell(step, atMs)));
  }
  return { told, night };
}

function tell(step: PlanStep, atMs: number): readonly string[] {
  if (step.kind === 'open')
    return [`${atMs / 1000}s ${step.intent.detector} ${step.intent.page ? 'paged' : 'shown'}`];
  return step.kind === 'change' && step.intent.kind === 'page'
    ? [`${atMs / 1000}s #${step.incident} paged`]
    : [];
}

const own: OwnWork = { inHand: ['zk2'], restarted: [] };
const out = { ...well, zk2: 'refused' } as const;

describe('what the bot does itself', () => {
  it.each<[string, Readonly<Record<string, State>>, Partial<OwnWork>, readonly string[]]>([
    ['a server in hand that is down', out, {}, []],
    ['a server in hand that hangs', { ...well, zk2: 'timeout' }, {}, []],
    ['a server in hand that runs and does not serve', { ...well, zk2: 'not-serving' }, {}, []],
    ['the same server in no hand', out, { inHand: [] }, ['15s member-down shown', '75s #1 paged']],
    [
      'another server that is down too',
      { ...well, zk3: 'refused' },
      {},
      ['15s member-down shown', '75s #1 paged'],
    ],
  ])('%s', (_, states, change, expected) => {
    const look = [states, { own: { ...own, ...change } }] as const;

    const { told } = watched(Array.from({ length: 20 }, () => look));

    expect(told).toEqual(expected);
  });

  it('does not hide that the quorum is lost', () => {
    const look = [{ zk1: 'not-serving', zk2: 'refused', zk3: 'refused' }, { own }] as const;

    const { told, night } = watched([look, look, look]);

    expect(told.join()).toContain('quorum-lost');
    expect(
      night
        .open()
        .some(({ detector, pagedMs }) => detector === 'quorum-lost' && pagedMs !== undefined),
    ).toBe(true);
  });

  it('calls nobody while the leader is in hand and the others elect', () => {
    const lead: OwnWork = { inHand: ['zk1'], restarted: [] };
    const elect = { zk1: 'refused', zk2: 'not-serving', zk3: 'not-serving' } as const;
    const led = { zk1: 'refused', zk2: 'leader', zk3: 'follower' } as const;

    const { told } = watched([
      [elect, { own: lead }],
      [led, { own: lead }],
      [led, { own: lead }],
    ]);

    expect(told).toEqual([]);
  });

  it('is told and paged with the next look once the recovery has given up', () => {
    const busy = [out, { own }] as const;

    const { told } = watched([...Array.from({ length: 15 }, () => busy), [out]]);

    expect(told).toEqual(['90s member-down paged']);
  });

  it('pages no quiet card of the server it works on, and keeps a card that is out', () => {
    const { told, night } = watched([[out], [out, { own }], [out, { own }], [well, { own }]]);

    expect(told).toEqual(['15s member-down shown']);
    expect(night.incidents()).toHaveLength(1);
    expect(night.incidents()[0]?.state).toBe('resolved');
  });

  it('stands as lines on the card of its recovery', () => {
    const hung = { ...well, zk2: 'timeout' } as const;
    const night = aNight();
    for (const index of [0, 1, 2]) night.look(index * 5000, well);
    for (const index of [3, 4, 5]) night.look(index * 5000, hung);
    const [card] = night.open();

    night.look(30_000, { ...well, zk2: 'refused' }, { own: { ...own, incident: card?.id ?? 0 } });

    expect(night.incidents()).toHaveLength(1);
    expect(night.open()[0]?.symptoms.map(({ detector }) => detector)).toContain('member-down');
  });
});

describe('the work in hand', () => {
  const minute = 60_000;
  const at = (beforeMs: number): number => nightMs - beforeMs;
  const rolling = (change: Partial<Recovery>): Recovery =>
    aRecovery({ action: 'rolling-restart', server: '*', state: 'running', incident: 7, ...change });

  it.each<[string, readonly Recovery[], OwnWork | undefined]>([
    ['nothing', [], undefined],
    ['what waits for others', [aRecovery({ state: 'awaiting' })], undefined],
    ['what is to come', [aRecovery({ state: 'scheduled' })], undefined],
    [
      'a restart that runs',
      [aRecovery({ state: 'running', startedMs: at(1000), incident: 5 })],
      { inHand: ['zk2'], restarted: [], incident: 5 },
    ],
    [
      'one that nobody works on any more',
      [aRecovery({ state: 'verifying', startedMs: at(2 * minute), incident: 5 })],
      { inHand: [], restarted: [], incident: 5 },
    ],
    [
      'what takes no server away',
      [aRecovery({ action: 'purge-snapshots', state: 'running', startedMs: at(1) })],
      undefined,
    ],
    [
      'the second of three',
      [
        rolling({
          steps: [
            { server: 'zk3', state: 'done', startedMs: at(9000), finishedMs: at(6000) },
            { server: 'zk2', state: 'running', startedMs: at(1000) },
          ],
        }),
      ],
      {
        inHand: ['zk2'],
        restarted: [{ server: 'zk3', fromMs: at(9000), untilMs: at(6000) }],
        incident: 7,
      },
    ],
    [
      'what is done',
      [aRecovery({ state: 'succeeded', startedMs: at(9000), finishedMs: at(6000) })],
      { inHand: [], restarted: [{ server: 'zk2', fromMs: at(9000), untilMs: at(6000) }] },
    ],
    [
      'what failed',
      [aRecovery({ state: 'failed', startedMs: at(9000), finishedMs: at(6000) })],
      undefined,
    ],
    [
      'what was done long ago',
      [aRecovery({ state: 'succeeded', startedMs: at(12 * minute), finishedMs: at(11 * minute) })],
      undefined,
    ],
  ])('%s', (_, recoveries, expected) => {
    expect(ownWorkOf(recoveries, () => minute, nightMs)).toEqual(expected);
  });
});
