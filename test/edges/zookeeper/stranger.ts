import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import type { Endpoint } from '../../../src/model/ensemble.ts';

/** Something on a port that is no healthy ZooKeeper. */
export interface Stranger extends Endpoint {
  /** Connections taken so far. */
  taken(): number;
  /** Connections that stand. */
  open(): number;
  close(): Promise<void>;
}

/** Listens on a free port, and does as told with each connection. */
export async function aStranger(meet: (socket: Socket) => void): Promise<Stranger> {
  const sockets = new Set<Socket>();
  let taken = 0;
  const server = createServer((socket) => {
    taken += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    meet(socket);
    // Reads on, or it would never see the other end go.
    socket.resume();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    taken: () => taken,
    open: () => sockets.size,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A frame: its length, then its content. */
export function aFrame(content: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(content.length);
  return Buffer.concat([length, content]);
}

/** What a server answers to the first request: a session of this length. */
export function aHandshake(sessionTimeoutMs = 10_000): Buffer {
  const content = Buffer.alloc(37);
  content.writeInt32BE(sessionTimeoutMs, 4);
  content.writeBigInt64BE(42n, 8);
  content.writeInt32BE(16, 16);
  return aFrame(content);
}

/** The head of a reply: the number of the request, no transaction, an error or 0. */
export function aReply(xid: number, error: number, content = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(16);
  head.writeInt32BE(xid, 0);
  head.writeInt32BE(error, 12);
  return aFrame(Buffer.concat([head, content]));
}

/** Plays a server that opens sessions and answers heartbeats, and gives each other request to `answer` by its number. */
export function aLooseServer(answer: (xid: number, socket: Socket) => void) {
  return (socket: Socket): void => {
    let isOpen = false;
    let rest = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      rest = Buffer.concat([rest, chunk]);
      while (rest.length >= 4 && rest.length >= 4 + rest.readInt32BE(0)) {
        const frame = rest.subarray(4, 4 + rest.readInt32BE(0));
        rest = rest.subarray(4 + frame.length);
        if (!isOpen) {
          isOpen = true;
          socket.write(aHandshake());
        } else if (frame.readInt32BE(0) === -2) socket.write(aReply(-2, 0));
        else answer(frame.readInt32BE(0), socket);
      }
    });
  };
}
