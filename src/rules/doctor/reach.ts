import { type Diagnosis, diagnose, type Said } from '../../model/diagnosis.ts';
import type { MailFacts, ReachFacts } from '../../model/doctor-facts.ts';
import { wordOf } from './word-of.ts';

/** How far the mail server let the bot in. */
export function judgeMail(facts: MailFacts): Diagnosis {
  const { host, port, hasLogin } = facts;
  const base = { server: `${host}:${port}`, hasLogin };
  switch (facts.reached) {
    case 'ready': {
      const { isEncrypted, tookMs } = facts;
      // To the relay of this machine nobody listens in.
      const isLocal = /^(?:localhost|127\.|::1)/u.test(host);
      const code = isEncrypted || isLocal ? 'mail' : 'mail-open';
      return diagnose(code, '', { ...base, tookMs });
    }
    case 'nowhere':
      return diagnose('mail-away', '', { ...base, reason: facts.reason });
    case 'greeted':
      return diagnose('mail-tls', '', { ...base, reason: facts.reason });
    case 'encrypted':
      return diagnose('mail-login', '', { ...base, reason: facts.reason });
  }
}

/** What became of the mail that somebody asked for. */
export function judgeSent(to: string, answer: Said<unknown>): Diagnosis {
  return answer.kind === 'said'
    ? diagnose('mail-sent', to)
    : diagnose('mail-refused', to, { reason: wordOf(answer) });
}

/** Whether a webhook can be connected to. */
export function judgeReach({ destination, host, answer, isTls }: ReachFacts): Diagnosis {
  if (answer.kind === 'said')
    return diagnose('webhook', destination, { host, tookMs: answer.value.tookMs });
  const facts = { host, reason: wordOf(answer) };
  return diagnose(isTls ? 'webhook-tls' : 'webhook-away', destination, facts);
}
