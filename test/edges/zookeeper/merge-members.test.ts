import { describe, expect, it } from 'vitest';
import { mergeMembers } from '../../../src/edges/zookeeper/merge-members.ts';
import type { Member } from '../../../src/edges/zookeeper/parse-members.ts';
import type { Server } from '../../../src/model/ensemble.ts';

function configured(id: string, host: string, port = 2181, sid?: number): Server {
  return { id, client: { host, port }, role: 'voter', ...(sid === undefined ? {} : { sid }) };
}

function member(sid: number, host: string, port?: number): Member {
  return { sid, role: 'voter', host, ...(port === undefined ? {} : { client: { host, port } }) };
}

function merge(
  servers: readonly Server[],
  members: readonly Member[],
  more: { readonly addresses?: Readonly<Record<string, string>>; readonly isTls?: boolean } = {},
) {
  return mergeMembers({ configured: servers, members, addresses: {}, isTls: false, ...more }).map(
    ({ id, sid, role, client }) => [id, sid, role, `${client.host}:${client.port}`],
  );
}

describe('mergeMembers', () => {
  it('adds the members that are not configured, named by their address', () => {
    const servers = merge(
      [configured('zk1', 'a')],
      [member(1, 'a', 2181), { ...member(2, 'b', 2182), role: 'observer' }],
    );

    expect(servers).toEqual([
      ['zk1', 1, 'voter', 'a:2181'],
      ['b:2182', 2, 'observer', 'b:2182'],
    ]);
  });

  it('keeps the configured id, address and AdminServer, and takes the role of the ensemble', () => {
    const admin = { host: 'a', port: 8080 };

    const servers = mergeMembers({
      configured: [{ ...configured('zk1', 'a'), admin }],
      members: [{ ...member(1, 'a', 2181), role: 'observer' }],
      addresses: {},
      isTls: false,
    });

    expect(servers).toEqual([
      { id: 'zk1', client: { host: 'a', port: 2181 }, admin, sid: 1, role: 'observer' },
    ]);
  });

  it('knows a server by its sid, whatever its address looks like from here', () => {
    const servers = merge(
      [configured('zk1', 'localhost', 12181, 1), configured('zk2', 'localhost', 12182, 2)],
      [member(2, 'zk2.inner', 2181), member(1, 'zk1.inner', 2181)],
    );

    expect(servers).toEqual([
      ['zk1', 1, 'voter', 'localhost:12181'],
      ['zk2', 2, 'voter', 'localhost:12182'],
    ]);
  });

  it('knows a server by what its name resolves to', () => {
    const servers = merge(
      [configured('zk1', 'zk1.example'), configured('zk2', 'zk2.example')],
      [member(1, '10.0.0.1', 2181), member(2, '10.0.0.2', 2181)],
      { addresses: { 'zk1.example': '10.0.0.1', 'zk2.example': '10.0.0.2' } },
    );

    expect(servers.map(([id, sid]) => [id, sid])).toEqual([
      ['zk1', 1],
      ['zk2', 2],
    ]);
  });

  it('knows a server by the host its peers use when the client port is not told', () => {
    const servers = merge(
      [configured('zk1', 'ZK1', 9181), configured('zk2', 'zk2', 9182)],
      [member(1, 'zk1'), member(2, 'zk2')],
    );

    expect(servers.map(([id, sid]) => [id, sid])).toEqual([
      ['zk1', 1],
      ['zk2', 2],
    ]);
  });

  it('does not mix up servers behind one host', () => {
    const servers = merge(
      [configured('zk1', '127.0.0.1', 21001)],
      [member(1, '127.0.0.1', 21001), member(2, '127.0.0.1', 21002), member(3, '127.0.0.1', 21003)],
    );

    expect(servers).toEqual([
      ['zk1', 1, 'voter', '127.0.0.1:21001'],
      ['127.0.0.1:21002', 2, 'voter', '127.0.0.1:21002'],
      ['127.0.0.1:21003', 3, 'voter', '127.0.0.1:21003'],
    ]);
  });

  it('pairs the last configured server with the last member', () => {
    const servers = merge(
      [
        configured('zk1', 'localhost', 12181, 1),
        configured('zk2', 'localhost', 12182, 2),
        configured('zk3', 'localhost', 12183),
      ],
      [member(1, 'zk1.in', 2181), member(2, 'zk2.in', 2181), member(3, 'zk3.in', 2181)],
    );

    expect(servers[2]).toEqual(['zk3', 3, 'voter', 'localhost:12183']);
    expect(servers).toHaveLength(3);
  });

  it('gives a configured server that is no member no vote', () => {
    const servers = merge(
      [configured('zk1', 'a'), configured('zk9', 'i', 2181, 9)],
      [member(1, 'a', 2181), member(2, 'b', 2181), member(3, 'c', 2181)],
    );

    expect(servers.map(([id, , role]) => [id, role])).toEqual([
      ['zk1', 'voter'],
      ['zk9', 'observer'],
      ['b:2181', 'voter'],
      ['c:2181', 'voter'],
    ]);
  });

  it('takes the port of the configured servers where the membership tells none, or the plain one', () => {
    const secure = [configured('zk1', 'a', 2281)];

    const silent = merge(secure, [member(1, 'a'), member(2, 'b')]);
    const plain = merge(secure, [member(1, 'a', 2181), member(2, 'b', 2181)], { isTls: true });

    for (const servers of [silent, plain])
      expect(servers).toEqual([
        ['zk1', 1, 'voter', 'a:2281'],
        ['b:2281', 2, 'voter', 'b:2281'],
      ]);
  });
});
