import type { Phase } from '../../model/phase.ts';
import { deny, type GuardVerdict } from '../../model/recovery.ts';
import type {
  Check,
  GuardView,
  RecoveryAction,
  Seen,
  Situation,
} from '../../model/recovery-action.ts';
import { type Refusal, refuse } from '../../model/refusal.ts';
import { memberText } from '../../model/server-line.ts';
import { standingOf } from '../../model/standing.ts';
import {
  afterRemoval,
  agreedVersion,
  guardMembers,
  reconfigured,
  reconfigureMs,
  reconfigurePhase,
  reconfigureTrouble,
} from './reconfigure.ts';
import { verified, verifyMs } from './restart-server.ts';
import { checkPhase, phaseMs } from './resync-checks.ts';

/**
 * Takes a server out of the ensemble by dynamic reconfiguration, then stops it: it would stay as a follower without a vote whose own
 * account of the quorum is stale. Never a way out of a lost quorum.
 */
export const removeMember: RecoveryAction = {
  name: 'remove-member',
  needs: ['exec', 'stop'],
  approvals: 2,
  guard,
  verified,
  verifyMs,
  phased: {
    asks: 'members',
    plan,
    check,
    checkMs: (phase, settings) =>
      phase.name === 'reconfigure' ? reconfigureMs : phaseMs(phase, settings),
    undo: () => [],
    explain: (phase, output) =>
      phase.name === 'reconfigure' ? reconfigureTrouble(output) : undefined,
  },
};

function guard(input: GuardView, nowMs: number): GuardVerdict {
  const { server, view } = input;
  const standing = standingOf(view.ensemble, view.samples);
  if (standing.leader === server.id && input.running === undefined)
    return deny('leads', { server: server.id, standalone: standing.voters.length === 1 });
  const verdict = guardMembers(input, nowMs);
  if (verdict.kind !== 'allow') return verdict;
  const { left, voters, quorum } = afterRemoval(input, server);
  const facts = { ...verdict.facts, after: left, votersAfter: voters, quorumAfter: quorum };
  return server.role === 'voter' && (left < quorum || voters < 2)
    ? deny('removal-breaks-quorum', facts)
    : { kind: 'allow', facts: { ...facts, margin: left - quorum } };
}

function plan(situation: Situation): readonly Phase[] | Refusal {
  const { server, ensemble, view } = situation;
  const agreed = agreedVersion(situation, server.id);
  if ('code' in agreed) return agreed;
  const sid = server.sid ?? sidOf(situation, agreed.members);
  const member = agreed.members.find((each) => each.sid === sid);
  if (sid === undefined || member === undefined)
    return refuse('no-member', { ensemble: ensemble.id, server: server.id });
  const facts = { server: server.id, sid, member: memberText(member) };
  const reconfigure = reconfigurePhase(situation, `-remove ${sid}`, {
    version: agreed.version,
    facts,
  });
  if ('code' in reconfigure) return reconfigure;
  const answers = view.samples[server.id]?.kind === 'reading';
  const stop: Phase = { name: 'stop', server: server.id, order: { kind: 'stop' }, facts };
  return answers ? [reconfigure, stop] : [reconfigure];
}

/** The number of a server that its settings do not tell, by the address of its clients. */
function sidOf(
  { server, confs }: Situation,
  members: NonNullable<Situation['confs'][string]['members']>,
): number | undefined {
  const own = confs[server.id]?.serverId;
  if (own !== undefined) return own;
  const { host, port } = server.client;
  return members.find(({ client }) => client?.host === host && client.port === port)?.sid;
}

function check(phase: Phase, now: Seen): Check {
  return phase.name === 'reconfigure'
    ? reconfigured(phase, now, { sid: Number(phase.facts['sid']), isMember: false })
    : checkPhase(phase, now);
}
