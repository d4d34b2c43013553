import { z } from 'zod';
import { DeliveryError } from '../../model/errors.ts';
import type { DeliveryKey, Destination, Receipt } from '../../model/notification.ts';
import type { Channel, Delivery } from '../../ports/channel.ts';
import type { Log } from '../../ports/log.ts';
import type { Api } from './api.ts';
import type { DingTalkConfig } from './config.ts';
import { ApiError, failureOf } from './failure.ts';
import { cardBudget } from './limits.ts';
import type { Media } from './media.ts';
import { callsMeter } from './meter.ts';
import { renderCard, renderLine, renderNotice } from './render-card.ts';
import type { Shown } from './shown.ts';
import type { CardParams } from './template.ts';
import type { Tracks } from './tracks.ts';

const deliveredSchema = z.object({
  result: z.object({
    deliverResults: z
      .array(z.object({ success: z.boolean(), errorMsg: z.string().nullish() }))
      .default([]),
  }),
});

/** What the channels of an application work with. */
export interface Sender {
  readonly api: Api;
  readonly settings: DingTalkConfig;
  readonly log: Log;
  /** What the cards that were redrawn as the answer to a click show already. */
  readonly shown: Shown;
  readonly tracks: Tracks;
  readonly media: Media;
}

/**
 * Shows incidents as interactive cards of the configured template. The key of the first delivery is the card's `outTrackId`: by it
 * the card is changed, and by it a delivery whose answer got lost is found again. Receipts are `{ outTrackId, conversation }`.
 */
export function createCardChannel(sender: Sender & { readonly template: string }): Channel {
  return {
    name: 'dingtalk',
    budget: { ...cardBudget, monthly: sender.settings.quota.calls, meter: callsMeter },
    digests: true,
    evidence: true,

    async deliver(delivery, to, key) {
      try {
        switch (delivery.kind) {
          case 'show':
            return await show(sender, delivery, to, key);
          case 'speak': {
            const { card, line } = delivery;
            return await create(sender, to, key, {
              params: renderLine(card, line),
              text: line.text,
              at: line.mention,
            });
          }
        }
      } catch (error) {
        throw failureOf(error);
      }
    },

    async announce(what, to, key, previous) {
      try {
        return await put(sender, to, key, previous, {
          params: renderNotice(what),
          text: what.text,
          at: [],
        });
      } catch (error) {
        throw failureOf(error);
      }
    },

    async reconcile(key, to) {
      try {
        // A change of nothing: only a card that is there can be changed.
        const outTrackId = await sender.tracks.idOf(key);
        return (await update(sender, outTrackId, {})) ? receiptOf(outTrackId, to) : undefined;
      } catch (error) {
        throw failureOf(error);
      }
    },
  };
}

interface Post {
  readonly params: CardParams;
  /** What the list of conversations and the notification show. */
  readonly text: string;
  /** Who is called, by userId. */
  readonly at: readonly string[];
}

async function show(
  sender: Sender & { readonly template: string },
  { card, previous, text }: Extract<Delivery, { kind: 'show' }>,
  to: Destination,
  key: DeliveryKey,
): Promise<Receipt> {
  const params = renderCard(card, to);
  const outTrackId = trackOf(previous, to);
  if (outTrackId !== undefined && (await sender.shown.isShown(outTrackId, params)))
    return receiptOf(outTrackId, to);
  return await put(sender, to, key, previous, { params, text, at: [] });
}

/** Changes the card of `previous` where it stands in this conversation, and posts a new one otherwise. */
async function put(
  sender: Sender & { readonly template: string },
  to: Destination,
  key: DeliveryKey,
  previous: Receipt | undefined,
  post: Post,
): Promise<Receipt> {
  const outTrackId = trackOf(previous, to);
  if (outTrackId === undefined) return await create(sender, to, key, post);
  try {
    const isThere = await sender.shown.around(outTrackId, () =>
      update(sender, outTrackId, post.params),
    );
    if (isThere) return receiptOf(outTrackId, to);
  } catch (error) {
    const failure = failureOf(error);
    if (failure.code !== 'delivery-unknown') throw failure;
    // The same change twice is the same card: there is nothing to find out before the next try.
    throw new DeliveryError('delivery-temporary', failure.message, { cause: error });
  }
  return await create(sender, to, key, post);
}

async function create(
  { api, settings, template, tracks }: Sender & { readonly template: string },
  to: Destination,
  key: DeliveryKey,
  { params, text, at }: Post,
): Promise<Receipt> {
  const outTrackId = await tracks.idOf(key);
  try {
    const answer = await api.call('POST', '/v1.0/card/instances/createAndDeliver', {
      cardTemplateId: template,
      outTrackId,
      callbackType: 'STREAM',
      cardData: { cardParamMap: params },
      openSpaceId: `dtv1.card//IM_GROUP.${to.address}`,
      userIdType: 1,
      imGroupOpenSpaceModel: {
        supportForward: true,
        lastMessageI18n: { ZH_CN: text.slice(0, 100), EN_US: text.slice(0, 100) },
        notification: { alertContent: text.slice(0, 100), notificationOff: false },
      },
      imGroupOpenDeliverModel: {
        robotCode: robotCodeOf(settings),
        ...(at.length === 0
          ? {}
          : { atUserIds: Object.fromEntries(at.map((userId) => [userId, userId])) }),
      },
    });
    const reason = whyUndelivered(answer);
    if (reason !== undefined) {
      await tracks.spoil(key);
      throw new DeliveryError('delivery-refused', `DingTalk did not deliver the card: ${reason}`);
    }
  } catch (error) {
    // It arrived the first time, and its answer got lost.
    if (!(error instanceof ApiError) || !error.is('cardAlreadyExist')) throw error;
  }
  return receiptOf(outTrackId, to);
}

/** HTTP 200 says that the card was made; whether it was delivered stands inside. Undefined when it was. */
function whyUndelivered(answer: unknown): string | undefined {
  const read = deliveredSchema.safeParse(answer);
  if (!read.success) throw new ApiError(200, 'unreadable-answer');
  const failed = read.data.result.deliverResults.find(({ success }) => !success);
  return failed === undefined ? undefined : (failed.errorMsg ?? 'without a reason').slice(0, 200);
}

/** Changes values of a card; false when there is no such card. */
export async function update(
  { api }: Pick<Sender, 'api'>,
  outTrackId: string,
  params: CardParams,
): Promise<boolean> {
  try {
    await api.call('PUT', '/v1.0/card/instances', {
      outTrackId,
      userIdType: 1,
      cardData: { cardParamMap: params },
      // Without it a change wipes every value that it does not name.
      cardUpdateOptions: { updateCardDataByKey: true, updatePrivateDataByKey: true },
    });
    return true;
  } catch (error) {
    if (error instanceof ApiError && error.is('cardNotExist')) return false;
    throw error;
  }
}

export function robotCodeOf({ robotCode, clientId }: DingTalkConfig): string {
  return robotCode ?? clientId;
}

function trackOf(previous: Receipt | undefined, to: Destination): string | undefined {
  return previous?.['conversation'] === to.address ? previous['outTrackId'] : undefined;
}

function receiptOf(outTrackId: string, to: Destination): Receipt {
  return { outTrackId, conversation: to.address };
}
