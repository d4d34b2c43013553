import type { SeenCard } from '../../contract/channel.contract.ts';
import type { AliyunStandIn, TwilioStandIn } from '../../servers/sms.ts';

/** What people got, incident by incident: the first message, and those after it, each with the numbers that have it. */
export function phonesOf(
  messages: readonly { readonly to: string; readonly text: string; readonly incident: string }[],
): readonly SeenCard[] {
  const texts = [...new Set(messages.map(({ text }) => text))].map((text) => ({
    text,
    incident: messages.find((one) => one.text === text)?.incident,
    to: messages.filter((one) => one.text === text).map(({ to }) => to),
  }));
  return [...new Set(texts.map(({ incident }) => incident))].map((incident) => {
    const [first, ...later] = texts.filter((one) => one.incident === incident);
    return {
      text: first?.text ?? '',
      thread: later.map(({ text, to }) => `${text} → ${to.join(', ')}`),
    };
  });
}

export function twilioPhones({ messages }: TwilioStandIn): readonly SeenCard[] {
  return phonesOf(
    messages.map(({ to, body }) => ({ to, text: body, incident: /#(\d+)/u.exec(body)?.[1] ?? '' })),
  );
}

export function aliyunPhones({ messages }: AliyunStandIn): readonly SeenCard[] {
  return phonesOf(
    messages.map(({ number, text, variables }) => ({
      to: `+86${number}`,
      text,
      incident: variables['code'] ?? '',
    })),
  );
}
