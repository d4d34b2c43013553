import { describe, expect, it } from 'vitest';
import { detectors } from '../../../src/app/catalog.ts';
import type { Reading } from '../../../src/model/sample.ts';
import { blankTree, type RoundFacts } from '../../../src/model/tree.ts';
import { probeDegraded } from '../../../src/rules/detect/probe-degraded.ts';
import { whatIsNotSeen, whitelistLine } from '../../../src/rules/survey/not-seen.ts';
import { anEnsemble, aReading, aServer, aView, nightMs } from '../../support/builders.ts';
import { aHost, aSurvey, failedOn } from '../../support/surveys.ts';

const admin = { host: '10.0.0.1', port: 8080 };

/** One server, and what was surveyed of it. */
function notSeen(survey = aSurvey('zk1'), reading: Partial<Reading> = {}, server = { admin }) {
  return whatIsNotSeen(
    aView({
      ensemble: anEnsemble({ servers: [aServer({ id: 'zk1', ...server })] }),
      samples: { zk1: aReading({ server: 'zk1', ...reading }) },
      surveys: { zk1: survey },
      tree: blankTree,
    }),
  );
}

describe('whatIsNotSeen', () => {
  it('is nothing where everything was answered', () => {
    expect(notSeen(aSurvey('zk1', { host: aHost() }))).toEqual([]);
  });

  it('gathers the words that are refused, with the line that allows them', () => {
    const survey = failedOn(
      failedOn(aSurvey('zk1'), 'conf', 'not-allowed'),
      'digests',
      'not-allowed',
    );

    expect(notSeen(survey, { refusedWords: ['mntr'] })).toEqual([
      expect.objectContaining({
        what: 'words',
        why: 'words',
        said: 'mntr, conf, hash',
        where: 'zoo.cfg',
        line: whitelistLine,
      }),
    ]);
    expect(probeDegraded.detect(aView(), nightMs)[0]?.facts['line']).toBe(whitelistLine);
  });

  it('says what a crawl would tell, where none is configured, and where one is cut', () => {
    const ensemble = anEnsemble({ servers: [] });
    const cut = { cut: 'nodes' } as RoundFacts;

    expect(whatIsNotSeen(aView({ ensemble, samples: {} }))).toEqual([
      {
        server: 'orders',
        what: 'tree',
        why: 'no-crawl',
        said: '',
        detectors: ['ephemeral-flapping', 'node-too-big', 'znode-growth', 'data-size'],
        where: 'nightkeeper.yaml',
        line: 'crawl: { every: 1h }',
      },
    ]);
    expect(
      whatIsNotSeen(aView({ ensemble, samples: {}, tree: { ...blankTree, round: cut } })),
    ).toMatchObject([{ why: 'crawl-cut', said: 'nodes', line: 'crawl: { nodes: 10000000 }' }]);
  });

  it('tells a server that was away from one that refuses', () => {
    expect(notSeen(failedOn(aSurvey('zk1'), 'conf', 'not-serving'))).toEqual([]);
  });

  it('says what the machine would tell, and why it does not', () => {
    const none = failedOn(aSurvey('zk1'), 'host', 'no host probe');
    const { logFile: _, ...host } = aHost({
      gaps: ['descriptors: /proc/1/fd may not be read by nk'],
    });
    const some = aSurvey('zk1', { host });

    expect(notSeen(none)).toMatchObject([
      { what: 'machine', why: 'failed', said: 'no host probe' },
    ]);
    expect(notSeen(some)).toMatchObject([
      { what: 'machine-part', detectors: ['fd-exhaustion'] },
      { what: 'log', line: 'host: { logFile: /var/log/zookeeper/zookeeper.log }' },
    ]);
  });

  it('asks for the address of the AdminServer, or for the server itself', () => {
    const failed = failedOn(aSurvey('zk1'), 'admin', 'refused');

    expect(notSeen(failed)).toMatchObject([{ where: 'zoo.cfg', line: 'admin.enableServer=true' }]);
    expect(notSeen(failed, {}, {} as never)).toMatchObject([
      {
        where: 'nightkeeper.yaml',
        line: '{ id: zk1, client: "10.0.0.1:2181", admin: "10.0.0.1:8080" }',
      },
    ]);
  });

  it('knows what a version does not report, and what it counts only when told to', () => {
    expect(notSeen(undefined, { version: '3.4.13' })).toMatchObject([
      { what: 'old-version', line: '' },
    ]);
    const off = { uptime: 3_600_000, cnt_jvm_pause_time_ms: 0 };
    expect(notSeen(undefined, { metrics: off })).toMatchObject([
      { line: 'jvm.pause.monitor=true' },
    ]);
    expect(notSeen(undefined, { metrics: { ...off, cnt_jvm_pause_time_ms: 7 } })).toEqual([]);
  });

  it('names only detectors that there are', () => {
    const names = detectors.map(({ name }) => name);
    const { logFile: _, ...host } = aHost({
      gaps: ['dataDir: x', 'snapshots: x', 'logFile x', 'configFile x', 'limits: x'],
    });
    const failed = (['conf', 'clients', 'digests', 'memory'] as const).reduce(
      (survey, part) => failedOn(survey, part, 'not-allowed'),
      failedOn(failedOn(aSurvey('zk1', { host }), 'canary', 'x'), 'admin', 'x'),
    );

    const all = [
      ...notSeen(failed, { version: '3.4.13' }),
      ...notSeen(failedOn(aSurvey('zk1'), 'host', 'x')),
    ].flatMap((one) => one.detectors);

    expect([...new Set(all)].filter((name) => !names.includes(name))).toEqual([]);
  });
});
