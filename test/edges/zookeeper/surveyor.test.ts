import type { Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createSurveyor } from '../../../src/edges/zookeeper/surveyor.ts';
import { type SurveyPart, surveyParts } from '../../../src/model/survey.ts';
import { listenTcp, type TcpServer } from '../../servers/tcp.ts';
import { startEnsemble, type ZooKeeperEnsemble } from '../../servers/zookeeper.ts';
import { anEnsembleSettings, aServer } from '../../support/builders.ts';
import { realClock } from '../../support/real-clock.ts';

const surveyor = createSurveyor({ clock: realClock });
const allParts = surveyParts.filter((part) => part !== 'host');

describe('a survey of a real server', () => {
  let ensemble: ZooKeeperEnsemble;

  beforeAll(async () => {
    ensemble = await startEnsemble({ servers: 1, admin: true });
  }, 60_000);

  afterAll(() => ensemble.close());

  it('brings every fact it has, and its own sessions are gone afterwards', async () => {
    const settings = ensemble.settings();
    const server = settings.servers[0]!;
    const ask = (parts: readonly SurveyPart[]) =>
      surveyor.survey({ settings, server, parts, before: undefined, timeoutMs: 15_000 });

    const { facts, asked } = await ask(allParts);

    expect(facts.conf).toMatchObject({ clientPort: server.client.port, tickTimeMs: 2000 });
    expect(facts.clients).toMatchObject({ total: 0, own: '127.0.0.1' });
    expect(facts.memory?.usedBytes).toBeGreaterThan(1024 * 1024);
    expect(facts.watches).toMatchObject({ total: 0 });
    // It has written no digest down yet, and closes without a word.
    expect(asked.digests).toMatchObject({ failed: 'reset' });
    expect(facts.sizes?.logBytes).toBeGreaterThan(0);
    expect(facts.canary).toMatchObject({ kind: 'read' });
    expect(facts.admin).toMatchObject({ open: true, allWords: true, rootOpen: true });
    // The same machine: whatever differs is how exactly it can be known.
    expect(facts.clock?.source).toBe('cons');
    expect(Math.abs(facts.clock!.skewMs)).toBeLessThanOrEqual(facts.clock!.errorMs + 2);
    expect(asked.certificates).toMatchObject({ failed: 'no TLS port' });
    const { facts: after } = await ask(['clients']);
    expect(after.clients?.total).toBe(0);
  }, 60_000);

  it('opens no session where sessions are switched off, and reads the clock from the AdminServer', async () => {
    const settings = ensemble.settings();
    const { facts, asked } = await surveyor.survey({
      settings: { ...settings, sensors: { ...settings.sensors, sessions: false } },
      server: settings.servers[0]!,
      parts: ['canary', 'clock'],
      before: undefined,
      timeoutMs: 15_000,
    });

    expect(facts.canary).toBeUndefined();
    expect(asked.canary?.failed).toBe('sensors.sessions is off');
    expect(facts.clock?.source).toBe('date');
    expect(Math.abs(facts.clock!.skewMs)).toBeLessThanOrEqual(facts.clock!.errorMs + 100);
  }, 60_000);
});

describe('a survey of a server that is strange', () => {
  let server: TcpServer | undefined;
  const words: string[] = [];

  afterEach(async () => {
    await server?.close();
    words.length = 0;
  });

  async function survey(
    answer: (word: string, socket: Socket) => void,
    parts: readonly SurveyPart[] = allParts,
  ) {
    server = await listenTcp((socket) =>
      socket.once('data', (data) => {
        const word = data.toString('latin1').trim();
        if (/^[a-z]{4}$/u.test(word)) words.push(word);
        answer(word, socket);
      }),
    );
    return surveyor.survey({
      settings: anEnsembleSettings(),
      server: aServer({ client: { host: '127.0.0.1', port: server.port } }),
      parts,
      before: undefined,
      timeoutMs: 8000,
    });
  }

  it('asks nothing that costs a server dear or changes it', async () => {
    await survey((_, socket) => socket.end('garbage\n'));

    expect(words.toSorted()).toEqual(['conf', 'cons', 'dirs', 'envi', 'hash', 'wchs']);
  });

  it('holds one connection at a time', async () => {
    const open: number[] = [];
    await survey((_, socket) => {
      open.push(server!.open());
      socket.end('garbage\n');
    });

    expect(Math.max(...open)).toBe(1);
  });

  it('says of each part why it brought nothing', async () => {
    const { facts, asked } = await survey((word, socket) => {
      if (word === 'conf') socket.end('conf is not executed because it is not in the whitelist.\n');
      else if (word === 'envi')
        socket.end('This ZooKeeper instance is not currently serving requests\n');
      else if (word === 'wchs') socket.end('3 connections watching 9 pa');
      else socket.destroy();
    });

    expect(Object.keys(facts)).toEqual(['canary']);
    expect(facts.canary?.kind).toBe('failed');
    expect(asked).toMatchObject({
      conf: { failed: 'not-allowed' },
      memory: { failed: 'not-serving' },
      watches: { failed: 'unreadable' },
      admin: { failed: 'no AdminServer' },
    });
  });

  it('leaves a hung server alone after the first word that gets no answer', async () => {
    const { asked } = await survey(() => undefined, ['conf', 'memory', 'watches']);

    expect(words).toHaveLength(1);
    expect(asked).toMatchObject({
      conf: { failed: 'timeout' },
      memory: { failed: 'timeout' },
      watches: { failed: 'timeout' },
    });
  }, 20_000);
});
