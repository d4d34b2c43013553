import type { Facts } from '../../../../model/finding.ts';
import { commonEn } from '../common/en.ts';
import { flagOf, listOf, numberOf, textOf } from '../facts.ts';
import { byCount, counted } from '../plural.ts';

const { duration, list, time } = commonEn;

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
    const steps =
      done === 0
        ? 'Nothing was done'
        : `${done} of ${counted(total, 'step')} ${byCount(done, 'was', 'were')} done`;
    const orders = flagOf(facts, 'undone') ? `${steps} and taken back` : steps;
    const how = flagOf(facts, 'orders')
      ? orders
      : total === 0
        ? 'Nothing was sent to the server'
        : `${done} of ${counted(total, 'server')} ${byCount(done, 'was', 'were')} done, the others were left alone; to go on: recover ${textOf(facts, 'action')} ${textOf(facts, 'ensemble')} --resume ${textOf(facts, 'recovery')}`;
    return `${what} was stopped by ${textOf(facts, 'name')}${because(facts)}. ${how}`;
  },
  'taken-on': (what, facts) =>
    `${what} does not happen by itself: ${textOf(facts, 'name')} has the incident`,
  hushed: (what, facts) =>
    `${what} does not happen by itself: silenced by ${textOf(facts, 'name')}`,
  lost: (what) => `${what} does not happen by itself: nothing is known of the fault any more`,
  'auto-rule': (what) =>
    `${what} does not happen by itself: the configuration does not want it any more`,
  'auto-off': (what, facts) =>
    `${what} does not happen by itself: switched off by ${textOf(facts, 'name')}${because(facts)}`,
  'auto-maintenance': (what, facts) =>
    `${what} does not happen by itself during the maintenance ${textOf(facts, 'window')}`,
  'auto-flapping': (what) => `${what} does not happen by itself: the fault comes and goes`,
  'auto-leader': (what) => `${what} does not happen by itself: it led, and a person decides that`,
  'auto-alarms': (what, facts) =>
    `${what} does not happen by itself while several ensembles have alarms: ${list(listOf(facts, 'ensembles'))}`,
  'auto-out': (what, facts) =>
    `${what} does not happen by itself while too many servers are out: ${list(listOf(facts, 'out'))} of ${numberOf(facts, 'total')}`,
  'auto-limit': (what, facts) =>
    `${what} does not happen by itself again: at most ${numberOf(facts, 'times')} in ${duration(numberOf(facts, 'withinMs'))} ${textOf(facts, 'of') === '' ? 'in the ensemble' : 'for a server'}`,
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
  heads: ['Ensemble', 'Fault', 'What', 'When nobody has it for', 'At most', 'State'],
  on: 'on',
  offBy: (name: string, atMs: number, reason: string) =>
    `off since ${time(atMs)} by ${name}${reason === '' ? '' : `: ${reason}`}`,
  offEverywhere: (name: string, atMs: number, reason: string) =>
    `Automatic recovery is switched off everywhere since ${time(atMs)} by ${name}${reason === '' ? '' : `: ${reason}`}. Switch it on again: auto on`,
  /** Words that switch it. */
  switches: { on: 'on', off: 'off' } as Readonly<Record<string, 'on' | 'off'>>,
  noRules: 'Nothing is done by itself: no ensemble has rules under "auto" in the configuration.',
  limit: (times: number, withinMs: number) => `${times} per ${duration(withinMs)}`,
  limits: (server: string, ensemble: string) =>
    server === ensemble
      ? `${server} (server and ensemble)`
      : `${server} a server, ${ensemble} in all`,
  /** Of one ensemble, or of all where there is no name. */
  switched: {
    off: (scope: string) =>
      `Automatic recovery is off ${scope === '' ? 'everywhere' : `for ${scope}`}: nothing begins by itself until somebody writes: auto on${scope === '' ? '' : ` ${scope}`}`,
    on: (scope: string) =>
      `Automatic recovery is on again ${scope === '' ? 'wherever no ensemble has it off' : `for ${scope}`}. What was dropped meanwhile does not come back.`,
  },
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
