import type { Facts } from '../../../../model/finding.ts';
import { commonEn } from '../common/en.ts';
import { numberOf, textOf } from '../facts.ts';

const { duration, time } = commonEn;

function because(facts: Facts): string {
  const reason = textOf(facts, 'reason');
  return reason === '' ? '' : `: ${reason}`;
}

/** Why a recovery was stopped or never begun, by the code of its outcome; refusals of the guard have their own words. */
const ends: Readonly<Record<string, (what: string, facts: Facts) => string>> = {
  stopped: (what, facts) =>
    `${what} was stopped by ${textOf(facts, 'name')} before it began${because(facts)}. Nothing was done`,
  withdrawn: (what, facts) =>
    `${what} was withdrawn by ${textOf(facts, 'name')}${because(facts)}. Nothing was done`,
  aborted: (what, facts) => {
    const done = numberOf(facts, 'done');
    const total = numberOf(facts, 'total');
    const how =
      total === 0
        ? 'Nothing was sent to the server'
        : `${done} of ${total} servers were done, the others were left alone; to go on: recover ${textOf(facts, 'action')} ${textOf(facts, 'ensemble')} --resume ${textOf(facts, 'recovery')}`;
    return `${what} was stopped by ${textOf(facts, 'name')}${because(facts)}. ${how}`;
  },
  'taken-on': (what, facts) =>
    `${what} does not happen by itself: ${textOf(facts, 'name')} has the incident`,
  hushed: (what, facts) =>
    `${what} does not happen by itself: silenced by ${textOf(facts, 'name')}`,
  lost: (what) => `${what} does not happen by itself: nothing is known of the fault any more`,
  gone: (what) => `${what} does not happen by itself: the fault is not what it was`,
};

/** Texts of what the bot does by itself, and of how a recovery is stopped. */
export const automationEn = {
  stop: 'Stop',
  stopRunning: 'Stop…',
  coming: (what: string, startsMs: number, afterMs: number) =>
    `${what} begins by itself at ${time(startsMs)}, unless somebody stops it or acknowledges (nobody has it since ${duration(afterMs)} by then)`,
  running: (what: string, afterMs: number) =>
    `${what} runs now by itself: nobody had the incident for ${duration(afterMs)}`,
  stopping: (what: string, name: string, reason: string, many: boolean) =>
    many
      ? `${what}: ${name} stops it${reason === '' ? '' : `: ${reason}`}. The server in hand is brought to its end, then nothing more is done`
      : `${what}: ${name} stops it${reason === '' ? '' : `: ${reason}`}. A command that is sent already cannot be taken back; what becomes of it is told here`,
  ended: (code: string, what: string, facts: Facts): string | undefined =>
    Object.hasOwn(ends, code) ? ends[code]?.(what, facts) : undefined,
  /** It was dropped for a reason that has words of its own. */
  dropped: (what: string, why: string) => `${what} does not happen by itself: ${why}`,
  stopForm: {
    title: (id: string) => `Stop ${id}?`,
    lines: [
      'The server in hand is brought to its end. A command that is sent already cannot be taken back.',
    ] as readonly string[],
    reasonLabel: 'Why (everybody sees it)',
    submit: 'Stop it',
    cancel: 'Let it run',
    danger: true,
  },
  /** Answers to whoever stops it. */
  done: {
    withdrawn: (id: string) => `${id} is withdrawn; nothing was done.`,
    before: (id: string) => `${id} is stopped before it began; nothing was done.`,
    asked: (id: string, many: boolean) =>
      many
        ? `${id} stops after the server it has in hand. What is done stays done; its card says how far it came.`
        : `${id} begins nothing more. If its command is sent already, it cannot be taken back: its card says what became of it.`,
  },
};

export type AutomationWords = typeof automationEn;
