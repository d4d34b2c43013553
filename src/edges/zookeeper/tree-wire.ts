import { kindOf, statBytes, type Znode } from '../../model/znode.ts';
import type { ZnodeChange } from '../../ports/znode-tree.ts';

/**
 * Requests and answers of ZooKeeper that the library has no way to say or reads too little of: `sync`, whole stats, permissions as
 * they are. @see zookeeper.jute
 */
export interface TreeRequest {
  /** The length and the transaction id in front are filled in when it is sent. */
  readonly frame: Buffer;
  /** For errors: `getData /a`. */
  readonly what: string;
}

/** Length, transaction id, operation. */
const headBytes = 12;

/** In an answer: length, transaction id, zxid, error. */
export const replyHeadBytes = 20;

const operations = {
  create: 1,
  delete: 2,
  exists: 3,
  getData: 4,
  setData: 5,
  getAcl: 6,
  setAcl: 7,
  sync: 9,
  /** The newer of its two, with the stat the names belong to. */
  getChildren: 12,
  createContainer: 19,
  createTtl: 21,
} as const;

type Operation = keyof typeof operations;

const auth = { xid: -4, operation: 100 };

/** A request whose body begins with a path; `rest` more bytes follow it. */
function begin(operation: Operation, path: string, rest: number): readonly [TreeRequest, number] {
  const length = Buffer.byteLength(path);
  const frame = Buffer.allocUnsafe(headBytes + 4 + length + rest);
  frame.writeInt32BE(frame.length - 4, 0);
  frame.writeInt32BE(operations[operation], 8);
  frame.writeInt32BE(length, headBytes);
  frame.write(path, headBytes + 4);
  return [{ frame, what: `${operation} ${path}` }, headBytes + 4 + length];
}

/** One of the requests that read; none of them leaves a watch. */
export function readRequest(
  operation: 'exists' | 'getData' | 'getAcl' | 'getChildren' | 'sync',
  path: string,
): TreeRequest {
  const takesWatch = operation !== 'getAcl' && operation !== 'sync';
  const [request, at] = begin(operation, path, takesWatch ? 1 : 0);
  if (takesWatch) request.frame.writeUInt8(0, at);
  return request;
}

export function changeRequest(change: ZnodeChange): TreeRequest {
  switch (change.kind) {
    case 'create':
      return createRequest(change.znode);
    case 'set-data': {
      const [request, at] = begin('setData', change.path, dataBytes(change.data) + 4);
      request.frame.writeInt32BE(change.version, putData(request.frame, at, change.data));
      return request;
    }
    case 'set-acl': {
      const [request, at] = begin('setAcl', change.path, change.acl.length + 4);
      change.acl.copy(request.frame, at);
      request.frame.writeInt32BE(change.version, at + change.acl.length);
      return request;
    }
    case 'delete': {
      const [request, at] = begin('delete', change.path, 4);
      request.frame.writeInt32BE(change.version, at);
      return request;
    }
  }
}

/** Containers and TTLs have operations of their own, and the numbers of their modes. @see CreateMode in apache/zookeeper */
function createRequest({ path, stat, acl, data = null }: Znode): TreeRequest {
  const kind = kindOf(stat);
  const list = acl ?? openAcl;
  const isTtl = kind.kind === 'ttl';
  const operation = isTtl ? 'createTtl' : kind.kind === 'container' ? 'createContainer' : 'create';
  const rest = dataBytes(data) + list.length + (isTtl ? 12 : 4);
  const [request, begins] = begin(operation, path, rest);
  const at = putData(request.frame, begins, data);
  list.copy(request.frame, at);
  request.frame.writeInt32BE(isTtl ? 5 : kind.kind === 'container' ? 4 : 0, at + list.length);
  if (isTtl) request.frame.writeBigInt64BE(BigInt(kind.ttlMs), at + list.length + 4);
  return request;
}

/** Everybody may do everything: what a znode gets whose permissions we could not read. Never used for one that exists. */
const openAcl = Buffer.from('000000010000001f00000005776f726c6400000006616e796f6e65', 'hex');

function dataBytes(data: Buffer | null): number {
  return 4 + (data?.length ?? 0);
}

function putData(frame: Buffer, at: number, data: Buffer | null): number {
  frame.writeInt32BE(data?.length ?? -1, at);
  data?.copy(frame, at + 4);
  return at + dataBytes(data);
}

/** Says who we are. Its answer carries the transaction id -4. */
export function authFrame(scheme: string, credential: string): Buffer {
  const [name, secret] = [Buffer.from(scheme), Buffer.from(credential)];
  const frame = Buffer.alloc(headBytes + 4 + 4 + name.length + 4 + secret.length);
  frame.writeInt32BE(frame.length - 4, 0);
  frame.writeInt32BE(auth.xid, 4);
  frame.writeInt32BE(auth.operation, 8);
  let at = headBytes + 4;
  for (const part of [name, secret]) {
    at = frame.writeInt32BE(part.length, at);
    at += part.copy(frame, at);
  }
  return frame;
}

export const authXid: number = auth.xid;

/** The data and the stat in an answer to `getData`. The data is a view of the answer. */
export function dataIn(reply: Buffer): { readonly data: Buffer | null; readonly stat: Buffer } {
  const length = reply.readInt32BE(replyHeadBytes);
  const from = replyHeadBytes + 4;
  const to = from + Math.max(0, length);
  const stat = statAt(reply, to);
  return { data: length < 0 ? null : reply.subarray(from, to), stat };
}

/** The stat in an answer to `exists`. */
export function statIn(reply: Buffer): Buffer {
  return statAt(reply, replyHeadBytes);
}

/** The permissions in an answer to `getAcl`, as ZooKeeper writes them, and the stat that follows. */
export function aclIn(reply: Buffer): { readonly acl: Buffer; readonly stat: Buffer } {
  const to = reply.length - statBytes;
  return { acl: reply.subarray(replyHeadBytes, to), stat: statAt(reply, to) };
}

function statAt(reply: Buffer, at: number): Buffer {
  if (at + statBytes !== reply.length) throw new RangeError('an answer of another shape');
  return reply.subarray(at);
}

/** The names in an answer to `getChildren`, in the order of a walk, and the stat they belong to. */
export function namesIn(reply: Buffer): {
  readonly names: readonly string[];
  readonly stat: Buffer;
} {
  const count = reply.readInt32BE(replyHeadBytes);
  const names: string[] = [];
  let at = replyHeadBytes + 4;
  for (let index = 0; index < count; index += 1) {
    const from = at + 4;
    at = from + reply.readInt32BE(at);
    if (at < from || at > reply.length) throw new RangeError('a name beyond the answer');
    names.push(reply.toString('utf8', from, at));
  }
  return { names: names.sort(), stat: statAt(reply, at) };
}
