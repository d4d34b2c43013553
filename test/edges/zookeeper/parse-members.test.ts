import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  parseConf,
  parseMembership,
  parseVotingView,
} from '../../../src/edges/zookeeper/parse-members.ts';

const fixtures = join(import.meta.dirname, '../../fixtures/zookeeper');

describe('parseMembership', () => {
  it.each([
    [
      'server.1=zk1:2888:3888:participant;0.0.0.0:2181',
      { sid: 1, role: 'voter', host: 'zk1', client: { host: 'zk1', port: 2181 } },
    ],
    [
      'server.4=zk4:2888:3888:observer;10.0.0.4:2182',
      { sid: 4, role: 'observer', host: 'zk4', client: { host: '10.0.0.4', port: 2182 } },
    ],
    [
      'server.2=zk2:2888:3888;2181',
      { sid: 2, role: 'voter', host: 'zk2', client: { host: 'zk2', port: 2181 } },
    ],
    ['server.3=zk3:2888:3888:participant', { sid: 3, role: 'voter', host: 'zk3' }],
    ['server.3=zk3:2888:3888:participant;', { sid: 3, role: 'voter', host: 'zk3' }],
    [
      'server.5=[fd00::5]:2888:3888:PARTICIPANT;[::]:2181',
      { sid: 5, role: 'voter', host: 'fd00::5', client: { host: 'fd00::5', port: 2181 } },
    ],
    [
      'server.6=[fd00::6]:2888:3888:participant;[0:0:0:0:0:0:0:0]:2181',
      { sid: 6, role: 'voter', host: 'fd00::6', client: { host: 'fd00::6', port: 2181 } },
    ],
    [
      'server.7=a:2888:3888|b:2889:3889:observer;[fd00::7]:2181\r',
      { sid: 7, role: 'observer', host: 'a', client: { host: 'fd00::7', port: 2181 } },
    ],
    ['server.8=zk8:2888:3888:participant;0.0.0.0:99999', { sid: 8, role: 'voter', host: 'zk8' }],
  ])('reads %s', (line, member) => {
    expect(parseMembership(`${line}\nversion=0`)?.members).toEqual([member]);
  });

  it('reads the version as the hexadecimal number it is', () => {
    const membership = parseMembership('server.1=a:1:2:participant\nversion=200005b76');

    expect(membership?.version).toBe(0x200005b76n);
  });

  it.each(['', 'version=0', 'server.1=', 'server.x=a:1:2', 'server.1=zk1', 'weight.1=1'])(
    'finds no member in "%s"',
    (text) => {
      expect(parseMembership(text)).toBeUndefined();
    },
  );
});

describe('parseConf', () => {
  it('reads sid, timing and members of 3.8', () => {
    const text = readFileSync(join(fixtures, '3.8.0/reconfig/s4-after-add.conf.txt'), 'utf8');

    const conf = parseConf(text);

    expect(conf.sid).toBe(4);
    expect(conf.timing).toEqual({ tickTimeMs: 2000, initLimit: 10, syncLimit: 5 });
    expect(conf.membership?.members.map(({ sid, client }) => [sid, client?.port])).toEqual([
      [1, 23181],
      [2, 23182],
      [3, 23183],
      [4, 23184],
    ]);
  });

  it('reads sid and timing of 3.4, which tells no members', () => {
    const text = readFileSync(join(fixtures, '3.4.13/ensemble3-healthy/s3.conf.txt'), 'utf8');

    expect(parseConf(text)).toEqual({
      sid: 3,
      timing: { tickTimeMs: 2000, initLimit: 10, syncLimit: 5 },
    });
  });

  it('tells an observer by its line', () => {
    const file = '3.8.0/ensemble3-plus-observer4-readonlymode-enabled/s4.conf.txt';

    const conf = parseConf(readFileSync(join(fixtures, file), 'utf8'));

    expect(conf.membership?.members.map(({ role }) => role)).toEqual([
      'voter',
      'voter',
      'voter',
      'observer',
    ]);
  });

  it('reads nothing out of a standalone server but what is there', () => {
    const text = readFileSync(join(fixtures, '3.8.0/standalone/s1.conf.txt'), 'utf8');

    expect(parseConf(text)).toEqual({});
  });
});

describe('parseVotingView', () => {
  it('reads the voters, and the one client address it knows', () => {
    const file = '3.8.0/ensemble3-healthy/s3.admin-voting_view.json';

    const view = parseVotingView(readFileSync(join(fixtures, file), 'utf8'));

    expect(view?.members).toEqual([
      { sid: 1, role: 'voter', host: '127.0.0.1' },
      { sid: 2, role: 'voter', host: '127.0.0.1' },
      { sid: 3, role: 'voter', host: '127.0.0.1', client: { host: '127.0.0.1', port: 23183 } },
    ]);
  });

  it.each(['', '{}', '[]', 'null', '{"current_config":null}', '{"current_config":{"1":null}}'])(
    'reads nothing out of %s',
    (text) => {
      expect(parseVotingView(text)).toBeUndefined();
    },
  );
});
