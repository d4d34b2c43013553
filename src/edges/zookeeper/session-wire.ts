import type { KnownSession } from './session-known.ts';

/**
 * The request that opens a new session: last transaction id, session id and password are zero. Or the one that takes up a session
 * that stands.
 * @see ConnectRequest in zookeeper.jute
 */
export function connectRequest(sessionTimeoutMs: number, known?: KnownSession): Buffer {
  const frame = Buffer.alloc(49);
  frame.writeInt32BE(45, 0);
  frame.writeInt32BE(sessionTimeoutMs, 16);
  if (known !== undefined) frame.writeBigUInt64BE(BigInt(known.id), 20);
  frame.writeInt32BE(16, 28);
  known?.password.copy(frame, 32);
  // The last byte says that we want no read-only session. A client that leaves it out is "old": a WARN in the server's log each time.
  return frame;
}

/** Whether the first answer has the shape of a handshake: protocol version 0, and a password of 16 bytes where one must be. */
export function isHandshake(frame: Buffer): boolean {
  return frame.readInt32BE(4) === 0 && frame.readInt32BE(20) === 16;
}

/** A heartbeat: transaction id -2, operation 11. */
export const pingRequest = Buffer.from([0, 0, 0, 8, 0xff, 0xff, 0xff, 0xfe, 0, 0, 0, 11]);

/** Whether a reply, its length in front, answers a heartbeat. */
export function isPong(frame: Buffer): boolean {
  return frame.readInt32BE(4) === -2;
}
