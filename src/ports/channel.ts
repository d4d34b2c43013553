import type { Card, ThreadLine } from '../model/card.ts';
import type { DeliveryKey, Destination, Receipt } from '../model/notification.ts';

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

/** A way to people. Rendering, limits and the platform's errors are its own; retrying is not. */
export interface Channel {
  /** `slack`, `console`, `webhook` */
  readonly name: string;
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
}
