import type { NotSeen } from '../../../../model/not-seen.ts';
import { commonEn } from '../common/en.ts';

const { list } = commonEn;

const what: Readonly<Record<NotSeen['what'], string>> = {
  words: 'some four-letter words are refused',
  admin: 'the AdminServer does not answer',
  session: 'no session stands',
  machine: 'the machine is not looked at',
  'machine-part': 'a part of the machine is not seen',
  log: 'the log is not read',
  'jvm-pauses': 'pauses of the JVM are not counted',
  'old-version': 'this version does not tell everything',
  tree: 'the tree is not walked',
};

/** Texts of the command doctor. */
export const doctorEn = {
  part: 'Part',
  state: 'State',
  ok: 'fine',
  well: (count: number) => `The bot is well: all ${count} checks are fine.`,
  unwell: (bad: number, count: number) =>
    `${bad} of ${count} checks ${bad === 1 ? 'needs' : 'need'} somebody:`,
  next: (ensembles: readonly string[]) =>
    `What it does not see of an ensemble: doctor ${ensembles[0] ?? '<ensemble>'}`,
  seesAll: (ensemble: string) => `The bot sees all there is to see of ${ensemble}.`,
  sees: (ensemble: string, count: number) =>
    `${count} ${count === 1 ? 'thing' : 'things'} of ${ensemble} ${count === 1 ? 'stays' : 'stay'} in the dark:`,
  what,
  gap: (text: string, servers: readonly string[], why: string) =>
    `${list(servers)}: ${text} (${why}).`,
  unseen: (detectors: readonly string[]) =>
    `Not recognised, or later, without it: ${detectors.join(', ')}`,
  write: (where: string, line: string) => `Write in ${where}: ${line}`,
  noLine: 'Only a newer version of ZooKeeper changes that.',
};

export type DoctorWords = typeof doctorEn;
