import type { Facts } from '../../../../model/finding.ts';
import type { RefusalCode } from '../../../../model/refusal.ts';
import { commonEn } from '../common/en.ts';
import { bytesOf, flagOf, listOf, numberOf, textOf } from '../facts.ts';
import { byCount, counted } from '../plural.ts';
import type { RefusalText } from './en.ts';

const { list } = commonEn;

function server(facts: Facts): string {
  return textOf(facts, 'server') || 'the server';
}

/** What the guards of the greater recoveries refuse, and what cannot be planned. */
export const guardRefusalsEn: Pick<
  Record<RefusalCode, (facts: Facts) => RefusalText>,
  | 'not-enough-people'
  | 'leads'
  | 'highest-zxid'
  | 'digests-differ'
  | 'disk-too-small'
  | 'data-dir-unknown'
  | 'files-unseen'
  | 'keep-too-few'
  | 'snapshot-broken'
  | 'nothing-to-purge'
  | 'no-zk-cli'
  | 'conf-unseen'
  | 'reconfig-off'
  | 'versions-differ'
  | 'no-member'
  | 'is-member'
  | 'joiner-unknown'
  | 'joiner-not-synced'
  | 'joiner-other-number'
  | 'removal-breaks-quorum'
  | 'unknown-named-command'
> = {
  'not-enough-people': (facts) => ({
    text: `${counted(numberOf(facts, 'needed'), 'other person', 'other people')} must agree to this, and the configuration names ${numberOf(facts, 'others')} who may.`,
    next: `An administrator adds people with the role operator, or to the ensemble: approvals: { ${textOf(facts, 'action')}: ${numberOf(facts, 'others')} }`,
  }),
  leads: (facts) =>
    flagOf(facts, 'standalone')
      ? {
          text: `${server(facts)} is the only voter: what it holds is the only copy.`,
          next: 'Take a backup before you touch its data.',
        }
      : {
          text: `${server(facts)} leads the ensemble, and this is never done to the leader.`,
          next: 'First make another server lead: /zk recover move-leader, then ask again.',
        },
  'highest-zxid': (facts) => ({
    text: `${server(facts)} holds transactions (${textOf(facts, 'zxid')}) that the leader ${textOf(facts, 'leader')} does not have: they may be the only copy.`,
    next: 'Copy its data folder to a safe place and let a person compare both first.',
  }),
  'digests-differ': (facts) => ({
    text: `${list(listOf(facts, 'differing'))} do not hold the same data after transaction ${textOf(facts, 'zxid')}, so nobody knows whom to copy from.`,
    next: 'Find out which of them is right first.',
  }),
  'disk-too-small': (facts) => ({
    text: `The disk of ${server(facts)} has ${bytesOf(facts, 'freeBytes')} free, and ${bytesOf(facts, 'needBytes')} are needed: the old data stays beside the new.`,
    next: 'Free space first, for example with: /zk recover purge-snapshots',
  }),
  'data-dir-unknown': (facts) => ({
    text: `The bot does not know where ${server(facts)} keeps its data: it did not answer "conf", and the configuration does not say.`,
    next: 'An administrator adds to restart: dataDir: /var/lib/zookeeper',
  }),
  'files-unseen': (facts) => ({
    text: `The files of ${server(facts)} could not be listed${textOf(facts, 'detail') === '' ? '' : `: ${textOf(facts, 'detail')}`}.`,
    next: 'Check restart.on and restart.dataDir, and that its user may read the folder.',
  }),
  'keep-too-few': (facts) => ({
    text: `At least ${counted(numberOf(facts, 'min'), 'snapshot')} are always kept.`,
    next: `Write: --keep ${numberOf(facts, 'min')}, or more`,
  }),
  'snapshot-broken': (facts) => ({
    text: `The newest snapshot of ${server(facts)} was not written to its end, so the older ones are still needed.`,
    next: 'Wait for the next snapshot, or look at the disk.',
  }),
  'nothing-to-purge': (facts) => ({
    text: `${server(facts)} has ${counted(numberOf(facts, 'snapshots'), 'whole snapshot')}, and ${numberOf(facts, 'keep')} are kept: nothing to purge.`,
    next: 'If the disk is full all the same, look at the log files of the process.',
  }),
  'no-zk-cli': (facts) => ({
    text: `The bot has no way to run zkCli.sh for ${textOf(facts, 'ensemble')}.`,
    next: 'An administrator adds to restart: zkCli: [/opt/zookeeper/bin/zkCli.sh, -server, "{host}:{port}"]',
  }),
  'conf-unseen': (facts) => ({
    text: `${list(listOf(facts, 'servers')) || 'No server'} did not say how it is configured, and all members must agree on that first.`,
    next: 'Allow the word conf: 4lw.commands.whitelist=mntr,srvr,conf',
  }),
  'reconfig-off': (facts) => ({
    text: `Reconfiguration is off on ${list(listOf(facts, 'servers'))}.`,
    next: 'Set reconfigEnabled=true in zoo.cfg of every server and restart them one by one: /zk recover rolling-restart',
  }),
  'versions-differ': (facts) => ({
    text: `The members do not agree on their configuration: ${list(listOf(facts, 'versions'))}.`,
    next: 'Bring them together first; a server with an old version may need a restart.',
  }),
  'no-member': (facts) => ({
    text: `${server(facts)} is no member of ${textOf(facts, 'ensemble')}.`,
    next: `See its members: /zk status ${textOf(facts, 'ensemble')}`,
  }),
  'is-member': (facts) => ({
    text: `Number ${numberOf(facts, 'sid')} is a member of ${textOf(facts, 'ensemble')} already.`,
    next: 'Nothing to do.',
  }),
  'joiner-unknown': (facts) => ({
    text: `The bot does not know the addresses of ${server(facts)}.`,
    next: 'Write the member: /zk recover add-member orders 4=10.0.0.4:2888:3888:participant;10.0.0.4:2181',
  }),
  'joiner-not-synced': (facts) => ({
    text: `${server(facts)} does not follow the leader in sync yet.`,
    next: 'Start it with the list of all members and itself in its configuration, and wait until it follows.',
  }),
  'joiner-other-number': (facts) => ({
    text: `${server(facts)} says that its number is ${numberOf(facts, 'own')}, not ${numberOf(facts, 'sid')}.`,
    next: 'Correct its file myid, or the member you write.',
  }),
  'removal-breaks-quorum': (facts) => ({
    text: `Without ${server(facts)} there ${byCount(numberOf(facts, 'after'), 'is', 'are')} ${counted(numberOf(facts, 'after'), 'voter')} in sync of ${numberOf(facts, 'votersAfter')}, and ${numberOf(facts, 'quorumAfter')} are needed.`,
    next: 'Bring another voter into sync, or add one, before you remove this one.',
  }),
  'unknown-named-command': (facts) => ({
    text: `${textOf(facts, 'ensemble')} has no command "${textOf(facts, 'command')}".`,
    next:
      listOf(facts, 'known').length === 0
        ? 'An administrator adds commands to the ensemble in the configuration file.'
        : `There are: ${list(listOf(facts, 'known'))}.`,
  }),
};
