import { NightkeeperError } from '../../model/errors.ts';
import type { EnsembleSettings } from '../../model/settings.ts';
import { aclVersionOf, childrenOf, czxidOf } from '../../model/znode.ts';
import type { TreeOptions, WriteOutcome, ZnodeTree, ZnodeTrees } from '../../ports/znode-tree.ts';
import { ReplyFault, replyName } from './session-replies.ts';
import { openTreeLink, type TreeLink, type TreeReply } from './tree-link.ts';
import { type Found, startWalk } from './tree-walk.ts';
import { aclIn, changeRequest, dataIn, namesIn, readRequest, statIn } from './tree-wire.ts';

/** @see KeeperException.Code in apache/zookeeper */
const noNode = -101;
const noAuth = -102;

/** Reads and writes whole trees of real ensembles. */
export const znodeTrees: ZnodeTrees = { open: openTree };

async function openTree(settings: EnsembleSettings, options: TreeOptions): Promise<ZnodeTree> {
  const servers = settings.servers.map(({ client }) => client);
  const link = await openTreeLink(servers, settings.tls, options);
  const read = (path: string, statOnly: boolean) => readZnode(link, path, statOnly);
  return {
    async sync() {
      const request = readRequest('sync', '/');
      assertTaken(request.what, await link.ask(request));
      return link.zxid();
    },
    zxid: () => link.zxid(),
    walk: (walk) => startWalk(read, walk, options.inFlight),
    read: async (path) => (await read(path, false))?.znode,
    async write(change): Promise<WriteOutcome> {
      const reply = await link.say(changeRequest(change));
      if (reply === undefined) return { kind: 'lost' };
      if (reply.error === 0) return { kind: 'done' };
      return { kind: 'refused', reply: replyName(reply.error) };
    },
    close: () => link.close(),
  };
}

/** Undefined where there is none. What we may not read is left out, and the znode says so. */
async function readZnode(
  link: TreeLink,
  path: string,
  statOnly: boolean,
): Promise<Found | undefined> {
  return statOnly ? await readStat(link, path) : await readWhole(link, path);
}

async function readStat(link: TreeLink, path: string): Promise<Found | undefined> {
  const request = readRequest('exists', path);
  const reply = await link.ask(request);
  if (reply.error === noNode) return undefined;
  assertTaken(request.what, reply);
  const listed = await readNames(link, path, statIn(reply.frame));
  if (listed === undefined) return undefined;
  const { names, stat, hidden } = listed;
  return { znode: { path, stat, acl: undefined, data: undefined, hidden }, names };
}

async function readWhole(link: TreeLink, path: string): Promise<Found | undefined> {
  const requests = [readRequest('getAcl', path), readRequest('getData', path)] as const;
  const [aclReply, dataReply] = await Promise.all([link.ask(requests[0]), link.ask(requests[1])]);
  if (aclReply.error === noNode || dataReply.error === noNode) return undefined;
  if (aclReply.error !== noAuth) assertTaken(requests[0].what, aclReply);
  if (dataReply.error !== noAuth) assertTaken(requests[1].what, dataReply);
  const permissions = aclReply.error === 0 ? aclIn(aclReply.frame) : undefined;
  const acl = permissions?.acl;
  if (dataReply.error === noAuth) {
    // Neither its data nor its children: both need the same permission.
    const found = await readStat(link, path);
    return found && { ...found, znode: { ...found.znode, acl } };
  }
  const { data, stat } = dataIn(dataReply.frame);
  // Changed between the two questions: together they would be a znode that never was.
  if (permissions !== undefined && !isSame(permissions.stat, stat))
    return await readWhole(link, path);
  const listed = await readNames(link, path, stat);
  if (listed === undefined) return undefined;
  return { znode: { path, stat, acl, data, hidden: listed.hidden }, names: listed.names };
}

function isSame(one: Buffer, other: Buffer): boolean {
  return czxidOf(one) === czxidOf(other) && aclVersionOf(one) === aclVersionOf(other);
}

interface Listed {
  readonly names: readonly string[];
  /** What the names belong to. */
  readonly stat: Buffer;
  readonly hidden: boolean;
}

/** Undefined where the znode went meanwhile. */
async function readNames(link: TreeLink, path: string, stat: Buffer): Promise<Listed | undefined> {
  if (childrenOf(stat) === 0) return { names: [], stat, hidden: false };
  const request = readRequest('getChildren', path);
  const reply = await link.ask(request);
  if (reply.error === noNode) return undefined;
  if (reply.error === noAuth) return { names: [], stat, hidden: true };
  assertTaken(request.what, reply);
  const listed = namesIn(reply.frame);
  if (listed.names.some((name) => name === '' || name.includes('/')))
    throw new NightkeeperError('zookeeper-protocol', `${request.what}: a name with a slash`);
  return { ...listed, hidden: false };
}

/** Throws what ZooKeeper said against it. */
function assertTaken(what: string, { error }: TreeReply): void {
  const [operation = '', path = ''] = what.split(' ', 2);
  if (error !== 0) throw new ReplyFault(operation, path, error);
}
