import { type Invocation } from '../../model/invocation.ts';
import type { Language } from '../../model/person.ts';
import type { Reply } from '../../model/reply.ts';
import type { Caller } from '../../ports/act.ts';
import { words } from '../../rules/card/words/words.ts';
import { type Desk, languageOf, refusal, run, said } from './desk.ts';
import { failureOf } from './failure.ts';
import { reasonCharsMax, replySpareMs, webhookBytesMax } from './limits.ts';
import { isCommand, readAnswer, readLine } from './line.ts';
import type { Message as Letter } from './payload.ts';
import type { Questions } from './question.ts';
import { formOf, renderConfirm, renderForm, renderReply } from './render-reply.ts';
import type { Message } from './render-text.ts';
import { post } from './robot.ts';
import { clipBytes } from './text.ts';
import { sendToPeople } from './text-channel.ts';
import { lineOf } from './wire.ts';

/** How long the address that came with a message may take. */
const replyMs = 5000;

/** What somebody wrote leads to: a command, or the answer to what they were asked. */
export async function answerMessage(
  letter: Letter,
  desk: Desk,
  questions: Questions,
): Promise<void> {
  const { dingtalk } = words(languageOf(letter.caller, desk));
  if (letter.isOverQuota) {
    desk.log.warn(
      {},
      'dingtalk keeps the texts of messages back: the quota of the month is used up',
    );
    return;
  }
  if (letter.text === undefined)
    return await give(refusal(dingtalk.noText), letter, desk, questions);
  if (!letter.isGroup && !isCommand(letter.text)) {
    const question = await questions.take(letter.caller.handle);
    if (question !== undefined) {
      const reply = await goOn(letter, letter.text, question, desk, questions);
      if (reply !== undefined) await give(reply, letter, desk, questions);
      return;
    }
  }
  const invocation = readLine(letter.text);
  const reply =
    invocation === undefined
      ? refusal(dingtalk.tooLong)
      : await run(invocation, { caller: letter.caller, id: letter.id }, desk);
  await give(reply, letter, desk, questions);
}

type Asked = NonNullable<Awaited<ReturnType<Questions['take']>>>;

/** The next step of a question: a reason leads to a yes or no, a yes to the deed. Undefined when it was asked again. */
async function goOn(
  letter: Letter,
  text: string,
  question: Asked,
  desk: Desk,
  questions: Questions,
): Promise<Reply | undefined> {
  const { form } = question;
  const answer = readAnswer(text);
  if (answer === 'no') return said(words(languageOf(letter.caller, desk)).dingtalk.cancelled);
  const asked = { caller: letter.caller, id: letter.id };
  if (question.stage === 'confirm') {
    if (answer === 'yes')
      return await run(withReason(form.invocation, question.reason), asked, desk);
    await confirm(letter, { ...question, stage: 'confirm' }, desk, questions);
    return undefined;
  }
  const reason = text.trim().slice(0, reasonCharsMax);
  if (!form.danger) return await run(withReason(form.invocation, reason), asked, desk);
  await confirm(letter, { stage: 'confirm', reason, form }, desk, questions);
  return undefined;
}

async function confirm(
  letter: Letter,
  question: Asked,
  desk: Desk,
  questions: Questions,
): Promise<void> {
  const language = languageOf(letter.caller, desk);
  const isKept = await questions.ask(letter.caller.handle, question);
  const text = isKept
    ? renderConfirm(question.form, question.reason, language)
    : renderReply(refusal(words(language).dingtalk.failed), language);
  await reply(letter, text, desk);
}

/** A question for a reason goes into the single chat, with what was said already; a question with its reason wants a yes. */
export async function ask(
  reply: Reply,
  caller: Caller,
  desk: Pick<Desk, 'house'>,
  questions: Questions,
): Promise<Message | undefined> {
  const form = formOf(reply);
  if (form === undefined) return undefined;
  const reason = (form.invocation.options['reason'] ?? '').trim();
  const stage = reason === '' || !form.danger ? 'reason' : 'confirm';
  if (!(await questions.ask(caller.handle, { stage, reason, form }))) return undefined;
  const language = languageOf(caller, desk);
  return stage === 'confirm' ? renderConfirm(form, reason, language) : renderForm(form, language);
}

/**
 * Says a reply. In a group everybody sees what was done and shown; what concerns one person (a refusal, a question) goes into their
 * single chat, or into the group where that is not possible.
 */
async function give(given: Reply, letter: Letter, desk: Desk, questions: Questions): Promise<void> {
  const language = languageOf(letter.caller, desk);
  const question = await ask(given, letter.caller, desk, questions);
  const text = question ?? renderReply(given, language);
  if (!letter.isGroup || given.outcome === 'done') return await reply(letter, text, desk);
  try {
    await sendToPeople(desk, [letter.caller.handle], text);
    if (question !== undefined)
      await reply(letter, sentence(words(language).dingtalk.askedInSingleChat), desk);
  } catch (error) {
    desk.log.debug({ err: failureOf(error) }, 'dingtalk has no single chat with somebody');
    await reply(letter, question === undefined ? text : inOneLine(given, language), desk);
  }
}

/** What to write in the group to somebody who cannot be asked alone. */
function inOneLine(given: Reply, language: Language): Message {
  const form = formOf(given);
  const line = form === undefined ? '' : lineOf(form);
  return sentence(words(language).dingtalk.askInLine(line));
}

function sentence(text: string): Message {
  return { title: 'Nightkeeper', text };
}

/** Answers where the message came from: by the address that came with it, which costs no call of the API. */
export async function reply(
  letter: Pick<Letter, 'caller' | 'isGroup' | 'replyUrl' | 'replyUntilMs'>,
  { title, text }: Message,
  desk: Desk,
): Promise<void> {
  const { handle } = letter.caller;
  const isAlive = letter.replyUrl !== '' && letter.replyUntilMs > Date.now() + replySpareMs;
  if (isAlive) {
    try {
      desk.meter.count('messages');
      const call = letter.isGroup ? `@${handle}\n\n` : '';
      return await post(letter.replyUrl, replyMs, {
        msgtype: 'markdown',
        markdown: { title, text: clipBytes(`${call}${text}`, webhookBytesMax) },
        ...(letter.isGroup ? { at: { atUserIds: [handle], isAtAll: false } } : {}),
      });
    } catch (error) {
      desk.log.warn({ err: error }, 'an answer did not reach dingtalk by its own address');
    }
  }
  await sendToPeople(desk, [handle], { title, text });
}

function withReason(invocation: Invocation, reason: string): Invocation {
  return { ...invocation, options: { ...invocation.options, reason, confirm: 'yes' } };
}
