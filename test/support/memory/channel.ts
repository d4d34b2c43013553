import type { DeliveryError } from '../../../src/model/errors.ts';
import type { Receipt } from '../../../src/model/notification.ts';
import type { Channel, ChannelBudget } from '../../../src/ports/channel.ts';

/** One card as it hangs there, with its thread. */
export interface HungCard {
  readonly receipt: Receipt;
  title: string;
  stateLine: string;
  evidence: readonly string[];
  notice: string | undefined;
  readonly thread: string[];
  /** Handles called with each line of the thread. */
  readonly mentions: (readonly string[])[];
  edits: number;
}

/** A chat in memory: cards hang, are edited, and can be looked up by key. */
export interface MemoryChannel extends Channel {
  readonly cards: readonly HungCard[];
  /** Sends in order, `post`, `edit` or `line`, each with its key. */
  readonly sends: readonly string[];
  /** The next send fails so; `arrives` says whether the message got there all the same. */
  failNext(error: DeliveryError, arrives?: boolean): void;
  /** What was announced, newest text of each, with the key it was first said under. */
  readonly announced: readonly { readonly key: string; text: string }[];
  /** Nothing fails any more. */
  recover(): void;
  /** Called in the middle of every send, after it arrived. */
  onArrival(listener: () => Promise<void>): void;
}

/** `reconciles: false` is a platform that cannot be asked what arrived, `edits: false` one where what was sent stays as it is. */
export function createMemoryChannel(
  options: {
    readonly name?: string;
    readonly reconciles?: boolean;
    readonly edits?: boolean;
    readonly digests?: boolean;
    readonly calls?: boolean;
    readonly budget?: ChannelBudget;
  } = {},
): MemoryChannel {
  const cards: HungCard[] = [];
  const sends: string[] = [];
  const announced: { readonly key: string; text: string }[] = [];
  const arrived = new Map<string, Receipt>();
  const failures: { error: DeliveryError; arrives: boolean }[] = [];
  let arrival: () => Promise<void> = () => Promise.resolve();
  const channel: MemoryChannel = {
    name: options.name ?? 'slack',
    ...(options.edits === undefined ? {} : { edits: options.edits }),
    ...(options.digests === undefined ? {} : { digests: options.digests }),
    ...(options.calls === undefined ? {} : { calls: options.calls }),
    ...(options.budget === undefined ? {} : { budget: options.budget }),
    cards,
    sends,
    announced,
    announce({ text }, _to, key, previous) {
      const failure = failures.shift();
      if (failure !== undefined && !failure.arrives) return Promise.reject(failure.error);
      const known = announced.find((one) => one.key === previous?.['id']);
      if (known === undefined) announced.push({ key, text });
      else known.text = text;
      arrived.set(key, { id: key });
      return failure === undefined ? Promise.resolve({ id: key }) : Promise.reject(failure.error);
    },
    failNext: (error, arrives = false) => void failures.push({ error, arrives }),
    recover: () => {
      failures.length = 0;
    },
    onArrival: (listener) => {
      arrival = listener;
    },
    async deliver(delivery, _to, key) {
      const failure = failures.shift();
      if (failure !== undefined && !failure.arrives) throw failure.error;
      const previous = delivery.kind === 'show' ? delivery.previous : delivery.thread;
      const known = cards.find(({ receipt }) => receipt['id'] === previous?.['id']);
      let receipt: Receipt;
      if (delivery.kind === 'speak') {
        known?.thread.push(delivery.line.text);
        known?.mentions.push(delivery.line.mention);
        sends.push(`line ${key}`);
        receipt = { id: key };
      } else if (known === undefined) {
        receipt = { id: `card-${cards.length + 1}` };
        const { title, stateLine, evidence, notice } = delivery.card;
        cards.push({
          receipt,
          title,
          stateLine,
          evidence,
          notice,
          thread: [],
          mentions: [],
          edits: 0,
        });
        sends.push(`post ${key}`);
      } else {
        receipt = known.receipt;
        known.title = delivery.card.title;
        known.stateLine = delivery.card.stateLine;
        known.evidence = delivery.card.evidence;
        known.notice = delivery.card.notice;
        known.edits += 1;
        sends.push(`edit ${key}`);
      }
      arrived.set(key, receipt);
      await arrival();
      if (failure !== undefined) throw failure.error;
      return receipt;
    },
  };
  if (options.reconciles === false) return channel;
  return { ...channel, reconcile: (key) => Promise.resolve(arrived.get(key)) };
}
