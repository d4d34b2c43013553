import { quorumSize, type Server, votersOf } from '../../model/ensemble.ts';
import type { Facts } from '../../model/finding.ts';
import type { Phase } from '../../model/phase.ts';
import { deny, type GuardVerdict } from '../../model/recovery.ts';
import type { Check, GuardView, Seen, Situation } from '../../model/recovery-action.ts';
import { type Refusal, refuse } from '../../model/refusal.ts';
import { standingOf } from '../../model/standing.ts';
import type { ConfFacts } from '../../model/survey.ts';
import { dataAlarms } from './data-alarms.ts';
import { servesInSync } from './others.ts';
import { guardAmongHealthy } from './rolling-restart.ts';

/** Time for a new configuration to be agreed on, and to be with every member. It took well under a second. */
export const reconfigureMs = 30_000;

/** What every change of the members asks first: a leader, everybody else in sync, no doubt about the data. */
export function guardMembers(input: GuardView, nowMs: number): GuardVerdict {
  const { view } = input;
  const standing = standingOf(view.ensemble, view.samples);
  // Where members are changed, it is no matter that one of them was restarted lately.
  const verdict = guardAmongHealthy({ ...input, recent: [] }, nowMs);
  const facts = { ...verdict.facts, leader: standing.leader ?? '' };
  if (verdict.kind !== 'allow') return { ...verdict, facts };
  if (standing.leader === undefined)
    return deny('would-not-help', { ...facts, why: 'reconfigure-without-quorum' });
  const alarmed = dataAlarms(input);
  return alarmed.length > 0
    ? deny('data-alarm', { ...facts, alarms: alarmed })
    : { kind: 'allow', facts };
}

/** The version of the configuration, if all members that stay agree on it; a refusal that says who does not. */
export function agreedVersion(
  { view, confs, ensemble }: Situation,
  without: string | undefined,
): { readonly version: string; readonly members: NonNullable<ConfFacts['members']> } | Refusal {
  const stay = ensemble.servers.filter(({ id }) => id !== without && isAnswering(view.samples[id]));
  const known = stay.flatMap(({ id }) => {
    const conf = confs[id];
    return conf?.version === undefined || conf.members === undefined ? [] : [{ id, conf }];
  });
  const unseen = stay.filter(({ id }) => !known.some((each) => each.id === id));
  if (known.length === 0 || unseen.length > 0)
    return refuse('conf-unseen', { ensemble: ensemble.id, servers: unseen.map(({ id }) => id) });
  const off = known.filter(({ conf }) => BigInt(conf.version ?? '0x0') === 0n);
  if (off.length > 0)
    return refuse('reconfig-off', { ensemble: ensemble.id, servers: off.map(({ id }) => id) });
  const versions = new Set(known.map(({ conf }) => conf.version));
  const [first] = known;
  if (versions.size > 1 || first?.conf.version === undefined)
    return refuse('versions-differ', {
      ensemble: ensemble.id,
      versions: known.map(({ id, conf }) => `${id} ${conf.version}`),
    });
  return { version: first.conf.version, members: first.conf.members ?? [] };
}

function isAnswering(sample: Situation['view']['samples'][string] | undefined): boolean {
  return sample?.kind === 'reading';
}

/**
 * The order that changes the members, through the leader's own `zkCli.sh`, and only if nobody changed them meanwhile. The command is
 * read from the standard input, so that a password before it stands in no list of processes.
 */
export function reconfigurePhase(
  situation: Situation,
  change: string,
  { version, facts }: { readonly version: string; readonly facts: Facts },
): Phase | Refusal {
  const { settings, view, ensemble } = situation;
  const { leader } = standingOf(view.ensemble, view.samples);
  const zkCli = settings.tools?.zkCli;
  if (zkCli === undefined) return refuse('no-zk-cli', { ensemble: ensemble.id });
  const line = `reconfig ${change} -v ${version.replace(/^0x/u, '')}`;
  return {
    name: 'reconfigure',
    server: leader ?? '',
    order: { kind: 'exec', argv: zkCli, stdin: `${line}\n` },
    facts: { ...facts, version, line },
  };
}

/** Whether all members of the new configuration know it, and serve under it. */
export function reconfigured(
  { facts }: Phase,
  now: Seen,
  { sid, isMember }: { readonly sid: number; readonly isMember: boolean },
): Check {
  const before = BigInt(String(facts['version']));
  const servers = [...now.ensemble.servers, now.server].filter(
    (server, index, all) =>
      all.findIndex(({ id }) => id === server.id) === index &&
      (isMember || server.id !== now.server.id),
  );
  const confs = servers.flatMap(({ id }) => now.confs[id] ?? []);
  if (confs.length < servers.length) return 'not-yet';
  const versions = new Set(confs.map(({ version = '0x0' }) => version));
  const [version = '0x0'] = versions;
  if (versions.size > 1 || BigInt(version) <= before) return 'not-yet';
  if (confs.some(({ members = [] }) => members.some((each) => each.sid === sid) !== isMember))
    return 'no';
  const voters = (confs[0]?.members ?? []).filter(({ role }) => role === 'voter').length;
  const leading = servers
    .map(({ id }) => now.view.samples[id])
    .find((sample) => sample?.kind === 'reading' && sample.mode === 'leader');
  if (leading?.kind !== 'reading') return 'not-yet';
  const size = leading.metrics['quorum_size'];
  return size === undefined || size === voters ? 'yes' : 'not-yet';
}

/** What `zkCli.sh` says where ZooKeeper refuses. */
export function reconfigureTrouble(output: string): string | undefined {
  if (/NoAuth|InvalidACL|Authentication is not valid/u.test(output)) return 'reconfig-no-auth';
  if (/BadVersion|version No is not valid/iu.test(output)) return 'reconfig-bad-version';
  if (/NewConfigNoQuorum|No quorum of new config/iu.test(output)) return 'reconfig-no-quorum';
  if (/ReconfigDisabled|Reconfig is disabled/iu.test(output)) return 'reconfig-disabled';
  if (/ReconfigInProgress|reconfiguration is in progress/iu.test(output))
    return 'reconfig-in-progress';
  return undefined;
}

/** Voters in sync that stay without a server, and what they need among themselves. */
export function afterRemoval(
  { view, ensemble }: GuardView,
  server: Server,
): { readonly left: number; readonly voters: number; readonly quorum: number } {
  const stay = votersOf(ensemble).filter(({ id }) => id !== server.id);
  const left = stay.filter(({ id }) => servesInSync(view.samples[id])).length;
  return { left, voters: stay.length, quorum: quorumSize(stay.length) };
}
