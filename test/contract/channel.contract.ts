import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Card } from '../../src/model/card.ts';
import { DeliveryError } from '../../src/model/errors.ts';
import type { DeliveryKey, Destination, Receipt } from '../../src/model/notification.ts';
import type { Channel, Delivery } from '../../src/ports/channel.ts';
import { aCard, aLine, anEndlessCard } from '../support/cards.ts';

/** A card as it hangs at the destination, with what was said under it. */
export interface SeenCard {
  /** What a person or a program reads of it. */
  readonly text: string;
  readonly thread: readonly string[];
}

/** A channel with its far side, and ways to make the far side misbehave. What a platform cannot do is absent. */
export interface ChannelUnderTest {
  readonly channel: Channel;
  readonly destination: Destination;
  /** Somebody's handle in this channel; one that any channel takes by default. */
  readonly handle?: string;
  /** The cards that hang at the destination, oldest first: edits applied, deleted ones gone. */
  cards(): Promise<readonly SeenCard[]>;
  /** The next send is told to come back in two seconds. */
  readonly limitRate?: () => void;
  /** The destination refuses for good from now on. */
  readonly refuse?: () => void;
  /** The next send arrives, and its answer gets lost. */
  readonly loseAnswer?: () => void;
  /** The next send is never answered (and does not arrive). */
  readonly hang?: () => void;
  /** The far side is not there at all. */
  readonly unplug?: () => Promise<void>;
  /** A person deletes the newest card. */
  readonly deleteCard?: () => void;
  /** The same change sent twice is the same card: it is sent again, and never looked for. */
  readonly changesAgain?: true;
  /** Strings that must never be told in an error. */
  readonly secrets: readonly string[];
  close(): Promise<void>;
}

/** What every channel promises. `make` starts a fresh far side for each test. */
export function channelContract(name: string, make: () => Promise<ChannelUnderTest>): void {
  describe(`${name} as a channel`, () => {
    let under: ChannelUnderTest;

    beforeEach(async () => {
      under = await make();
    });

    afterEach(() => under.close());

    const show = (card: Card, key: DeliveryKey, previous?: Receipt): Promise<Receipt> =>
      under.channel.deliver(
        { kind: 'show', card, previous, text: card.title },
        under.destination,
        key,
      );

    const failureOf = async (delivery: Delivery, key: DeliveryKey): Promise<DeliveryError> => {
      const outcome = await under.channel.deliver(delivery, under.destination, key).then(
        () => undefined,
        (error: unknown) => error,
      );
      expect(outcome).toBeInstanceOf(DeliveryError);
      return outcome as DeliveryError;
    };

    const aShow = (): Delivery => ({ kind: 'show', card: aCard(), previous: undefined, text: 't' });

    it('shows a card once', async () => {
      await show(aCard({ title: 'orders: quorum lost' }), 'k1');

      const cards = await under.cards();
      expect(cards).toHaveLength(1);
      expect(cards[0]?.text).toContain('orders: quorum lost');
    });

    it('answers with a receipt of short strings', async () => {
      const receipt = await show(aCard(), 'k1');

      for (const value of Object.values(receipt)) expect(typeof value).toBe('string');
      expect(JSON.stringify(receipt).length).toBeLessThan(1000);
    });

    it('changes the card in place when it is shown again', async (context) => {
      if (under.channel.edits === false) return context.skip('cannot edit');
      const receipt = await show(aCard({ version: 1, title: 'orders: zk2 went' }), 'k1');

      await show(aCard({ version: 2, title: 'zk2 is back', tone: 'resolved' }), 'k2', receipt);

      const cards = await under.cards();
      expect(cards).toHaveLength(1);
      expect(cards[0]?.text).toContain('zk2 is back');
      expect(cards[0]?.text).not.toContain('orders: zk2 went');
    });

    it('keeps the cards of two incidents apart', async () => {
      await show(aCard({ incident: 12, title: 'orders: zk2 is down' }), 'k1');
      await show(aCard({ incident: 13, title: 'billing: zk1 is down' }), 'k2');

      const cards = await under.cards();
      expect(cards.map((card) => card.text)).toEqual([
        expect.stringContaining('orders: zk2 is down'),
        expect.stringContaining('billing: zk1 is down'),
      ]);
    });

    it('says a line under its card and calls whom it names', async () => {
      const card = aCard();
      const handle = under.handle ?? 'U0BO';
      const thread = await show(card, 'k1');

      await under.channel.deliver(
        { kind: 'speak', card, line: aLine({ text: 'nobody came', mention: [handle] }), thread },
        under.destination,
        'k2',
      );

      const [seen] = await under.cards();
      expect(seen?.thread).toEqual([expect.stringContaining('nobody came')]);
      expect(seen?.thread[0]).toContain(handle);
    });

    it('delivers the longest card, title first', async () => {
      await show(anEndlessCard({ title: 'orders: quorum lost' }), 'k1');

      const [seen] = await under.cards();
      expect(seen?.text).toContain('orders: quorum lost');
    });

    it('delivers a card whose every text is too long', async () => {
      await show(anEndlessCard(), 'k1');

      expect(await under.cards()).toHaveLength(1);
    });

    it('says when to come back after a rate limit, and delivers then', async (context) => {
      if (under.limitRate === undefined) return context.skip('has no rate limit');
      under.limitRate();

      const failure = await failureOf(aShow(), 'k1');

      expect(failure.code).toBe('delivery-rate-limited');
      expect(failure.retryAfterMs).toBeGreaterThan(0);
      expect(failure.retryAfterMs).toBeLessThanOrEqual(2000);
      expect(await under.cards()).toHaveLength(0);
    });

    it('calls a refusal final', async (context) => {
      if (under.refuse === undefined) return context.skip('cannot refuse');
      under.refuse();

      const failure = await failureOf(aShow(), 'k1');

      expect(failure.code).toBe('delivery-refused');
    });

    it('calls a lost answer unknown, not failed', async (context) => {
      if (under.loseAnswer === undefined) return context.skip('answers cannot get lost');
      under.loseAnswer();

      const failure = await failureOf(aShow(), 'k1');

      expect(failure.code).toBe('delivery-unknown');
      expect(await under.cards()).toHaveLength(1);
    });

    it('gives up waiting, and calls it unknown', async (context) => {
      if (under.hang === undefined) return context.skip('cannot hang');
      under.hang();

      const failure = await failureOf(aShow(), 'k1');

      expect(failure.code).toBe('delivery-unknown');
    });

    it('calls a far side that is not there a passing trouble', async (context) => {
      if (under.unplug === undefined) return context.skip('is always there');
      await under.unplug();

      const failure = await failureOf(aShow(), 'k1');

      expect(failure.code).toBe('delivery-temporary');
    });

    it('never tells a secret in an error', async (context) => {
      const faults = [under.limitRate, under.loseAnswer, under.hang, under.refuse];
      const possible = faults.filter((fault) => fault !== undefined);
      if (possible.length === 0) return context.skip('cannot fail');
      const texts: string[] = [];

      for (const fault of possible) {
        fault();
        texts.push(
          inspect(await failureOf(aShow(), `k${texts.length}`), { depth: 20, showHidden: true }),
        );
      }

      for (const text of texts)
        for (const secret of under.secrets) expect(text).not.toContain(secret);
    });

    it('posts a card afresh when its message was deleted', async (context) => {
      if (under.deleteCard === undefined) return context.skip('cards cannot be deleted');
      const receipt = await show(aCard(), 'k1');
      under.deleteCard();

      const fresh = await show(aCard({ title: 'zk2 is back' }), 'k2', receipt);

      const cards = await under.cards();
      expect(cards).toHaveLength(1);
      expect(cards[0]?.text).toContain('zk2 is back');
      expect(fresh).not.toEqual(receipt);
    });

    it('finds a card that arrived without an answer, and goes on with it', async (context) => {
      if (under.channel.reconcile === undefined || under.loseAnswer === undefined)
        return context.skip('cannot tell what arrived');
      const sinceMs = Date.now() - 1000;
      under.loseAnswer();
      await failureOf(aShow(), 'k1');

      const found = await under.channel.reconcile('k1', under.destination, sinceMs);

      expect(found).toBeDefined();
      await show(aCard({ title: 'zk2 is back' }), 'k2', found);
      const cards = await under.cards();
      expect(cards).toHaveLength(1);
      expect(cards[0]?.text).toContain('zk2 is back');
    });

    it('finds a change that arrived without an answer', async (context) => {
      if (under.channel.reconcile === undefined || under.loseAnswer === undefined)
        return context.skip('cannot tell what arrived');
      if (under.changesAgain === true) return context.skip('sends a change again');
      const sinceMs = Date.now() - 1000;
      const receipt = await show(aCard(), 'k1');
      under.loseAnswer();
      await failureOf({ kind: 'show', card: aCard(), previous: receipt, text: 't' }, 'k2');

      const found = await under.channel.reconcile('k2', under.destination, sinceMs);

      expect(found).toEqual(receipt);
    });

    it('finds a line that arrived without an answer', async (context) => {
      if (under.channel.reconcile === undefined || under.loseAnswer === undefined)
        return context.skip('cannot tell what arrived');
      const sinceMs = Date.now() - 1000;
      const card = aCard();
      const thread = await show(card, 'k1');
      under.loseAnswer();
      await failureOf({ kind: 'speak', card, line: aLine(), thread }, 'k2');

      const found = await under.channel.reconcile('k2', under.destination, sinceMs);

      expect(found).toBeDefined();
    });

    it('does not find what never arrived', async (context) => {
      if (under.channel.reconcile === undefined) return context.skip('cannot tell what arrived');
      await show(aCard(), 'k1');

      const found = await under.channel.reconcile('k2', under.destination, Date.now() - 1000);

      expect(found).toBeUndefined();
    });

    it('refuses a destination nobody knows', async (context) => {
      if (under.refuse === undefined) return context.skip('has one destination');
      const nowhere = { ...under.destination, address: 'C0NOWHERE' };

      const outcome = under.channel.deliver(aShow(), nowhere, 'k1');

      await expect(outcome).rejects.toMatchObject({ code: 'delivery-refused' });
    });
  });
}
