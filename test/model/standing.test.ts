import { describe, expect, it } from 'vitest';
import { standingOf } from '../../src/model/standing.ts';
import { anEnsemble, aReading, samplesOf } from '../support/builders.ts';

function leader(server: string, synced: number, withoutVote?: number): ReturnType<typeof aReading> {
  return aReading({
    server,
    mode: 'leader',
    metrics: {
      synced_followers: synced,
      ...(withoutVote === undefined ? {} : { synced_non_voting_followers: withoutVote }),
    },
  });
}

describe('how an ensemble stands', () => {
  it('is counted by its leader', () => {
    const samples = samplesOf({ zk1: 'leader', zk2: 'follower', zk3: 'follower' });

    expect(standingOf(anEnsemble(), samples)).toEqual({
      voters: ['zk1', 'zk2', 'zk3'],
      quorum: 2,
      serving: ['zk1', 'zk2', 'zk3'],
      leaders: ['zk1'],
      leader: 'zk1',
      synced: 3,
      margin: 1,
    });
  });

  it('leaves followers without a vote out of the count', () => {
    const samples = { zk1: leader('zk1', 3, 1) };

    expect(standingOf(anEnsemble(), samples)).toMatchObject({ synced: 3, margin: 1 });
  });

  it('knows the leader that has the quorum from an old one that only believes to lead', () => {
    const samples = {
      ...samplesOf({ zk3: 'follower' }),
      zk1: leader('zk1', 0),
      zk2: leader('zk2', 1),
    };

    expect(standingOf(anEnsemble(), samples)).toMatchObject({
      leaders: ['zk1', 'zk2'],
      leader: 'zk2',
      synced: 2,
      margin: 0,
    });
  });

  it('takes the leader that counts more, where two count a quorum', () => {
    const samples = { zk1: leader('zk1', 1), zk2: leader('zk2', 2), zk3: leader('zk3', 1) };

    expect(standingOf(anEnsemble(), samples).leader).toBe('zk2');
  });

  it('counts those that serve where the leaders do not say who is in sync', () => {
    const mute = (server: string): ReturnType<typeof aReading> =>
      aReading({ server, mode: 'leader', metrics: {} });
    const samples = { zk1: mute('zk1'), zk2: mute('zk2') };

    const standing = standingOf(anEnsemble(), samples);

    expect(standing).toMatchObject({ leader: 'zk1', margin: 0 });
    expect(standing.synced).toBeUndefined();
  });

  it('has no margin without a leader, however many follow', () => {
    const samples = samplesOf({ zk1: 'refused', zk2: 'follower', zk3: 'follower' });

    expect(standingOf(anEnsemble(), samples)).toMatchObject({
      serving: ['zk2', 'zk3'],
      margin: -1,
    });
  });

  it('lets a server on its own lead itself, and none that stands alone among others', () => {
    const samples = samplesOf({ zk1: 'standalone' });

    expect(standingOf(anEnsemble({ voters: 1 }), samples)).toMatchObject({
      leader: 'zk1',
      margin: 0,
    });
    expect(standingOf(anEnsemble(), samples)).toMatchObject({ serving: [], margin: -2 });
  });
});
