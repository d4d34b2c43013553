import { createHash } from 'node:crypto';
import { znodeTrees } from '../../src/edges/zookeeper/tree.ts';
import { openTreeLink } from '../../src/edges/zookeeper/tree-link.ts';
import { changeRequest } from '../../src/edges/zookeeper/tree-wire.ts';
import type { EnsembleSettings } from '../../src/model/settings.ts';
import { childPath, isEphemeral, type Znode } from '../../src/model/znode.ts';
import type { TreeOptions, WriteOutcome, ZnodeTree } from '../../src/ports/znode-tree.ts';
import { seeded } from './seeded.ts';

/** Everybody may do everything, as ZooKeeper writes it. */
export const openAcl: Buffer = aclOf([31, 'world', 'anyone']);

/** A list of permissions as ZooKeeper writes it. */
export function aclOf(...entries: readonly (readonly [number, string, string])[]): Buffer {
  const parts: Buffer[] = [int(entries.length)];
  for (const [mask, scheme, id] of entries)
    parts.push(int(mask), int(scheme.length), Buffer.from(scheme), int(id.length), Buffer.from(id));
  return Buffer.concat(parts);
}

/** The id of `user:password` under the scheme `digest`. */
export function digestOf(login: string): string {
  const [user = ''] = login.split(':');
  return `${user}:${createHash('sha1').update(login).digest('base64')}`;
}

function int(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

/** A session for tests, open as long as the test wants. */
export function openTree(
  settings: EnsembleSettings,
  options: Partial<TreeOptions> = {},
): Promise<ZnodeTree> {
  return znodeTrees.open(settings, { logins: [], patienceMs: 30_000, inFlight: 100, ...options });
}

/** A znode to be created. */
export function aZnode(path: string, overrides: Partial<Znode> = {}): Znode {
  const stat = Buffer.alloc(68);
  return { path, stat, acl: openAcl, data: Buffer.from(path), hidden: false, ...overrides };
}

/** An ephemeral znode, and the session it lives with. */
export async function holdEphemeral(
  settings: EnsembleSettings,
  path: string,
): Promise<{ close(): Promise<void> }> {
  const servers = settings.servers.map(({ client }) => client);
  const options = { logins: [], patienceMs: 30_000, inFlight: 1 };
  const link = await openTreeLink(servers, settings.tls, options);
  const request = changeRequest({ kind: 'create', znode: aZnode(path) });
  // The mode is the last number of a request to create.
  request.frame.writeInt32BE(1, request.frame.length - 4);
  const reply = await link.say(request);
  if (reply?.error !== 0) throw new Error(`no ephemeral at ${path}`);
  return link;
}

export async function createAll(
  tree: ZnodeTree,
  znodes: Iterable<Znode>,
  atOnce = 200,
): Promise<void> {
  let open: Promise<WriteOutcome>[] = [];
  for (const znode of znodes) {
    open.push(tree.write({ kind: 'create', znode }));
    if (open.length < atOnce) continue;
    expectDone(await Promise.all(open));
    open = [];
  }
  expectDone(await Promise.all(open));
}

function expectDone(outcomes: readonly WriteOutcome[]): void {
  const failed = outcomes.find(({ kind }) => kind !== 'done');
  if (failed !== undefined) throw new Error(`not created: ${JSON.stringify(failed)}`);
}

/** All of a tree, in order. */
export async function all(tree: ZnodeTree, root = '/'): Promise<readonly Znode[]> {
  const znodes: Znode[] = [];
  const walk = tree.walk({ root });
  for (let batch = await walk.next(); batch.length > 0; batch = await walk.next())
    znodes.push(...batch);
  return znodes;
}

/** One sum over paths, data and permissions of everything that stays: equal for equal trees, byte for byte. */
export async function sumOf(
  tree: ZnodeTree,
  root = '/',
): Promise<{ readonly znodes: number; readonly sum: string }> {
  const hash = createHash('sha256');
  let znodes = 0;
  const walk = tree.walk({ root });
  for (let batch = await walk.next(); batch.length > 0; batch = await walk.next())
    for (const { path, data, acl, stat } of batch) {
      if (isEphemeral(stat)) continue;
      znodes += 1;
      for (const part of [Buffer.from(path), acl, data]) {
        hash.update(int(part?.length ?? -1));
        if (part !== undefined && part !== null) hash.update(part);
      }
    }
  return { znodes, sum: hash.digest('hex') };
}

/**
 * A tree as applications leave it, the same for the same seed: services with instances, topics with partitions, a queue of many
 * siblings, deep configuration, values of a few bytes and some of many, none and no bytes, several lists of permissions, and names
 * of more than ASCII.
 */
export function* someTree(count: number, seed: number, dataBytesMax = 400): Generator<Znode> {
  const chance = seeded(seed);
  const digest = aclOf([31, 'digest', digestOf('app:secret')], [31, 'world', 'anyone']);
  const many = aclOf([31, 'world', 'anyone'], [1, 'ip', '10.0.0.0/8'], [3, 'ip', '192.168.1.7']);
  const acls = [openAcl, openAcl, openAcl, digest, many];
  let made = 0;
  const node = (path: string): Znode => {
    made += 1;
    const kind = chance();
    const size = kind > 0.995 ? dataBytesMax * 20 : Math.floor(chance() * dataBytesMax);
    const data = kind < 0.02 ? null : kind < 0.04 ? Buffer.alloc(0) : bytesOf(size, chance);
    return aZnode(path, { data, acl: acls[Math.floor(chance() * acls.length)] ?? openAcl });
  };
  yield node('/services');
  yield node('/brokers');
  yield node('/brokers/topics');
  yield node('/queue');
  yield node('/配置');
  for (let group = 0; made < count; group += 1) {
    const service = `/services/${group % 7 === 0 ? 'größe' : 'svc'}-${group}`;
    yield node(service);
    for (let at = 0; at < 20 && made < count; at += 1)
      yield node(childPath(service, `instance-${at}`));
    const topic = `/brokers/topics/t${group}`;
    if (made + 3 < count) {
      yield node(topic);
      yield node(`${topic}/partitions`);
      for (let at = 0; at < 8 && made + 1 < count; at += 1) {
        yield node(`${topic}/partitions/${at}`);
        yield node(`${topic}/partitions/${at}/state`);
      }
    }
    for (let at = 0; at < 15 && made < count; at += 1) yield node(`/queue/q-${group}.${at}`);
    let deep = `/配置/env-${group}`;
    for (let at = 0; at < 5 && made < count; at += 1) {
      yield node(deep);
      deep += `/level ${at}`;
    }
  }
}

/** Half text, half noise: compresses about as values do. */
function bytesOf(size: number, chance: () => number): Buffer {
  const bytes = Buffer.alloc(size, '{"host":"10.0.0.1","port":8080,"weight":1} ');
  for (let at = 0; at < size; at += 2) if (chance() < 0.5) bytes[at] = Math.floor(chance() * 256);
  return bytes;
}
