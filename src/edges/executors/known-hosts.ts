import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/**
 * What a `known_hosts` file says of the key that a machine shows. `changed`: the machine is known by another key of the same type, or
 * the key is marked as revoked.
 */
export type HostKeyVerdict = 'known' | 'changed' | 'unknown';

interface Entry {
  readonly patterns: string;
  readonly type: string;
  readonly key: string;
  readonly revoked: boolean;
}

/** A machine as `known_hosts` names it: the port only where it is not 22. */
export function hostName(host: string, port: number): string {
  return port === 22 ? host : `[${host}]:${port}`;
}

/** Judges a key by the text of a `known_hosts` file (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT"); certificates are not looked at. */
export function judgeHostKey(
  knownHosts: string,
  { host, port }: { readonly host: string; readonly port: number },
  key: Buffer,
): HostKeyVerdict {
  const shown = key.toString('base64');
  const type = typeOfKey(key);
  const entries = entriesOf(knownHosts).filter((entry) =>
    isNamed(entry.patterns, hostName(host, port)),
  );
  if (entries.some((entry) => entry.revoked && entry.key === shown)) return 'changed';
  const valid = entries.filter((entry) => !entry.revoked);
  if (valid.some((entry) => entry.key === shown)) return 'known';
  return valid.some((entry) => entry.type === type) ? 'changed' : 'unknown';
}

/** Key types by which a machine is known, so that it is asked for one of these first. */
export function knownKeyTypes(
  knownHosts: string,
  { host, port }: { readonly host: string; readonly port: number },
): readonly string[] {
  const types = entriesOf(knownHosts)
    .filter((entry) => !entry.revoked && isNamed(entry.patterns, hostName(host, port)))
    .map((entry) => entry.type);
  return [...new Set(types)];
}

/** A key's fingerprint as `ssh-keygen -lf` prints it. */
export function fingerprintOfKey(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/u, '')}`;
}

/** The type stands in front of the key, after its length in four bytes (RFC 4253, 6.6). */
function typeOfKey(key: Buffer): string {
  if (key.length < 4) return '';
  return key.toString('latin1', 4, 4 + Math.min(key.readUInt32BE(0), key.length - 4));
}

function entriesOf(text: string): readonly Entry[] {
  return text.split(/\r?\n/u).flatMap((line) => {
    const words = line.trim().split(/\s+/u);
    const marker = words[0]?.startsWith('@') === true ? words.shift() : undefined;
    const [patterns = '', type = '', key = ''] = words;
    if (patterns.startsWith('#') || key === '' || marker === '@cert-authority') return [];
    return [{ patterns, type, key, revoked: marker === '@revoked' }];
  });
}

function isNamed(patterns: string, name: string): boolean {
  if (patterns.startsWith('|')) return isHashOf(patterns, name);
  const list = patterns.split(',');
  if (list.some((pattern) => pattern.startsWith('!') && isLike(pattern.slice(1), name)))
    return false;
  return list.some((pattern) => isLike(pattern, name));
}

function isHashOf(hashed: string, name: string): boolean {
  const [, version, salt = '', hash = ''] = hashed.split('|');
  if (version !== '1') return false;
  const wanted = Buffer.from(hash, 'base64');
  const own = createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest();
  return wanted.length === own.length && timingSafeEqual(wanted, own);
}

function isLike(pattern: string, name: string): boolean {
  const source = pattern
    .toLowerCase()
    .replace(/[.+^${}()|[\]\\]/gu, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 'u').test(name.toLowerCase());
}
