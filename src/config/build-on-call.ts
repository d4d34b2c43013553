import type {
  CalendarSettings,
  Callee,
  GroupSettings,
  OnCallSettings,
  Rotation,
} from '../model/on-call.ts';
import type { EscalationStep } from '../model/settings.ts';
import type { WeekWindow } from '../model/week-window.ts';
import { momentOf } from '../model/zone.ts';
import type { ParsedConfig } from './schema.ts';
import type { ParsedCallee, ParsedSchedule, ParsedStep, ParsedWindow } from './schema-on-call.ts';

export function groupsOf({ groups }: ParsedConfig): readonly GroupSettings[] {
  return Object.entries(groups).map(([id, members]) => ({ id, members: members.map(calleeOf) }));
}

export function schedulesOf({ onCall }: ParsedConfig): readonly OnCallSettings[] {
  return Object.entries(onCall).map(([id, schedule]) => scheduleOf(id, schedule));
}

export function stepOf({ after, people, to }: ParsedStep): EscalationStep {
  return { afterMs: after, to: [...people, ...to].map(calleeOf) };
}

export function windowOf({ days, from, to }: ParsedWindow, zone: string): WeekWindow {
  return { days, fromMinute: from % 1440, toMinute: to === 0 ? 1440 : to, zone };
}

function calleeOf(parsed: ParsedCallee): Callee {
  if (typeof parsed === 'string') return { kind: 'person', id: parsed };
  return 'group' in parsed
    ? { kind: 'group', id: parsed.group }
    : { kind: 'oncall', id: parsed.oncall };
}

/** `rotation` is the lowest of the layers. */
function scheduleOf(id: string, schedule: ParsedSchedule): OnCallSettings {
  const { zone, rotation, layers, overrides, fallback } = schedule;
  const calendar = calendarOf(schedule);
  return {
    id,
    zone,
    rotations: [...(rotation === undefined ? [] : [rotation]), ...layers].map(
      ({ people, start, every, when }): Rotation => ({
        people,
        startWallMs: start,
        everyMs: every,
        when: (when ?? []).map((window) => windowOf(window, zone)),
      }),
    ),
    overrides: overrides.map(({ from, to, person }) => ({
      fromMs: momentOf(from, zone),
      untilMs: momentOf(to, zone),
      person,
    })),
    ...(calendar === undefined ? {} : { calendar }),
    ...(fallback === undefined ? {} : { fallback }),
  };
}

function calendarOf({ ical }: ParsedSchedule): CalendarSettings | undefined {
  if (ical === undefined) return undefined;
  const { url, file, refresh, timeout } = ical;
  const times = { refreshMs: refresh, timeoutMs: timeout };
  if (url !== undefined) return { source: { kind: 'url', url }, ...times };
  return file === undefined ? undefined : { source: { kind: 'file', path: file }, ...times };
}
