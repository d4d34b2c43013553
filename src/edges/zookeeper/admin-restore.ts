import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { Endpoint, Server } from '../../model/ensemble.ts';
import type { ServerAway, ServerStand, SnapshotFacts } from '../../model/snapshot.ts';
import { askAdmin } from './admin-server.ts';
import { messageOf, nobody, type SnapshotRefusal, textOf, whyOf } from './admin-snapshot.ts';
import { objectIn, parseMonitor } from './parse-monitor.ts';
import { nameOf } from './socket-failure.ts';

/**
 * What became of a snapshot that was sent. `refused`: the server said no, and has what it had. `unknown`: it may have taken it, for the
 * answer did not come, or was not what it should be.
 */
export type RestoreAnswer =
  | { readonly kind: 'restored' }
  | {
      readonly kind: 'refused' | 'unknown';
      readonly why: SnapshotRefusal | 'failed' | 'changed' | 'other-zxid';
      readonly detail: string;
    };

/** A server that reads a large snapshot says nothing meanwhile. */
const silenceMsMax = 600_000;

const standTimeoutMs = 10_000;

/** Has a server of 3.9 or newer take a snapshot in the place of its tree. @see RestoreCommand in apache/zookeeper */
export async function sendSnapshot(
  endpoint: Endpoint,
  file: string,
  snapshot: SnapshotFacts,
  options: {
    readonly login?: string;
    readonly signal?: AbortSignal;
    readonly onBytes: (bytes: number) => void;
  },
): Promise<RestoreAnswer> {
  const answer = (kind: 'refused' | 'unknown', why: SnapshotRefusal | 'failed', detail: string) => {
    return { kind, why, detail: `${nameOf(endpoint)}: ${detail}` } as const;
  };
  let reply: { readonly response: IncomingMessage; readonly sha256: string };
  try {
    reply = await post(endpoint, file, snapshot.bytes, options);
  } catch (error) {
    const reason = messageOf(error);
    const isSent = !/^(?:ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|ENOENT|EACCES)$/u.test(
      reason,
    );
    return answer(isSent ? 'unknown' : 'refused', 'away', reason);
  }
  const { statusCode = 0 } = reply.response;
  const text = await textOf(reply.response);
  const told = `HTTP ${statusCode} ${text.slice(0, 200)}`.trim();
  const zxid = zxidIn(text);
  if (statusCode !== 200 || zxid === undefined) {
    const why = whyOf(statusCode, text);
    // An answer of 200 that does not name the transaction is no answer to this.
    const kind = statusCode === 200 && why === 'strange' ? 'unknown' : 'refused';
    return answer(kind, why === 'strange' ? 'failed' : why, told);
  }
  if (zxid !== snapshot.zxid) return { ...answer('unknown', 'failed', told), why: 'other-zxid' };
  if (reply.sha256 !== snapshot.sha256)
    return { ...answer('unknown', 'failed', file), why: 'changed' };
  return { kind: 'restored' };
}

/** What the AdminServer tells of a server: what it is, how much it holds, who is connected. */
export async function standOf({ id, admin }: Server): Promise<ServerStand | ServerAway> {
  if (admin === undefined) return { id, why: 'no AdminServer' };
  const texts: string[] = [];
  for (const command of ['monitor', 'server_stats', 'connections']) {
    const answer = await askAdmin(admin, command, standTimeoutMs);
    if (answer.kind === 'failure') return { id, why: answer.detail };
    texts.push(answer.text);
  }
  const [monitor = '', stats = '', connections = ''] = texts;
  const told = parseMonitor(monitor);
  // Read as text: JSON numbers lose digits above 2^53.
  const zxid = /"last_processed_zxid"\s*:\s*(\d{1,19})\b/u.exec(stats)?.[1];
  const clients = clientsIn(connections);
  // Not znode_count of `monitor`: after a restore it goes on counting the tree that was replaced (3.9.3).
  const znodes = objectIn(stats)?.['node_count'];
  if (told === undefined || typeof znodes !== 'number' || clients === undefined)
    return { id, why: `${nameOf(admin)}: its answers are none of a server that serves` };
  const { mode, version = '', metrics } = told;
  const figure = (key: string, name: keyof ServerStand) =>
    metrics[key] === undefined ? {} : { [name]: metrics[key] };
  return {
    id,
    version,
    mode,
    znodes,
    // Servers before 3.9 do not tell it, and are refused for that.
    zxid: BigInt(zxid ?? 0),
    clients,
    ...figure('quorum_size', 'quorumSize'),
    ...figure('synced_followers', 'syncedFollowers'),
    ...figure('learners', 'learners'),
  };
}

/** Where sessions come from. Connections without one are probes, which change nothing. */
function clientsIn(text: string): readonly string[] | undefined {
  const body = objectIn(text);
  const lists = [body?.['connections'], body?.['secure_connections']];
  if (!Array.isArray(lists[0])) return undefined;
  return lists.flat().flatMap((each: unknown) => {
    if (typeof each !== 'object' || each === null || !('session_id' in each)) return [];
    return ['remote_socket_address' in each ? String(each.remote_socket_address) : '?'];
  });
}

/** 3.9 writes a number; texts are taken, too, as the documentation has it. */
function zxidIn(text: string): bigint | undefined {
  const found = /"last_zxid"\s*:\s*"?(0x[0-9a-f]{1,16}|\d{1,19})\b/iu.exec(text)?.[1];
  return found === undefined ? undefined : BigInt(found);
}

async function post(
  { host, port }: Endpoint,
  file: string,
  bytes: number,
  options: Parameters<typeof sendSnapshot>[3],
): Promise<{ readonly response: IncomingMessage; readonly sha256: string }> {
  const sum = createHash('sha256');
  const outgoing = request({
    host,
    port,
    method: 'POST',
    path: '/commands/restore',
    agent: false,
    headers: {
      authorization: options.login ?? nobody,
      'content-type': 'application/octet-stream',
      'content-length': bytes,
    },
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  outgoing.setTimeout(silenceMsMax, () =>
    outgoing.destroy(new Error(`no answer in ${silenceMsMax} ms`)),
  );
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.on('response', resolve);
    outgoing.on('error', reject);
  });
  let sent = 0;
  const send = pipeline(
    // Never more than was announced, should the file have grown.
    createReadStream(file, { end: Math.max(0, bytes - 1) }),
    async function* count(chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        sum.update(chunk);
        sent += chunk.length;
        options.onBytes(sent);
        yield chunk;
      }
    },
    outgoing,
  );
  // A refusal may come before all was sent: the answer counts, and the rest is not sent any more.
  const [response] = await Promise.all([answered, send.catch((error: unknown) => onCut(error))]);
  return { response, sha256: sum.digest('hex') };

  function onCut(error: unknown): void {
    if (!outgoing.destroyed) outgoing.destroy(error instanceof Error ? error : new Error('cut'));
  }
}
