import type { ConfigFault } from '../model/config-fault.ts';
import { ownEnsemble } from '../model/ensemble.ts';
import type { Severity } from '../model/finding.ts';
import { ownTroubles } from '../model/own-troubles.ts';
import { isWithin } from '../model/week-window.ts';
import { minuteMs, momentOf } from '../model/zone.ts';
import { windowOf } from './build-on-call.ts';
import { calleeFaults, firstMinute, weekStartWall } from './checks-on-call.ts';
import type { ConfigDocument, Path } from './document.ts';
import { get, list, section, unknownName, warn } from './look.ts';
import { channelKeys, type ParsedConfig } from './schema.ts';

/** What routes say that cannot be, and whom their escalations cannot reach. */
export function routeFaults(
  document: ConfigDocument,
  detectors: readonly string[],
): readonly ConfigFault[] {
  const { values } = document;
  const ensembles = [...Object.keys(section(get(values, 'ensembles'))), ownEnsemble];
  const everywhere = [...Object.keys(section(get(values, 'destinations'))), 'console'];
  const names = (
    path: Path,
    value: unknown,
    of: 'ensemble' | 'destination' | 'detector',
    known: readonly string[],
  ) =>
    list(value).flatMap((name, index) =>
      typeof name === 'string' && !known.includes(name)
        ? [unknownName(document, [...path, index], of, name, known)]
        : [],
    );
  return list(get(values, 'routes')).flatMap((route, at) => {
    const path = ['routes', at];
    const chosen = get(route, 'detectors');
    const not = get(chosen, 'not');
    return [
      ...names([...path, 'ensembles'], get(route, 'ensembles'), 'ensemble', ensembles),
      ...names([...path, 'to'], get(route, 'to'), 'destination', everywhere),
      ...names([...path, 'fallback'], get(route, 'fallback'), 'destination', everywhere),
      ...names([...path, 'detectors'], chosen, 'detector', detectors),
      ...names([...path, 'detectors', 'not'], not, 'detector', detectors),
      ...(detectors.length > 0 && detectors.every((name) => list(not).includes(name))
        ? [warn(document.at([...path, 'detectors'], { kind: 'matches-nothing' }))]
        : []),
      ...escalationFaults(document, path, route),
    ];
  });
}

function escalationFaults(
  document: ConfigDocument,
  above: Path,
  route: unknown,
): readonly ConfigFault[] {
  const { values } = document;
  const people = section(get(values, 'people'));
  const channels = list(get(route, 'to')).flatMap((id) =>
    channelKeys.filter((key) => get(values, 'destinations', String(id), key) !== undefined),
  );
  const steps = list(get(route, 'escalation'));
  const calls = steps.flatMap((step, index) => {
    const path = [...above, 'escalation', index];
    const named = (['people', 'to'] as const).flatMap((key) =>
      list(get(step, key)).map((callee, position) => ({ callee, path: [...path, key, position] })),
    );
    return [
      ...calleeFaults(document, [...path, 'people'], get(step, 'people')),
      ...calleeFaults(document, [...path, 'to'], get(step, 'to')),
      ...(named.length === 0 && get(step, 'after') !== undefined
        ? [document.at(path, { kind: 'names-nobody' })]
        : []),
      ...named.flatMap(({ callee, path: at }) =>
        [...new Set(reached(values, callee))]
          .filter((id) => cannotBeCalled(get(people, id), channels))
          .map((person) => warn(document.at(at, { kind: 'unreachable-person', person }))),
      ),
    ];
  });
  return get(route, 'repeat') !== undefined && steps.length === 0
    ? [...calls, document.at([...above, 'repeat'], { kind: 'nothing-to-repeat' })]
    : calls;
}

/** People that a name may come to, those of groups and schedules included. */
function reached(
  values: unknown,
  callee: unknown,
  seen: readonly unknown[] = [],
): readonly string[] {
  if (typeof callee === 'string') return [callee];
  const group = get(callee, 'group');
  const schedule = get(callee, 'oncall');
  if (typeof group === 'string' && !seen.includes(group))
    return list(get(values, 'groups', group)).flatMap((member) =>
      reached(values, member, [...seen, group]),
    );
  if (typeof schedule !== 'string') return [];
  const settings = get(values, 'onCall', schedule);
  return [
    ...[get(settings, 'rotation'), ...list(get(settings, 'layers'))].flatMap((rotation) =>
      list(get(rotation, 'people')),
    ),
    ...list(get(settings, 'overrides')).map((override) => get(override, 'person')),
    get(settings, 'fallback'),
  ].filter((name) => typeof name === 'string');
}

/** A webhook passes on every name; chats and mail call only those whose id or address is known. */
function cannotBeCalled(person: unknown, channels: readonly string[]): boolean {
  if (person === undefined || channels.length === 0) return false;
  // People are the same in DingTalk, whichever robot speaks; and an SMS goes to a phone.
  const keys: Readonly<Record<string, string>> = { dingtalkRobot: 'dingtalk', sms: 'phone' };
  const keyOf = (channel: string): string => keys[channel] ?? channel;
  return channels.every(
    (channel) => channel !== 'webhook' && get(person, keyOf(channel)) === undefined,
  );
}

/** `info` is for the record: nobody misses hearing of it. */
const heard: readonly Severity[] = ['page', 'warn'];

/** Incidents that would be heard by nobody but the console. Without any other destination there is nobody to hear. */
export function unheardWarnings(
  document: ConfigDocument,
  parsed: ParsedConfig,
  detectors: readonly string[],
): readonly ConfigFault[] {
  if (Object.keys(parsed.destinations).length === 0) return [];
  const whole = [
    ...Object.keys(parsed.ensembles).map((ensemble) => ({ ensemble, detectors })),
    { ensemble: ownEnsemble, detectors: ownTroubles },
  ];
  const unheard = whole.flatMap((one) =>
    heard.flatMap((severity) => unheardIn(parsed, one, severity)),
  );
  const byDetectors = merged(
    unheard,
    ({ severities, detectors: names, gap }) => JSON.stringify([severities, names, gap]),
    (one, other) => ({ ...one, ensembles: [...one.ensembles, ...other.ensembles] }),
  );
  const bySeverity = merged(
    byDetectors,
    ({ ensembles, detectors: names, gap }) => JSON.stringify([ensembles, names, gap]),
    (one, other) => ({ ...one, severities: [...one.severities, ...other.severities] }),
  );
  const place = [parsed.routes.length === 0 ? 'destinations' : 'routes'];
  return bySeverity.map(({ gap, ...who }) =>
    warn(document.at(place, { kind: 'unheard', ...who, ...gap })),
  );
}

interface Unheard {
  readonly ensembles: readonly string[];
  readonly severities: readonly Severity[];
  /** Empty: all. */
  readonly detectors: readonly string[];
  readonly gap: Gap;
}

/** Detectors of an ensemble that no route hears at some time, those with the same time together. */
function unheardIn(
  parsed: ParsedConfig,
  { ensemble, detectors }: { readonly ensemble: string; readonly detectors: readonly string[] },
  severity: Severity,
): readonly Unheard[] {
  const gaps = new Map<string, Gap | undefined>();
  const each = detectors.flatMap((detector): readonly Unheard[] => {
    const routes = routesFor(parsed, { ensemble, severity, detector });
    const key = routes.map((route) => parsed.routes.indexOf(route)).join(' ');
    if (!gaps.has(key)) gaps.set(key, gapOf(routes));
    const gap = gaps.get(key);
    return gap === undefined
      ? []
      : [{ ensembles: [ensemble], severities: [severity], detectors: [detector], gap }];
  });
  return merged(
    each,
    ({ gap }) => JSON.stringify(gap),
    (one, other) => ({ ...one, detectors: [...one.detectors, ...other.detectors] }),
  ).map((one) => (one.detectors.length === detectors.length ? { ...one, detectors: [] } : one));
}

/** Those with the same key as one, in order. */
function merged(
  things: readonly Unheard[],
  keyOf: (thing: Unheard) => string,
  join: (one: Unheard, other: Unheard) => Unheard,
): readonly Unheard[] {
  const byKey = new Map<string, Unheard>();
  for (const thing of things) {
    const key = keyOf(thing);
    const known = byKey.get(key);
    byKey.set(key, known === undefined ? thing : join(known, thing));
  }
  return [...byKey.values()];
}

interface Gap {
  /** Absent: always. */
  readonly from?: { readonly weekday: number; readonly minute: number };
}

type ParsedRoute = ParsedConfig['routes'][number];

function routesFor(
  parsed: ParsedConfig,
  what: { readonly ensemble: string; readonly severity: Severity; readonly detector: string },
): readonly ParsedRoute[] {
  return parsed.routes.filter(({ ensembles, severities, detectors, to, fallback = [] }) => {
    const chosen = detectors === undefined || chooses(detectors, what.detector);
    // The fallback speaks for calls, and only a page calls.
    const told =
      what.severity === 'page'
        ? [...to, ...fallback]
        : // An SMS is a call: of the rest it says nothing.
          to.filter((id) => parsed.destinations[id]?.sms === undefined);
    return (
      told.some((id) => id !== 'console') &&
      // A trouble of the bot itself goes everywhere.
      (ensembles.length === 0 ||
        what.ensemble === ownEnsemble ||
        ensembles.includes(what.ensemble)) &&
      (severities.length === 0 || severities.includes(what.severity)) &&
      chosen
    );
  });
}

function chooses(detectors: NonNullable<ParsedRoute['detectors']>, name: string): boolean {
  return 'not' in detectors ? !detectors.not.includes(name) : detectors.includes(name);
}

/** When none of the routes listens; undefined when one always does. */
function gapOf(routes: readonly ParsedRoute[]): Gap | undefined {
  if (routes.length === 0) return {};
  const windows = routes.map(({ when }) =>
    (when ?? []).map((window) => windowOf(window, window.zone)),
  );
  if (windows.some((each) => each.length === 0)) return undefined;
  const from = firstMinute((minute) => {
    const zone = windows[0]?.[0]?.zone ?? 'UTC';
    const atMs = momentOf(weekStartWall + minute * minuteMs, zone);
    return !windows.some((each) => isWithin(each, atMs));
  });
  return from === undefined ? undefined : { from };
}
