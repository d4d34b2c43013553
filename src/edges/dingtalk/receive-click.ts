import type { Card } from '../../model/card.ts';
import type { Language } from '../../model/person.ts';
import type { Reply } from '../../model/reply.ts';
import type { Caller } from '../../ports/act.ts';
import { words } from '../../rules/card/words/words.ts';
import { type Desk, languageOf, refusal, run } from './desk.ts';
import { failureOf } from './failure.ts';
import type { FrameAnswer } from './frames.ts';
import { insist } from './insist.ts';
import { answerSureMs, answerWithinMs, valueBytesMax } from './limits.ts';
import type { Click } from './payload.ts';
import type { Questions } from './question.ts';
import { ask } from './receive-message.ts';
import { renderCard } from './render-card.ts';
import { formOf, renderBrief, renderReply } from './render-reply.ts';
import { sleep } from './sleep.ts';
import type { CardParams } from './template.ts';
import { sendPicture, sendToPeople } from './text-channel.ts';
import { decodePress, lineOf, type Press } from './wire.ts';

/**
 * What a click leads to. DingTalk waits two seconds: what is done by then goes back in the answer (the card as it is now for
 * everybody, the words for the one who pressed), and what takes longer follows by itself.
 */
export async function answerClick(
  pressed: Click,
  desk: Desk,
  questions: Questions,
  later: (work: Promise<void>) => void,
): Promise<FrameAnswer> {
  const press = decodePress(pressed.press);
  const click = { ...pressed, caller: callerAt(pressed.caller, press, desk) };
  const { dingtalk } = words(languageOf(click.caller, desk));
  if (press === undefined) return tell(dingtalk.unknownButton);
  if (press.kind === 'ask') {
    // The sum needs fresh probes, and the person has to type: in the single chat.
    later(askAlone(click, press, desk, questions));
    return tell(dingtalk.askedInSingleChat);
  }
  // Not waited for: one connection to Redis keeps the order, and a change of the card comes after it.
  const begun = desk.shown.begin(click.outTrackId);
  const work = settle(click, press, desk);
  const late = new AbortController();
  const leftMs = Math.max(0, click.heardMs + answerWithinMs - performance.now());
  const early = await Promise.race([work, sleep(leftMs, late.signal).then((): 'late' => 'late')]);
  late.abort();
  await begun;
  if (early === 'late') {
    await desk.shown.end(click.outTrackId);
    later(
      work.then(({ reply }) =>
        isLong(reply) ? showAlone(click, reply, desk) : tellLate(click, reply, desk),
      ),
    );
    return tell(dingtalk.working);
  }
  const { drawn, reply } = early;
  if (isLong(reply)) later(showAlone(click, reply, desk));
  const text = isLong(reply) ? dingtalk.shownInSingleChat : renderBrief(reply, valueBytesMax);
  return {
    ...tell(text, drawn?.params),
    onArrived(arrivedMs) {
      // What comes later changes nothing.
      const isHeard = arrivedMs !== undefined && arrivedMs - click.heardMs < answerSureMs;
      later(settleLooks(click, press, { drawn, isHeard }, desk));
      if (!isHeard && !isLong(reply)) later(tellLate(click, reply, desk));
    },
  };
}

/** Nobody but us knows that an answer has changed the card: what hangs there is what delivery counts on from now on. */
async function settleLooks(
  { outTrackId }: Click,
  { incident, destination }: Press,
  { drawn, isHeard }: { readonly drawn: Drawn | undefined; readonly isHeard: boolean },
  { shown, lookAgain, log }: Desk,
): Promise<void> {
  const isCounted = await shown.end(outTrackId, isHeard ? drawn?.params : undefined);
  if (drawn === undefined) return;
  try {
    await lookAgain(incident, destination, isCounted ? drawn.card : undefined);
  } catch (error) {
    log.warn({ err: error, incident }, 'a card drawn in an answer could not be looked at again');
  }
}

interface Drawn {
  readonly card: Card;
  readonly params: CardParams;
}

interface Outcome {
  readonly reply: Reply;
  /** The card afterwards; absent where it could not be drawn, and delivery redraws it. */
  readonly drawn?: Drawn;
}

async function settle(click: Click, press: Press, desk: Desk): Promise<Outcome> {
  const reply = await run(press.invocation, click, desk);
  try {
    const card = await desk.cardNow(press.incident, press.destination);
    if (card === undefined) return { reply };
    return { reply, drawn: { card, params: renderCard(card, { id: press.destination }) } };
  } catch (error) {
    desk.log.warn(
      { err: error, incident: press.incident },
      'a card could not be drawn in an answer',
    );
    return { reply };
  }
}

/** Who pressed, in the language of the card. */
function callerAt(caller: Caller, press: Press | undefined, { house }: Desk): Caller {
  const card = house().destinations.find(({ id }) => id === press?.destination);
  return card === undefined ? caller : { ...caller, language: card.language };
}

/** The answer to a click: values of the card for everybody, and one for the person who pressed. */
function tell(
  text: string,
  params?: CardParams,
): Extract<FrameAnswer, { readonly kind: 'response' }> {
  return {
    kind: 'response',
    response: {
      cardUpdateOptions: { updateCardDataByKey: true, updatePrivateDataByKey: true },
      ...(params === undefined ? {} : { cardData: { cardParamMap: params } }),
      userPrivateData: { cardParamMap: { answer: text } },
    },
  };
}

/** Whether an answer is more than the line of a card can hold: a chart, a table. */
function isLong({ outcome, blocks, pictures = [] }: Reply): boolean {
  const inLine = blocks.every(({ kind }) => kind === 'text' || kind === 'link');
  return outcome === 'done' && (pictures.length > 0 || !inLine);
}

/** Shows a long answer, with its pictures, to the one who pressed; in the group it would be noise for everybody else. */
async function showAlone(click: Click, reply: Reply, desk: Desk): Promise<void> {
  const { handle } = click.caller;
  const language = languageOf(click.caller, desk);
  const { dingtalk } = words(language);
  try {
    await insist(() => sendToPeople(desk, [handle], renderReply(reply, language)), desk);
  } catch (error) {
    desk.log.warn({ err: failureOf(error) }, 'dingtalk has no single chat with somebody');
    return await tellLate(click, refusal(dingtalk.noSingleChat), desk);
  }
  try {
    for (const picture of reply.pictures ?? [])
      await insist(() => sendPicture(desk, { userId: handle }, picture), desk);
  } catch (error) {
    desk.log.warn({ err: error }, 'a picture did not reach dingtalk');
    await tellLate(click, refusal(dingtalk.pictureFailed(failureOf(error).message)), desk);
  }
}

/** What took longer than DingTalk waits: a change of what this one person sees. */
async function tellLate(click: Click, reply: Reply, desk: Desk): Promise<void> {
  const { api, log } = desk;
  const change = {
    outTrackId: click.outTrackId,
    userIdType: 1,
    privateData: {
      [click.caller.handle]: { cardParamMap: { answer: renderBrief(reply, valueBytesMax) } },
    },
    cardUpdateOptions: { updateCardDataByKey: true, updatePrivateDataByKey: true },
  };
  try {
    await insist(() => api.call('PUT', '/v1.0/card/instances', change), desk);
  } catch (error) {
    log.warn({ err: failureOf(error) }, 'an answer did not reach dingtalk');
  }
}

/** Asks in the single chat for what a card has no field for. */
async function askAlone(
  click: Click,
  { invocation }: Press,
  desk: Desk,
  questions: Questions,
): Promise<void> {
  const reply = await run(invocation, click, desk);
  const { caller } = click;
  const text =
    (await ask(reply, caller, desk, questions)) ?? renderReply(reply, languageOf(caller, desk));
  try {
    await insist(() => sendToPeople(desk, [caller.handle], text), desk);
  } catch (error) {
    desk.log.warn({ err: failureOf(error) }, 'dingtalk has no single chat with somebody');
    await tellLate(click, cannotAsk(reply, languageOf(caller, desk)), desk);
  }
}

/** A question that cannot be asked becomes the line to write. */
function cannotAsk(reply: Reply, language: Language): Reply {
  const form = formOf(reply);
  return form === undefined ? reply : refusal(words(language).dingtalk.askInLine(lineOf(form)));
}
