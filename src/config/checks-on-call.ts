import type { ConfigFault } from '../model/config-fault.ts';
import { isWithin } from '../model/week-window.ts';
import { minuteMs, momentOf, parseWall, wallAt } from '../model/zone.ts';
import { windowOf } from './build-on-call.ts';
import type { ConfigDocument, Path } from './document.ts';
import { get, list, section, tooShort, unknownName, warn } from './look.ts';
import type { ParsedConfig } from './schema.ts';
import { refreshLeast } from './schema-on-call.ts';

/** Whether two weekdays meet is asked at every fifth minute: nobody hands over at a finer grain. */
export const weekStepMs = 5 * minuteMs;

/** A week in which no zone changes its clocks, from Monday midnight: 11 January 2027. */
export const weekStartWall = wallAt(2027, 1, 11);

/** Names in groups and schedules that point to nothing, groups that hold each other, schedules that cannot work. */
export function onCallFaults(document: ConfigDocument): readonly ConfigFault[] {
  const { values } = document;
  const groups = Object.entries(section(get(values, 'groups')));
  const schedules = Object.entries(section(get(values, 'onCall')));
  return [
    ...groups.flatMap(([id, members]) => calleeFaults(document, ['groups', id], members)),
    ...cycleFaults(document),
    ...schedules.flatMap(([id, schedule]) => scheduleFaults(document, ['onCall', id], schedule)),
  ];
}

/** Names of people, groups and schedules in a list that point to nothing. */
export function calleeFaults(
  document: ConfigDocument,
  path: Path,
  callees: unknown,
): readonly ConfigFault[] {
  const { values } = document;
  return list(callees).flatMap((callee, index) => {
    const at = [...path, index];
    if (typeof callee === 'string') return personFaults(document, at, callee);
    const known = { group: 'groups', oncall: 'onCall' } as const;
    return (['group', 'oncall'] as const).flatMap((key) => {
      const name = get(callee, key);
      const names = Object.keys(section(get(values, known[key])));
      return typeof name !== 'string' || names.includes(name)
        ? []
        : [
            unknownName(
              document,
              [...at, key],
              key === 'group' ? 'group' : 'schedule',
              name,
              names,
            ),
          ];
    });
  });
}

function personFaults(document: ConfigDocument, path: Path, name: unknown): readonly ConfigFault[] {
  const known = Object.keys(section(get(document.values, 'people')));
  return typeof name !== 'string' || known.includes(name)
    ? []
    : [unknownName(document, path, 'person', name, known)];
}

/** Groups that hold themselves, each circle once. */
function cycleFaults(document: ConfigDocument): readonly ConfigFault[] {
  const groups = section(get(document.values, 'groups'));
  const done = new Set<string>();
  const faults: ConfigFault[] = [];
  const visit = (id: string, above: readonly string[]): void => {
    if (above.includes(id)) {
      const circle = [...above.slice(above.indexOf(id)), id];
      faults.push(document.at(['groups', id], { kind: 'group-cycle', groups: circle }));
      return;
    }
    if (done.has(id)) return;
    for (const member of list(groups[id])) {
      const inner = get(member, 'group');
      if (typeof inner === 'string' && Object.hasOwn(groups, inner)) visit(inner, [...above, id]);
    }
    done.add(id);
  };
  for (const id of Object.keys(groups)) visit(id, []);
  return faults;
}

function scheduleFaults(
  document: ConfigDocument,
  path: Path,
  schedule: unknown,
): readonly ConfigFault[] {
  const ical = get(schedule, 'ical');
  const people = (at: Path, value: unknown) =>
    list(value).flatMap((name, index) => personFaults(document, [...at, index], name));
  const overrides = list(get(schedule, 'overrides'));
  const empty =
    ical === undefined &&
    get(schedule, 'rotation') === undefined &&
    [...list(get(schedule, 'layers')), ...overrides].length === 0;
  return [
    ...(empty ? [document.at(path, { kind: 'empty-schedule' })] : []),
    ...people([...path, 'rotation', 'people'], get(schedule, 'rotation', 'people')),
    ...list(get(schedule, 'layers')).flatMap((layer, index) =>
      people([...path, 'layers', index, 'people'], get(layer, 'people')),
    ),
    ...overrides.flatMap((override, index) => {
      const at = [...path, 'overrides', index];
      return [
        ...personFaults(document, [...at, 'person'], get(override, 'person')),
        ...endFaults(document, at, get(override, 'from'), get(override, 'to')),
      ];
    }),
    ...personFaults(document, [...path, 'fallback'], get(schedule, 'fallback')),
    ...(ical === undefined ? [] : calendarFaults(document, [...path, 'ical'], ical)),
  ];
}

function endFaults(
  document: ConfigDocument,
  path: Path,
  from: unknown,
  to: unknown,
): readonly ConfigFault[] {
  if (typeof from !== 'string' || typeof to !== 'string') return [];
  const [begins, ends] = [parseWall(from), parseWall(to)];
  if (begins === undefined || ends === undefined || ends > begins) return [];
  return [document.at([...path, 'to'], { kind: 'ends-before', from, to })];
}

function calendarFaults(
  document: ConfigDocument,
  path: Path,
  ical: unknown,
): readonly ConfigFault[] {
  const sources = (['url', 'file'] as const).filter((key) => get(ical, key) !== undefined);
  return [
    ...(sources.length === 1 ? [] : [document.at(path, { kind: 'one-calendar' })]),
    ...tooShort(document, [...path, 'refresh'], get(ical, 'refresh'), refreshLeast),
  ];
}

/** Schedules whose rotations leave hours of the week to nobody. A calendar may fill them; nobody can know. */
export function holeWarnings(
  document: ConfigDocument,
  { onCall }: ParsedConfig,
): readonly ConfigFault[] {
  return Object.entries(onCall).flatMap(([id, schedule]) => {
    const { zone, rotation, layers, ical, fallback } = schedule;
    const rotations = [...(rotation === undefined ? [] : [rotation]), ...layers];
    if (rotations.length === 0 || ical !== undefined || fallback !== undefined) return [];
    const hours = rotations.map(({ when }) => (when ?? []).map((each) => windowOf(each, zone)));
    const hole = firstMinute((minute) => {
      const atMs = momentOf(weekStartWall + minute * minuteMs, zone);
      return !hours.some((windows) => isWithin(windows, atMs));
    });
    if (hole === undefined) return [];
    return [warn(document.at(['onCall', id], { kind: 'on-call-hole', schedule: id, ...hole }))];
  });
}

/** The first minute of the week for which something holds. */
export function firstMinute(
  holds: (minute: number) => boolean,
): { readonly weekday: number; readonly minute: number } | undefined {
  for (let minute = 0; minute < 7 * 1440; minute += weekStepMs / minuteMs)
    if (holds(minute)) return { weekday: Math.floor(minute / 1440), minute: minute % 1440 };
  return undefined;
}
