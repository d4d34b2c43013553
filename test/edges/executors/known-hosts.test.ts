import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  fingerprintOfKey,
  hostName,
  judgeHostKey,
  knownKeyTypes,
} from '../../../src/edges/executors/known-hosts.ts';

/** A key as it goes over the wire: its type in front, lengths in four bytes. */
function aKey(type: string, body: string): Buffer {
  const length = (text: string): Buffer => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(text.length);
    return bytes;
  };
  return Buffer.concat([length(type), Buffer.from(type), length(body), Buffer.from(body)]);
}

const ed = aKey('ssh-ed25519', 'this machine');
const otherEd = aKey('ssh-ed25519', 'another machine');
const rsa = aKey('ssh-rsa', 'this machine');
const base64 = ed.toString('base64');
const zk1 = { host: 'zk1.example.com', port: 22 };

function hashed(name: string): string {
  const salt = Buffer.from('twenty bytes of salt');
  const hash = createHmac('sha1', salt).update(name).digest('base64');
  return `|1|${salt.toString('base64')}|${hash}`;
}

describe('a known_hosts file', () => {
  it.each([
    ['names the machine', `zk1.example.com ssh-ed25519 ${base64}`, 'known'],
    ['names it among others', `zk9,zk1.example.com,10.0.0.1 ssh-ed25519 ${base64} note`, 'known'],
    ['names it in capitals', `ZK1.Example.com ssh-ed25519 ${base64}`, 'known'],
    ['has a pattern for it', `*.example.com ssh-ed25519 ${base64}`, 'known'],
    ['has a pattern with one free letter', `zk?.example.com ssh-ed25519 ${base64}`, 'known'],
    ['excludes it from a pattern', `*.example.com,!zk1.* ssh-ed25519 ${base64}`, 'unknown'],
    ['takes a dot as a dot', `zk1xexample.com ssh-ed25519 ${base64}`, 'unknown'],
    ['has its name hashed', `${hashed('zk1.example.com')} ssh-ed25519 ${base64}`, 'known'],
    ['has another name hashed', `${hashed('zk2.example.com')} ssh-ed25519 ${base64}`, 'unknown'],
    ['has a hash of a kind nobody knows', `|2|AAAA|AAAA ssh-ed25519 ${base64}`, 'unknown'],
    [
      'knows it by another key',
      `zk1.example.com ssh-ed25519 ${otherEd.toString('base64')}`,
      'changed',
    ],
    ['knows a key of another type', `zk1.example.com ssh-rsa ${rsa.toString('base64')}`, 'unknown'],
    ['revokes the key', `@revoked zk1.example.com ssh-ed25519 ${base64}`, 'changed'],
    [
      'revokes a key that it names elsewhere',
      `zk1.example.com ssh-ed25519 ${base64}\n@revoked * ssh-ed25519 ${base64}`,
      'changed',
    ],
    ['has only an authority', `@cert-authority *.example.com ssh-ed25519 ${base64}`, 'unknown'],
    ['has it commented out', `# zk1.example.com ssh-ed25519 ${base64}`, 'unknown'],
    ['means another port', `[zk1.example.com]:2222 ssh-ed25519 ${base64}`, 'unknown'],
    ['is cut in the middle', 'zk1.example.com ssh-ed2', 'unknown'],
    ['is empty', '', 'unknown'],
    ['comes from Windows', `# ours\r\nzk1.example.com ssh-ed25519 ${base64}\r\n`, 'known'],
  ])('that %s: %s', (_, text, verdict) => {
    expect(judgeHostKey(text, zk1, ed)).toBe(verdict);
  });

  it('names a machine with its port where that is not 22', () => {
    expect(hostName('zk1', 22)).toBe('zk1');
    expect(hostName('::1', 2222)).toBe('[::1]:2222');
    expect(judgeHostKey(`[zk1]:2222 ssh-ed25519 ${base64}`, { host: 'zk1', port: 2222 }, ed)).toBe(
      'known',
    );
  });

  it('tells the types a machine is known by, so that it is asked for one of them', () => {
    const text = `zk1.example.com ssh-rsa ${rsa.toString('base64')}\n@revoked zk1.example.com ssh-ed25519 ${base64}`;

    expect(knownKeyTypes(text, zk1)).toEqual(['ssh-rsa']);
  });

  it.each([
    ['no key at all', Buffer.alloc(0)],
    ['a cut key', ed.subarray(0, 9)],
  ])('does not know %s', (_, key) => {
    expect(judgeHostKey(`zk1.example.com ssh-ed25519 ${base64}`, zk1, key)).toBe('unknown');
  });

  it('prints fingerprints as ssh-keygen does', () => {
    expect(fingerprintOfKey(ed)).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/u);
  });
});
