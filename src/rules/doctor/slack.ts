import { type Diagnosis, diagnose, type Said } from '../../model/diagnosis.ts';
import type { SlackChannelFacts, SlackFacts, SlackWayIn } from '../../model/doctor-facts.ts';
import { badTokenWords } from '../../model/slack-words.ts';
import { wordOf } from './word-of.ts';

const badToken: ReadonlySet<string> = new Set(badTokenWords);

/** What stands between the bot and Slack, the worst first. */
export function judgeSlack(facts: SlackFacts): readonly Diagnosis[] {
  const { token } = facts;
  if (token.kind !== 'said') return [judgeToken(token), judgeWayIn(facts.wayIn)];
  const invite = `/invite @${token.value.user}`;
  return [
    judgeToken(token),
    judgeScopes(facts),
    judgeWayIn(facts.wayIn),
    ...facts.channels.map((channel) => judgeChannel(channel, invite)),
    ...facts.emails.map(({ person, answer }) => judgeEmail(person, answer)),
  ];
}

function judgeToken(token: SlackFacts['token']): Diagnosis {
  switch (token.kind) {
    case 'said':
      return diagnose('slack-token', '', token.value);
    case 'refused':
      return badToken.has(token.code)
        ? diagnose('slack-token-refused', '', { error: token.code })
        : diagnose('slack-away', '', { error: token.code });
    case 'silent':
      return diagnose('slack-away', '', { error: token.reason });
  }
}

function judgeScopes({ granted, wanted }: SlackFacts): Diagnosis {
  if (granted === undefined) return diagnose('slack-scopes-unknown');
  const missing = wanted.filter((scope) => !granted.includes(scope));
  return missing.length === 0
    ? diagnose('slack-scopes', '', { count: wanted.length })
    : diagnose('slack-scopes-missing', '', { scopes: missing });
}

function judgeWayIn(way: SlackWayIn): Diagnosis {
  if (way.kind === 'socket') {
    const { answer } = way;
    switch (answer.kind) {
      case 'said':
        return diagnose('slack-socket');
      case 'refused':
        return badToken.has(answer.code) || answer.code === 'missing_scope'
          ? diagnose('slack-socket-refused', '', { error: answer.code })
          : diagnose('slack-socket-unchecked', '', { error: answer.code });
      case 'silent':
        return diagnose('slack-socket-unchecked', '', { error: answer.reason });
    }
  }
  const { local, outside, port } = way;
  if (local.kind !== 'said')
    return diagnose('slack-http-wrong', '', { port, error: wordOf(local) });
  if (outside?.answer.kind === 'said') return diagnose('slack-http', '', { url: outside.url });
  const error = outside === undefined ? '' : wordOf(outside.answer);
  return diagnose('slack-http-public', '', { port, url: outside?.url ?? '', error });
}

function judgeChannel(
  { destination, address, answer }: SlackChannelFacts,
  invite: string,
): Diagnosis {
  if (answer.kind === 'said') {
    const { name, isMember, isArchived, isClosed } = answer.value;
    const facts = { channel: name === '' ? address : `#${name}`, invite };
    if (isArchived) return diagnose('slack-channel-archived', destination, facts);
    if (!isMember) return diagnose('slack-channel-outside', destination, facts);
    if (isClosed) return diagnose('slack-channel-closed', destination, facts);
    return diagnose('slack-channel', destination, facts);
  }
  const error = wordOf(answer);
  const facts = { channel: address, invite, error };
  if (error === 'channel_not_found') return diagnose('slack-channel-unknown', destination, facts);
  if (error === 'not_in_channel') return diagnose('slack-channel-outside', destination, facts);
  if (error === 'is_archived') return diagnose('slack-channel-archived', destination, facts);
  return diagnose('slack-channel-unchecked', destination, facts);
}

function judgeEmail(person: string, answer: Said<boolean>): Diagnosis {
  if (answer.kind !== 'said')
    return diagnose('slack-email-unchecked', person, { error: wordOf(answer) });
  return diagnose(answer.value ? 'slack-email' : 'slack-email-unknown', person);
}
