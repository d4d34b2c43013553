import { z } from 'zod';
import type { Destination } from '../../model/notification.ts';
import type { Caller } from '../../ports/act.ts';
import type { Frame } from './frames.ts';
import { pressParameter } from './template.ts';
import { parseJson } from './wire.ts';

const messageSchema = z.object({
  msgId: z.string().min(1),
  msgtype: z.string().default(''),
  text: z.object({ content: z.string() }).optional().catch(undefined),
  conversationId: z.string().default(''),
  conversationType: z.string().default('1'),
  senderStaffId: z.string().optional(),
  senderId: z.string().default(''),
  senderNick: z.string().default(''),
  sessionWebhook: z.string().default(''),
  sessionWebhookExpiredTime: z.number().default(0),
  errorCode: z.union([z.string(), z.number()]).optional(),
});

/** Somebody wrote to the robot: in the single chat, or in a group with its name in front. */
export interface Message {
  readonly id: string;
  readonly caller: Caller;
  /** Undefined for what is no text: a picture, a file. */
  readonly text: string | undefined;
  readonly isGroup: boolean;
  /** The openConversationId of the group; empty in the single chat. */
  readonly group: string;
  /** Where the answer goes, and until when. */
  readonly replyUrl: string;
  readonly replyUntilMs: number;
  /** DingTalk took the text away: the quota of the month is used up. */
  readonly isOverQuota: boolean;
}

/** What DingTalk puts in place of a text when the messages of the month are used up. */
const overQuota = '20001';

/** Reads a message; in a group that is a destination its language is that of the destination. */
export function readMessage(
  { data }: Frame,
  destinations: readonly Destination[],
): Message | undefined {
  const read = messageSchema.safeParse(parseJson(data));
  if (!read.success) return undefined;
  const { msgId, text, conversationType, senderStaffId, senderId, senderNick, ...rest } = read.data;
  const group = destinations.find(
    ({ channel, address }) => channel === 'dingtalk' && address === rest.conversationId,
  );
  return {
    id: msgId,
    // Somebody from outside the organisation has no userId, and is nobody of the configuration.
    caller: {
      ...callerOf(senderStaffId ?? `${outside}${senderId}`, senderNick),
      ...(group === undefined ? {} : { language: group.language }),
    },
    text: text?.content,
    isGroup: conversationType === '2',
    group: conversationType === '2' ? rest.conversationId : '',
    replyUrl: /^https?:\/\//u.test(rest.sessionWebhook) ? rest.sessionWebhook : '',
    replyUntilMs: rest.sessionWebhookExpiredTime,
    isOverQuota: String(rest.errorCode ?? '') === overQuota,
  };
}

const clickSchema = z.object({
  outTrackId: z.string().min(1),
  userId: z.string().min(1),
  content: z.string(),
});

const contentSchema = z.object({
  cardPrivateData: z.object({
    actionIds: z.array(z.string()).default([]),
    params: z.record(z.string(), z.unknown()).default({}),
  }),
});

/** Somebody pressed a button of a card. */
export interface Click {
  /** The same again when DingTalk sends it again. */
  readonly id: string;
  readonly caller: Caller;
  readonly outTrackId: string;
  /** When it came, `performance.now()`. */
  readonly heardMs: number;
  /** What the button sends back; empty where the template does not send it. */
  readonly press: string;
}

export function readClick({ headers, data, heardMs }: Frame): Click | undefined {
  const read = clickSchema.safeParse(parseJson(data));
  if (!read.success) return undefined;
  const { outTrackId, userId } = read.data;
  const content = contentSchema.safeParse(parseJson(read.data.content));
  const press = content.success ? content.data.cardPrivateData.params[pressParameter] : undefined;
  return {
    id: headers.eventId ?? headers.messageId,
    caller: callerOf(userId, ''),
    outTrackId,
    heardMs,
    press: typeof press === 'string' ? press : '',
  };
}

/** Somebody of the organisation can be answered later too, in their single chat. */
function callerOf(handle: string, name: string): Caller {
  const isOutside = handle.startsWith(outside);
  return {
    via: 'dingtalk',
    handle,
    name: name === '' ? handle : name,
    ...(isOutside ? {} : { answerTo: handle }),
  };
}

/** Begins the handle of somebody who has no userId. */
const outside = 'outside:';
