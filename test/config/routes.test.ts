import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { defaultGrouping, firstsMax } from '../../src/model/destination.ts';

const rest = `
ensembles: { orders: { servers: [zk1:2181] } }
destinations:
  hook: { webhook: { url: "https://hook.example.com/x" } }
  other: { webhook: { url: "https://other.example.com/x" } }
`;

function load(text: string) {
  return loadConfig(text + rest, { env: {}, detectorThresholds: { 'member-down': {} } });
}

function settings(text: string) {
  const result = load(text);
  if (!result.ok) throw new Error(JSON.stringify(result.faults, null, 1));
  return result.config.settings;
}

function faults(text: string): readonly string[] {
  const result = load(text);
  return result.ok ? [] : result.faults.map(({ path, what }) => `${path} ${what.kind}`);
}

/** Severities of which nobody but the console would hear. */
function unheard(routes: string): readonly string[] {
  const result = load(`routes: [${routes}]`);
  if (!result.ok) throw new Error(JSON.stringify(result.faults, null, 1));
  return result.config.warnings.flatMap(({ what }) =>
    what.kind === 'unheard' ? what.severities : [],
  );
}

describe('the fallback of a route, in the configuration', () => {
  it('is read as it stands', () => {
    const [route] = settings('routes: [{ to: [hook], fallback: [other, console] }]').routes;

    expect(route?.fallback).toEqual(['other', 'console']);
    expect(settings('routes: [{ to: [hook] }]').routes[0]).not.toHaveProperty('fallback');
  });

  it.each([
    ['no destination', '[]', ['routes[0].fallback empty-list']],
    ['a destination nobody knows', '[hok]', ['routes[0].fallback[0] unknown-name']],
    ['something that is no list', 'hook', ['routes[0].fallback wrong-value']],
  ])('is refused where it names %s', (_, value, expected) => {
    expect(faults(`routes: [{ to: [hook], fallback: ${value} }]`)).toEqual(expected);
  });

  it.each([
    ['a chat hears of everything', '{ to: [hook] }', []],
    ['the console alone does', '{ to: [console] }', ['page', 'warn']],
    [
      'the fallback hears of calls, which a warning makes none of',
      '{ to: [console], fallback: [hook] }',
      ['warn'],
    ],
    ['the fallback is the console too', '{ to: [console], fallback: [console] }', ['page', 'warn']],
    [
      'another route hears of the rest',
      '{ to: [console], fallback: [hook] }, { to: [hook], severities: [warn] }',
      [],
    ],
  ])('counts where it is asked who hears: %s', (_, routes, expected) => {
    expect(unheard(routes)).toEqual(expected);
  });
});

describe('the grouping of a storm, in the configuration', () => {
  it('is read for all and for one route, with the defaults for what is left out', () => {
    const { grouping, routes } = settings(
      'grouping: { within: 90s }\nroutes: [{ to: [hook], grouping: { above: 3 } }]',
    );

    expect(grouping).toEqual({ ...defaultGrouping, withinMs: 90_000 });
    expect(routes[0]?.grouping).toEqual({ ...defaultGrouping, above: 3 });
    expect(settings('')).not.toHaveProperty('grouping');
  });

  it.each([
    ['1', []],
    [String(firstsMax), []],
    ['0', ['grouping.above out-of-range']],
    [String(firstsMax + 1), ['grouping.above out-of-range']],
    ['2.5', ['grouping.above wrong-value']],
    ['many', ['grouping.above wrong-value']],
  ])('takes more than %s of them, or says what is wrong', (above, expected) => {
    expect(faults(`grouping: { above: ${above} }`)).toEqual(expected);
  });

  it.each([
    ['{ within: soon }', ['grouping.within wrong-value']],
    ['{ every: 5m }', ['grouping.every unknown-key']],
  ])('refuses %s', (value, expected) => {
    expect(faults(`grouping: ${value}`)).toEqual(expected);
  });
});
