/**
 * The parts of node-zookeeper-client 1.1.3 that `session-link.ts` uses: the library has no types of its own. Whatever is not here is
 * not used, on purpose (its reconnecting, its watches, its transactions, its retries).
 */
declare module 'node-zookeeper-client' {
  import type { Socket } from 'node:net';

  /** An error reply; `code` is ZooKeeper's number. */
  interface ReplyError extends Error {
    readonly code: number;
    getCode(): number;
  }

  type Done<T> = (error: ReplyError | null | undefined, result: T) => void;

  /** The machine inside a client, driven from outside: it never opens a socket of its own here. */
  interface ConnectionManager {
    socket: Socket;
    /** -3: no session was given, 1: connecting, 2: connected. */
    readonly state: number;
    readonly sessionTimeout: number;
    /** Eight bytes, as the server gave them. */
    readonly sessionId: Buffer;
    /** Requests sent and not answered. */
    readonly pendingQueue: readonly unknown[];
    xid: number;
    setState(state: number): void;
    /** Takes exactly one frame, its length included. */
    onSocketData(frame: Buffer): void;
    onSocketDrain(): void;
  }

  /** One entry of an access list; `permission` is a mask, 31 for everything. */
  interface Acl {
    readonly permission: number;
    readonly id: { readonly scheme: string; readonly id: string };
  }

  /** What a server says of a znode; numbers of 64 bits are eight bytes each. */
  interface Stat {
    readonly czxid: Buffer;
    readonly pzxid: Buffer;
    readonly cversion: number;
    readonly ephemeralOwner: Buffer;
    readonly dataLength: number;
    readonly numChildren: number;
  }

  interface Client {
    readonly connectionManager: ConnectionManager;
    create(path: string, data: Buffer, done: Done<string>): void;
    create(path: string, data: Buffer, mode: number, done: Done<string>): void;
    setData(path: string, data: Buffer, version: number, done: Done<unknown>): void;
    getData(path: string, done: Done<Buffer | undefined>): void;
    exists(path: string, done: Done<Stat | null | undefined>): void;
    remove(path: string, version: number, done: Done<undefined>): void;
    getChildren(path: string, done: Done<readonly string[]>): void;
    getACL(path: string, done: Done<readonly Acl[]>): void;
    /** Ends the session; only ever called while connected. */
    close(): void;
  }

  export const Exception: { create: (code: number, path?: string) => ReplyError };

  export function createClient(
    connectionString: string,
    options: { readonly sessionTimeout: number; readonly retries: 0 },
  ): Client;
}
