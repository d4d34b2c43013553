import { describe, expect, it } from 'vitest';
import type { EnsembleView } from '../../../src/model/finding.ts';
import type { LeaderChange } from '../../../src/model/leadership.ts';
import type { Reading } from '../../../src/model/sample.ts';
import { restartServer } from '../../../src/rules/guard/restart-server.ts';
import {
  anEnsemble,
  anEnsembleSettings,
  aReading,
  aServer,
  aView,
  nightMs,
  type State,
} from '../../support/builders.ts';

const healthy: Readonly<Record<string, State>> = {
  zk1: 'leader',
  zk2: 'follower',
  zk3: 'follower',
  zk4: 'follower',
  zk5: 'follower',
};

function look(
  change: Readonly<Record<string, Partial<Reading>>> = {},
  more: Partial<EnsembleView> = {},
  states = healthy,
): EnsembleView {
  const view = aView({ ensemble: anEnsemble({ voters: 5 }), states, ...more });
  const samples = { ...view.samples };
  for (const [id, part] of Object.entries(change))
    samples[id] = { ...(samples[id] ?? aReading({ server: id })), ...part } as Reading;
  return { ...view, samples };
}

function ask(view: EnsembleView, id = 'zk2') {
  const { ensemble } = view;
  const server = ensemble.servers.find((each) => each.id === id) ?? aServer({ id });
  const settings = anEnsembleSettings();
  return restartServer.guard(
    { ensemble, view, server, settings, running: undefined, recent: [] },
    nightMs,
  );
}

const changed = (agoMs: number): { readonly leaderChanges: readonly LeaderChange[] } => ({
  leaderChanges: [{ atMs: nightMs - agoMs, from: 'zk3', to: 'zk1', fate: 'down' }],
});

describe('a server that serves', () => {
  it.each<[string, EnsembleView, string | undefined, object]>([
    ['all is quiet', look(), undefined, {}],
    [
      'a leader was elected three seconds ago',
      look({}, changed(3000)),
      'electing',
      { untilMs: nightMs + 1000 },
    ],
    ['a leader was elected four seconds ago', look({}, changed(4000)), undefined, {}],
    [
      'another server is being brought into sync',
      look({ zk4: { peerState: 'following - synchronization - snap' } }),
      'others-syncing',
      { syncing: ['zk4'] },
    ],
    [
      'it is the only one that is being brought into sync',
      look({ zk2: { peerState: 'following - synchronization' } }),
      undefined,
      {},
    ],
    [
      'clients wait for the followers',
      look({ zk1: { metrics: { synced_followers: 4, pending_syncs: 11 } } }),
      'syncs-pending',
      { pending: 11 },
    ],
    [
      'few clients wait',
      look({ zk1: { metrics: { synced_followers: 4, pending_syncs: 10 } } }),
      undefined,
      {},
    ],
  ])('is judged when %s', (_, view, code, facts) => {
    const verdict = ask(view);

    expect(verdict.kind === 'allow' ? undefined : verdict.code).toBe(code);
    expect(verdict.facts).toMatchObject({ ...facts, server: 'zk2', voters: 5 });
  });

  const zxids = (own: string, others: string): Readonly<Record<string, Partial<Reading>>> => ({
    zk1: { zxid: own },
    ...Object.fromEntries(['zk2', 'zk3', 'zk4', 'zk5'].map((id) => [id, { zxid: others }])),
  });

  it.each([
    ['in step', '0x200001000', '0x200001000', undefined],
    ['a little ahead', '0x200002000', '0x200001000', undefined],
    ['far ahead of all others', '0x200003000', '0x200001000', 'others-lag'],
    ['in a new epoch that nobody has written in', '0x300000000', '0x200001000', undefined],
  ])('that holds the newest transactions is judged when it is %s', (_, own, others, code) => {
    const verdict = ask(look(zxids(own, others)), 'zk1');

    expect(verdict.kind === 'allow' ? undefined : verdict.code).toBe(code);
  });

  it('is not kept by one that lags, as long as another one does not', () => {
    const change = { ...zxids('0x200003000', '0x200001000'), zk3: { zxid: '0x200003000' } };

    expect(ask(look(change), 'zk1').kind).toBe('allow');
  });
});

describe('a server that fails', () => {
  it('takes nothing away, and is restarted at once', () => {
    const states = { ...healthy, zk2: 'refused' } as const;
    const syncing = { zk4: { peerState: 'following - synchronization' } };

    expect(ask(look(syncing, changed(100), states)).kind).toBe('allow');
  });
});
