import type { types } from '@slack/bolt';
import type { Invocation } from '../../model/invocation.ts';
import type { Language } from '../../model/person.ts';
import type { Reply } from '../../model/reply.ts';
import { words } from '../../rules/card/words/words.ts';
import { type Asked, type Desk, slackWords } from './desk.ts';
import { slackErrorOf } from './failure.ts';
import { privateMetadataMax, triggerMs, valueMax } from './limits.ts';
import { formOf, formView, noticeView, renderReply, replyView } from './render-reply.ts';
import { respond } from './respond.ts';
import { upload, uploadOf } from './upload.ts';
import { encodeFormMemory, encodePress } from './wire.ts';

type ModalView = types.ModalView;

/** Runs an invocation; an error becomes words for the person and facts for the log. */
export async function run(
  invocation: Invocation,
  asked: Pick<Asked, 'caller' | 'dedupeId' | 'language'>,
  desk: Desk,
): Promise<Reply> {
  try {
    return await desk.act(invocation, asked.caller, asked.dedupeId);
  } catch (error) {
    const { command } = invocation;
    desk.log.error({ err: error, command, invocation: asked.dedupeId }, 'an invocation failed');
    return { ...refusal(slackWords(asked).failed), outcome: 'failed' };
  }
}

/**
 * Opens a modal at once, since its trigger is dead in three seconds and the work may take longer, and fills it with what the
 * invocation answers: the form, the outcome, or why not.
 */
export async function runInModal(invocation: Invocation, asked: Asked, desk: Desk): Promise<void> {
  const said = slackWords(asked);
  const viewId = await openView(
    noticeView(said.loadingTitle, said.loading, asked.language),
    asked,
    desk,
  );
  const reply = await run(invocation, asked, desk);
  if (viewId === undefined || !(await updateView(viewId, viewOf(reply, asked), desk))) {
    await answer(reply, asked, desk);
  }
}

/** Shows a reply: a question as a modal while its trigger lives, everything else as a message. */
export async function present(reply: Reply, asked: Asked, desk: Desk): Promise<void> {
  if (formOf(reply) !== undefined && (await inModal(reply, asked, desk))) return;
  await answer(reply, asked, desk);
}

/** Says a reply where it was asked; where that is no conversation, in a modal or in a direct message. */
export async function answer(reply: Reply, asked: Asked, desk: Desk): Promise<void> {
  if (asked.responseUrl !== '') {
    await answerAt(asked.responseUrl, reply, asked, desk);
    await showPictures(reply, asked, desk);
  } else if (!(await inModal(reply, asked, desk))) {
    await answerDirectly(asked.caller.handle, reply, asked.language, desk);
  }
}

/** Says a reply to one person alone. Throws what the SDK throws. */
export async function answerDirectly(
  handle: string,
  reply: Reply,
  language: Language,
  { client }: Pick<Desk, 'client'>,
): Promise<void> {
  const { text, blocks } = messageOf(reply, language);
  await client.chat.postMessage({ channel: handle, text, blocks });
}

/**
 * Uploads the pictures of a reply: into the thread of the card it was asked on, into the conversation where everybody may see the
 * answer, else to the person alone. An answer that only one person sees cannot carry files itself.
 */
async function showPictures(reply: Reply, asked: Asked, desk: Desk): Promise<void> {
  const { pictures = [] } = reply;
  if (pictures.length === 0 || asked.conversation === undefined) return;
  const inside = asked.messageTs !== undefined || isPublic(reply);
  const channel = inside ? asked.conversation : await directMessage(asked.caller.handle, desk);
  const failed =
    channel === undefined
      ? 'im'
      : await upload(
          desk.uploader,
          pictures.map(uploadOf),
          { channel, threadTs: inside ? asked.messageTs : undefined },
          desk.log,
        );
  if (failed === undefined) return;
  const text = slackWords(asked).pictureFailed(failed);
  await answerAt(asked.responseUrl, refusal(text), asked, desk);
}

/** The conversation with one person alone; undefined when Slack does not open it. */
async function directMessage(handle: string, { client, log }: Desk): Promise<string | undefined> {
  try {
    return (await client.conversations.open({ users: handle })).channel?.id;
  } catch (error) {
    log.warn({ reason: slackErrorOf(error) ?? 'no answer' }, 'slack opened no direct message');
    return undefined;
  }
}

/** Says a reply through the address that came with a click or a command. */
export async function answerAt(
  responseUrl: string,
  reply: Reply,
  { language, messageTs }: { readonly language: Language; readonly messageTs?: string },
  { log, giveUp }: Pick<Desk, 'log' | 'giveUp'>,
): Promise<boolean> {
  return await respond(
    responseUrl,
    {
      ...messageOf(reply, language),
      to: isPublic(reply) ? 'everybody' : 'asker',
      ...(messageTs === undefined ? {} : { threadTs: messageTs }),
    },
    log,
    giveUp,
  );
}

/** A reply as a message; a question gets a button that asks again, with a fresh trigger. */
function messageOf(reply: Reply, language: Language) {
  const { text, blocks } = renderReply(reply, language);
  const form = formOf(reply);
  const value = form === undefined ? '' : encodePress({ kind: 'ask', invocation: form.invocation });
  if (form !== undefined && value.length <= valueMax) {
    const label = { type: 'plain_text', text: words(language).slack.continue } as const;
    blocks.push({
      type: 'actions',
      elements: [{ type: 'button', action_id: 'nk-continue', text: label, value }],
    });
  }
  return { text, blocks };
}

/** A reply as a modal: its question, or its words. */
export function viewOf(
  reply: Reply,
  asked: Pick<Asked, 'language' | 'responseUrl' | 'messageTs'>,
): ModalView {
  const form = formOf(reply);
  if (form === undefined) return replyView(reply, asked.language);
  const { responseUrl, messageTs } = asked;
  const press = encodePress({ kind: 'ask', invocation: form.invocation });
  const memory = encodeFormMemory({
    press,
    responseUrl,
    ...(messageTs === undefined ? {} : { messageTs }),
  });
  return memory.length > privateMetadataMax
    ? replyView(refusal(slackWords(asked).tooLong), asked.language)
    : formView(form, memory, asked.language);
}

/** True when the reply stands in a modal. */
async function inModal(reply: Reply, asked: Asked, desk: Desk): Promise<boolean> {
  if (desk.clock.now() - asked.triggeredMs >= triggerMs) return false;
  return (await openView(viewOf(reply, asked), asked, desk)) !== undefined;
}

async function openView(
  view: ModalView,
  { triggerId }: Asked,
  { client, log }: Desk,
): Promise<string | undefined> {
  try {
    const opened = await client.views.open({ trigger_id: triggerId, view });
    return opened.view?.id;
  } catch (error) {
    log.warn({ reason: slackErrorOf(error) ?? 'no answer' }, 'slack did not open a modal');
    return undefined;
  }
}

/** False when the modal is gone: the person closed it. */
export async function updateView(
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

export function isPublic(reply: Reply): boolean {
  return reply.visibility === 'public' && reply.outcome === 'done';
}

export function refusal(text: string): Reply {
  return { outcome: 'refused', visibility: 'private', blocks: [{ kind: 'text', text }] };
}
