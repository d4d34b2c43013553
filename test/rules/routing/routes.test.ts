import { describe, expect, it } from 'vitest';
import { ownEnsemble } from '../../../src/model/ensemble.ts';
import type { Incident } from '../../../src/model/incident.ts';
import type { RouteSettings } from '../../../src/model/settings.ts';
import type { WeekWindow } from '../../../src/model/week-window.ts';
import {
  destinationsFor,
  escalationFor,
  nextRouting,
  repeatFor,
} from '../../../src/rules/routing/routes.ts';
import { aDestination, anIncident, aRoute, aSettings, nightMs } from '../../support/builders.ts';

const ops = aDestination({ id: 'ops' });
const night = aDestination({ id: 'night' });
const console = aDestination({ id: 'console', channel: 'console' });
const destinations = [ops, night, console];
const hourMs = 3_600_000;

/** Nine to six on weekdays in Berlin. The night of the builders is a Saturday, four in the morning there. */
const office: WeekWindow = {
  days: [0, 1, 2, 3, 4],
  fromMinute: 540,
  toMinute: 1080,
  zone: 'Europe/Berlin',
};
const mondayNineMs = Date.UTC(2026, 10, 23, 8);

function shownAt(routes: readonly RouteSettings[], incident: Partial<Incident>, nowMs = nightMs) {
  const settings = aSettings({ destinations, routes });
  return destinationsFor(settings, anIncident(incident), nowMs).map(({ id }) => id);
}

describe('where an incident is shown', () => {
  it('is every destination of every route that matches, once, in the order of the configuration', () => {
    const routes = [aRoute({ destinations: ['console', 'ops'] }), aRoute()];

    expect(shownAt(routes, {})).toEqual(['ops', 'console']);
  });

  it.each<[string, Partial<RouteSettings>, readonly string[]]>([
    ['its ensemble', { ensembles: ['orders'] }, ['ops']],
    ['another ensemble', { ensembles: ['billing'] }, []],
    ['its severity', { severities: ['warn', 'page'] }, ['ops']],
    ['another severity', { severities: ['page'] }, []],
    ['its ensemble and another severity', { ensembles: ['orders'], severities: ['info'] }, []],
    ['its detector', { detectors: { kind: 'only', names: ['member-down', 'electing'] } }, ['ops']],
    ['another detector', { detectors: { kind: 'only', names: ['electing'] } }, []],
    ['all detectors but its own', { detectors: { kind: 'not', names: ['member-down'] } }, []],
    ['all detectors but another', { detectors: { kind: 'not', names: ['electing'] } }, ['ops']],
  ])('follows a route for %s', (_, route, expected) => {
    expect(shownAt([aRoute(route)], {})).toEqual(expected);
  });

  it('is every route, of whichever ensembles, where the bot itself is in trouble', () => {
    const routes = [
      aRoute({ ensembles: ['billing'] }),
      aRoute({ ensembles: ['orders'], severities: ['page'], destinations: ['night'] }),
    ];

    expect(shownAt(routes, { ensemble: ownEnsemble, severity: 'warn' })).toEqual(['ops']);
  });

  it('is everywhere while there is no route', () => {
    expect(shownAt([], {})).toEqual(['ops', 'night', 'console']);
  });

  it('leaves out a destination that is not configured', () => {
    expect(shownAt([aRoute({ destinations: ['gone'] })], {})).toEqual([]);
  });
});

describe('a route with hours', () => {
  const routes = [aRoute({ when: [office] })];

  it('does not show in the night what began in the night', () => {
    expect(shownAt(routes, {}, nightMs + hourMs)).toEqual([]);
  });

  it('shows it once its hours begin, while it is still there', () => {
    expect(shownAt(routes, {}, mondayNineMs)).toEqual(['ops']);
    expect(shownAt(routes, {}, mondayNineMs - 1)).toEqual([]);
  });

  it('does not show what was over before they began', () => {
    const over = { state: 'resolved', resolvedMs: nightMs + hourMs } as const;

    expect(shownAt(routes, over, mondayNineMs)).toEqual([]);
  });

  it('keeps what began within them, although the post came late', () => {
    expect(shownAt(routes, { openedMs: mondayNineMs }, mondayNineMs + 24 * hourMs)).toEqual([
      'ops',
    ]);
    expect(shownAt(routes, { pagedMs: mondayNineMs }, mondayNineMs + 12 * hourMs)).toEqual(['ops']);
  });

  it('asks to be looked at again when they begin', () => {
    const settings = aSettings({ destinations, routes });

    expect(nextRouting(settings, anIncident(), nightMs)).toBe(mondayNineMs);
    expect(nextRouting(settings, anIncident(), mondayNineMs)).toBeUndefined();
    expect(nextRouting(settings, anIncident({ ensemble: 'billing' }), nightMs)).toBe(mondayNineMs);
    expect(nextRouting(aSettings({ routes: [aRoute()] }), anIncident(), nightMs)).toBeUndefined();
  });
});

describe('who is called when nobody acknowledges', () => {
  const person = (id: string) => ({ kind: 'person', id }) as const;
  const group = (id: string) => ({ kind: 'group', id }) as const;

  it('are those of all routes that match, soonest first, together where they are due together', () => {
    const settings = aSettings({
      routes: [
        aRoute({
          escalation: [
            { afterMs: 900_000, to: [group('platform')] },
            { afterMs: 300_000, to: [person('ann')] },
          ],
        }),
        aRoute({ escalation: [{ afterMs: 300_000, to: [person('bo'), person('ann')] }] }),
        aRoute({ ensembles: ['billing'], escalation: [{ afterMs: 1, to: [person('dan')] }] }),
      ],
    });

    expect(escalationFor(settings, anIncident(), nightMs)).toEqual([
      { afterMs: 300_000, to: [person('ann'), person('bo')] },
      { afterMs: 900_000, to: [group('platform')] },
    ]);
  });

  it('are those of the hours of the page, and stay so', () => {
    const settings = aSettings({
      routes: [aRoute({ when: [office], escalation: [{ afterMs: 0, to: [person('ann')] }] })],
    });
    const steps = (pagedMs: number, nowMs: number) =>
      escalationFor(settings, anIncident({ pagedMs }), nowMs).length;

    expect(steps(mondayNineMs, mondayNineMs + 24 * hourMs)).toBe(1);
    expect(steps(nightMs, mondayNineMs)).toBe(0);
  });

  it('is nobody without a route', () => {
    expect(escalationFor(aSettings({ routes: [] }), anIncident(), nightMs)).toEqual([]);
  });

  it('is repeated as the most insistent of the routes wants', () => {
    const settings = aSettings({
      routes: [
        aRoute({ repeat: { everyMs: 600_000, times: 3 } }),
        aRoute({ repeat: { everyMs: 900_000, times: 9 } }),
        aRoute({ ensembles: ['billing'], repeat: { everyMs: 1, times: 20 } }),
      ],
    });

    expect(repeatFor(settings, anIncident(), nightMs)).toEqual({ everyMs: 600_000, times: 9 });
    expect(repeatFor(aSettings(), anIncident(), nightMs)).toBeUndefined();
  });
});
