/** Where a socket ends. */
export interface SocketEnd {
  readonly address: string;
  readonly port: number;
}

/**
 * Reads an address of `/proc/net/tcp` or `tcp6`: `0100007F:0F38`. The kernel prints it in the byte order of the machine, taken to be
 * little-endian as on every machine ZooKeeper is known to run on. Undefined for anything else.
 */
export function socketOf(text: string): SocketEnd | undefined {
  const match = /^([0-9A-Fa-f]{8}|[0-9A-Fa-f]{32}):([0-9A-Fa-f]{4})$/u.exec(text);
  if (match?.[1] === undefined || match[2] === undefined) return undefined;
  const port = Number.parseInt(match[2], 16);
  const words = match[1].match(/.{8}/gu) ?? [];
  const bytes = words.flatMap((word) =>
    (word.match(/../gu) ?? []).toReversed().map((pair) => Number.parseInt(pair, 16)),
  );
  return { address: addressOf(bytes), port };
}

function addressOf(bytes: readonly number[]): string {
  if (bytes.length === 4) return bytes.join('.');
  const isMapped =
    bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff;
  if (isMapped) return bytes.slice(12).join('.');
  const groups = Array.from({ length: 8 }, (_, index) =>
    (((bytes[2 * index] ?? 0) << 8) | (bytes[2 * index + 1] ?? 0)).toString(16),
  );
  return groups.join(':').replace(/(?:^|:)0(?::0)+(?::|$)/u, '::');
}
