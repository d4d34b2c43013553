import { StringDecoder } from 'node:string_decoder';
import { stripVTControlCharacters } from 'node:util';

/** Stands for a secret while lengths are counted; it cannot be in the text, because control characters are removed. */
const hole = '\0';

/** The end of what a program prints, whatever the length of the whole. */
export interface Tail {
  /** Takes what one stream printed; streams are mixed as they come. */
  add(stream: 'stdout' | 'stderr', chunk: Buffer): void;
  /** The last `charsMax` characters, secrets hidden, colours and control characters removed. */
  text(): string;
}

/** Keeps a bounded tail. Secrets are hidden even where the cut goes through them. */
export function createTail(charsMax: number, secrets: readonly string[]): Tail {
  const longest = Math.max(0, ...secrets.map((secret) => secret.length));
  const keep = charsMax + longest;
  const decoders = { stdout: new StringDecoder('utf8'), stderr: new StringDecoder('utf8') };
  let kept = '';
  return {
    add(stream, chunk) {
      const text = decoders[stream].write(chunk);
      // Only the end of a long chunk can still matter, so a gigabyte costs little.
      kept += clean(text.slice(-2 * keep));
      if (kept.length > 2 * keep) kept = kept.slice(-keep);
    },
    text() {
      return masked(kept.slice(-keep), secrets)
        .slice(-charsMax)
        .replace(/\0+/gu, '[hidden]')
        .slice(-charsMax);
    },
  };
}

/** Replaces every secret, longest first, by as many holes as it has characters. */
function masked(text: string, secrets: readonly string[]): string {
  return secrets
    .toSorted((a, b) => b.length - a.length)
    .reduce((rest, secret) => rest.replaceAll(secret, hole.repeat(secret.length)), text);
}

function clean(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/\r\n?/gu, '\n')
    .replace(/[^\P{Cc}\n\t]/gu, '');
}
