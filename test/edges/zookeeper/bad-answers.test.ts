import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { detectors } from '../../../src/app/catalog.ts';
import type { Answer } from '../../../src/edges/zookeeper/answer.ts';
import { parseConfFacts } from '../../../src/edges/zookeeper/parse-conf.ts';
import { parseCons, sessionAddresses } from '../../../src/edges/zookeeper/parse-cons.ts';
import {
  parseDirs,
  parseEnvi,
  parseHash,
  parseWchc,
  parseWchs,
} from '../../../src/edges/zookeeper/parse-facts.ts';
import { parseMntr } from '../../../src/edges/zookeeper/parse-mntr.ts';
import { parseMonitor } from '../../../src/edges/zookeeper/parse-monitor.ts';
import { parseAdminFacts } from '../../../src/edges/zookeeper/parse-properties.ts';
import { parseSrvr } from '../../../src/edges/zookeeper/parse-srvr.ts';
import type { Sample } from '../../../src/model/sample.ts';
import { aFailure, aView, nightMs } from '../../support/builders.ts';
import { aSurvey } from '../../support/surveys.ts';

// Every word's parser over every version and every way to spoil an answer, and what comes out through all detectors.

const versions: Readonly<Record<string, string>> = {
  '3.4.13': 'zookeeper/3.4.13',
  '3.5.9': 'zookeeper-made/3.5.9',
  '3.6.3': 'zookeeper-made/3.6.3',
  '3.7.1': 'zookeeper-made/3.7.1',
  '3.8.0': 'zookeeper/3.8.0',
  '3.9.3': 'zookeeper/3.9.3',
};

const parsers: Readonly<Record<string, (text: string) => unknown>> = {
  'mntr.txt': parseMntr,
  'srvr.txt': parseSrvr,
  'conf.txt': (text) => parseConfFacts(text, 1),
  'cons.txt': (text) => [parseCons(text, 1), [...sessionAddresses(text)]],
  'hash.txt': (text) => parseHash(text, 1),
  'wchs.txt': (text) => parseWchs(text, 1),
  'dirs.txt': (text) => parseDirs(text, 1),
  'envi.txt': parseEnvi,
  'admin-monitor.json': parseMonitor,
  'admin-voting_view.json': (text) => parseAdminFacts(text, 1),
};

type Spoil = readonly [string, (text: string) => string];

const spoilt: readonly Spoil[] = [
  ['with CRLF', (text) => text.replaceAll('\n', '\r\n')],
  ['with every line twice', (text) => text.replaceAll(/^.*$/gmu, '$&\n$&')],
  ['with negative numbers', (text) => text.replaceAll(/(?<=[=:\s/])\d/gu, '-$&')],
  ['with NaN', (text) => text.replaceAll(/(?<=[=:\s/])\d[\d.]*/gu, 'NaN')],
  ['with 1e400', (text) => text.replaceAll(/(?<=[=:\s/])\d[\d.]*/gu, '1e400')],
  ['with 400 digits', (text) => text.replaceAll(/(?<=[=:\s/])\d[\d.]*/gu, '9'.repeat(400))],
  ['without every other line', (text) => text.replaceAll(/^.*\n(.*\n)/gmu, '$1')],
  ['without values', (text) => text.replaceAll(/(?<=[=\t])[^\n,)]*/gu, '')],
  ['with lines nobody knows', (text) => `${text}zk_new_thing\t7\nnewer: yes\nnewest=9\n`],
  ['of a dying server', () => 'This ZooKeeper instance is not currently serving requests\n'],
  ['of nothing', () => ''],
];

const tenMegabytes = 10 * 1024 * 1024;

const huge: readonly Spoil[] = [
  ['with a line of 10 MB', (text) => `${text}zk_${'x'.repeat(tenMegabytes)}\t1\n`],
  ['with 10 MB of one number', (text) => `${text}zk_y\t${'7'.repeat(tenMegabytes)}\n`],
  ['with 10 MB of brackets', (text) => `${text}${' /1:2[0](,)=)'.repeat(tenMegabytes / 13)}\n`],
  ['with 10 MB of blanks', (text) => `${text}${' '.repeat(tenMegabytes)}x\n`],
];

/** The longest a parser may be busy with 10 MB, on a machine that does other things, too. */
const busyMsMax = 5000;

function answers(): readonly (readonly [string, string, string])[] {
  return Object.entries(versions).flatMap(([version, folder]) =>
    ['s1', 's2', 's3'].flatMap((server) =>
      Object.keys(parsers).flatMap((word) => {
        const file = join(fixtures, folder, 'ensemble3-healthy', `${server}.${word}`);
        return existsSync(file)
          ? [[`${version} ${server} ${word}`, word, readFileSync(file, 'utf8')] as const]
          : [];
      }),
    ),
  );
}

const fixtures = join(import.meta.dirname, '../../fixtures');
const all = answers();

/** What is no number, and what has no end. */
function faultsIn(value: unknown, at = ''): readonly string[] {
  if (typeof value === 'number') return Number.isFinite(value) ? [] : [`${at} ${value}`];
  if (typeof value === 'string') return value.length > 5000 ? [`${at}: ${value.length}`] : [];
  if (typeof value !== 'object' || value === null) return [];
  const entries = Object.entries(value);
  return [
    ...(entries.length > 2100 ? [`${at}: ${entries.length} entries`] : []),
    ...entries.flatMap(([key, each]) => faultsIn(each, `${at}.${key.slice(0, 40)}`)),
  ];
}

describe('an answer of any version', () => {
  it('is there of each', () => {
    const seen = new Set(all.map(([name]) => name.split(' ')[0]));

    expect([...seen]).toEqual(Object.keys(versions));
    expect(all.length).toBeGreaterThan(80);
  });

  // 3.4 knows no `dirs`, and says nothing.
  it.each(all.filter(([, , text]) => text !== ''))('%s is read whole', (_, word, text) => {
    expect(parsers[word]?.(text)).toBeDefined();
  });

  it.each(spoilt)('%s is read or is nothing', (_, spoil) => {
    const faults = all.flatMap(([name, word, text]) =>
      faultsIn(parsers[word]?.(spoil(text)), name),
    );

    expect(faults).toEqual([]);
  });

  it.each(huge)(
    '%s is read or is nothing, and holds up nobody',
    (_, spoil) => {
      const faults: string[] = [];

      for (const [name, word, text] of all.filter(([each]) => each.startsWith('3.8.0 s1'))) {
        const spoiltText = spoil(text);
        const beganMs = performance.now();
        faults.push(...faultsIn(parsers[word]?.(spoiltText), name));
        const tookMs = performance.now() - beganMs;
        if (tookMs > busyMsMax) faults.push(`${name} took ${tookMs} ms`);
      }

      expect(faults).toEqual([]);
    },
    60_000,
  );

  it.each(all.filter(([, word]) => word.endsWith('.txt')))(
    '%s says the same with CRLF',
    (_, word, text) => {
      expect(parsers[word]?.(text.replaceAll('\n', '\r\n'))).toEqual(parsers[word]?.(text));
    },
  );

  it.each(all.filter(([, word]) => !['cons.txt', 'admin-monitor.json'].includes(word)))(
    '%s says the same with every line twice',
    (_, word, text) => {
      const parse = parsers[word]!;
      const twice = parse(text.replaceAll(/^(.+)$/gmu, '$1\n$1'));

      // What no server says may be taken for nothing.
      expect([undefined, parse(text)]).toContainEqual(twice);
    },
  );

  // Sums over connections are smaller in a part, and say so nowhere: `cons` is judged by its addresses alone.
  it.each(all.filter(([, word]) => word !== 'cons.txt'))(
    '%s cut at any 97th byte tells no number that is not in the whole',
    (_, word, text) => {
      const parse = parsers[word]!;
      const whole = new Set(leavesOf(parse(text)).map(String));
      const lies: string[] = [];

      for (let at = 0; at < text.length; at += 97)
        lies.push(
          ...leavesOf(parse(text.slice(0, at)))
            .map(String)
            .filter((leaf) => !whole.has(leaf)),
        );

      expect(lies).toEqual([]);
    },
  );
});

/** Every number and text of a value. */
function leavesOf(value: unknown): readonly unknown[] {
  return typeof value === 'object' && value !== null
    ? Object.values(value).flatMap(leavesOf)
    : value === undefined
      ? []
      : [value];
}

function sampleOf(server: string, answer: Answer | undefined): Sample {
  return answer === undefined
    ? aFailure({ server, reason: 'garbled', connected: true })
    : { kind: 'reading', server, atMs: nightMs, tookMs: 2, source: 'mntr', ...answer };
}

/** Whatever is below -1 is left out; the one figure that means something at -1 is that of open files, which are all used up then. */
describe('what a spoilt answer does to the detectors', () => {
  const mntrs = (folder: string) =>
    ['s1', 's2', 's3'].map((server) =>
      readFileSync(join(fixtures, folder, 'ensemble3-healthy', `${server}.mntr.txt`), 'utf8'),
    );
  const viewOf = (texts: readonly string[], surveys = {}) =>
    aView({
      samples: Object.fromEntries(
        texts.map((text, index) => [`zk${index + 1}`, sampleOf(`zk${index + 1}`, parseMntr(text))]),
      ),
      surveys,
    });

  it.each(
    Object.entries(versions).flatMap(([version, folder]) =>
      spoilt.map(([how, spoil]) => [version, how, folder, spoil] as const),
    ),
  )('%s %s makes none of them throw', (_version, _how, folder, spoil) => {
    const texts = mntrs(folder);
    const spoiltOne = [texts[0]!, spoil(texts[1]!), texts[2]!];
    const cons = parseCons(spoil('/10.0.0.1:4711[1](queued=0,recved=5,sent=5,sid=0x1)\n'), nightMs);
    const faults: string[] = [];
    const surveys = { zk2: aSurvey('zk2', cons === undefined ? {} : { clients: cons.facts }) };

    for (const view of [viewOf(spoiltOne, surveys), viewOf(texts.map(spoil), surveys)])
      for (const detector of detectors)
        for (const { facts, verdict } of detector.detect(view, nightMs))
          faults.push(
            ...(['firing', 'clear', 'unknown'].includes(verdict) ? [] : [verdict]),
            ...faultsIn(facts, detector.name),
          );

    expect(faults).toEqual([]);
  });

  const figures: Readonly<Record<string, number>> = {
    watch_count: 20_000,
    znode_count: 2_000_000,
    approximate_data_size: 2_000_000_000,
    open_file_descriptor_count: 995,
    max_file_descriptor_count: 1000,
  };
  const firing = ['watch-leak', 'znode-growth', 'data-size', 'fd-exhaustion'];
  const withValues = (text: string, value: (key: string) => string | undefined) =>
    text
      .split('\n')
      .flatMap((line) => {
        const key = /^zk_(\w+)\t/u.exec(line)?.[1] ?? '';
        if (!Object.hasOwn(figures, key)) return [line];
        const now = value(key);
        return now === undefined ? [] : [`zk_${key}\t${now}`];
      })
      .join('\n');
  const verdicts = (
    value: (key: string) => string | undefined,
  ): Readonly<Record<string, string>> => {
    const view = viewOf(mntrs('zookeeper/3.8.0').map((text) => withValues(text, value)));
    return Object.fromEntries(
      detectors
        .filter(({ name }) => firing.includes(name))
        .map((detector) => [
          detector.name,
          [...new Set(detector.detect(view, nightMs).map(({ verdict }) => verdict))].join(),
        ]),
    );
  };

  it('begins with four that fire', () => {
    expect(verdicts((key) => String(figures[key]))).toEqual(
      Object.fromEntries(firing.map((name) => [name, 'firing'])),
    );
  });

  it.each([
    ['is missing', () => undefined],
    ['is negative', () => '-5'],
    ['is NaN', () => 'NaN'],
    ['is 1e400', () => '1e400'],
    ['is no number', () => 'null'],
    ['is empty', () => ''],
  ] satisfies readonly (readonly [string, () => string | undefined])[])(
    'resolves nothing where the figure %s',
    (_, value) => {
      expect(verdicts(value)).toEqual(Object.fromEntries(firing.map((name) => [name, 'unknown'])));
    },
  );

  it.each(spoilt.filter(([how]) => how !== 'with CRLF' && !how.startsWith('with lines')))(
    'resolves nothing where the whole answer is %s',
    (_, spoil) => {
      const big = mntrs('zookeeper/3.8.0').map((text) =>
        withValues(text, (key) => String(figures[key])),
      );
      const view = viewOf(big.map(spoil));

      const cleared = detectors
        .filter(({ name }) => firing.includes(name))
        .flatMap((detector) => detector.detect(view, nightMs))
        .filter(({ verdict }) => verdict === 'clear');

      expect(cleared.map(({ detector }) => detector)).toEqual([]);
    },
  );

  it('keeps what sessions own apart, which JSON would round', () => {
    const text = `0x300000000000001\n\t/a\n\t/b\n0x300000000000002\n\t/c\n`;

    expect(parseWchc(text, 1)).toMatchObject({ session: '0x300000000000001', watches: 2 });
  });
});
