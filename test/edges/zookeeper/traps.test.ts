import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseCons } from '../../../src/edges/zookeeper/parse-cons.ts';
import { parseMntr } from '../../../src/edges/zookeeper/parse-mntr.ts';
import { parseMonitor } from '../../../src/edges/zookeeper/parse-monitor.ts';
import { parseSrvr } from '../../../src/edges/zookeeper/parse-srvr.ts';
import { zxidOf } from '../../../src/model/sample.ts';
import { adminSurfaceExposed } from '../../../src/rules/detect/admin-surface-exposed.ts';
import { zxidRegression } from '../../../src/rules/detect/zxid-regression.ts';
import { aReading, aView, nightMs, samplesOf } from '../../support/builders.ts';
import { aSurvey } from '../../support/surveys.ts';

// What ZooKeeper does that looks like something else. The traps of elections, full disks, cut links and lifetime averages are in
// `rules/incident/timelines.test.ts` and `rules/detect/speed.test.ts`.

const recorded = (file: string) =>
  readFileSync(join(import.meta.dirname, '../../fixtures/zookeeper', file), 'utf8');
const edge = join(import.meta.dirname, '../../../src/edges/zookeeper');

/** Four-letter words that stand in the sources of the edge as texts of their own. */
function wordsInSources(): readonly string[] {
  const known = 'ruok|srst|crst|stmk|gtmk|wchp|wchc|dump|stat|srvr|mntr|cons|conf|isro';
  const sources = readdirSync(edge)
    // Sessions are looked at where a person asks for one.
    .filter((file) => file.endsWith('.ts') && file !== 'sessions.ts')
    .map((file) => readFileSync(join(edge, file), 'utf8'));
  return [
    ...new Set(sources.flatMap((text) => text.match(new RegExp(`'(?:${known})'`, 'gu')) ?? [])),
  ];
}

describe('traps', () => {
  it('imok says nothing: a server without a quorum says it, and is no reading', () => {
    const files = ['s1.mntr.txt', 's1.srvr.txt'].map((name) =>
      recorded(`3.8.0/quorum-lost-not-serving/${name}`),
    );

    expect(files.map(parseMntr)).toEqual([undefined, undefined]);
    expect(files.map(parseSrvr)).toEqual([undefined, undefined]);
    expect(parseMonitor(recorded('3.8.0/quorum-lost-not-serving/s1.admin-monitor.json'))).toBe(
      undefined,
    );
    // The AdminServer's `ruok` is asked for its date alone.
    expect(readFileSync(join(edge, 'prober.ts'), 'utf8')).not.toContain('ruok');
  });

  it('srst and crst wipe every counter, wchp and dump stall large servers: none of them is ever sent by itself', () => {
    const words = wordsInSources();

    expect(words).toContain("'mntr'");
    for (const word of ['srst', 'crst', 'stmk', 'wchp', 'dump'])
      expect(words).not.toContain(`'${word}'`);
  });

  it('session ids pass 2^53: they stay text, and two that JSON would make one are two', () => {
    const line = (sid: string) =>
      ` /10.0.0.7:4711[1](queued=0,recved=9,sent=9,sid=${sid},lop=PING,est=1,to=9000)\n`;
    const text = line('0x300000d28a00001') + line('0x300000d28a00002');

    expect(Number(0x300000d28a00001n)).toBe(Number(0x300000d28a00002n));
    expect(parseCons(text, 1)?.facts.total).toBe(2);
    expect(parseCons(text, 1, '0x300000d28a00001')?.facts.total).toBe(1);
  });

  it('zxids pass 2^53 from epoch 2^21 on, and their counter passes 2^31: nothing is lost', () => {
    const { zxid } = parseSrvr(
      recorded('3.8.0/ensemble3-healthy/s3.srvr.txt').replace(
        /^Zxid: .*$/mu,
        'Zxid: 0x200001ffffffff',
      ),
    )!;

    expect(zxid).toBe('0x200001ffffffff');
    expect(zxidOf(aReading(zxid === undefined ? {} : { zxid }))).toBe(0x200001ffffffffn);
  });

  it('two wiped servers that start first take the data of the third: the transaction falls', () => {
    const surveys = Object.fromEntries(
      ['zk1', 'zk2', 'zk3'].map((id) => [
        id,
        { ...aSurvey(id), peak: { atMs: nightMs - 60_000, zxid: '0x100000005' } },
      ]),
    );
    const fallen = Object.fromEntries(
      Object.entries(samplesOf({ zk1: 'leader', zk2: 'follower', zk3: 'follower' })).map(
        ([id, sample]) => [id, { ...sample, zxid: '0x100000002' }],
      ),
    );

    const findings = zxidRegression.detect(aView({ samples: fallen, surveys }), nightMs);

    expect(findings.map(({ verdict }) => verdict)).toContain('firing');
  });

  it('any digest user may restore 3.9 while the root is open: that is told', () => {
    const admin = { atMs: nightMs, open: true, restore: true, snapshot: true, rootOpen: true };
    const samples = Object.fromEntries(
      Object.entries(samplesOf({ zk1: 'leader', zk2: 'follower', zk3: 'follower' })).map(
        ([id, sample]) => [id, { ...sample, version: '3.9.3' }],
      ),
    );
    const view = aView({ samples, surveys: { zk1: aSurvey('zk1', { admin }) } });

    const finding = adminSurfaceExposed
      .detect(view, nightMs)
      .find(({ subject }) => subject.server === 'zk1');

    expect(finding?.verdict).toBe('firing');
  });
});
