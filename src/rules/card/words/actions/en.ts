import type { Facts } from '../../../../model/finding.ts';
import type { PhaseName } from '../../../../model/phase.ts';
import { commonEn } from '../common/en.ts';
import { bytesOf, flagOf, listOf, numberOf, textOf } from '../facts.ts';
import { counted } from '../plural.ts';

const { duration } = commonEn;

/** What an action is called, what shows that it worked, and what is done where a step fails. */
export interface ActionText {
  readonly name: (server: string, argument: string) => string;
  readonly worked: (facts: Facts) => string;
  readonly verify: string;
  readonly abort: string;
}

const inSync = 'The server serves in its role and in sync, three looks in a row.';
const leaveIt =
  'Nothing is taken back: a restart has nothing to take back. The card says what went wrong.';

function files(facts: Facts): string {
  const count = numberOf(facts, 'count');
  const names = listOf(facts, 'files');
  const more = count > names.length ? `, … ${count - names.length} more` : '';
  return `${counted(count, 'file')}, ${bytesOf(facts, 'bytes')}: ${names.join(', ')}${more}`;
}

/** Whose a session is, since when, and what hangs on it. */
function session(facts: Facts): string {
  const address = textOf(facts, 'address');
  const ageMs = numberOf(facts, 'ageMs', -1);
  const watches = numberOf(facts, 'watches', -1);
  const count = numberOf(facts, 'ephemerals');
  const paths = listOf(facts, 'paths');
  const more = count > paths.length ? `, … ${count - paths.length} more` : '';
  return [
    `${textOf(facts, 'session')}:`,
    address === '' ? 'not connected,' : `from ${address} on ${textOf(facts, 'server')},`,
    ...(ageMs < 0 ? [] : [`connected for ${duration(ageMs)},`]),
    `${counted(count, 'ephemeral znode')}${count === 0 ? '' : ` (${paths.join(', ')}${more})`},`,
    watches < 0 ? 'watches not counted' : counted(watches, 'watch', 'watches'),
  ].join(' ');
}

const byName: Readonly<Record<string, ActionText>> = {
  'restart-server': {
    name: (server) => `Restart of ${server}`,
    worked: () => 'it serves and is in sync again',
    verify: inSync,
    abort: leaveIt,
  },
  'rolling-restart': {
    name: () => 'Rolling restart',
    worked: () => 'all serve in sync',
    verify: `${inSync} The next one is taken only then.`,
    abort: 'It stops at the first doubt; --resume goes on later with those that are left.',
  },
  'move-leader': {
    name: () => 'Move of the leader',
    worked: () => 'another server leads',
    verify: `${inSync} Another one leads.`,
    abort: leaveIt,
  },
  'resync-server': {
    name: (server) => `Resync of ${server}`,
    worked: (facts) =>
      `it fetched all data from ${textOf(facts, 'leader')} and is in sync; its old data is kept as ${textOf(facts, 'aside') || 'version-2.bad.…'}`,
    verify:
      'The leader has sent a snapshot, both count the same nodes, and the server serves in sync, three looks in a row.',
    abort:
      'Before it is started empty, its data is put back and it is started as it was. Afterwards its old data stays aside; it is stopped again if it leads or its leader is gone.',
  },
  'purge-snapshots': {
    name: (server) => `Purge of snapshots of ${server}`,
    worked: () => 'the old files are gone and the server serves',
    verify: 'The files are gone, the kept snapshots are there, and the server serves as before.',
    abort: 'Nothing can be brought back. What was not removed yet stays.',
  },
  'add-member': {
    name: (server) => `Addition of the member ${server}`,
    worked: (facts) =>
      `all members know it. To undo: /zk recover remove-member with ${textOf(facts, 'server')}`,
    verify: 'All members have the same new configuration, and the leader counts the new quorum.',
    abort: 'Nothing is taken back by itself: look at the members, then remove it again.',
  },
  'remove-member': {
    name: (server) => `Removal of the member ${server}`,
    worked: (facts) =>
      `the other members know it. To undo: start it, then /zk recover add-member with ${textOf(facts, 'member')}`,
    verify:
      'All members that stay have the same new configuration, the leader counts the new quorum, and the server is stopped.',
    abort:
      'Nothing is taken back by itself: start the server, then add it again with the line shown.',
  },
  'run-command': {
    name: (server, argument) => `Command ${argument} on ${server}`,
    worked: () => 'it ended well; its output is kept',
    verify: 'The command ends with exit code 0.',
    abort: 'Nothing: what a command did, only its author knows.',
  },
  'kill-session': {
    name: (server) => `End of the session ${server}`,
    worked: () => 'no server knows it any more, and its ephemeral znodes are gone on all of them',
    verify: 'No server knows the session, and its ephemeral znodes are gone on all of them.',
    abort: 'Nothing can be brought back: its client must open a new session.',
  },
  'drop-connection': {
    name: (server) => `Cut of the connection of the session ${server}`,
    worked: () => 'that connection is gone; a healthy client comes back with the same session',
    verify: 'The connection is gone, or the session has another one.',
    abort: 'Nothing: the session stays, and expires by itself if its client does not come back.',
  },
};

const phases: Readonly<Record<PhaseName, (facts: Facts) => string>> = {
  restart: (facts) => `Restart ${textOf(facts, 'server')}`,
  stop: (facts) => `Stop ${textOf(facts, 'server')}, and wait until it is gone`,
  'set-aside': (facts) =>
    `Set its data aside: ${textOf(facts, 'dir')}/version-2 becomes ${textOf(facts, 'aside')}; nothing is deleted`,
  'put-back': (facts) =>
    `Put its data back: ${textOf(facts, 'aside')} becomes ${textOf(facts, 'dir')}/version-2`,
  start: (facts) =>
    flagOf(facts, 'empty')
      ? `Start ${textOf(facts, 'server')} empty: it fetches everything from ${textOf(facts, 'leader')}`
      : `Start ${textOf(facts, 'server')}`,
  'remove-files': (facts) => `Remove ${files(facts)}`,
  purge: (facts) =>
    `Purge, keeping the newest ${counted(numberOf(facts, 'keep'), 'snapshot')} and their logs. It removes about ${files(facts)}`,
  reconfigure: (facts) =>
    `Change the members, if nobody has changed them meanwhile: ${textOf(facts, 'line')}`,
  'kill-session': (facts) =>
    `End the session ${session(facts)}. Its ephemeral znodes vanish and its client must open a new one`,
  'drop-connection': (facts) =>
    `Cut the connection of the session ${session(facts)}. Its client comes back with the same session, if it is well`,
  command: (facts) => `Run ${textOf(facts, 'command')} beside ${textOf(facts, 'server')}`,
};

/** How a sequence of orders ended, by the code of its outcome. */
const outcomes: Readonly<Record<string, (facts: Facts) => string>> = {
  'outcome-unknown': () =>
    'the bot ended in the middle, and what it had begun shows no effect: look at the machine before anything else',
  'not-as-left': () =>
    'the bot ended in the middle, and what it had done does not stand any more: look at the servers',
  'session-stands': () =>
    'the session, or its connection, is still there: look at cons and dump of each server',
  'session-refused': () =>
    'no server let the bot take the session up, so nothing was ended; what they said is kept with the recovery',
  'no-stop': (facts) => `${textOf(facts, 'server')} still answered after it was stopped`,
  'no-set-aside': () => 'the data was not set aside',
  'no-put-back': () =>
    'the data could not be put back: its folder is still there under its dated name',
  'no-start': (facts) =>
    `${textOf(facts, 'server')} did not come back with all data in time: read its log`,
  'no-remove-files': () => 'files that should be gone are still there',
  'no-purge': () => 'the purge left files that should be gone',
  'no-reconfigure': () => 'the members do not agree on the new configuration',
  'no-command': () => 'the command did not end well',
  'reconfig-no-auth': () =>
    'ZooKeeper does not let the bot reconfigure: give it a user through restart.zkAuth, and that user the right on /zookeeper/config',
  'reconfig-bad-version': () =>
    'somebody else changed the members a moment ago, so nothing was changed: look at them and ask again',
  'reconfig-no-quorum': () =>
    'ZooKeeper refused: too few voters of the new configuration are in sync',
  'reconfig-disabled': () =>
    'ZooKeeper refused: reconfiguration is off; set reconfigEnabled=true on every server',
  'reconfig-in-progress': () => 'ZooKeeper refused: another change of the members is under way',
};

export const actionsEn = {
  name: (action: string, server: string, argument?: string) =>
    Object.hasOwn(byName, action)
      ? (byName[action]?.name(server, argument ?? '') ?? action)
      : `${action} of ${server}`,
  worked: (action: string, facts: Facts) =>
    Object.hasOwn(byName, action) ? (byName[action]?.worked(facts) ?? '') : '',
  verify: (action: string) => (Object.hasOwn(byName, action) ? (byName[action]?.verify ?? '') : ''),
  abort: (action: string) => (Object.hasOwn(byName, action) ? (byName[action]?.abort ?? '') : ''),
  phase: (name: PhaseName, facts: Facts) => phases[name](facts),
  outcome: (code: string, facts: Facts) =>
    Object.hasOwn(outcomes, code) ? outcomes[code]?.(facts) : undefined,
  undone: 'what was done before was taken back',
  plan: {
    title: 'What will happen:',
    step: (number: number, text: string, server: string, command: string) =>
      `${number}. ${text}${command === '' ? '' : `\n   on ${server}: ${command}`}`,
    verify: (text: string) => `It has worked when: ${text}`,
    abort: (text: string) => `If a step fails: ${text}`,
    changed: 'The plan has changed since it was asked for; this is the plan of now.',
    leaderChanged: (before: string, now: string) =>
      `Another server leads since then: ${before || 'nobody'} → ${now || 'nobody'}.`,
    allowed: 'The guard allows it now.',
    refused: (why: string) => `The guard refuses it now: ${why}`,
    submit: 'Do it',
    nothingDone: 'Dry run: nothing was done.',
    approvals: (needed: number) =>
      needed === 0
        ? ''
        : `${counted(needed, 'other person', 'other people')} must agree before it runs.`,
  },
  help: {
    title: 'Commands beside a server',
    line: (name: string, about: string) => (about === '' ? name : `${name}: ${about}`),
  },
};

export type ActionsWords = typeof actionsEn;
