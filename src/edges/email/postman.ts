import { DeliveryError, type DeliveryFailure } from '../../model/errors.ts';
import type { Log } from '../../ports/log.ts';
import type { EmailConfig } from './config.ts';
import { answerOf, isFinal, type SmtpTrouble } from './failure.ts';
import { connectionsMax, putOffTriesMax, rememberedMax, turnMs } from './limits.ts';
import { post } from './smtp.ts';
import { createTurns } from './turns.ts';

/** Addresses that have a mail already, while the server puts off others; and how often it did. */
interface Begun {
  readonly accepted: readonly string[];
  readonly tries: number;
}

/** Sends one mail, known by its Message-ID, to those who do not have it yet; answers who is refused for good. */
type Postman = (id: string, message: Buffer, to: readonly string[]) => Promise<readonly string[]>;

/** A sender of mails that remembers who has what: when the server puts off some addresses, only they are tried again. */
export function createPostman(parts: {
  readonly config: EmailConfig;
  readonly log: Log;
  /** The address that mails come from. */
  readonly sender: string;
  readonly timeoutMs: number;
}): Postman {
  const { config, log, sender, timeoutMs } = parts;
  const turns = createTurns(connectionsMax, turnMs);
  const begun = new Map<string, Begun>();

  return async (id, message, to) => {
    const earlier = begun.get(id) ?? { accepted: [], tries: 0 };
    const left = to.filter((address) => !earlier.accepted.includes(address));
    const { accepted, rejected } = await turns(() =>
      post(config, { from: sender, to: left, message }, timeoutMs),
    );
    const have = [...earlier.accepted, ...accepted];
    const putOff = rejected.filter((trouble) => !isFinal(trouble));
    const tries = earlier.tries + 1;
    if (putOff.length > 0 && (have.length === 0 || tries < putOffTriesMax)) {
      begun.set(id, { accepted: have, tries });
      const oldest = begun.keys().next();
      if (begun.size > rememberedMax && oldest.done !== true) begun.delete(oldest.value);
      throw partly('delivery-temporary', 'puts off', putOff, to.length);
    }
    if (have.length === 0) throw partly('delivery-refused', 'refuses', rejected, to.length);
    begun.delete(id);
    for (const trouble of rejected) {
      const facts = { address: trouble.recipient, answer: answerOf(trouble) };
      log.warn(facts, 'the mail server refused an address');
    }
    return rejected.flatMap(({ recipient }) => recipient ?? []);
  };
}

function partly(
  code: DeliveryFailure,
  does: string,
  troubles: readonly SmtpTrouble[],
  whole: number,
): DeliveryError {
  const answer = answerOf(troubles[0] ?? {});
  return new DeliveryError(
    code,
    `the mail server ${does} ${troubles.length} of ${whole} addresses: ${answer}`,
  );
}
