import type { DingTalkMessage, DingTalkStandIn } from '../servers/dingtalk.ts';
import { until } from './until.ts';

/** What somebody says to the robot, and what it answers. */
export interface Talk {
  /** Says a line, in a group or alone, and waits for what comes back: there, or alone. */
  ask(line: string, userId: string, group?: string): Promise<DingTalkMessage>;
  /** Presses a link of a message that says something as whoever presses it, and waits for what comes back. */
  tap(message: DingTalkMessage, label: string | RegExp, userId: string): Promise<DingTalkMessage>;
}

export function talkTo(dingtalk: DingTalkStandIn): Talk {
  const ask: Talk['ask'] = async (line, userId, group) => {
    const alone = `single:${userId}`;
    const there = () => [
      ...(group === undefined ? [] : dingtalk.messages(group)),
      ...dingtalk.messages(alone),
    ];
    const before = new Set(there().map(({ id }) => id));
    await dingtalk.say(line, userId, group === undefined ? {} : { group });
    return await until(
      `an answer to "${line}"`,
      () =>
        there().find(
          ({ id, kind, by, conversation }) =>
            !before.has(id) && kind === 'markdown' && (by === 'reply' || conversation === alone),
        ),
      20_000,
    );
  };
  return {
    ask,
    async tap(message, label, userId) {
      const link = saysOf(message).find((each) =>
        typeof label === 'string' ? each.label === label : label.test(each.label),
      );
      if (link === undefined)
        throw new Error(`there is no link ${String(label)} in: ${message.text}`);
      const { conversation } = message;
      return await ask(
        link.says,
        userId,
        conversation.startsWith('single:') ? undefined : conversation,
      );
    },
  };
}

/** The links of a message that say something, as DingTalk's client reads them. CHAT.md §2.4. */
export function saysOf({
  text,
}: Pick<DingTalkMessage, 'text'>): readonly { readonly label: string; readonly says: string }[] {
  const links = /\[([^\]]+)\]\(dtmd:\/\/dingtalkclient\/sendMessage\?content=([^)\s]+)\)/gu;
  return [...text.matchAll(links)].map(([, label = '', content = '']) => ({
    label,
    says: decodeURIComponent(content),
  }));
}
