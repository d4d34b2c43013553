import type { Card, ThreadLine } from '../model/card.ts';
import type { DeliveryKey, Destination, Receipt } from '../model/notification.ts';
import type { Language } from '../model/person.ts';
import type { Reply } from '../model/reply.ts';

/** One thing to send. */
export type Delivery =
  /** Draw the card: post it, or edit the post of `previous`. A message that is gone is posted afresh. */
  | {
      readonly kind: 'show';
      readonly card: Card;
      readonly previous: Receipt | undefined;
      readonly text: string;
    }
  /** Say one thing, in the thread of the card where the chat has threads. `mention` are handles of this channel. */
  | {
      readonly kind: 'speak';
      readonly card: Card;
      readonly line: ThreadLine;
      readonly thread: Receipt;
    };

/** One plain thing said outside of any incident, when no card can be made. */
export interface Announcement {
  readonly text: string;
  readonly tone: 'critical' | 'resolved';
}

/**
 * How much a platform takes, per destination: `burst` messages at once, then one every `everyMs`. `monthly` is the quota of the whole
 * channel, of which every message uses one. Slack: 1 a second per conversation with short bursts. DingTalk: 20 a minute, 5000 calls
 * of its API and 3000 webhook and stream messages a month in the standard edition.
 */
export interface ChannelBudget {
  readonly burst: number;
  readonly everyMs: number;
  readonly monthly?: number;
  /** The count of the month that `monthly` is held against, where the channel counts by itself what it really uses. */
  readonly meter?: string;
}

/** A way to people. Rendering, limits and the platform's errors are its own; retrying is not. */
export interface Channel {
  /** `slack`, `console`, `webhook` */
  readonly name: string;
  /** Absent: it takes whatever comes. */
  readonly budget?: ChannelBudget;
  /** True for a chat that people read: a storm becomes one digest there. Programs and the console get every card. */
  readonly digests?: boolean;
  /**
   * False where what was sent cannot be changed any more, as with mail: the card is sent once, and from then on only what calls
   * somebody, what became of a recovery and the end are said. A digest is sent again as a whole, in the thread of its first message,
   * which is then `previous`. Absent: it can.
   */
  readonly edits?: boolean;
  /**
   * True where every message wakes somebody, as an SMS does: no card is shown there. It hears what calls people to a page, and the end of
   * what it was called for. Several calls of a storm become one.
   */
  readonly calls?: boolean;
  /** True for a chat whose people work there although nothing can be edited: it is said who has an incident, and who gave it back. */
  readonly owners?: boolean;
  /** True for a chat that wants what servers said right before a recovery, as a file or as far as it can show it. */
  readonly evidence?: boolean;
  /**
   * Sends once, with the key in the message where the platform can carry one. Throws a `DeliveryError` whose code says whether
   * and when to try again. Answers the receipt: for `show` the handle to edit, for `speak` anything.
   */
  deliver(delivery: Delivery, to: Destination, key: DeliveryKey): Promise<Receipt>;
  /**
   * Whether a message with this key arrived, after an answer was lost; its receipt, or undefined when it did not. Absent where the
   * platform cannot tell: delivery is then at least once, and says so in the docs.
   */
  reconcile?(key: DeliveryKey, to: Destination, sinceMs: number): Promise<Receipt | undefined>;
  /** Says a reply later than it was asked for, where `Caller.answerTo` told. False when the chat does not take it any more. */
  answer?(to: string, reply: Reply, language: Language): Promise<boolean>;
  /**
   * Says something with nothing but the network: the bot's own memory may be gone. With `previous` it changes what it said then,
   * where the platform can. Absent where the channel itself needs that memory.
   */
  announce?(
    what: Announcement,
    to: Destination,
    key: DeliveryKey,
    previous: Receipt | undefined,
  ): Promise<Receipt>;
}

/** Node's codes for a connection that never came to be: nothing was sent, so that sending again is safe. */
export const neverSentCodes: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);
