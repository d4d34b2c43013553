import type { App } from '@slack/bolt';
import { invocationCharsMax, parseLine } from '../../model/invocation.ts';
import { answer, present, refusal, run, runInModal } from './answer.ts';
import { directTo } from './answer-later.ts';
import { type Asked, type Desk, languageAt, languageFor, slackWords } from './desk.ts';
import {
  type Click,
  readClick,
  readHomeOpened,
  readSlash,
  readSubmission,
  type Slash,
} from './payload.ts';
import { formCallback } from './render-reply.ts';
import { submitForm } from './submit.ts';
import { unescape } from './text.ts';
import { decodePress, isLink } from './wire.ts';

/** Ids of payloads remembered, so that one Slack sends twice is answered once: minutes of the busiest channel. */
const seenMax = 1000;

/**
 * Listens to clicks, forms and slash commands. Every payload is acknowledged first, because Slack gives it three seconds, and
 * answered afterwards; nothing stays without an answer. Returns a function that waits for the answers under way.
 */
export function listen(app: App, desk: Desk): () => Promise<void> {
  const seen = new Set<string>();
  const running = new Set<Promise<void>>();

  /** Does the work after the acknowledgement, once per id, and never lets an error out. */
  const work = (id: string, task: () => Promise<void>): void => {
    if (seen.has(id)) return;
    seen.add(id);
    const [oldest] = seen;
    if (seen.size > seenMax && oldest !== undefined) seen.delete(oldest);
    const done = task()
      .catch((error: unknown) => desk.log.error({ err: error }, 'an answer to slack failed'))
      .finally(() => running.delete(done));
    running.add(done);
  };

  app.action(/.*/su, async ({ ack, body }) => {
    const triggeredMs = desk.clock.now();
    await ack();
    const click = readClick(body);
    // Following a link is the browser's work; Slack only tells of it.
    if (click === undefined || isLink(click.value)) return;
    work(click.triggerId, async () => press(click, await askedOf(click, triggeredMs, desk), desk));
  });

  app.command(/.*/su, async ({ ack, command }) => {
    const triggeredMs = desk.clock.now();
    await ack();
    const slash = readSlash(command);
    if (slash === undefined) return;
    work(slash.triggerId, async () =>
      type(slash.text, await askedOf(slash, triggeredMs, desk), desk),
    );
  });

  app.view(/.*/su, async ({ ack, body, view }) => {
    const submission = view.callback_id === formCallback ? readSubmission(body) : undefined;
    if (submission === undefined) {
      await ack();
      return;
    }
    const submitted = await submitForm(submission, desk);
    await ack(submitted.ack);
    work(submission.dedupeId, submitted.finish);
  });

  app.event('app_home_opened', async ({ event, body }) => {
    const caller = readHomeOpened(event);
    if (caller === undefined) return;
    work(body.event_id, async () => desk.home.open(await desk.people.know(caller)));
  });

  // Nothing of ours has these; an acknowledgement keeps Slack from telling a person that the app does not answer.
  app.shortcut(/.*/su, async ({ ack }) => ack());
  app.options(/.*/su, async ({ ack }) => ack());
  app.error(async (error) => desk.log.error({ err: error }, 'a slack listener failed'));

  return async () => {
    await Promise.all(running);
  };
}

/** Who asks, in which language, and where the answer goes. */
async function askedOf(from: Click | Slash, triggeredMs: number, desk: Desk): Promise<Asked> {
  const settings = desk.settings();
  const language = languageAt(settings, from.conversation);
  const caller = await desk.people.know({
    ...from.caller,
    ...(language === undefined ? {} : { language }),
    answerTo: from.responseUrl === '' ? directTo(from.caller.handle) : from.responseUrl,
  });
  return {
    caller,
    language: languageFor(settings, caller.handle, from.conversation),
    dedupeId: `slack:${from.triggerId}`,
    triggerId: from.triggerId,
    triggeredMs,
    responseUrl: from.responseUrl,
    conversation: from.conversation,
    ...('messageTs' in from ? { messageTs: from.messageTs } : {}),
  };
}

async function press({ value }: Click, asked: Asked, desk: Desk): Promise<void> {
  const pressed = decodePress(value);
  if (pressed === undefined) {
    await answer(refusal(slackWords(asked).unknownButton), asked, desk);
  } else if (pressed.kind === 'ask' || asked.responseUrl === '') {
    await runInModal(pressed.invocation, asked, desk);
  } else {
    await present(await run(pressed.invocation, asked, desk), asked, desk);
  }
}

async function type(text: string, asked: Asked, desk: Desk): Promise<void> {
  const line = unescape(text).trim();
  const invocation = line === '' ? { command: 'help', args: [], options: {} } : parseLine(line);
  if (invocation === undefined || line.length > invocationCharsMax) {
    await answer(refusal(slackWords(asked).tooLong), asked, desk);
  } else {
    await present(await run(invocation, asked, desk), asked, desk);
  }
}
