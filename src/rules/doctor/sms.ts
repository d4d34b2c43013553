import { type Diagnosis, diagnose } from '../../model/diagnosis.ts';
import type { SmsFacts } from '../../model/doctor-facts.ts';
import { wordOf } from './word-of.ts';

/** Below this a balance is told of: some dozens of messages in most countries, one bad night. In the currency of the account. [guess] */
export const balanceMin = 5;

/** Whether the provider of SMS would send what it is given. */
export function judgeSms(facts: SmsFacts): readonly Diagnosis[] {
  const account = judgeAccount(facts);
  // Without an account nothing else can be known.
  if (facts.account.kind === 'silent' || account.code === 'sms-login') return [account];
  return [account, judgeSender(facts), ...facts.templates.map((one) => judgeTemplate(facts, one))];
}

/** Refusals that say that the key may do something, only not that. */
const notAllowed = /RAM_PERMISSION|NoPermission|Forbidden\.RAM/u;

function judgeAccount({ provider, account, balance }: SmsFacts): Diagnosis {
  if (account.kind === 'silent')
    return diagnose('sms-away', '', { provider, reason: wordOf(account) });
  if (account.kind === 'refused')
    return notAllowed.test(account.code)
      ? diagnose('sms-cannot-look', '', { provider, reason: account.code })
      : diagnose('sms-login', '', { provider, reason: account.code });
  if (balance === undefined) return diagnose('sms', '', { provider, balance: '' });
  const left = `${balance.amount.toFixed(2)} ${balance.currency}`;
  return diagnose(balance.amount < balanceMin ? 'sms-balance-low' : 'sms', '', {
    provider,
    balance: left,
  });
}

function judgeSender({ provider, sender: { name, answer } }: SmsFacts): Diagnosis {
  if (answer.kind !== 'said')
    return diagnose('sms-sender-unchecked', name, { provider, reason: wordOf(answer) });
  switch (answer.value) {
    case 'ready':
      return diagnose('sms-sender', name, { provider });
    case 'waiting':
      return diagnose('sms-sender-waiting', name, { provider });
    case 'unknown':
      return diagnose('sms-sender-unknown', name, { provider });
    case 'unchecked':
      return diagnose('sms-sender-unchecked', name, { provider, reason: '' });
  }
}

function judgeTemplate(
  { provider }: SmsFacts,
  { code, answer }: SmsFacts['templates'][number],
): Diagnosis {
  if (answer.kind !== 'said')
    return diagnose('sms-template-unchecked', code, { provider, reason: wordOf(answer) });
  switch (answer.value) {
    case 'ready':
      return diagnose('sms-template', code, { provider });
    case 'waiting':
      return diagnose('sms-template-waiting', code, { provider });
    case 'unknown':
      return diagnose('sms-template-unknown', code, { provider });
    case 'other-variables':
      return diagnose('sms-template-variables', code, { provider });
  }
}
