import { describe, expect, it } from 'vitest';
import type { DestinationRecord, Digest, Trouble } from '../../../src/model/destination.ts';
import type { Incident } from '../../../src/model/incident.ts';
import { laneOf, quotaOf, spareOf } from '../../../src/rules/routing/budget.ts';
import { groupingFor, isStorm, join, openMembers } from '../../../src/rules/routing/digest.ts';
import { fallbackFor } from '../../../src/rules/routing/fallback.ts';
import { lateNote } from '../../../src/rules/routing/freshness.ts';
import { destinationsFor } from '../../../src/rules/routing/routes.ts';
import { pauseAfter, verdictOf, withFailure } from '../../../src/rules/routing/trouble.ts';
import {
  aDeliveryRecord,
  aDestination,
  anIncident,
  aRoute,
  aSettings,
  aStamp,
  nightMs,
} from '../../support/builders.ts';

const shown = aDeliveryRecord({ shownVersion: 1, shownHash: 'x', shownState: 'triggered' });

describe('who goes first', () => {
  it.each<[string, Partial<Incident>, Partial<typeof shown> | undefined, string]>([
    ['a card that nobody has seen', {}, undefined, 'call'],
    ['a card that only looks different', {}, {}, 'redraw'],
    ['an acknowledgement', { state: 'acknowledged', acknowledged: aStamp() }, {}, 'person'],
    ['what was taken back', {}, { shownState: 'acknowledged' }, 'person'],
    ['a page', { pagedMs: nightMs }, {}, 'call'],
    ['a page that was said', { pagedMs: nightMs }, { spoken: ['paged'] }, 'redraw'],
    ['an escalation', { escalationStep: 1 }, {}, 'person'],
    ['the end of a fault', { state: 'resolved', resolvedMs: nightMs }, {}, 'call'],
    [
      'an end by hand',
      { state: 'resolved', resolvedMs: nightMs, resolvedBy: aStamp() },
      {},
      'person',
    ],
  ])('%s', (_, incident, record, lane) => {
    expect(laneOf(anIncident(incident), record && { ...shown, ...record })).toBe(lane);
  });

  it('leaves room for the more urgent, where there is any', () => {
    expect((['person', 'call', 'redraw'] as const).map((lane) => spareOf(lane, 10))).toEqual([
      0, 1, 3,
    ]);
    expect((['person', 'call', 'redraw'] as const).map((lane) => spareOf(lane, 1))).toEqual([
      0, 0, 0,
    ]);
  });

  it('keeps the last of the month for people', () => {
    expect((['person', 'call', 'redraw'] as const).map((lane) => quotaOf(lane, 5000))).toEqual([
      5000, 4900, 4500,
    ]);
  });
});

describe('a storm', () => {
  const grouping = { above: 2, withinMs: 60_000 };
  const calm: DestinationRecord = { destination: 'ops', firsts: [] };
  const digest: Digest = join(undefined, [{ incident: anIncident(), calls: [] }], nightMs);

  it.each<[string, Partial<DestinationRecord>, number, boolean]>([
    ['no posts', {}, 0, false],
    ['fewer posts than one reads', { firsts: [nightMs] }, 0, false],
    ['as many posts as one reads', { firsts: [nightMs, nightMs] }, 0, true],
    ['posts that are long past', { firsts: [nightMs, nightMs] }, 60_000, false],
    ['a digest that grows', { digest }, 59_999, true],
    ['a digest that does not grow any more', { digest }, 60_000, false],
    ['a budget that was just short', { limitedMs: nightMs }, 10_000, false],
    ['a budget that is short for long', { limitedMs: nightMs }, 10_001, true],
  ])('%s', (_, change, afterMs, expected) => {
    expect(isStorm({ ...calm, ...change }, grouping, nightMs + afterMs)).toBe(expected);
  });

  it('begins when the route says, else when the settings do, else by default', () => {
    const own = { above: 9, withinMs: 1 };
    const to = aDestination();
    const route = aRoute({ grouping: own });
    const incident = anIncident();

    expect(groupingFor(aSettings({ routes: [route], grouping }), incident, to)).toBe(own);
    expect(groupingFor(aSettings({ grouping }), incident, to)).toBe(grouping);
    expect(groupingFor(aSettings(), incident, to)).toEqual({ above: 5, withinMs: 60_000 });
  });

  it('is kept going by who is new, not by who changes', () => {
    const ended = anIncident({ state: 'resolved', resolvedMs: nightMs });

    const changed = join(digest, [{ incident: ended, calls: [] }], nightMs + 5);
    const grown = join(changed, [{ incident: anIncident({ id: 13 }), calls: [] }], nightMs + 9);

    expect([changed.joinedMs, grown.joinedMs]).toEqual([nightMs, nightMs + 9]);
    expect(openMembers(grown)).toEqual([13]);
  });

  it('says of an incident only what it has to say by now, and nothing twice', () => {
    const call = (signal: string) => ({ incident: 12, signal });
    const paged = join(digest, [{ incident: anIncident(), calls: [call('paged')] }], nightMs);

    const replaced = join(
      paged,
      [{ incident: anIncident(), calls: [call('escalated:1')] }],
      nightMs,
    );
    const said = { ...replaced, calls: [], said: [call('escalated:1')] };
    const again = join(said, [{ incident: anIncident(), calls: [call('escalated:1')] }], nightMs);

    expect(replaced.calls).toEqual([call('escalated:1')]);
    expect(again.calls).toEqual([]);
  });

  it('counts whom it cannot list', () => {
    const many = Array.from({ length: 2_100 }, (_, index) => ({
      incident: anIncident({ id: index + 1 }),
      calls: [],
    }));

    const full = join(undefined, many, nightMs);

    expect(Object.keys(full.members)).toHaveLength(2_000);
    expect(full.beyond).toBe(100);
  });
});

describe('a trouble of a destination', () => {
  const since = (code: string): Trouble => ({
    sinceMs: nightMs,
    code,
    error: 'away',
    failures: 1,
    incidents: [1],
  });

  it.each<[string, number, string | undefined, number | undefined]>([
    ['delivery-temporary', 59_999, undefined, 60_000],
    ['delivery-temporary', 60_000, 'warn', 300_000],
    ['delivery-unknown', 300_000, 'page', undefined],
    ['delivery-refused', 0, 'warn', 300_000],
    ['delivery-refused', 300_000, 'page', undefined],
    ['delivery-rate-limited', 299_999, undefined, 300_000],
    ['delivery-rate-limited', 300_000, 'warn', undefined],
  ])('%s after %d ms is %s', (code, afterMs, severity, nextMs) => {
    const verdict = verdictOf(since(code), nightMs + afterMs);

    expect(verdict.severity).toBe(severity);
    expect(verdict.nextMs).toBe(nextMs === undefined ? undefined : nightMs + nextMs);
  });

  it('holds everything up when a second incident has it, or when the rate is limited', () => {
    const fail = (before: Trouble | undefined, incident: number, code: string) =>
      withFailure(before, { code, error: 'away', incident, startedMs: nightMs }, nightMs);
    const one = fail(undefined, 1, 'delivery-temporary');

    expect(one.notBeforeMs).toBeUndefined();
    expect(fail(one, 1, 'delivery-temporary').notBeforeMs).toBeUndefined();
    expect(fail(one, 2, 'delivery-temporary').notBeforeMs).toBe(nightMs + 2_000);
    expect(fail(undefined, 1, 'delivery-rate-limited').notBeforeMs).toBe(nightMs + 1_000);
  });

  it('counts messages that were on their way together as one failure', () => {
    const fail = (before: Trouble | undefined, incident: number, nowMs: number) =>
      withFailure(
        before,
        { code: 'delivery-temporary', error: 'away', incident, startedMs: nightMs },
        nowMs,
      );
    let trouble: Trouble | undefined;

    for (let incident = 1; incident <= 8; incident += 1)
      trouble = fail(trouble, incident, nightMs + incident);

    expect(trouble).toMatchObject({ failures: 1, notBeforeMs: nightMs + 8 + 1_000 });
  });

  it.each<[string, number, number | undefined, number]>([
    ['delivery-temporary', 1, undefined, 1_000],
    ['delivery-temporary', 3, undefined, 4_000],
    ['delivery-temporary', 40, undefined, 5_000],
    ['delivery-rate-limited', 1, 12_000, 12_000],
    ['delivery-refused', 1, undefined, 300_000],
  ])('pauses after %s, try %d (asked for %s), for %d ms', (code, failures, asked, pauseMs) => {
    expect(pauseAfter(code, failures, asked)).toBe(pauseMs);
  });

  it('is told where its routes lead otherwise, and never at the place itself', () => {
    const hook = aDestination({ id: 'hook', channel: 'webhook' });
    const team = aDestination({ id: 'team' });
    const subject = { ensemble: 'nightkeeper', server: 'ops' };
    const broken = anIncident({ ensemble: 'nightkeeper', detector: 'channel-broken', subject });
    const told = (routes: Parameters<typeof aRoute>[0][]): readonly string[] =>
      destinationsFor(
        aSettings({
          destinations: [aDestination(), hook, team],
          routes: routes.map((route) => aRoute(route)),
        }),
        broken,
        nightMs,
      ).map(({ id }) => id);

    expect(told([{ fallback: ['hook'] }])).toEqual(['hook']);
    expect(told([{}, { destinations: ['team'], severities: ['info'] }])).toEqual(['hook', 'team']);
  });

  it.each<[string, boolean, readonly string[]]>([
    ['another chat where its own is away', false, ['hook']],
    ['the same chat too where it alone was refused', true, ['hook', 'team']],
  ])('is told in %s', (_where, refused, places) => {
    const hook = aDestination({ id: 'hook', channel: 'webhook' });
    const team = aDestination({ id: 'team' });
    const broken = anIncident({
      ensemble: 'nightkeeper',
      detector: 'channel-broken',
      subject: { ensemble: 'nightkeeper', server: 'ops' },
      facts: { refused },
    });
    const settings = aSettings({
      destinations: [aDestination(), hook, team],
      routes: [aRoute({ destinations: ['ops', 'hook', 'team'] })],
    });

    expect(destinationsFor(settings, broken, nightMs).map(({ id }) => id)).toEqual(places);
  });
});

describe('a card that comes late', () => {
  const calm: DestinationRecord = { destination: 'ops', firsts: [] };

  it.each<[string, Partial<DestinationRecord>, number, string | undefined]>([
    ['within half a minute is on time', {}, 29_999, undefined],
    ['through a short budget', { limitedMs: nightMs }, 30_000, 'limited'],
    [
      'after a budget that was short',
      { setback: { why: 'limited', untilMs: nightMs + 1 } },
      60_000,
      'limited',
    ],
    [
      'after an outage',
      { setback: { why: 'failing', untilMs: nightMs + 1 }, limitedMs: nightMs },
      60_000,
      'failing',
    ],
  ])('%s', (_, change, afterMs, why) => {
    const note = lateNote({ ...calm, ...change }, nightMs, nightMs + afterMs);

    expect(note).toEqual(why === undefined ? undefined : { kind: 'late', byMs: afterMs, why });
  });
});

describe('the fallback of a route', () => {
  const settings = aSettings({ routes: [aRoute({ fallback: ['hook'] })] });
  const paged = anIncident({ pagedMs: nightMs });
  const heard = aDeliveryRecord({ spoken: ['paged'] });
  const escalated = { escalationStep: 1, escalated: { ...aStamp(), to: ['bob'] } };

  it.each<[string, Incident, readonly (typeof heard)[], number, boolean]>([
    ['a minute has not passed', paged, [], 59_999, false],
    ['nobody was called for a minute', paged, [], 60_000, true],
    ['the card hangs, and the call was not heard', paged, [shown], 60_000, true],
    ['people were called', paged, [heard], 60_000, false],
    ['an escalation was not heard', { ...paged, ...escalated }, [heard], 60_000, true],
    ['nobody is called for it', anIncident(), [], 60_000, false],
    ['somebody has it', { ...paged, state: 'acknowledged' }, [], 60_000, false],
    ['it is over', { ...paged, state: 'resolved' }, [], 60_000, false],
  ])('when %s', (_, incident, records, afterMs, expected) => {
    const asked = fallbackFor(settings, incident, records, nightMs + afterMs);

    expect(asked?.to).toEqual(expected ? ['hook'] : undefined);
  });

  it('speaks although the console showed the call: nobody is called by that', () => {
    const told = [aDeliveryRecord({ destination: 'console', spoken: ['paged'] })];
    const at = (destinations: readonly string[], records = told) =>
      fallbackFor(
        aSettings({
          destinations: [aDestination(), aDestination({ id: 'console', channel: 'console' })],
          routes: [aRoute({ destinations, fallback: ['hook'] })],
        }),
        paged,
        records,
        nightMs + 60_000,
      )?.to;

    expect(at(['console'])).toEqual(['hook']);
    expect(at(['ops', 'console'])).toEqual(['hook']);
    expect(at(['ops', 'console'], [...told, heard])).toBeUndefined();
  });

  it('speaks at once where nothing more goes there this month, unless another destination is left', () => {
    const at = (destinations: readonly string[], usedUp: readonly string[]) =>
      fallbackFor(
        aSettings({
          destinations: [
            aDestination(),
            aDestination({ id: 'duty' }),
            aDestination({ id: 'console', channel: 'console' }),
          ],
          routes: [aRoute({ destinations, fallback: ['hook'] })],
        }),
        paged,
        [],
        nightMs,
        new Set(usedUp),
      );

    expect(at(['duty'], ['duty'])).toEqual({
      to: ['hook'],
      instead: ['duty'],
      forMs: 0,
      usedUp: true,
    });
    expect(at(['duty', 'console'], ['duty'])?.to).toEqual(['hook']);
    expect(at(['duty', 'ops'], ['duty'])).toBeUndefined();
    expect(at(['console'], ['duty'])).toBeUndefined();
  });

  it('is nothing where no route has one', () => {
    expect(fallbackFor(aSettings(), paged, [], nightMs + 60_000)).toBeUndefined();
  });
});
