import type { Language } from '../../model/person.ts';
import type { Reply } from '../../model/reply.ts';
import { answerAt, answerDirectly } from './answer.ts';
import type { Desk } from './desk.ts';
import { slackErrorOf } from './failure.ts';

const direct = 'im:';

/** Where an answer goes that was asked for on the bot's own page, which is no conversation: to the person alone. */
export function directTo(handle: string): string {
  return `${direct}${handle}`;
}

/** Says an answer that comes long after it was asked for. */
export async function answerLater(
  to: string,
  reply: Reply,
  language: Language,
  desk: Desk,
): Promise<boolean> {
  if (!to.startsWith(direct)) return await answerAt(to, reply, { language }, desk);
  try {
    await answerDirectly(to.slice(direct.length), reply, language, desk);
    return true;
  } catch (error) {
    desk.log.warn({ reason: slackErrorOf(error) ?? 'no answer' }, 'an answer did not reach slack');
    return false;
  }
}
