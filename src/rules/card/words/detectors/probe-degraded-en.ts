import type { Facts } from '../../../../model/finding.ts';
import { commonEn } from '../common/en.ts';
import { listOf, textOf } from '../facts.ts';
import { byCount } from '../plural.ts';
import type { FaultWords } from './en.ts';

const { list } = commonEn;

/** `zk2`, or `3 servers` */
function unseen(facts: Facts): string {
  const servers = listOf(facts, 'servers');
  return byCount(servers.length, list(servers), `${servers.length} servers`);
}

/** Where the numbers come from instead. */
const sources: Readonly<Record<string, string>> = {
  admin: 'the numbers come from the AdminServer',
  srvr: 'the numbers come from srvr, without latency and followers in sync',
  mntr: 'some words are refused',
};

function blind(facts: Facts): string {
  const refused = listOf(facts, 'words');
  if (textOf(facts, 'source') === 'none') return `the bot cannot read ${unseen(facts)}`;
  return refused.length === 0
    ? `the bot sees less of ${unseen(facts)} than it should`
    : `the bot sees less of ${unseen(facts)}: ${list(refused)} not whitelisted`;
}

export const probeDegradedEn: FaultWords = {
  title: (subject, facts) => `${subject.ensemble}: ${blind(facts)}`,
  meaning: (facts) =>
    textOf(facts, 'source') === 'none'
      ? `Nothing is known about ${list(listOf(facts, 'servers'))}: a fault there would not be seen.`
      : `ZooKeeper is not affected. Less is known about ${list(listOf(facts, 'servers'))}: ${sources[textOf(facts, 'source')] ?? sources['mntr']}.`,
  advice: (facts) => {
    const line = textOf(facts, 'line');
    return line === ''
      ? 'Allow the four-letter words mntr, srvr and conf, or switch the AdminServer on.'
      : `Add this line to zoo.cfg of every server and restart them one by one when it suits: ${line}`;
  },
  symptom: (_, facts) => blind(facts),
  over: (subject) => `${subject.ensemble}: the bot sees everything again`,
};
