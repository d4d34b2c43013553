import type { SeenCard } from '../../contract/channel.contract.ts';
import type { ReadMail } from '../../support/mail.ts';

/** Mails as a mail program shows them: those that begin a thread, and under each the answers that refer to it. */
export function threadsOf(mails: readonly ReadMail[]): readonly SeenCard[] {
  return mails
    .filter(({ headers }) => headers['in-reply-to'] === undefined)
    .map((first) => ({
      text: `${first.headers['subject']}\n${first.text}`,
      thread: mails
        .filter(({ headers }) => headers['in-reply-to'] === first.headers['message-id'])
        .map(({ headers, text }) => `${headers['to']} ${headers['cc'] ?? ''}\n${text}`),
    }));
}
