import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { type Invocation, invocationOf } from '../model/invocation.ts';
import type { Form, Reply } from '../model/reply.ts';
import { words } from '../rules/card/words/words.ts';
import {
  ask,
  type CliIo,
  type ExitCode,
  exitCodes,
  isInteractive,
  languageOf,
  paintFor,
} from './cli-io.ts';
import { commandLine, replyText } from './cli-text.ts';

/** Where the bot is, unless NIGHTKEEPER_URL says otherwise. */
const defaultUrl = 'http://127.0.0.1:8420';

/** A restart is answered when it has begun, so this is a bot in trouble. */
const answerMsMax = 30_000;

/** Nobody could be asked: the words say what to do about it. */
export class Unanswered extends Error {
  /** Nothing listens there at all. */
  readonly isAbsent: boolean;

  constructor(message: string, isAbsent = false) {
    super(message);
    this.isAbsent = isAbsent;
  }
}

/** Sends words as typed in a chat to the running bot, prints its answer, and asks what the bot asks back. */
export async function runCommand(
  typed: readonly string[],
  io: CliIo,
  json: boolean,
): Promise<ExitCode> {
  const invocation = invocationOf(typed);
  if (invocation === undefined) return exitCodes.unusable;
  try {
    const reply = await askBot(invocation, io);
    if (json) {
      io.stdout.write(`${JSON.stringify(reply, null, 2)}\n`);
      return codeOf(reply);
    }
    await keepPicture(reply, invocation.options['png'], io);
    return await show(reply, io);
  } catch (error) {
    if (!(error instanceof Unanswered)) throw error;
    io.stderr.write(`${error.message}\n`);
    return exitCodes.unusable;
  }
}

/** A chart goes into the file that was named for it. */
async function keepPicture(reply: Reply, file: string | undefined, io: CliIo): Promise<void> {
  const [picture] = reply.pictures ?? [];
  if (file === undefined || file === '' || picture === undefined) return;
  const { chart, setup } = words(languageOf(io.env));
  try {
    await writeFile(file, Buffer.from(picture.base64, 'base64'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Unanswered(setup.cli.notWritten(file, reason));
  }
  io.stdout.write(`${chart.written(file)}\n`);
}

async function show(reply: Reply, io: CliIo): Promise<ExitCode> {
  const out = reply.outcome === 'done' || reply.outcome === 'ask' ? io.stdout : io.stderr;
  out.write(`${replyText(reply, paintFor(io))}\n`);
  const form = reply.blocks.find((block) => block.kind === 'form')?.form;
  return form === undefined ? codeOf(reply) : answer(form, io);
}

/** A form on a terminal is two questions; elsewhere it is the line that would answer them. */
async function answer(form: Form, io: CliIo): Promise<ExitCode> {
  const { cli } = words(languageOf(io.env)).setup;
  if (!isInteractive(io)) {
    const reason = form.invocation.options['reason'] ?? cli.reasonPlaceholder;
    const options = { ...form.invocation.options, ...chosenOf(form), reason, confirm: 'yes' };
    io.stdout.write(`\n${cli.repeat}\n  ${commandLine({ ...form.invocation, options })}\n`);
    return exitCodes.refused;
  }
  const given = form.invocation.options['reason'];
  const answers = await answerFields(form, io);
  const reason = given ?? (await ask(io, `\n${question(form.reasonLabel)}`));
  const sure = reason === '' ? '' : await ask(io, `${cli.confirm(form.submit)} `);
  if (sure.toLowerCase() !== cli.yes && sure.toLowerCase() !== 'yes') {
    io.stdout.write(`${cli.notDone}\n`);
    return exitCodes.refused;
  }
  const options = { ...form.invocation.options, ...answers, reason, confirm: 'yes' };
  const reply = await askBot({ ...form.invocation, options }, io);
  io.stdout.write(`${replyText(reply, paintFor(io))}\n`);
  return codeOf(reply);
}

/** What a form chooses by itself. Moments and boxes are for those who click: on a line they are options. */
function chosenOf({ fields = [] }: Form): Readonly<Record<string, string>> {
  return Object.fromEntries(
    fields.flatMap((field) => (field.kind === 'choice' ? [[field.name, field.chosen]] : [])),
  ) as Readonly<Record<string, string>>;
}

async function answerFields(form: Form, io: CliIo): Promise<Readonly<Record<string, string>>> {
  const answers = { ...chosenOf(form) };
  for (const field of form.fields ?? []) {
    if (field.kind !== 'choice') continue;
    const choices = field.options.map(({ value }) => value).join(', ');
    const said = await ask(io, `\n${field.label} (${choices}) [${field.chosen}] `);
    if (said !== '') answers[field.name] = said;
  }
  return answers;
}

/** A label as a question on the line: a mark where it has none. */
function question(label: string): string {
  return /[.?:。？：]$/u.test(label) ? `${label} ` : `${label}: `;
}

function codeOf(reply: Reply): ExitCode {
  return reply.outcome === 'done' ? exitCodes.done : exitCodes.refused;
}

/** Asks the running bot. Throws `Unanswered`. */
export async function askBot(invocation: Invocation, io: CliIo): Promise<Reply> {
  const { cli } = words(languageOf(io.env)).setup;
  const url = io.env['NIGHTKEEPER_URL'] || defaultUrl;
  const token = io.env['NIGHTKEEPER_TOKEN'] || undefined;
  if (!/^https?:\/\//u.test(url) || !URL.canParse(url)) throw new Unanswered(cli.badUrl(url));
  let response: Response;
  let body: string;
  try {
    response = await fetch(new URL('/api/v1/commands', url), {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        'accept-language': languageOf(io.env),
        'x-nightkeeper-via': 'cli',
        // The same id runs once, whatever a proxy in between repeats.
        'x-dedupe-id': randomUUID(),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(invocation),
      redirect: 'error',
      signal: AbortSignal.timeout(answerMsMax),
    });
    body = await response.text();
  } catch (error) {
    const late = error instanceof Error && error.name === 'TimeoutError';
    throw new Unanswered(late ? cli.lateAnswer(url, answerMsMax / 1000) : cli.noBot(url), !late);
  }
  if (response.status === 401) throw new Unanswered(cli.wrongToken(url));
  const answered = parsed(body);
  if (response.ok && isReply(answered)) return answered;
  const fault = faultText(answered);
  throw new Unanswered(fault ?? cli.strangeAnswer(url, response.status));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isReply(value: unknown): value is Reply {
  return (
    typeof value === 'object' &&
    value !== null &&
    'outcome' in value &&
    'blocks' in value &&
    Array.isArray(value.blocks)
  );
}

/** The bot's own words for a request it cannot take: what is wrong, and what to do next. */
function faultText(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('code' in value)) return undefined;
  const { message, next } = value as { readonly message?: unknown; readonly next?: unknown };
  const lines = [message, next].filter((line) => typeof line === 'string');
  return lines.length === 0 ? undefined : lines.join(' ');
}
