import type { Card, Tone } from '../../model/card.ts';
import type { DeliveryKey } from '../../model/notification.ts';
import type { Announcement, Delivery } from '../../ports/channel.ts';

/** The version of the body; a change that breaks receivers gets the next number. */
const webhookBodyVersion = 1;

/** What a receiver gets as JSON: the same card people see, with what a program wants of it at the top. */
export interface WebhookBody {
  readonly version: typeof webhookBodyVersion;
  /** `card`: the card as it is now, replacing the earlier one of the incident; `line`: one thing said once. */
  readonly event: 'card' | 'line';
  /** The same for every try of the same message: a receiver that has seen it may drop it. */
  readonly key: DeliveryKey;
  readonly incident: number;
  readonly ensemble: string;
  readonly detector: string;
  /** True where nothing of it is real: people practise. */
  readonly drill?: true;
  /** The server the fault is located on; absent when it concerns the ensemble. */
  readonly server?: string;
  /** In words of the destination's language. */
  readonly severity: string;
  readonly tone: Tone;
  readonly state: 'triggered' | 'acknowledged' | 'resolved';
  readonly title: string;
  /** Everything in one line, for a receiver that only forwards text. */
  readonly text: string;
  /** What was said, with the handles to call; with `line` only. */
  readonly line?: { readonly text: string; readonly mention: readonly string[] };
  /** Buttons are invocations: `POST /api/v1/commands` takes one as it stands. */
  readonly card: Card;
}

/** What a receiver gets when the bot speaks of itself, without an incident. */
export interface WebhookNotice {
  readonly version: typeof webhookBodyVersion;
  readonly event: 'notice';
  readonly key: DeliveryKey;
  /** `critical` when something began, `resolved` when it is over. */
  readonly tone: Announcement['tone'];
  readonly text: string;
}

/** The body for an announcement. Pure. */
export function renderNotice({ text, tone }: Announcement, key: DeliveryKey): WebhookNotice {
  return { version: webhookBodyVersion, event: 'notice', key, tone, text };
}

/** The body for one delivery. Pure. */
export function renderBody(delivery: Delivery, key: DeliveryKey): WebhookBody {
  const { card } = delivery;
  const body = {
    version: webhookBodyVersion,
    key,
    incident: card.incident,
    ensemble: card.ensemble,
    detector: card.detector,
    ...(card.drill === undefined ? {} : { drill: card.drill }),
    ...(card.server === undefined ? {} : { server: card.server }),
    severity: card.severity,
    tone: card.tone,
    state: stateOf(card.tone),
    title: card.title,
    card,
  } as const;
  switch (delivery.kind) {
    case 'show':
      return { ...body, event: 'card', text: delivery.text };
    case 'speak': {
      const { text, mention } = delivery.line;
      return { ...body, event: 'line', text, line: { text, mention } };
    }
  }
}

function stateOf(tone: Tone): WebhookBody['state'] {
  switch (tone) {
    case 'critical':
    case 'warning':
    case 'info':
      return 'triggered';
    case 'acknowledged':
      return 'acknowledged';
    case 'resolved':
      return 'resolved';
  }
}
