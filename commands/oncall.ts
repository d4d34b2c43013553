import type { OnCallNow } from '../src/model/on-call.ts';
import { refuse } from '../src/model/refusal.ts';
import type { Reply } from '../src/model/reply.ts';
import type { Command, Desk } from '../src/ports/command.ts';
import { namesOf } from '../src/rules/card/card-lines.ts';
import { words } from '../src/rules/card/words/words.ts';
import { choices } from './parts/closest.ts';

const usage = 'oncall [schedule]';

/** Who is on call, until when, and who is next. */
export const oncall: Command = {
  name: 'oncall',
  aliases: ['on-call', '值班'],
  usage,
  role: 'everyone',
  completes: ['schedule'],
  async run({ args }, desk) {
    if (args.length > 1) return refuse('bad-arguments', { usage });
    const [name] = args;
    const all = await desk.onCall();
    const chosen = name === undefined ? all : all.filter((each) => each.schedule === name);
    if (name !== undefined && chosen.length === 0) {
      const known = all.map(({ schedule }) => schedule);
      return refuse('unknown-schedule', { schedule: name, ...choices(name, known) });
    }
    return answer(chosen, desk);
  },
};

function answer(schedules: readonly OnCallNow[], desk: Desk): Reply {
  const all = words(desk.language);
  const { heads, onCall } = all.commands;
  if (schedules.length === 0)
    return {
      outcome: 'done',
      visibility: 'private',
      blocks: [{ kind: 'text', text: onCall.none }],
    };
  const names = (ids: readonly string[] | undefined): string =>
    ids === undefined || ids.length === 0
      ? onCall.nobody
      : all.common.list(namesOf(ids, desk.settings.people));
  const notes = schedules.flatMap((now) =>
    notesOn(now, desk).map((text) => ({ kind: 'text' as const, text })),
  );
  return {
    outcome: 'done',
    visibility: 'private',
    blocks: [
      {
        kind: 'table',
        head: [heads.schedule, heads.onCall, heads.until, heads.next],
        rows: schedules.map((now) => [
          now.schedule,
          names(now.people),
          now.untilMs === undefined ? onCall.always : all.common.timeIn(now.untilMs, now.zone),
          now.untilMs === undefined ? all.commands.none : names(now.next),
        ]),
      },
      ...notes,
    ],
  };
}

/** What a reader has to know besides: a stand-in, a gap, a calendar that is old or names strangers. */
function notesOn(now: OnCallNow, desk: Desk): readonly string[] {
  const all = words(desk.language);
  const { onCall } = all.commands;
  const { schedule, source, strangers, calendar } = now;
  const failing = calendar?.failing;
  return [
    ...(source === 'override' ? [onCall.override(schedule)] : []),
    ...(source === 'fallback' ? [onCall.fallback(schedule)] : []),
    ...(source === 'nobody' ? [onCall.gap(schedule)] : []),
    ...(strangers.length === 0 ? [] : [onCall.strangers(schedule, strangers)]),
    ...(calendar?.readMs === undefined && calendar !== undefined
      ? [onCall.unread(schedule, failing ?? '')]
      : []),
    ...(calendar?.readMs === undefined || failing === undefined
      ? []
      : [onCall.stale(schedule, desk.nowMs - calendar.readMs, failing)]),
  ];
}
