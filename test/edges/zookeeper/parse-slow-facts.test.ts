import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseConfFacts } from '../../../src/edges/zookeeper/parse-conf.ts';
import { parseCons, sessionAddresses } from '../../../src/edges/zookeeper/parse-cons.ts';
import {
  parseDirs,
  parseEnvi,
  parseHash,
  parseWchc,
  parseWchs,
} from '../../../src/edges/zookeeper/parse-facts.ts';
import { parseAdminFacts } from '../../../src/edges/zookeeper/parse-properties.ts';
import { surveyClientsMax, surveyDigestsMax } from '../../../src/model/survey.ts';

const fixtures = join(import.meta.dirname, '../../fixtures/zookeeper');
const files = readdirSync(fixtures, { recursive: true, encoding: 'utf8' });

/** Recorded answers to a word, `not currently serving` and the recorder's notes included. */
function recorded(word: string): readonly (readonly [string, string])[] {
  return files
    .filter((file) => file.endsWith(`.${word}.txt`))
    .sort()
    .map((file) => [file, readFileSync(join(fixtures, file), 'utf8')] as const);
}

function read(file: string): string {
  return readFileSync(join(fixtures, file), 'utf8');
}

const parsers: Readonly<Record<string, (text: string) => unknown>> = {
  conf: (text) => parseConfFacts(text, 1),
  cons: (text) => parseCons(text, 1),
  hash: (text) => parseHash(text, 1),
  wchs: (text) => parseWchs(text, 1),
  dirs: (text) => parseDirs(text, 1),
  envi: parseEnvi,
};

const spoilt: readonly (readonly [string, (text: string) => string])[] = [
  ['cut in the middle', (text) => text.slice(0, text.length / 2)],
  ['twice', (text) => text + text],
  ['with NaN for every number', (text) => text.replaceAll(/\d+/gu, 'NaN')],
  ['with negative numbers', (text) => text.replaceAll(/(?<=[=:\s])\d/gu, '-$&')],
  ['with huge numbers', (text) => text.replaceAll(/\d+/gu, '9'.repeat(400))],
  ['of zero bytes', (text) => '\0'.repeat(text.length)],
];

describe('every recorded answer', () => {
  const all = Object.keys(parsers).flatMap((word) =>
    recorded(word).map(([file, text]) => [file, word, text] as const),
  );

  it('is there for each version', () => {
    expect(new Set(all.map(([file]) => file.split('/')[0]))).toEqual(
      new Set(['3.4.13', '3.8.0', '3.9.3', 'mixed-3.8.0-3.9.3']),
    );
    expect(all.length).toBeGreaterThan(60);
  });

  it.each(all)('%s says the same with CRLF', (_file, word, text) => {
    const parse = parsers[word]!;

    expect(parse(text.replaceAll('\n', '\r\n'))).toEqual(parse(text));
  });

  it.each(all)('%s is read or absent however it is spoilt', (_file, word, text) => {
    const parse = parsers[word]!;

    for (const [, spoil] of spoilt) {
      const facts = JSON.stringify(parse(spoil(text)) ?? null);

      expect(facts).not.toMatch(/NaN|Infinity|:-(?!1\b)\d/u);
      expect(facts.length).toBeLessThan(20_000);
    }
  });
});

describe('parseConfFacts', () => {
  it('reads what 3.8 says of itself, members included', () => {
    expect(parseConfFacts(read('3.8.0/ensemble3-healthy/s3.conf.txt'), 7)).toMatchObject({
      atMs: 7,
      serverId: 3,
      clientPort: 23183,
      dataDir: '/var/lib/zookeeper/e38/3/data/version-2',
      tickTimeMs: 2000,
      initLimit: 10,
      syncLimit: 5,
      minSessionTimeoutMs: 4000,
      maxSessionTimeoutMs: 40_000,
      maxClientCnxns: 60,
      electionPort: 23143,
      peerType: 0,
      version: '0x0',
      members: [
        { sid: 1, quorum: { host: '127.0.0.1', port: 23121 }, electionPort: 23141, role: 'voter' },
        { sid: 2 },
        { sid: 3 },
      ],
    });
  });

  it('knows no members of 3.4', () => {
    const facts = parseConfFacts(read('3.4.13/ensemble3-healthy/s1.conf.txt'), 7)!;

    expect(facts.serverId).toBe(1);
    expect(facts.members).toBeUndefined();
  });

  it('takes a list that was cut for none at all', () => {
    const text = read('3.8.0/ensemble3-healthy/s3.conf.txt');

    expect(parseConfFacts(text.slice(0, text.indexOf('server.3=')), 7)).toBeUndefined();
  });

  it('takes the sentence of a server without a quorum for no answer', () => {
    const text = read('3.8.0/quorum-lost-not-serving/s1.conf.txt');

    expect(parseConfFacts(text, 7)).toBeUndefined();
  });
});

describe('parseCons', () => {
  const line = (address: string, port: number, sid: string, received = 7) =>
    ` /${address}:${port}[1](queued=0,recved=${received},sent=7,sid=${sid},lop=PING,est=1795246581978,to=10000)`;

  it('counts clients by address, the busiest first, and leaves out the asking connection', () => {
    const text = [
      ' /10.0.0.9:40000[0](queued=0,recved=1,sent=0)',
      line('10.0.0.1', 1, '0x1'),
      line('10.0.0.2', 1, '0x2'),
      line('10.0.0.2', 2, '0x3'),
      '',
    ].join('\n');

    expect(parseCons(text, 5)?.facts).toEqual({
      atMs: 5,
      total: 3,
      byAddress: [
        { address: '10.0.0.2', connections: 2, received: 14 },
        { address: '10.0.0.1', connections: 1, received: 7 },
      ],
    });
  });

  it('tells sessions apart whose ids are equal as JSON numbers', () => {
    const own = '0x3000011cf360002';
    const other = '0x3000011cf360003';
    expect(Number(own)).toBe(Number(other));

    const cons = parseCons(`${line('10.0.0.1', 1, own)}\n${line('10.0.0.2', 1, other)}\n`, 5, own);

    expect(cons?.own).toEqual({ address: '10.0.0.1', establishedMs: 1_795_246_581_978 });
    expect(cons?.facts).toMatchObject({ total: 1, own: '10.0.0.1' });
    expect(cons?.facts.byAddress.map(({ address }) => address)).toEqual(['10.0.0.2']);
  });

  it('counts connections that were opened and never said hello: a flood does just that', () => {
    const text =
      ' /10.0.0.7:1[0](queued=0,recved=0,sent=0)\n /10.0.0.7:2[0](queued=0,recved=0,sent=0)\n';

    expect(parseCons(text, 5)?.facts).toMatchObject({
      byAddress: [{ address: '10.0.0.7', connections: 2 }],
    });
  });

  it('keeps the biggest of very many addresses and counts the others', () => {
    const lines = Array.from({ length: 500 }, (_, index) =>
      line(`10.1.${index >> 8}.${index & 255}`, 1, `0x${index.toString(16)}`),
    );

    const facts = parseCons(`${lines.join('\n')}\n`, 5)!.facts;

    expect(facts.total).toBe(500);
    expect(facts.byAddress).toHaveLength(surveyClientsMax);
  });

  it('reads addresses of IPv6', () => {
    const facts = parseCons(`${line('0:0:0:0:0:0:0:1', 40_000, '0x1')}\n`, 5)!.facts;

    expect(facts.byAddress[0]?.address).toBe('0:0:0:0:0:0:0:1');
  });
});

describe('parseHash', () => {
  it('keeps the newest digests, by number', () => {
    const text = read('3.8.0/ensemble3-healthy/s3.hash.txt');

    const digests = Object.entries(parseHash(text, 1)!.byZxid);

    expect(digests).toHaveLength(Math.min(surveyDigestsMax, text.trim().split('\n').length));
    expect(text.trimEnd().endsWith(`${digests.at(-1)![0].slice(2)}: ${digests.at(-1)![1]}`)).toBe(
      true,
    );
  });

  it('takes a server that has written none down for one that says so', () => {
    expect(parseHash('', 1)).toEqual({ atMs: 1, byZxid: {} });
  });

  it('never keeps half a digest', () => {
    expect(parseHash('100000080: 21166897030\n100000100: 208138', 1)?.byZxid).toEqual({
      '0x100000080': '21166897030',
    });
  });
});

describe('parseEnvi', () => {
  it('reads the heap of 3.8', () => {
    const megabyte = 1024 * 1024;

    expect(parseEnvi(read('3.8.0/ensemble3-healthy/s3.envi.txt'))).toEqual({
      maxBytes: 192 * megabyte,
      usedBytes: 37 * megabyte,
      javaVersion: '17.0.15',
    });
  });

  it('knows no heap of 3.4', () => {
    const heap = parseEnvi(read('3.4.13/ensemble3-healthy/s1.envi.txt'))!;

    expect(Object.keys(heap)).toEqual(['javaVersion']);
  });
});

describe('whose watches they are', () => {
  const cons = [
    ' /10.0.0.7:4711[1](queued=0,recved=9,sent=9,sid=0x1000011cf1b0003,lop=PING,est=1,to=9000)',
    ' /10.0.0.8:4712[1](queued=0,recved=9,sent=9,sid=0x1000011cf1b0002,lop=PING,est=1,to=9000)',
  ].join('\n');

  it('is read of wchc: the session with the most, and its address of cons', () => {
    const listed =
      '0x1000011cf1b0002\n\t/hold/w0-1\n0x1000011cf1b0003\n\t/hold/w3-2\n\t/hold/w3-0\n\n';

    const top = parseWchc(listed, 1);

    expect(top).toEqual({ atMs: 1, session: '0x1000011cf1b0003', watches: 2 });
    expect(sessionAddresses(cons).get(top!.session)).toBe('10.0.0.7');
    expect(sessionAddresses(cons).get('0x1')).toBeUndefined();
  });

  it.each(['', 'wchc is not executed because it is not in the whitelist.', '\t/path\n'])(
    'is not read of %j',
    (text) => {
      expect(parseWchc(text, 1)).toBeUndefined();
    },
  );
});

describe('parseWchs and parseDirs', () => {
  it('read what 3.8 says', () => {
    expect(parseWchs(read('3.8.0/ensemble3-healthy/s3.wchs.txt'), 1)).toEqual({
      atMs: 1,
      connections: 3,
      paths: 9,
      total: 9,
    });
    expect(parseDirs(read('3.8.0/ensemble3-healthy/s3.dirs.txt'), 1)).toEqual({
      atMs: 1,
      dataBytes: 67_109_477,
      logBytes: 67_109_477,
    });
  });

  it('say nothing of a number that was cut', () => {
    expect(parseWchs('3 connections watching 9 paths\nTotal wat', 1)).toBeUndefined();
    expect(parseDirs('datadir', 1)).toBeUndefined();
  });
});

describe('parseAdminFacts', () => {
  it('keeps the settings that open doors and nothing else', () => {
    const text = JSON.stringify({
      'zookeeper.4lw.commands.whitelist': 'srvr, *',
      'zookeeper.admin.snapshot.enabled': 'false',
      'zookeeper.ssl.keyStore.password': 'hunter2',
      command: 'system_properties',
    });

    expect(parseAdminFacts(text, 1)).toEqual({
      atMs: 1,
      open: true,
      allWords: true,
      snapshot: false,
    });
  });
});
