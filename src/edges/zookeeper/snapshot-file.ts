import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { SnapshotFacts } from '../../model/snapshot.ts';
import { kindByOwner } from '../../model/znode.ts';

/**
 * `cut`: its end is missing. `sum`: changed or damaged. `strange`: no snapshot, or packed. `old`: without the last transaction, as
 * written without `serializeLastProcessedZxid.enabled`. `io`: cannot be read.
 */
export type SnapshotFault = 'cut' | 'sum' | 'strange' | 'old' | 'io';

export type SnapshotReading =
  | ({ readonly kind: 'snapshot' } & SnapshotFacts)
  | { readonly kind: 'bad'; readonly why: SnapshotFault; readonly detail: string };

/** Longest path or data that is taken for real: far above what `jute.maxbuffer` lets anybody write. */
const partBytesMax = 256 * 1024 * 1024;

const readBytes = 1024 * 1024;

const formatVersion = 2;
/** Its number and its timeout. */
const sessionBytes = 12;
/** The number of its list of permissions, and its stat. */
const nodeBytes = 68;
const ownerAt = 52;
/** The sum, and a `/` with its length. */
const sealBytes = 13;
const digestBytes = 20;
const lastZxidBytes = 8;

/** The largest prime below 2^16, and how many bytes can be summed before it is divided by. */
const adlerModulo = 65_521;
const adlerStep = 3800;

class BadSnapshot extends Error {
  readonly why: SnapshotFault;

  constructor(why: SnapshotFault, detail: string) {
    super(detail);
    this.why = why;
  }
}

/**
 * Reads a snapshot of ZooKeeper from beginning to end and checks every sum in it, in bounded memory. The sums are ZooKeeper's own
 * (Adler-32): they find damage, not malice. @see FileSnap, DataTree and SnapStream in apache/zookeeper
 */
export async function readSnapshotFile(file: string): Promise<SnapshotReading> {
  const hash = createHash('sha256');
  const place: Place = { sum: createAdler32(), left: 0 };
  try {
    const { size } = await stat(file);
    place.left = size;
    const reader = readTree(place);
    let step = reader.next();
    let rest: Buffer = Buffer.alloc(0);
    const chunks = createReadStream(file, { highWaterMark: readBytes });
    for await (const chunk of chunks as AsyncIterable<Buffer>) {
      hash.update(chunk);
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      let at = 0;
      while (step.done !== true && rest.length - at >= step.value) {
        const part = rest.subarray(at, at + step.value);
        at += part.length;
        place.left -= part.length;
        step = reader.next(part);
        place.sum.update(part);
      }
      rest = rest.subarray(at);
    }
    if (step.done !== true) return { kind: 'bad', why: 'cut', detail: `${size} bytes` };
    return { kind: 'snapshot', bytes: size, sha256: hash.digest('hex'), ...step.value };
  } catch (error) {
    if (error instanceof BadSnapshot) return { kind: 'bad', why: error.why, detail: error.message };
    return {
      kind: 'bad',
      why: 'io',
      detail: (error as NodeJS.ErrnoException).code ?? String(error),
    };
  }
}

interface Place {
  /** Over everything before the part that the reader was given last. */
  readonly sum: Adler32;
  /** Bytes of the file behind that part. */
  left: number;
}

type Contents = Pick<SnapshotFacts, 'zxid' | 'znodes' | 'ephemerals' | 'sessions'>;

/** Asks for so many bytes, and is given them. */
type Parts<T> = Generator<number, T, Buffer>;

/** The parts of the file, in the order they are written. */
function* readTree(place: Place): Parts<Contents> {
  const head = yield 16;
  if (head.toString('latin1', 0, 4) !== 'ZKSN' || head.readInt32BE(4) !== formatVersion)
    throw new BadSnapshot('strange', 'it does not begin as a snapshot does');
  const sessions = (yield 4).readInt32BE();
  for (let each = 0; each < sessions; each += 1) yield sessionBytes;
  yield* readAcls();
  let nodes = 0;
  let ephemerals = 0;
  for (let path = yield* readText(); path !== '/'; path = yield* readText()) {
    yield* readText();
    const about = yield nodeBytes;
    nodes += 1;
    if (kindByOwner(about.subarray(ownerAt)).kind === 'ephemeral') ephemerals += 1;
  }
  yield* readSeal(place);
  if (place.left === digestBytes + sealBytes || place.left > lastZxidBytes + sealBytes) {
    yield digestBytes;
    yield* readSeal(place);
  }
  if (place.left === 0) throw new BadSnapshot('old', 'it ends without lastZxid');
  const zxid = (yield lastZxidBytes).readBigInt64BE();
  yield* readSeal(place);
  if (place.left > 0) throw new BadSnapshot('strange', `${place.left} bytes follow its end`);
  return { zxid, znodes: nodes + 1, ephemerals, sessions };
}

/** The lists of permissions, which znodes refer to by number. */
function* readAcls(): Parts<void> {
  const lists = (yield 4).readInt32BE();
  for (let list = 0; list < lists; list += 1) {
    yield 8;
    const entries = (yield 4).readInt32BE();
    for (let entry = 0; entry < entries; entry += 1) {
      yield 4;
      yield* readText();
      yield* readText();
    }
  }
}

/** A text or data: its length, which is -1 for none, and its bytes. */
function* readText(): Parts<string> {
  const length = (yield 4).readInt32BE();
  if (length > partBytesMax || length < -1)
    throw new BadSnapshot('sum', `a part of ${length} bytes`);
  // The path of the root is empty; only what may be a path's end is looked at.
  if (length <= 0) return '';
  const bytes = yield length;
  return length === 1 ? bytes.toString('latin1') : '';
}

/** The sum over everything before it. */
function* readSeal(place: Place): Parts<void> {
  const seal = yield sealBytes;
  const isEnd = seal.readInt32BE(8) === 1 && seal.toString('latin1', 12) === '/';
  if (!isEnd || seal.readBigInt64BE() !== BigInt(place.sum.value()))
    throw new BadSnapshot('sum', `the sum ${place.left} bytes before its end does not match`);
}

interface Adler32 {
  update(bytes: Buffer): void;
  value(): number;
}

/** Adler-32 as in RFC 1950; Node has none of its own. */
function createAdler32(): Adler32 {
  let low = 1;
  let high = 0;
  return {
    update(bytes) {
      for (let from = 0; from < bytes.length; from += adlerStep) {
        const to = Math.min(bytes.length, from + adlerStep);
        for (let at = from; at < to; at += 1) {
          low += bytes[at] ?? 0;
          high += low;
        }
        low %= adlerModulo;
        high %= adlerModulo;
      }
    },
    value: () => high * 65_536 + low,
  };
}
