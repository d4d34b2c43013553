import { createInterface } from 'node:readline/promises';
import { styleText } from 'node:util';
import type { Language } from '../model/person.ts';

/** What the command line reads and writes: a terminal, a pipe, or a test. */
export interface CliIo {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly stdout: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

/** How a command ended, for scripts. */
export const exitCodes = {
  done: 0,
  /** Refused, failed, or something more is needed; a configuration with faults. */
  refused: 1,
  /** Nothing could be asked: no bot, no sign-in, a wrong line. */
  unusable: 2,
  /** Done, but not with all of it. */
  incomplete: 3,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

type Style = Parameters<typeof styleText>[0];

/** Colours a text where a person looks at it. https://no-color.org is honoured. */
export type Paint = (style: Style, text: string) => string;

export function paintFor(io: CliIo): Paint {
  const wanted =
    (io.env['FORCE_COLOR'] ?? '') !== '' ||
    (io.stdout.isTTY === true && (io.env['NO_COLOR'] ?? '') === '' && io.env['TERM'] !== 'dumb');
  return wanted
    ? (style, text) => styleText(style, text, { validateStream: false })
    : (_, text) => text;
}

/** The language of the terminal, by the usual variables. */
export function languageOf(env: CliIo['env']): Language {
  const name = env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || '';
  return /^zh/iu.test(name) ? 'zh-CN' : 'en';
}

/** Asks a question and answers the line; an empty one at the end of input. */
export async function ask(io: CliIo, question: string): Promise<string> {
  const lines = createInterface({ input: io.stdin, output: io.stdout });
  const closed = new Promise<string>((resolve) => {
    lines.once('close', () => resolve(''));
  });
  try {
    return (await Promise.race([lines.question(question), closed])).trim();
  } finally {
    lines.close();
  }
}

/** Whether a person sits there to be asked. */
export function isInteractive(io: CliIo): boolean {
  return io.stdin.isTTY === true && io.stdout.isTTY === true;
}
