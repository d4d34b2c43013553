/** A file of a server's data that can be purged: a snapshot, or a log of transactions. */
export interface DataFile {
  readonly kind: 'snapshot' | 'log';
  readonly path: string;
  readonly bytes: number;
  /** The last transaction of a snapshot, the first of a log. */
  readonly zxid: bigint;
  /** Of a snapshot: whether it was written to its end. */
  readonly whole: boolean;
}

/**
 * Lists a server's snapshots and logs, one a line: size, how it ends (five bytes in hexadecimal, or `gz`/`snappy` where it is packed),
 * path. The folders are its arguments. Plain `sh`, for the machine may be a small container.
 */
const script = `for d in "$@"; do for f in "$d"/snapshot.* "$d"/log.*; do [ -f "$f" ] || continue; t=-; case "$f" in */snapshot.*.gz) gzip -t "$f" 2>/dev/null && t=packed;; */snapshot.*.snappy) t=packed;; */snapshot.*) t=$(tail -c 5 "$f" | od -An -tx1 | tr -d ' \\n');; esac; echo "file $(wc -c < "$f" | tr -d ' ') $t $f"; done; done; echo "end of list"`;

/** Characters of a listing that are read: some 4000 files with usual names. */
const listingCharsMax = 400_000;

/** The program that lists these folders; it changes nothing. */
export function listingOf(folders: readonly string[]): {
  readonly kind: 'exec';
  readonly argv: readonly string[];
  readonly outputMax: number;
} {
  const unique = [...new Set(folders)];
  return {
    kind: 'exec',
    argv: ['sh', '-c', `echo "start of list"; ${script}`, 'sh', ...unique],
    outputMax: listingCharsMax,
  };
}

/**
 * How a snapshot ends that was written to its end: a string of one character, `/`.
 * @see Util.isValidSnapshot and FileSnap.serialize in apache/zookeeper
 */
const sealed = '000000012f';

/** Reads a listing; undefined where it is not whole, for half a list would make an old snapshot look like the newest. */
export function filesIn(listing: string): readonly DataFile[] | undefined {
  const lines = listing.split('\n').map((line) => line.trim());
  if (!lines.includes('start of list') || !lines.includes('end of list')) return undefined;
  return lines.flatMap((line): readonly DataFile[] => {
    const match =
      /^file (\d{1,18}) (\S+) (\/.*\/(snapshot|log)\.([0-9a-f]{1,16})(?:\.\w+)?)$/u.exec(line);
    const [, size = '', end = '', path = '', kind, zxid = ''] = match ?? [];
    if (match === null) return [];
    return [
      {
        kind: kind === 'log' ? 'log' : 'snapshot',
        path,
        bytes: Number(size),
        zxid: BigInt(`0x${zxid}`),
        whole: kind === 'log' || end === sealed || end === 'packed',
      },
    ];
  });
}

/** What can go, oldest first, and what made the cut. */
export interface Purge {
  readonly remove: readonly DataFile[];
  /** Whole snapshots there are, and how many of them stay. */
  readonly snapshots: number;
  readonly newestWhole: boolean;
}

/**
 * Keeps the newest `keep` whole snapshots, every log from the last one before the oldest of them on, and whatever is newer. A snapshot
 * that was not written to its end counts for nothing, so that it never pushes out one that can be loaded (ZOOKEEPER-3231).
 */
export function purgeOf(files: readonly DataFile[], keep: number): Purge {
  const newestFirst = files
    .filter(({ kind }) => kind === 'snapshot')
    .toSorted((a, b) => (a.zxid < b.zxid ? 1 : -1));
  const whole = newestFirst.filter((file) => file.whole);
  const newestWhole = newestFirst[0]?.whole === true;
  const oldestKept = whole[keep - 1];
  if (oldestKept === undefined) return { remove: [], snapshots: whole.length, newestWhole };
  const before = files
    .filter(({ kind, zxid }) => kind === 'log' && zxid < oldestKept.zxid)
    .reduce<bigint>((last, { zxid }) => (zxid > last ? zxid : last), -1n);
  const remove = files
    .filter(({ kind, zxid }) => zxid < (kind === 'log' ? before : oldestKept.zxid))
    .toSorted((a, b) => (a.zxid < b.zxid ? -1 : a.zxid > b.zxid ? 1 : 0));
  return { remove, snapshots: whole.length, newestWhole };
}
