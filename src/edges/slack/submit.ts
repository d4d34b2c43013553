import type { types } from '@slack/bolt';
import type { Invocation } from '../../model/invocation.ts';
import type { Reply } from '../../model/reply.ts';
import { answerAt, isPublic, refusal, run, updateView, viewOf } from './answer.ts';
import { type Asked, type Desk, languageFor, slackWords } from './desk.ts';
import type { Submission } from './payload.ts';
import { noticeView, reasonField } from './render-reply.ts';
import { sleep } from './sleep.ts';
import { clip } from './text.ts';
import { decodeFormMemory, decodePress } from './wire.ts';

/** How long a submitted form waits for its outcome before it says that it is at work: Slack waits 3 s for us. */
const patienceMs = 1500;

/** Words under a field: about what Slack shows of them. */
const errorMax = 300;

/** What a submitted form is acknowledged with: words under its fields, or the modal as it looks then. */
export type FormAck =
  | { readonly response_action: 'errors'; readonly errors: Record<string, string> }
  | { readonly response_action: 'update'; readonly view: types.ModalView };

/** What a submitted form led to. */
interface Outcome {
  /** Undefined while it is at work. */
  readonly reply?: Reply;
  readonly ack: FormAck;
}

/**
 * Does what a form asks for. Everything it needs came with it, so that it may be submitted at another replica than the one that
 * opened it; who may do it is asked again. The answer to a form is its acknowledgement: the outcome where it comes in time, a word to
 * wait otherwise; `finish` brings the rest.
 */
export async function submitForm(
  submission: Submission,
  desk: Desk,
): Promise<{ readonly ack: FormAck; readonly finish: () => Promise<void> }> {
  const language = languageFor(desk.settings(), submission.caller.handle, undefined);
  const memory = decodeFormMemory(submission.memory);
  const asked = {
    language,
    responseUrl: memory?.responseUrl ?? '',
    ...(memory?.messageTs === undefined ? {} : { messageTs: memory.messageTs }),
  };
  const missing = missingReason(submission, asked);
  if (missing !== undefined) return { ack: missing, finish: () => Promise.resolve() };
  const outcome = outcomeOf(submission, memory?.press, asked, desk);
  const early = await Promise.race([outcome, afterPatience(asked)]);
  return {
    ack: early.ack,
    finish: async () => bringHome(submission, await outcome, early, asked, desk),
  };
}

type Told = Pick<Asked, 'language' | 'responseUrl' | 'messageTs'>;

/** Undefined when a reason was given. Blanks pass Slack's own check. */
function missingReason({ values }: Submission, told: Told): FormAck | undefined {
  if ((values[reasonField] ?? '').trim() !== '') return undefined;
  return { response_action: 'errors', errors: { [reasonField]: slackWords(told).reasonMissing } };
}

async function outcomeOf(
  submission: Submission,
  press: string | undefined,
  told: Told,
  desk: Desk,
): Promise<Outcome> {
  const pressed = decodePress(press);
  if (pressed === undefined) {
    const reply = refusal(slackWords(told).unknownButton);
    return { reply, ack: { response_action: 'update', view: viewOf(reply, told) } };
  }
  const caller = await desk.people.know(submission.caller);
  const reply = await run(
    filledIn(pressed.invocation, submission),
    { caller, dedupeId: submission.dedupeId, language: told.language },
    desk,
  );
  return { reply, ack: ackOf(reply, submission, told) };
}

/** A refusal that is about a field of the form stands under it, so that the rest need not be typed again. */
function ackOf(reply: Reply, { values }: Submission, told: Told): FormAck {
  const { field, outcome, blocks } = reply;
  if (outcome === 'refused' && field !== undefined && Object.hasOwn(values, field)) {
    const text = blocks.map((block) => (block.kind === 'text' ? block.text : '')).join(' ');
    return { response_action: 'errors', errors: { [field]: clip(text.trim(), errorMax) } };
  }
  return { response_action: 'update', view: viewOf(reply, told) };
}

/** The modal meanwhile, when the work outlasts what Slack waits for an acknowledgement. */
async function afterPatience(told: Told): Promise<Outcome> {
  await sleep(patienceMs);
  const { workingTitle, working } = slackWords(told);
  return {
    ack: { response_action: 'update', view: noticeView(workingTitle, working, told.language) },
  };
}

/** Brings a late outcome into the modal, and what everybody may know into the conversation. */
async function bringHome(
  submission: Submission,
  { reply }: Outcome,
  early: Outcome,
  told: Told,
  desk: Desk,
): Promise<void> {
  if (reply === undefined) return;
  const isShown =
    early.reply !== undefined || (await updateView(submission.viewId, viewOf(reply, told), desk));
  if (isShown && !isPublic(reply)) return;
  if (told.responseUrl !== '') await answerAt(told.responseUrl, reply, told, desk);
}

function filledIn(invocation: Invocation, { values }: Submission): Invocation {
  const said = Object.fromEntries(
    Object.entries(values)
      .map(([name, value]) => [name, value.trim()] as const)
      .filter(([, value]) => value !== ''),
  );
  return { ...invocation, options: { ...invocation.options, ...said, confirm: 'yes' } };
}
