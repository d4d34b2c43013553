/** ZooKeeper's sum over a snapshot. @see RFC 1950 */
export function adler32Of(bytes: Buffer): bigint {
  let [low, high] = [1, 0];
  for (const byte of bytes) {
    low = (low + byte) % 65_521;
    high = (high + low) % 65_521;
  }
  return BigInt(high) * 65_536n + BigInt(low);
}

function int(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function long(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(value);
  return bytes;
}

function text(value: string): Buffer {
  return Buffer.concat([int(value.length), Buffer.from(value)]);
}

/** Znodes are `/n…`; an owner makes one ephemeral. */
export interface MadeSnapshot {
  readonly nodes?: readonly { readonly path: string; readonly owner?: bigint }[];
  readonly sessions?: number;
  readonly zxid?: bigint;
  /** How 3.9 ends it by default, without digests, or as before 3.9. */
  readonly end?: 'digest' | 'plain' | 'old';
}

/** A snapshot as ZooKeeper 3.9.3 writes it, byte for byte of the same form. */
export function aSnapshot(made: MadeSnapshot = {}): Buffer {
  const { nodes = [{ path: '/n1' }, { path: '/n2' }], zxid = 2n, end = 'digest' } = made;
  const sessions = Array.from({ length: made.sessions ?? 0 }, (_, at) => [
    long(BigInt(at)),
    int(4000),
  ]);
  const acl = [int(1), long(1n), int(1), int(31), text('world'), text('anyone')];
  const all = [{ path: '' }, ...nodes].map(({ path, ...more }) => {
    const stat = Buffer.alloc(60);
    stat.writeBigInt64BE('owner' in more ? (more.owner ?? 0n) : 0n, 44);
    return Buffer.concat([text(path), path === '' ? int(-1) : text('data'), long(1n), stat]);
  });
  const head = [Buffer.from('ZKSN'), int(2), long(-1n), int(sessions.length), ...sessions.flat()];
  let bytes = sealed(Buffer.concat([...head, ...acl, ...all, text('/')]));
  if (end === 'digest') bytes = sealed(Buffer.concat([bytes, long(zxid), int(2), long(77n)]));
  if (end === 'old') return bytes;
  return sealed(Buffer.concat([bytes, long(zxid)]));
}

function sealed(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, long(adler32Of(bytes)), text('/')]);
}
