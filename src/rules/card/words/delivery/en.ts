import { commonEn } from '../common/en.ts';
import { byCount, counted } from '../plural.ts';

const { duration, list, time } = commonEn;

function faults(count: number): string {
  return counted(count, 'fault');
}

const why = {
  limited: 'this chat takes no more messages than that',
  failing: 'this chat could not be reached',
};

/** Cards that come late or in place of others, and the one card of a storm. */
export const deliveryEn = {
  late: (byMs: number, reason: 'limited' | 'failing') =>
    `Shown ${duration(byMs)} late: ${why[reason]}`,
  /** Over before it could be shown, or shown as over. */
  lateOver: (firedMs: number, overMs: number, reason: 'limited' | 'failing') =>
    `Fired ${time(firedMs)}, over ${time(overMs)}; ${reason === 'limited' ? 'this chat was limited meanwhile' : 'this chat could not be reached meanwhile'}`,
  lateLine: (text: string, byMs: number) => `${text} (${duration(byMs)} late)`,
  fallback: (instead: readonly string[], forMs: number) =>
    `Here because ${list(instead)} ${byCount(instead.length, 'has', 'have')} been failing for ${duration(forMs)}: nobody was called there`,
  usedUp: (instead: readonly string[]) =>
    `Here because this month's quota of ${list(instead)} is used up: nobody was called there`,
  digest: {
    title: (total: number, open: number) =>
      open === 0 ? `Storm over: ${faults(total)}` : `Storm: ${faults(total)} at once, ${open} open`,
    meaning:
      'So many faults came at once that each one as a card would hide the others. None is lost: all are here and on the console.',
    advice:
      'Look for what they have in common (network, power, a rollout). `/zk show NUMBER` shows one of them, with its buttons.',
    over: 'Nothing to do here any more. The console keeps every one of them.',
    line: (id: number, title: string) => `#${id} ${title}`,
    acknowledged: (line: string) => `${line} (acknowledged)`,
    resolved: (line: string) => `${line} (resolved)`,
    own: (line: string) => `${line} (has its own card)`,
    state: (total: number, resolved: number, isOver: boolean) =>
      `${isOver ? 'The storm is over' : 'The storm goes on'}: ${faults(total)}, ${resolved} resolved`,
    list: 'List what is open',
    called: (count: number, lines: readonly string[]) =>
      `Please look, ${faults(count)}: ${list(lines)}`,
    ended: (total: number, resolved: number, open: number) =>
      `The storm is over: ${faults(total)}, ${resolved} resolved${open === 0 ? '' : `, ${open} still open`}.`,
  },
};

export type DeliveryWords = typeof deliveryEn;
