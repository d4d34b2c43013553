import type { Language } from '../../model/person.ts';
import type { Reply } from '../../model/reply.ts';
import type { Caller } from '../../ports/act.ts';
import { words } from '../../rules/card/words/words.ts';
import { type Desk, languageOf, refusal, run, said } from './desk.ts';
import { failureOf } from './failure.ts';
import { insist } from './insist.ts';
import { replySpareMs, webhookBytesMax } from './limits.ts';
import { isCommand, readLine } from './line.ts';
import type { Message as Letter } from './payload.ts';
import { answered, type Question, type Questions, questionOf } from './question.ts';
import { renderQuestion } from './render-question.ts';
import { formOf, renderReply, withoutLinks } from './render-reply.ts';
import type { Message } from './render-text.ts';
import { post } from './robot.ts';
import { clipBytes } from './text.ts';
import { sendPicture, sendToPeople } from './text-channel.ts';
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
  if (letter.isOverQuota) return await tellOverQuota(letter, desk);
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

/** DingTalk took the text away. Its messages are used up and calls of its API are not, so those carry the word. */
async function tellOverQuota({ caller }: Letter, desk: Desk): Promise<void> {
  desk.log.warn({}, 'dingtalk keeps the texts of messages back: the quota of the month is used up');
  const language = languageOf(caller, desk);
  const { card, dingtalk } = words(language);
  const { publicUrl } = desk.house();
  const { blocks, ...rest } = refusal(dingtalk.overQuota);
  const open = { kind: 'link', label: card.buttons.open, url: publicUrl ?? '' } as const;
  const reply = { ...rest, blocks: publicUrl === undefined ? blocks : [...blocks, open] };
  try {
    await insist(() => sendToPeople(desk, [caller.handle], renderReply(reply, language)), desk);
  } catch (error) {
    desk.log.warn({ err: failureOf(error) }, 'an answer did not reach dingtalk');
  }
}

/** The next step of a question. Undefined when there is another one. */
async function goOn(
  letter: Letter,
  text: string,
  question: Question,
  desk: Desk,
  questions: Questions,
): Promise<Reply | undefined> {
  const step = answered(question, text);
  switch (step.kind) {
    case 'cancelled':
      return said(words(languageOf(letter.caller, desk)).dingtalk.cancelled);
    case 'run':
      return await run(step.invocation, { caller: letter.caller, id: letter.id }, desk);
    case 'ask': {
      const next = await put(step.question, letter.caller, desk, questions);
      if (next === undefined)
        return refusal(words(languageOf(letter.caller, desk)).dingtalk.failed);
      await reply(letter, next, desk);
      return undefined;
    }
  }
}

/** Remembers a question and words it; undefined when it cannot be remembered. */
async function put(
  question: Question,
  caller: Caller,
  desk: Pick<Desk, 'house'>,
  questions: Questions,
): Promise<Message | undefined> {
  if (!(await questions.ask(caller.handle, question))) return undefined;
  return renderQuestion(question, languageOf(caller, desk));
}

/** The question of a reply that asks; undefined for one that does not, or where it cannot be remembered. */
export async function ask(
  given: Reply,
  caller: Caller,
  desk: Pick<Desk, 'house'>,
  questions: Questions,
): Promise<Message | undefined> {
  const form = formOf(given);
  return form === undefined ? undefined : await put(questionOf(form), caller, desk, questions);
}

/**
 * Says a reply. In a group everybody sees what was done and shown; what concerns one person (a refusal, a question) goes into their
 * single chat, or into the group where that is not possible.
 */
async function give(given: Reply, letter: Letter, desk: Desk, questions: Questions): Promise<void> {
  const language = languageOf(letter.caller, desk);
  const question = await ask(given, letter.caller, desk, questions);
  const text = question ?? renderReply(given, language);
  if (!letter.isGroup || given.outcome === 'done') {
    await reply(letter, text, desk);
    return await showPictures(given, letter, desk);
  }
  try {
    await insist(() => sendToPeople(desk, [letter.caller.handle], text), desk);
    if (question !== undefined)
      await reply(letter, sentence(words(language).dingtalk.askedInSingleChat), desk);
  } catch (error) {
    desk.log.debug({ err: failureOf(error) }, 'dingtalk has no single chat with somebody');
    const open =
      question === undefined
        ? renderReply(withoutLinks(given), language)
        : inOneLine(given, language);
    await reply(letter, open, desk);
  }
}

/** Shows the pictures of an answer where it was asked for, and says so in words where DingTalk does not take them. */
async function showPictures({ pictures = [] }: Reply, letter: Letter, desk: Desk): Promise<void> {
  const { caller, isGroup, group } = letter;
  const to = isGroup ? { group } : { userId: caller.handle };
  for (const picture of pictures) {
    try {
      await insist(() => sendPicture(desk, to, picture), desk);
    } catch (error) {
      const { dingtalk } = words(languageOf(caller, desk));
      const { message } = failureOf(error);
      desk.log.warn({ err: error }, 'a picture did not reach dingtalk');
      await reply(letter, sentence(dingtalk.pictureFailed(message)), desk);
    }
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
  message: Message,
  desk: Desk,
): Promise<void> {
  await insist(async () => {
    if (!(await byItsAddress(letter, message, desk)))
      await sendToPeople(desk, [letter.caller.handle], message);
  }, desk);
}

/** False where the address has ended, or takes nothing; throws where it may take it later. */
async function byItsAddress(
  { caller: { handle }, isGroup, replyUrl, replyUntilMs }: Parameters<typeof reply>[0],
  { title, text }: Message,
  desk: Desk,
): Promise<boolean> {
  if (replyUrl === '' || replyUntilMs <= Date.now() + replySpareMs) return false;
  try {
    desk.meter.count('messages');
    const call = isGroup ? `@${handle}\n\n` : '';
    await post(replyUrl, replyMs, {
      msgtype: 'markdown',
      markdown: { title, text: clipBytes(`${call}${text}`, webhookBytesMax) },
      ...(isGroup ? { at: { atUserIds: [handle], isAtAll: false } } : {}),
    });
    return true;
  } catch (error) {
    if (failureOf(error).code !== 'delivery-refused') throw error;
    desk.log.warn({ err: error }, 'an answer did not reach dingtalk by its own address');
    return false;
  }
}
