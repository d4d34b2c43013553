import type { Destination, Receipt } from '../../model/notification.ts';
import type { Picture } from '../../model/reply.ts';
import type { Channel } from '../../ports/channel.ts';
import { robotCodeOf, type Sender } from './deliver.ts';
import { failureOf } from './failure.ts';
import { groupBudget, msgParamBytesMax, recipientsMax } from './limits.ts';
import { callsMeter } from './meter.ts';
import { marks } from './render-card.ts';
import { type Message, renderCardText, renderLineText, renderNoticeText } from './render-text.ts';
import { clipBytes } from './text.ts';

/**
 * Tells incidents as texts, for an application without a card template. A text cannot be changed or found again, so later news are
 * texts of their own, and a delivery whose answer got lost may come twice.
 */
export function createTextChannel(sender: Sender): Channel {
  return {
    name: 'dingtalk',
    budget: { ...groupBudget, monthly: sender.settings.quota.calls, meter: callsMeter },
    digests: true,
    edits: false,
    owners: true,
    evidence: true,

    async deliver(delivery, to) {
      try {
        switch (delivery.kind) {
          case 'show':
            return await sendToGroup(sender, to, renderCardText(delivery.card, true));
          case 'speak': {
            const { card, line } = delivery;
            const text = renderLineText(card, { ...line, mention: [] });
            const receipt = await sendToGroup(sender, to, text);
            await call(sender, line.mention, text);
            return receipt;
          }
        }
      } catch (error) {
        throw failureOf(error);
      }
    },

    async announce({ text, tone }, to) {
      try {
        return await sendToGroup(sender, to, renderNoticeText(text, marks[tone]));
      } catch (error) {
        throw failureOf(error);
      }
    },
  };
}

async function sendToGroup(sender: Sender, to: Destination, message: Message): Promise<Receipt> {
  const answer = await inGroup(sender, to.address, markdownOf(message));
  const query = answer['processQueryKey'];
  return { message: typeof query === 'string' ? query : '', conversation: to.address };
}

/** A message as the robot's API takes it. open.dingtalk.com, robot-message-type. */
interface RobotMessage {
  readonly msgKey: 'sampleMarkdown' | 'sampleImageMsg';
  /** JSON. */
  readonly msgParam: string;
}

function inGroup(
  { api, settings }: Pick<Sender, 'api' | 'settings'>,
  openConversationId: string,
  message: RobotMessage,
): ReturnType<Sender['api']['call']> {
  const robotCode = robotCodeOf(settings);
  return api.call('POST', '/v1.0/robot/groupMessages/send', {
    robotCode,
    openConversationId,
    ...message,
  });
}

/** Shows a picture in a group, or to one person alone. */
export async function sendPicture(
  sender: Pick<Sender, 'api' | 'settings' | 'log' | 'media'>,
  to: { readonly group: string } | { readonly userId: string },
  picture: Picture,
): Promise<void> {
  const photoURL = await sender.media.upload(picture);
  const message: RobotMessage = {
    msgKey: 'sampleImageMsg',
    msgParam: JSON.stringify({ photoURL }),
  };
  if ('group' in to) await inGroup(sender, to.group, message);
  else await toPeople(sender, [to.userId], message);
}

/** A robot cannot call anybody in a group this way: who is called gets the same in the single chat. */
async function call(sender: Sender, userIds: readonly string[], message: Message): Promise<void> {
  if (userIds.length === 0) return;
  try {
    await sendToPeople(sender, userIds, message);
  } catch (error) {
    // The group has it: sent again, it would be there twice.
    sender.log.warn({ people: userIds.length, err: failureOf(error) }, 'dingtalk called nobody');
  }
}

/** Sends a message to people in their single chats with the robot. */
export function sendToPeople(
  sender: Pick<Sender, 'api' | 'settings' | 'log'>,
  userIds: readonly string[],
  message: Message,
): Promise<void> {
  return toPeople(sender, userIds, markdownOf(message));
}

async function toPeople(
  { api, settings, log }: Pick<Sender, 'api' | 'settings' | 'log'>,
  userIds: readonly string[],
  message: RobotMessage,
): Promise<void> {
  const answer = await api.call('POST', '/v1.0/robot/oToMessages/batchSend', {
    robotCode: robotCodeOf(settings),
    userIds: userIds.slice(0, recipientsMax),
    ...message,
  });
  // HTTP 200 is no success for all of them.
  const missed = ['invalidStaffIdList', 'flowControlledStaffIdList'].flatMap((name) =>
    Array.isArray(answer[name]) ? (answer[name] as unknown[]).map(String) : [],
  );
  if (missed.length > 0) log.warn({ people: missed }, 'dingtalk did not reach everybody called');
}

function markdownOf(message: Message): RobotMessage {
  return { msgKey: 'sampleMarkdown', msgParam: msgParamOf(message) };
}

/** The longest text that fits; what is cut is at the end. */
function msgParamOf({ title, text }: Message): string {
  for (let room = msgParamBytesMax; ; room -= 1000) {
    const param = JSON.stringify({ title, text: clipBytes(text, room) });
    if (Buffer.byteLength(param, 'utf8') <= msgParamBytesMax || room <= 1000) return param;
  }
}
