import { describe, expect, it } from 'vitest';
import { ownEnsemble } from '../../../src/model/ensemble.ts';
import { destinationsFor, escalationFor } from '../../../src/rules/routing/routes.ts';
import { aDestination, anIncident, aRoute, aSettings } from '../../support/builders.ts';

const ops = aDestination({ id: 'ops' });
const night = aDestination({ id: 'night' });
const console = aDestination({ id: 'console', channel: 'console' });
const destinations = [ops, night, console];

describe('where an incident is shown', () => {
  it('is every destination of every route that matches, once, in the order of the configuration', () => {
    const settings = aSettings({
      destinations,
      routes: [aRoute({ destinations: ['console', 'ops'] }), aRoute({ destinations: ['ops'] })],
    });

    expect(destinationsFor(settings, anIncident())).toEqual([ops, console]);
  });

  it.each([
    ['its ensemble', { ensembles: ['orders'] }, [ops]],
    ['another ensemble', { ensembles: ['billing'] }, []],
    ['its severity', { severities: ['warn', 'page'] }, [ops]],
    ['another severity', { severities: ['page'] }, []],
    ['its ensemble and another severity', { ensembles: ['orders'], severities: ['info'] }, []],
  ] as const)('follows a route for %s', (_, route, expected) => {
    const settings = aSettings({ destinations, routes: [aRoute(route)] });

    expect(destinationsFor(settings, anIncident())).toEqual(expected);
  });

  it('is every route, of whichever ensembles, where the bot itself is in trouble', () => {
    const settings = aSettings({
      destinations,
      routes: [
        aRoute({ ensembles: ['billing'] }),
        aRoute({ ensembles: ['orders'], severities: ['page'], destinations: ['night'] }),
      ],
    });
    const trouble = anIncident({ ensemble: ownEnsemble, severity: 'warn' });

    expect(destinationsFor(settings, trouble)).toEqual([ops]);
  });

  it('is everywhere while there is no route', () => {
    const settings = aSettings({ destinations, routes: [] });

    expect(destinationsFor(settings, anIncident())).toEqual(destinations);
  });

  it('leaves out a destination that is not configured', () => {
    const settings = aSettings({ destinations, routes: [aRoute({ destinations: ['gone'] })] });

    expect(destinationsFor(settings, anIncident())).toEqual([]);
  });
});

describe('who is called when nobody acknowledges', () => {
  it('are the people of all routes that match, soonest first, together where they are due together', () => {
    const settings = aSettings({
      routes: [
        aRoute({
          escalation: [
            { afterMs: 900_000, people: ['cy'] },
            { afterMs: 300_000, people: ['ann'] },
          ],
        }),
        aRoute({ escalation: [{ afterMs: 300_000, people: ['bo', 'ann'] }] }),
        aRoute({ ensembles: ['billing'], escalation: [{ afterMs: 1, people: ['dan'] }] }),
      ],
    });

    expect(escalationFor(settings, anIncident())).toEqual([
      { afterMs: 300_000, people: ['ann', 'bo'] },
      { afterMs: 900_000, people: ['cy'] },
    ]);
  });

  it('is nobody without a route', () => {
    expect(escalationFor(aSettings({ routes: [] }), anIncident())).toEqual([]);
  });
});
