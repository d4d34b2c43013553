import { NightkeeperError } from '../../model/errors.ts';

/** Cuts what a server sends into ZooKeeper's frames: four bytes of length, then that many bytes. */
export interface FrameCutter {
  push(chunk: Buffer): void;
  /** The next complete frame, its length in front. Throws `zookeeper-protocol` for a length outside of what is allowed now. */
  next(allowed: FrameBytes): Buffer | undefined;
}

interface FrameBytes {
  readonly min: number;
  readonly max: number;
}

/**
 * The first answer: protocol version, timeout, session id, password of 16 bytes, and whether the server is read-only (3.4+).
 * @see ConnectResponse in zookeeper.jute
 */
export const handshakeBytes: FrameBytes = { min: 36, max: 37 };

/**
 * A reply has a header of 16 bytes and at most `jute.maxbuffer` (1 MiB by default) of content: twice that leaves room without
 * letting a stranger fill our memory.
 */
export const replyBytes: FrameBytes = { min: 16, max: 2 * 1024 * 1024 };

const lengthBytes = 4;

export function createFrameCutter(): FrameCutter {
  let chunks: Buffer[] = [];
  let held = 0;

  /** Joins what came so far, only when somebody is going to read it: a big frame in many chunks is copied once. */
  function joined(): Buffer {
    const all = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, held);
    chunks = [all];
    return all;
  }

  function lengthOf(): number {
    const first = chunks[0];
    return (first && first.length >= lengthBytes ? first : joined()).readInt32BE(0);
  }

  return {
    push(chunk) {
      chunks.push(chunk);
      held += chunk.length;
    },
    next(allowed) {
      if (held < lengthBytes) return undefined;
      const bytes = lengthOf();
      if (bytes < allowed.min || bytes > allowed.max)
        throw new NightkeeperError('zookeeper-protocol', `a frame of ${bytes} bytes`);
      const end = lengthBytes + bytes;
      if (held < end) return undefined;
      const all = joined();
      held -= end;
      chunks = held > 0 ? [all.subarray(end)] : [];
      return all.subarray(0, end);
    },
  };
}
