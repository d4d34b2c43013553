import type { DrillEnd, EndedDrill } from '../../../../model/drill.ts';
import { commonEn } from '../common/en.ts';

const { duration, time } = commonEn;

const ends: Readonly<Record<DrillEnd, (name: string) => string>> = {
  stopped: (name) => `${name} ended it`,
  over: () => 'everything in it is mended',
  bound: () => 'its time was up',
  'real-fault': () => 'it made way for a real fault',
};

function said({ acknowledged, decided }: EndedDrill['report']): string {
  const taken =
    acknowledged === undefined
      ? 'Nobody acknowledged.'
      : `Acknowledged by ${acknowledged.name} after ${duration(acknowledged.afterMs)}.`;
  const did =
    decided === undefined
      ? 'Nobody decided on a recovery.'
      : `${decided.name} decided after ${duration(decided.afterMs)}: ${decided.action} ${decided.server}.`;
  return `${taken} ${did}`;
}

/** Texts of drills: a recorded incident that people practise on. */
export const drillEn = {
  /** Stands in front of everything that belongs to one. */
  mark: (text: string) => `DRILL · ${text}`,
  meaning: 'This is a DRILL: nothing is broken, and nothing will be done to any server.',
  over: ({ why, name, report }: EndedDrill) =>
    `The drill is over: ${ends[why](name)}. ${said(report)}`,
  started: (recording: string, ensemble: string, untilMs: number) =>
    `DRILL ${recording} begins for ${ensemble}: cards, calls and approvals come as for a real fault, marked DRILL; recoveries there run nowhere. It ends at ${time(untilMs)} at the latest, or with: drill stop ${ensemble}`,
  running: (recording: string, ensemble: string, name: string, untilMs: number) =>
    `DRILL ${recording} runs for ${ensemble}, begun by ${name}, until ${time(untilMs)} at the latest`,
  last: (recording: string, ensemble: string, atMs: number) =>
    `Last drill of ${ensemble}: ${recording}, ${time(atMs)}.`,
  recordings: (names: readonly string[]) =>
    `What can be played: ${names.join(', ')}. Begin with: drill ${names[0]} <ensemble>`,
  /** The word that ends one. */
  stop: 'stop',
};

export type DrillWords = typeof drillEn;
