import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { adler32Of } from '../support/snapshots.ts';

/** An AdminServer that restores, as that of 3.9.3 was seen to: what it was sent, and how it is to answer. */
export interface AdminStandIn {
  readonly port: number;
  /** Bodies of `restore` that were taken. */
  readonly taken: Buffer[];
  /** All that was asked with POST. */
  posts(): number;
  close(): Promise<void>;
}

export interface AdminStandInOptions {
  readonly mode?: string;
  readonly version?: string;
  readonly znodes?: number;
  readonly zxid?: number;
  readonly clients?: readonly string[];
  /** `login`: takes only `digest super:secret`. `torn`: takes it, and hangs up without an answer. */
  readonly restore?: 'takes' | 'login' | 'off' | 'too-often' | 'fails' | 'torn';
  /** Voters of the ensemble; absent for a standalone server. */
  readonly voters?: number;
}

export async function startAdminStandIn(options: AdminStandInOptions = {}): Promise<AdminStandIn> {
  const taken: Buffer[] = [];
  const { mode = 'standalone', version = '3.9.3', voters } = options;
  let held = { znodes: options.znodes ?? 9, zxid: options.zxid ?? 3 };
  let posts = 0;
  const built = `${version}-\${mvngit.commit.id}, built on 2026-03-08 16:19 UTC`;
  const answers: Readonly<Record<string, () => object>> = {
    monitor: () => ({
      version: built,
      server_state: mode,
      // 3.9.3 goes on counting the tree that was replaced.
      znode_count: options.znodes ?? 9,
      ...(voters === undefined ? {} : { quorum_size: voters }),
      ...(mode === 'leader'
        ? { synced_followers: (voters ?? 1) - 1, learners: (voters ?? 1) - 1 }
        : {}),
    }),
    server_stats: () => ({
      version: built,
      server_stats: { server_state: mode, last_processed_zxid: held.zxid },
      node_count: held.znodes,
    }),
    connections: () => ({
      connections: [
        // A probe has no session.
        { remote_socket_address: '127.0.0.1:1' },
        ...(options.clients ?? []).map((at) => ({ remote_socket_address: at, session_id: 72 })),
      ],
      secure_connections: [],
    }),
  };
  const server = createServer((request, response) => {
    const command = /^\/commands\/(\w+)$/u.exec(request.url ?? '')?.[1] ?? '';
    if (request.method === 'POST') {
      posts += 1;
      void take(command, request, response);
      return;
    }
    const answer = answers[command]?.() ?? { error: `Unknown command: ${command}` };
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ ...answer, command, error: null }, null, 2));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    taken,
    posts: () => posts,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };

  async function take(command: string, request: IncomingMessage, response: ServerResponse) {
    const login = /^digest (\S+:\S+)$/u.exec(request.headers.authorization ?? '')?.[1];
    const isOctets = request.headers['content-type'] === 'application/octet-stream';
    if (command !== 'restore' || !isOctets) return response.writeHead(405).end();
    const { restore = 'takes' } = options;
    if (login === undefined) return response.writeHead(401).end();
    if (restore === 'login' && login !== 'super:secret') return response.writeHead(403).end();
    if (restore === 'off') return response.writeHead(503).end();
    if (restore === 'too-often') return response.writeHead(429).end();
    const parts: Buffer[] = [];
    for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
    const body = Buffer.concat(parts);
    const isWhole = body.readBigInt64BE(body.length - 13) === adler32Of(body.subarray(0, -13));
    if (restore === 'fails' || !isWhole) return response.writeHead(500).end();
    taken.push(body);
    const zxid = Number(body.readBigInt64BE(body.length - 21));
    held = { znodes: 1 + body.toString('latin1').split('/n').length, zxid };
    if (restore === 'torn') return response.destroy();
    response.writeHead(200, { 'content-type': 'application/json' });
    return response.end(
      `{\n  "last_zxid" : ${zxid},\n  "command" : "restore",\n  "error" : null\n}`,
    );
  }
}
