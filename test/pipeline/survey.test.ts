import { describe, expect, it } from 'vitest';
import type { EnsembleSettings } from '../../src/model/settings.ts';
import type { HostFacts, SurveyPart } from '../../src/model/survey.ts';
import { createMembers } from '../../src/pipeline/members.ts';
import { survey, surveyTickMs } from '../../src/pipeline/survey.ts';
import type { HostProbe, Surveyor } from '../../src/ports/surveyor.ts';
import { aFailure, anEnsembleSettings, aReading, aSettings, nightMs } from '../support/builders.ts';
import { aHouse } from '../support/house.ts';
import { withResolvers } from '../support/with-resolvers.ts';

const minute = 60_000;
const job = { kind: 'survey', ensemble: 'orders' } as const;
const aHost: HostFacts = { atMs: nightMs, disks: [] };

function setUp(
  settings: Partial<EnsembleSettings> = {},
  { ask, look = () => aHost }: { ask?: () => Promise<void>; look?: () => unknown } = {},
) {
  const asked: { server: string; parts: readonly SurveyPart[] }[] = [];
  const surveyor: Surveyor = {
    async survey({ server, parts }) {
      asked.push({ server: server.id, parts });
      await ask?.();
      const atMs = house.clock.now();
      return {
        facts: { watches: { atMs, connections: 1, paths: 2, total: 3 } },
        asked: Object.fromEntries(parts.map((part) => [part, { atMs }])),
      };
    },
  };
  const hosts = { look: async () => look() } as HostProbe;
  const ensembles = [anEnsembleSettings({ survey: { everyMs: minute }, ...settings })];
  const house = {
    ...aHouse({ settings: aSettings({ ensembles }) }),
    surveying: { surveyor, hosts },
  };
  const members = createMembers(house, () => undefined);
  const known = async () =>
    (await house.ensembles.recall('orders', ['zk1', 'zk2', 'zk3'], 0)).surveys;
  return { house, members, asked, known };
}

describe('survey', () => {
  it('asks every server for what is due, keeps it, and asks for nothing twice', async () => {
    const { house, members, asked, known } = setUp();

    await survey(house, members, job);
    await survey(house, members, job);

    expect(asked.map(({ server }) => server)).toEqual(['zk1', 'zk2', 'zk3']);
    expect((await known())['zk2']).toMatchObject({ server: 'zk2', watches: { total: 3 } });

    await house.clock.advance(minute);
    await survey(house, members, job);

    expect(asked).toHaveLength(6);
    expect(asked.at(-1)?.parts).toContain('clients');
    expect(asked.at(-1)?.parts).not.toContain('conf');
  });

  it('keeps what the machine shows, or why nobody could look', async () => {
    const settings = {
      host: { kind: 'command', argv: [], everyMs: minute, timeoutMs: 1 },
    } as const;
    const seen = setUp(settings);
    const blind = setUp(settings, { look: () => ({ failed: 'no route' }) });
    const none = setUp({}, { look: () => undefined });

    for (const { house, members } of [seen, blind, none]) await survey(house, members, job);

    expect((await seen.known())['zk1']?.host).toEqual(aHost);
    expect((await blind.known())['zk1']?.asked.host).toMatchObject({ failed: 'no route' });
    expect((await none.known())['zk1']?.asked.host).toMatchObject({ failed: 'no host probe' });
  });

  it.each(['timeout', 'reset', 'refused'] as const)(
    'asks only the machine of a server whose last look ended with %s: words would make it wait',
    async (reason) => {
      const settings = {
        host: { kind: 'command', argv: [], everyMs: minute, timeoutMs: 1 },
      } as const;
      const { house, members, asked, known } = setUp(settings);
      await house.ensembles.remember({
        ensemble: 'orders',
        samples: [aFailure({ server: 'zk2', reason })],
        memory: { version: 1, atMs: nightMs, firingSince: {}, clearSince: {} },
        expectedVersion: 0,
        status: {} as never,
      });

      await survey(house, members, job);

      expect(asked.map(({ server }) => server)).toEqual(['zk1', 'zk3']);
      expect((await known())['zk2']).toMatchObject({ host: aHost });
      expect((await known())['zk2']).not.toHaveProperty('watches');
    },
  );

  it('remembers the highest transaction of the looks', async () => {
    const { house, members, known } = setUp();
    await house.ensembles.remember({
      ensemble: 'orders',
      samples: [aReading({ server: 'zk1', zxid: '0x300000007' })],
      memory: { version: 1, atMs: nightMs, firingSince: {}, clearSince: {} },
      expectedVersion: 0,
      status: {} as never,
    });

    await survey(house, members, job);

    expect((await known())['zk1']?.peak?.zxid).toBe('0x300000007');
    expect((await known())['zk2']).not.toHaveProperty('peak');
  });

  it('leaves an ensemble alone that another replica surveys, and is free again after a failure', async () => {
    const gate = withResolvers<void>();
    let fails = true;
    const { house, members, asked } = setUp(
      {},
      {
        ask: async () => {
          await gate.promise;
          if (fails) throw new Error('redis is gone');
        },
      },
    );

    const first = survey(house, members, job);
    await survey(house, members, job);
    gate.resolve();

    await expect(first).rejects.toThrow('redis is gone');
    expect(asked).toHaveLength(3);
    fails = false;
    await survey(house, members, job);
    expect(asked).toHaveLength(6);
  });

  it('asks nothing where surveys are switched off', async () => {
    const { house, members, asked } = setUp();
    house.settingsAre(aSettings({ ensembles: [anEnsembleSettings()] }));

    await survey(house, members, job);

    expect(asked).toEqual([]);
    expect(surveyTickMs(anEnsembleSettings())).toBeUndefined();
  });
});
