import type { Ensemble, Server } from '../../model/ensemble.ts';
import type { Phase } from '../../model/phase.ts';
import type { GuardVerdict } from '../../model/recovery.ts';
import type { GuardView, RecoveryAction, Situation } from '../../model/recovery-action.ts';
import { type Refusal, refuse } from '../../model/refusal.ts';
import { memberText, serverLineOf } from '../../model/server-line.ts';
import { inSync } from './others.ts';
import {
  agreedVersion,
  guardMembers,
  reconfigured,
  reconfigureMs,
  reconfigurePhase,
  reconfigureTrouble,
} from './reconfigure.ts';
import { verified, verifyMs } from './restart-server.ts';

/** What a member is written with: nothing that a shell or `zkCli.sh` would read as more than one word. */
const memberPattern = /^\d{1,3}=[\w.:[\]-]+;[\w.:[\]-]+$/u;

/**
 * Takes a server into the ensemble by dynamic reconfiguration. It must run already, with the list of the members and itself in its
 * configuration: then it follows the leader without a vote, and has all data before it counts.
 */
export const addMember: RecoveryAction = {
  name: 'add-member',
  needs: ['exec'],
  approvals: 1,
  target,
  guard,
  verified,
  verifyMs,
  phased: {
    asks: 'members',
    plan,
    check: (phase, now) =>
      reconfigured(phase, now, { sid: Number(phase.facts['sid']), isMember: true }),
    checkMs: () => reconfigureMs,
    undo: () => [],
    explain: (_phase, output) => reconfigureTrouble(output),
  },
};

/** A member as it is written for a person: `4=10.0.0.4:2888:3888:participant;2181`. Undefined for anything else. */
function memberOf(text: string): ReturnType<typeof serverLineOf> {
  const bare = text.replace(/^server\./u, '');
  return memberPattern.test(bare) ? serverLineOf(`server.${bare}`) : undefined;
}

/** The server a written member is: one of the configuration at the same address keeps its name. */
function target(argument: string, ensemble: Ensemble): Server | undefined {
  const member = memberOf(argument);
  if (member?.client === undefined) return undefined;
  const { host, port } = member.client;
  const known = ensemble.servers.find(({ client }) => client.host === host && client.port === port);
  const id = known?.id ?? `${host}:${port}`;
  return { id, client: member.client, sid: member.sid, role: member.role };
}

function guard(input: GuardView, nowMs: number): GuardVerdict {
  const { server, ensemble } = input;
  // It takes nobody away, so the ensemble is judged as it stands, the leader among it.
  const bystander: Server = { ...server, id: `${server.id}\u0000`, role: 'observer' };
  const others = ensemble.servers.filter(({ id }) => id !== server.id);
  const verdict = guardMembers(
    { ...input, ensemble: { ...ensemble, servers: others }, server: bystander },
    nowMs,
  );
  return { ...verdict, facts: { ...verdict.facts, server: server.id, role: server.role } };
}

function plan(situation: Situation): readonly Phase[] | Refusal {
  const { server, ensemble, view, confs, argument = '' } = situation;
  const agreed = agreedVersion(situation, server.id);
  if ('code' in agreed) return agreed;
  const own = confs[server.id];
  const told = own?.members?.find(({ sid }) => sid === own.serverId);
  const member = argument === '' ? told : memberOf(argument);
  const facts = { ensemble: ensemble.id, server: server.id };
  if (member === undefined) return refuse('joiner-unknown', facts);
  if (agreed.members.some(({ sid }) => sid === member.sid))
    return refuse('is-member', { ...facts, sid: member.sid });
  const sample = view.samples[server.id];
  const follows =
    sample?.kind === 'reading' &&
    (sample.mode === 'follower' || sample.mode === 'observer') &&
    inSync(sample);
  if (!follows) return refuse('joiner-not-synced', { ...facts, sid: member.sid });
  if (own?.serverId !== undefined && own.serverId !== member.sid)
    return refuse('joiner-other-number', { ...facts, sid: member.sid, own: own.serverId });
  const line = memberText({ client: server.client, ...member });
  const phase = reconfigurePhase(situation, `-add server.${line}`, {
    version: agreed.version,
    facts: { ...facts, sid: member.sid, member: line },
  });
  return 'code' in phase ? phase : [phase];
}
