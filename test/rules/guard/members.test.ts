import { describe, expect, it } from 'vitest';

import type { Phase } from '../../../src/model/phase.ts';
import type { RecoveryAction, Situation } from '../../../src/model/recovery-action.ts';
import { addMember } from '../../../src/rules/guard/add-member.ts';
import { removeMember } from '../../../src/rules/guard/remove-member.ts';
import {
  anEnsemble,
  aReading,
  aRecovery,
  aServer,
  aView,
  nightMs,
  type State,
  samplesOf,
} from '../../support/builders.ts';
import { aConf, aSituation } from '../../support/situation.ts';

type Change = NonNullable<Parameters<typeof aSituation>[0]>;

const tools = { zkCli: ['zkCli.sh', '-server', '{host}:{port}'] };
const three = { zk1: aConf(1), zk2: aConf(2), zk3: aConf(3) };

function viewOf(states: Readonly<Record<string, State>>) {
  return aView({
    ensemble: anEnsemble({ voters: Object.keys(states).length }),
    samples: samplesOf(states),
  });
}

function ask(action: RecoveryAction, situation: Situation): string {
  const verdict = action.guard(situation, nightMs);
  return verdict.kind === 'allow' ? 'allow' : verdict.code;
}

function plan(action: RecoveryAction, change: Change) {
  return action.phased?.plan(aSituation({ confs: three, settings: { tools }, ...change }), '');
}

describe('the removal of a member', () => {
  it.each<[string, Change, string]>([
    ['a follower of three', {}, 'allow'],
    [
      'one that is down',
      { view: viewOf({ zk1: 'leader', zk2: 'refused', zk3: 'follower' }) },
      'allow',
    ],
    [
      'one that was restarted a moment ago',
      { recent: [aRecovery({ state: 'succeeded', server: 'zk2', finishedMs: nightMs - 1000 })] },
      'allow',
    ],
    ['the leader', { server: 'zk1' }, 'leads'],
    ['while another recovery runs', { running: 'r-1' }, 'recovery-running'],
    ['one of two', { view: viewOf({ zk1: 'leader', zk2: 'follower' }) }, 'would-break-quorum'],
    [
      'a sound one while another is down',
      {
        view: viewOf({
          zk1: 'leader',
          zk2: 'follower',
          zk3: 'refused',
          zk4: 'follower',
          zk5: 'follower',
        }),
      },
      'others-out',
    ],
    [
      'one without a leader',
      { view: viewOf({ zk1: 'not-serving', zk2: 'refused', zk3: 'follower' }) },
      'others-out',
    ],
    ['while data is doubted', { alarms: [{ detector: 'membership-drift' }] }, 'data-alarm'],
  ])('%s', (_, change, wanted) => {
    expect(ask(removeMember, aSituation(change))).toBe(wanted);
  });

  it('says what is left and what is needed', () => {
    const verdict = removeMember.guard(aSituation(), nightMs);

    expect(verdict.facts).toMatchObject({ after: 2, votersAfter: 2, quorumAfter: 2, margin: 0 });
  });

  it('goes through the leader, on the condition that nobody changed the members, and stops it', () => {
    const phases = plan(removeMember, {});

    expect(phases).toMatchObject([
      {
        name: 'reconfigure',
        server: 'zk1',
        order: { kind: 'exec', argv: tools.zkCli, stdin: 'reconfig -remove 2 -v 100000000\n' },
        facts: { sid: 2, member: '2=10.0.0.2:2888:3888:participant;10.0.0.2:2181' },
      },
      { name: 'stop', server: 'zk2', order: { kind: 'stop' } },
    ]);
  });

  it('does not stop what is down', () => {
    const phases = plan(removeMember, {
      view: viewOf({ zk1: 'leader', zk2: 'refused', zk3: 'follower' }),
    });

    expect(phases).toHaveLength(1);
  });

  it('knows the number of a server by its address, where nothing else tells', () => {
    const { sid: _, ...server } = aServer({ id: 'zk2' });

    expect(plan(removeMember, { server })).toMatchObject([{ facts: { sid: 2 } }, {}]);
    expect(plan(removeMember, { server, confs: { ...three, zk2: aConf(2) } })).toMatchObject([
      { facts: { sid: 2 } },
      {},
    ]);
  });

  it.each<[string, Change, string]>([
    ['no way to run zkCli.sh', { settings: {} }, 'no-zk-cli'],
    [
      'a member that does not say how it is configured',
      { confs: { zk1: aConf(1) } },
      'conf-unseen',
    ],
    [
      'reconfiguration that is off',
      { confs: { ...three, zk3: aConf(3, { version: '0x0' }) } },
      'reconfig-off',
    ],
    [
      'members that do not agree',
      { confs: { ...three, zk3: aConf(3, { version: '0x200000000' }) } },
      'versions-differ',
    ],
    ['one that is no member', { server: 'zk9' }, 'no-member'],
  ])('cannot be planned with %s', (_, change, code) => {
    expect(plan(removeMember, change)).toMatchObject({ kind: 'refusal', code });
  });

  const phase: Phase = {
    name: 'reconfigure',
    server: 'zk1',
    order: { kind: 'exec', argv: [] },
    facts: { version: '0x100000000', sid: 2 },
  };
  const next = (id: number) => aConf(id, { version: '0x100000005', sids: [1, 3] });
  const led = (size: number) =>
    aView({
      samples: {
        ...samplesOf({ zk2: 'refused', zk3: 'follower' }),
        zk1: aReading({
          server: 'zk1',
          mode: 'leader',
          metrics: { synced_followers: 1, quorum_size: size },
        }),
      },
    });
  it.each<[string, string, Partial<Situation>]>([
    ['yes', 'all that stay know it', { confs: { zk1: next(1), zk3: next(3) }, view: led(2) }],
    ['yes', 'a version that counts no quorum', { confs: { zk1: next(1), zk3: next(3) } }],
    ['not-yet', 'one does not say', { confs: { zk1: next(1) } }],
    ['not-yet', 'one has the old one', { confs: { zk1: next(1), zk3: aConf(3) } }],
    ['not-yet', 'nothing has changed', { confs: three }],
    [
      'no',
      'something else has changed',
      {
        confs: {
          zk1: aConf(1, { version: '0x100000005' }),
          zk3: aConf(3, { version: '0x100000005' }),
        },
      },
    ],
    [
      'not-yet',
      'the leader counts the old quorum',
      { confs: { zk1: next(1), zk3: next(3) }, view: led(3) },
    ],
    [
      'not-yet',
      'nobody leads',
      {
        confs: { zk1: next(1), zk3: next(3) },
        view: aView({ states: { zk1: 'follower', zk2: 'refused', zk3: 'follower' } }),
      },
    ],
  ])('has worked: %s, when %s', (wanted, _, change) => {
    expect(removeMember.phased?.check(phase, aSituation(change))).toBe(wanted);
  });

  it('is stopped when it does not answer any more', () => {
    const stop: Phase = { ...phase, name: 'stop' };
    const view = viewOf({ zk1: 'leader', zk2: 'refused', zk3: 'follower' });

    expect(removeMember.phased?.check(stop, aSituation({ view }))).toBe('yes');
    expect(removeMember.phased?.checkMs(stop, aSituation().settings)).toBeGreaterThan(1000);
    expect(removeMember.phased?.checkMs(phase, aSituation().settings)).toBeGreaterThan(1000);
    expect(removeMember.phased?.undo([], aSituation())).toEqual([]);
  });

  it.each([
    ['KeeperErrorCode = NoAuth for /zookeeper/config', 'reconfig-no-auth'],
    ['version No is not valid : /zookeeper/config', 'reconfig-bad-version'],
    ['No quorum of new config is connected and up-to-date', 'reconfig-no-quorum'],
    ['KeeperErrorCode = ReconfigDisabled', 'reconfig-disabled'],
    ['KeeperErrorCode = ReconfigInProgress', 'reconfig-in-progress'],
    ['Committed new configuration', undefined],
  ])('explains what zkCli.sh says: %s', (output, code) => {
    expect(removeMember.phased?.explain?.(phase, output)).toBe(code);
    expect(removeMember.phased?.explain?.({ ...phase, name: 'stop' }, output)).toBeUndefined();
    expect(addMember.phased?.explain?.(phase, output)).toBe(code);
  });
});

const written = '4=10.0.0.4:2888:3888:participant;10.0.0.4:2181';
const joiner = aServer({ id: '10.0.0.4:2181', client: { host: '10.0.0.4', port: 2181 }, sid: 4 });

function joining(change: Change = {}): Change {
  const samples = {
    ...samplesOf({ zk1: 'leader', zk2: 'follower', zk3: 'follower' }),
    [joiner.id]: aReading({ server: joiner.id }),
  };
  return {
    server: joiner,
    argument: written,
    view: aView({ samples }),
    confs: { ...three, [joiner.id]: aConf(4, { sids: [1, 2, 3, 4] }) },
    ...change,
  };
}

describe('the addition of a member', () => {
  it.each<[string, Change, string]>([
    ['to healthy ones', {}, 'allow'],
    [
      'while one is down',
      { view: viewOf({ zk1: 'leader', zk2: 'follower', zk3: 'refused' }) },
      'others-out',
    ],
    ['while another recovery runs', { running: 'r-1' }, 'recovery-running'],
    ['while two lead', { alarms: [{ detector: 'two-leaders' }] }, 'data-alarm'],
    [
      'without a leader',
      { view: viewOf({ zk1: 'not-serving', zk2: 'not-serving', zk3: 'refused' }) },
      'would-not-help',
    ],
  ])('%s', (_, change, wanted) => {
    expect(ask(addMember, aSituation(joining(change)))).toBe(wanted);
  });

  it.each<[string, string | undefined]>([
    [written, '10.0.0.4:2181'],
    ['server.4=10.0.0.4:2888:3888;2181', '10.0.0.4:2181'],
    ['2=10.0.0.2:2888:3888;10.0.0.2:2181', 'zk2'],
    ['4=10.0.0.4:2888:3888', undefined],
    ['4=10.0.0.4:2888:3888;2181 -remove 1', undefined],
    ['four', undefined],
  ])('is for the server of %s: %s', (argument, id) => {
    expect(addMember.target?.(argument, anEnsemble())?.id).toBe(id);
  });

  it('is one conditional order through the leader', () => {
    expect(plan(addMember, joining())).toMatchObject([
      {
        name: 'reconfigure',
        server: 'zk1',
        order: { stdin: `reconfig -add server.${written} -v 100000000\n` },
        facts: { sid: 4 },
      },
    ]);
  });

  it('is written with brackets where its address is one of IPv6', () => {
    const argument = '4=[fd00::4]:2888:3888:participant;[fd00::4]:2181';

    expect(plan(addMember, joining({ argument }))).toMatchObject([{ facts: { member: argument } }]);
  });

  it('takes the member from its own configuration, where only its name is given', () => {
    const { argument: _, ...change } = joining();

    expect(plan(addMember, change)).toMatchObject([{ facts: { sid: 4, member: written } }]);
  });

  it.each<[string, Change, string]>([
    ['a number that is taken', { argument: '2=10.0.0.4:2888:3888;10.0.0.4:2181' }, 'is-member'],
    ['no way to run zkCli.sh', { settings: {} }, 'no-zk-cli'],
    [
      'members that do not agree',
      { confs: { ...three, zk1: aConf(1, { version: '0x5' }) } },
      'versions-differ',
    ],
    [
      'one that does not follow',
      { view: aView({ samples: samplesOf({ zk1: 'leader', zk2: 'follower', zk3: 'follower' }) }) },
      'joiner-not-synced',
    ],
    [
      'one with another number',
      { confs: { ...three, [joiner.id]: aConf(5, { sids: [1, 2, 3, 5] }) } },
      'joiner-other-number',
    ],
    ['nothing known of it', { argument: '', confs: three }, 'joiner-unknown'],
  ])('cannot be planned with %s', (_, change, code) => {
    expect(plan(addMember, joining(change))).toMatchObject({ kind: 'refusal', code });
  });

  it('has worked when all know it, itself included', () => {
    const phase: Phase = {
      name: 'reconfigure',
      server: 'zk1',
      order: { kind: 'exec', argv: [] },
      facts: { version: '0x100000000', sid: 4 },
    };
    const next = (id: number) => aConf(id, { version: '0x100000005', sids: [1, 2, 3, 4] });
    const confs = { zk1: next(1), zk2: next(2), zk3: next(3), [joiner.id]: next(4) };
    const now = aSituation(joining({ confs }));

    expect(addMember.phased?.check(phase, now)).toBe('yes');
    expect(addMember.phased?.check(phase, { ...now, confs: { ...confs, zk2: aConf(2) } })).toBe(
      'not-yet',
    );
    expect(addMember.phased?.checkMs(phase, now.settings)).toBeGreaterThan(1000);
    expect(addMember.phased?.undo([], now)).toEqual([]);
  });
});
