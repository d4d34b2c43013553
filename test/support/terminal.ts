import { PassThrough } from 'node:stream';
import type { CliIo } from '../../src/app/cli-io.ts';

/** A terminal (or a pipe) for the command line, with everything that was printed. */
export interface Terminal {
  readonly io: CliIo;
  out(): string;
  err(): string;
  type(line: string): void;
}

export function aTerminal(
  options: { readonly env?: Readonly<Record<string, string>>; readonly tty?: boolean } = {},
): Terminal {
  const printed = { out: '', err: '' };
  const tty = options.tty ?? false;
  const stdin = Object.assign(new PassThrough(), { isTTY: tty });
  const stdout = Object.assign(new PassThrough(), { isTTY: tty });
  const stderr = new PassThrough();
  stdout.on('data', (chunk: Buffer) => {
    printed.out += chunk.toString('utf8');
  });
  stderr.on('data', (chunk: Buffer) => {
    printed.err += chunk.toString('utf8');
  });
  return {
    io: { env: { LANG: 'C', NO_COLOR: '1', ...options.env }, stdin, stdout, stderr },
    out: () => printed.out,
    err: () => printed.err,
    type: (line) => stdin.write(`${line}\n`),
  };
}
