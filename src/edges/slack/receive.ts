import type { App, types, webApi } from '@slack/bolt';
import { type Invocation, invocationCharsMax, parseLine } from '../../model/invocation.ts';
import type { Language } from '../../model/person.ts';
import type { Reply } from '../../model/reply.ts';
import type { Act, Caller } from '../../ports/act.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import { words } from '../../rules/card/words/words.ts';
import { slackErrorOf } from './failure.ts';
import { privateMetadataMax, triggerMs, valueMax } from './limits.ts';
import { readClick, readSlash, readSubmission, type Submission } from './payload.ts';
import {
  formCallback,
  formOf,
  formView,
  noticeView,
  reasonField,
  renderReply,
  replyView,
} from './render-reply.ts';
import { respond } from './respond.ts';
import { sleep } from './sleep.ts';
import { unescape } from './text.ts';
import { decodeFormMemory, decodePress, encodeFormMemory, encodePress } from './wire.ts';

/** Ids of payloads remembered, so that one Slack sends twice is answered once: minutes of the busiest channel. */
const seenMax = 1000;

/** How long a submitted form waits for its outcome before it says that it is at work: Slack waits 3 s for us. */
const patienceMs = 1500;

type ModalView = types.ModalView;

/** What the listeners work with. */
export interface Desk {
  readonly act: Act;
  readonly client: webApi.WebClient;
  readonly language: Language;
  readonly log: Log;
  readonly clock: Clock;
}

/** Where an answer goes: the address that came with the click or the command, and the modal it may still open. */
interface Asked {
  readonly caller: Caller;
  readonly dedupeId: string;
  readonly triggerId: string;
  readonly triggeredMs: number;
  readonly responseUrl: string;
  readonly messageTs?: string;
}

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
    if (click === undefined) return;
    const { value, ...rest } = click;
    const asked = { ...rest, triggeredMs, dedupeId: `slack:${click.triggerId}` };
    work(click.triggerId, () => press(value, asked, desk));
  });

  app.command(/.*/su, async ({ ack, command }) => {
    const triggeredMs = desk.clock.now();
    await ack();
    const slash = readSlash(command);
    if (slash === undefined) return;
    const { text, ...rest } = slash;
    const asked = { ...rest, triggeredMs, dedupeId: `slack:${slash.triggerId}` };
    work(slash.triggerId, () => type(text, asked, desk));
  });

  app.view(/.*/su, async ({ ack, body, view }) => {
    const submission = view.callback_id === formCallback ? readSubmission(body) : undefined;
    if (submission === undefined) {
      await ack();
      return;
    }
    const { slack } = words(desk.language);
    if ((submission.values[reasonField] ?? '').trim() === '') {
      await ack({ response_action: 'errors', errors: { [reasonField]: slack.reasonMissing } });
      return;
    }
    // The answer to a form is its acknowledgement: the outcome where it comes in time, a word to wait otherwise.
    const outcome = submit(submission, desk);
    const early = await Promise.race([outcome, afterPatience(desk)]);
    await ack({ response_action: 'update', view: early.view });
    work(submission.dedupeId, async () => finish(submission, await outcome, early, desk));
  });

  // Nothing of ours has these; an acknowledgement keeps Slack from telling a person that the app does not answer.
  app.shortcut(/.*/su, async ({ ack }) => ack());
  app.options(/.*/su, async ({ ack }) => ack());
  app.error(async (error) => desk.log.error({ err: error }, 'a slack listener failed'));

  return async () => {
    await Promise.all(running);
  };
}

async function press(value: string | undefined, asked: Asked, desk: Desk): Promise<void> {
  const pressed = decodePress(value);
  if (pressed === undefined) {
    await answer(refusal(words(desk.language).slack.unknownButton), asked, desk);
  } else if (pressed.kind === 'ask') {
    await ask(pressed.invocation, asked, desk);
  } else {
    await present(await run(pressed.invocation, asked, desk), asked, desk);
  }
}

async function type(text: string, asked: Asked, desk: Desk): Promise<void> {
  const line = unescape(text).trim();
  const invocation = line === '' ? { command: 'help', args: [], options: {} } : parseLine(line);
  if (invocation === undefined || line.length > invocationCharsMax) {
    await answer(refusal(words(desk.language).slack.tooLong), asked, desk);
  } else {
    await present(await run(invocation, asked, desk), asked, desk);
  }
}

/**
 * Opens a modal at once, since its trigger is dead in three seconds and the sum needs fresh probes, and fills it with what the
 * invocation answers: the form, or why not.
 */
async function ask(invocation: Invocation, asked: Asked, desk: Desk): Promise<void> {
  const { slack } = words(desk.language);
  const loading = noticeView(slack.loadingTitle, slack.loading, desk.language);
  const viewId = await openView(loading, asked, desk);
  const reply = await run(invocation, asked, desk);
  if (viewId === undefined) {
    await answer(reply, asked, desk);
    return;
  }
  const view = viewOf(reply, asked.responseUrl, desk);
  if (!(await updateView(viewId, view, desk))) await answer(reply, asked, desk);
}

/** Shows a reply: a question as a modal while its trigger lives, everything else as a message. */
async function present(reply: Reply, asked: Asked, desk: Desk): Promise<void> {
  if (formOf(reply) !== undefined && desk.clock.now() - asked.triggeredMs < triggerMs) {
    const view = viewOf(reply, asked.responseUrl, desk);
    if ((await openView(view, asked, desk)) !== undefined) return;
  }
  await answer(reply, asked, desk);
}

/** What a submitted form led to, and how its modal looks then. */
interface Outcome {
  readonly reply?: Reply;
  readonly view: ModalView;
}

async function submit(submission: Submission, desk: Desk): Promise<Outcome> {
  const memory = decodeFormMemory(submission.memory);
  const pressed = decodePress(memory?.press);
  const reply =
    pressed === undefined
      ? refusal(words(desk.language).slack.unknownButton)
      : await run(withReason(pressed.invocation, submission), submission, desk);
  return { reply, view: viewOf(reply, memory?.responseUrl ?? '', desk) };
}

/** The modal meanwhile, when the work outlasts what Slack waits for an acknowledgement. */
async function afterPatience({ language }: Desk): Promise<Outcome> {
  await sleep(patienceMs);
  const { slack } = words(language);
  return { view: noticeView(slack.workingTitle, slack.working, language) };
}

/** Brings a late outcome into the modal, and what everybody may know into the conversation. */
async function finish(
  submission: Submission,
  { reply, view }: Outcome,
  shown: Outcome,
  desk: Desk,
): Promise<void> {
  const isShown = shown.reply !== undefined || (await updateView(submission.viewId, view, desk));
  if (reply === undefined || (isShown && !isPublic(reply))) return;
  const responseUrl = decodeFormMemory(submission.memory)?.responseUrl ?? '';
  await answer(reply, { responseUrl }, desk);
}

function withReason(invocation: Invocation, submission: Submission): Invocation {
  const reason = (submission.values[reasonField] ?? '').trim();
  return { ...invocation, options: { ...invocation.options, reason, confirm: 'yes' } };
}

/** Runs an invocation; an error becomes words for the person and facts for the log. */
async function run(
  invocation: Invocation,
  asked: Pick<Asked, 'caller' | 'dedupeId'>,
  desk: Desk,
): Promise<Reply> {
  try {
    return await desk.act(invocation, asked.caller, asked.dedupeId);
  } catch (error) {
    const { command } = invocation;
    desk.log.error({ err: error, command, invocation: asked.dedupeId }, 'an invocation failed');
    return { ...refusal(words(desk.language).slack.failed), outcome: 'failed' };
  }
}

/** Says a reply where it was asked; a question gets a button that asks again, with a fresh trigger. */
async function answer(
  reply: Reply,
  asked: Pick<Asked, 'responseUrl' | 'messageTs'>,
  desk: Desk,
): Promise<void> {
  const { text, blocks } = renderReply(reply, desk.language);
  const form = formOf(reply);
  const value = form === undefined ? '' : encodePress({ kind: 'ask', invocation: form.invocation });
  if (form !== undefined && value.length <= valueMax) {
    const label = { type: 'plain_text', text: words(desk.language).slack.continue } as const;
    blocks.push({
      type: 'actions',
      elements: [{ type: 'button', action_id: 'nk-continue', text: label, value }],
    });
  }
  await respond(
    asked.responseUrl,
    {
      text,
      blocks,
      to: isPublic(reply) ? 'everybody' : 'asker',
      ...(asked.messageTs === undefined ? {} : { threadTs: asked.messageTs }),
    },
    desk.log,
  );
}

/** A reply as a modal: its question, or its words. */
function viewOf(reply: Reply, responseUrl: string, desk: Desk): ModalView {
  const form = formOf(reply);
  if (form === undefined) return replyView(reply, desk.language);
  const press = encodePress({ kind: 'ask', invocation: form.invocation });
  const memory = encodeFormMemory({ press, responseUrl });
  return memory.length > privateMetadataMax
    ? replyView(refusal(words(desk.language).slack.tooLong), desk.language)
    : formView(form, memory, desk.language);
}

async function openView(
  view: ModalView,
  asked: Asked,
  { client, log }: Desk,
): Promise<string | undefined> {
  try {
    const opened = await client.views.open({ trigger_id: asked.triggerId, view });
    return opened.view?.id;
  } catch (error) {
    log.warn({ reason: slackErrorOf(error) ?? 'no answer' }, 'slack did not open a modal');
    return undefined;
  }
}

/** False when the modal is gone: the person closed it. */
async function updateView(
  view_id: string,
  view: ModalView,
  { client, log }: Desk,
): Promise<boolean> {
  try {
    await client.views.update({ view_id, view });
    return true;
  } catch (error) {
    log.debug({ reason: slackErrorOf(error) ?? 'no answer' }, 'slack did not change a modal');
    return false;
  }
}

function isPublic(reply: Reply): boolean {
  return reply.visibility === 'public' && reply.outcome === 'done';
}

function refusal(text: string): Reply {
  return { outcome: 'refused', visibility: 'private', blocks: [{ kind: 'text', text }] };
}
