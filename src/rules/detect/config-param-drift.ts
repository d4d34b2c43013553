import type { ServerId } from '../../model/ensemble.ts';
import type { Detector, EnsembleView } from '../../model/finding.ts';
import { ofEnsemble, unknown } from './signs/judged.ts';
import { surveyed } from './signs/surveyed.ts';

/** An hour: a change that is rolled out server by server is done by then. */
const thresholds = { holdMs: 3_600_000 };

/** Settings of `zoo.cfg` that should be the same everywhere and that `conf` does not tell. */
const inFile = [
  'jute.maxbuffer',
  'autopurge.purgeInterval',
  'autopurge.snapRetainCount',
  'snapCount',
  'preAllocSize',
  'globalOutstandingLimit',
  '4lw.commands.whitelist',
] as const;

/** Servers run with different settings: each behaves in its own way, and the next leader may be the odd one. */
export const configParamDrift: Detector = ofEnsemble({
  name: 'config-param-drift',
  severity: 'info',
  thresholds,
  judge: (view) => {
    const known = view.ensemble.servers
      .filter(({ id }) => view.surveys?.[id] !== undefined)
      .map(({ id }) => ({ id, values: settingsOf(view, id) }))
      .filter(({ values }) => values.size > 0);
    if (known.length < 2) return unknown;
    const names = [...new Set(known.flatMap(({ values }) => [...values.keys()]))];
    const drifted = names.flatMap((name) => {
      // A setting that only some files have is unknown on the others, not different.
      const held = known.flatMap(({ id, values }) => {
        const value = values.get(name);
        return value === undefined ? [] : [{ id, value }];
      });
      return new Set(held.map(({ value }) => value)).size > 1 ? [{ name, held }] : [];
    });
    return {
      verdict: drifted.length === 0 ? 'clear' : 'firing',
      facts: { settings: drifted.map(({ name }) => name) },
      evidence: drifted.map(
        ({ name, held }) => `${name}: ${held.map(({ id, value }) => `${id} ${value}`).join(', ')}`,
      ),
    };
  },
});

function settingsOf(view: EnsembleView, server: ServerId): ReadonlyMap<string, string> {
  const conf = surveyed(view, server, 'conf');
  const file = surveyed(view, server, 'host')?.settings ?? {};
  const heap = surveyed(view, server, 'memory')?.maxBytes;
  const told: readonly (readonly [string, string | number | undefined])[] = [
    ['tickTime', conf?.tickTimeMs],
    ['initLimit', conf?.initLimit],
    ['syncLimit', conf?.syncLimit],
    ['minSessionTimeout', conf?.minSessionTimeoutMs],
    ['maxSessionTimeout', conf?.maxSessionTimeoutMs],
    ['maxClientCnxns', conf?.maxClientCnxns],
    ['-Xmx', heap === undefined ? undefined : `${Math.round(heap / 1_048_576)}m`],
    ...inFile.map((name) => [name, file[name]] as const),
  ];
  return new Map(
    told.flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)] as const])),
  );
}
