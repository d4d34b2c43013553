import { connect, type Socket } from 'node:net';

/**
 * A bare ZooKeeper client for loads and for clients that misbehave: it can come from an address of its own, leave watches behind and
 * vanish without a word. The bot's own client is not used on purpose.
 */
export interface Client {
  readonly address: string;
  /** `0x…` as the server's `cons` prints it. */
  readonly session: string;
  /** With what the session goes on over another connection. */
  readonly ticket: Buffer;
  create(path: string, data: Buffer, ephemeral?: boolean): Promise<void>;
  set(path: string, data: Buffer): Promise<void>;
  get(path: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** Leaves a watch on the path. */
  watch(path: string): Promise<void>;
  /** Says something over SASL that no server can make sense of. */
  authenticateWrongly(): Promise<void>;
  /** Ends the session. */
  close(): Promise<void>;
  /** Closes the connection and leaves the session to expire. */
  vanish(): void;
  isOpen(): boolean;
}

/** The server answered with an error of its own, or the connection went. */
export class ClientError extends Error {}

/** The session has expired meanwhile. */
export class SessionGone extends ClientError {}

/** Numbers of operations. @see ZooDefs.OpCode */
const operations = {
  create: 1,
  remove: 2,
  exists: 3,
  get: 4,
  set: 5,
  ping: 11,
  sasl: 102,
  close: -11,
} as const;

const nodeExists = -110;

interface Options {
  readonly host: string;
  readonly port: number;
  readonly from?: string;
  readonly sessionTimeoutMs?: number;
  readonly requestTimeoutMs?: number;
  /** Of a session that goes on. */
  readonly ticket?: Buffer;
}

export async function openClient(options: Options): Promise<Client> {
  const { host, port, from, sessionTimeoutMs = 10_000, requestTimeoutMs = 5000 } = options;
  const socket = connect({ host, port, ...(from === undefined ? {} : { localAddress: from }) });
  socket.setNoDelay(true);
  const frames = readFrames(socket);
  const hello = Buffer.alloc(49);
  hello.writeInt32BE(45, 0);
  hello.writeInt32BE(sessionTimeoutMs, 16);
  hello.writeInt32BE(16, 28);
  // Session id and password, with the length of the password between them.
  options.ticket?.copy(hello, 20, 0, 8);
  options.ticket?.copy(hello, 32, 8, 24);
  const welcomed = within(requestTimeoutMs, frames.next(), () => socket.destroy());
  socket.write(hello);
  const welcome = await welcomed;
  const timeoutMs = welcome.readInt32BE(4);
  if (timeoutMs <= 0) {
    socket.destroy();
    throw new SessionGone('the session is no more');
  }

  const waiting = new Map<number, { resolve: () => void; reject: (error: Error) => void }>();
  frames.onEach((frame) => {
    const asked = waiting.get(frame.readInt32BE(0));
    waiting.delete(frame.readInt32BE(0));
    const error = frame.readInt32BE(12);
    if (error === 0 || error === nodeExists) asked?.resolve();
    else asked?.reject(new ClientError(`error ${error}`));
  });
  let xid = 0;

  function ask(operation: number, body: Buffer, own?: number): Promise<void> {
    xid += 1;
    const id = own ?? xid;
    const frame = Buffer.alloc(12);
    frame.writeInt32BE(8 + body.length, 0);
    frame.writeInt32BE(id, 4);
    frame.writeInt32BE(operation, 8);
    const answered = new Promise<void>((resolve, reject) => {
      if (socket.destroyed) reject(new ClientError('closed'));
      waiting.set(id, { resolve, reject });
    });
    socket.write(Buffer.concat([frame, body]));
    return within(requestTimeoutMs, answered, () => waiting.delete(id));
  }

  const pings = setInterval(
    () => void ask(operations.ping, Buffer.alloc(0), -2).catch(() => undefined),
    timeoutMs / 3,
  );
  socket.on('close', () => {
    clearInterval(pings);
    for (const { reject } of waiting.values()) reject(new ClientError('closed'));
    waiting.clear();
  });
  return {
    address: socket.localAddress ?? '',
    ticket: Buffer.concat([welcome.subarray(8, 16), welcome.subarray(20, 36)]),
    session: `0x${welcome.readBigUInt64BE(8).toString(16)}`,
    create: (path, data, ephemeral = false) =>
      ask(
        operations.create,
        Buffer.concat([text(path), bytes(data), openToAll, int(ephemeral ? 1 : 0)]),
      ),
    set: (path, data) => ask(operations.set, Buffer.concat([text(path), bytes(data), int(-1)])),
    get: (path) => ask(operations.get, Buffer.concat([text(path), Buffer.from([0])])),
    remove: (path) => ask(operations.remove, Buffer.concat([text(path), int(-1)])),
    watch: (path) =>
      ask(operations.exists, Buffer.concat([text(path), Buffer.from([1])])).catch(ignoreNoNode),
    async authenticateWrongly() {
      // The first word asks for the challenge, and is not looked at.
      await ask(operations.sasl, bytes(Buffer.alloc(0)));
      await ask(operations.sasl, bytes(Buffer.from('let me in')));
    },
    async close() {
      await ask(operations.close, Buffer.alloc(0)).catch(() => undefined);
      socket.destroy();
    },
    vanish: () => socket.destroy(),
    isOpen: () => !socket.destroyed,
  };
}

/** A watch on a path that is not there waits for it to come. */
function ignoreNoNode(error: unknown): void {
  if (!(error instanceof ClientError && error.message === 'error -101')) throw error;
}

interface Frames {
  /** The next frame, without its length. */
  next(): Promise<Buffer>;
  /** From now on each frame goes there. */
  onEach(take: (frame: Buffer) => void): void;
}

function readFrames(socket: Socket): Frames {
  let held: Buffer = Buffer.alloc(0);
  let take: ((frame: Buffer) => void) | undefined;
  let fail: ((error: Error) => void) | undefined;
  const pump = () => {
    while (take !== undefined && held.length >= 4 && held.length >= 4 + held.readInt32BE(0)) {
      const end = 4 + held.readInt32BE(0);
      const frame = held.subarray(4, end);
      held = held.subarray(end);
      take(frame);
    }
  };
  socket.on('data', (chunk: Buffer) => {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    pump();
  });
  socket.on('error', (error) => fail?.(error));
  socket.on('close', () => fail?.(new ClientError('closed')));
  return {
    next: () =>
      new Promise((resolve, reject) => {
        fail = reject;
        take = (frame) => {
          take = undefined;
          fail = undefined;
          resolve(frame);
        };
        pump();
      }),
    onEach(listener) {
      take = listener;
      pump();
    },
  };
}

function within<T>(ms: number, work: Promise<T>, giveUp: () => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      giveUp();
      reject(new ClientError(`no answer in ${ms} ms`));
    }, ms);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

function int(value: number): Buffer {
  const four = Buffer.alloc(4);
  four.writeInt32BE(value, 0);
  return four;
}

function bytes(value: Buffer): Buffer {
  return Buffer.concat([int(value.length), value]);
}

function text(value: string): Buffer {
  return bytes(Buffer.from(value));
}

/** One entry: all rights, `world:anyone`. */
const openToAll = Buffer.concat([int(1), int(31), text('world'), text('anyone')]);
