import { listOf, numberOf, textOf } from '../facts.ts';
import { counted } from '../plural.ts';
import type { CodesOf, WordsOfChecks } from './said.ts';

/** What goes wrong without a scope. */
const needs: Readonly<Record<string, string>> = {
  commands: 'the slash command',
  'chat:write': 'cards',
  'files:write': 'charts',
  'im:write': 'private answers',
  'channels:history': 'cards that never come twice',
  'groups:history': 'the same, in private channels',
  'im:history': 'the same, in direct messages',
  'channels:read': 'telling whether the bot is in a channel',
  'groups:read': 'the same, in private channels',
  'im:read': 'the same, in direct messages',
  'users:read': 'who pressed a button',
  'users:read.email': 'people known by their e-mail',
};

const tokenWords: Readonly<Record<string, string>> = {
  invalid_auth: 'Slack does not know it',
  not_authed: 'it is empty',
  account_inactive: 'the app was removed from the workspace, or its bot was switched off',
  token_revoked: 'it was revoked',
  token_expired: 'it has run out',
  not_allowed_token_type: 'it is a token of another kind',
  missing_scope: 'it lacks a scope',
};

const reinstall =
  'At https://api.slack.com/apps, your app, App Manifest: paste what "nightkeeper slack manifest" prints, save, then Install App, Reinstall to Workspace. The token stays the same.';

export const slackChecksEn: WordsOfChecks<CodesOf<'slack'>> = {
  'slack-token': (f) => ({
    text: `the bot token is good: ${textOf(f, 'user')} in ${textOf(f, 'team')}`,
  }),
  'slack-token-refused': (f) => ({
    text: `Slack refuses slack.botToken: ${tokenWords[textOf(f, 'error')] ?? ''} (${textOf(f, 'error')})`,
    next: 'Copy the Bot User OAuth Token (xoxb-…) from OAuth & Permissions of your app into the environment of the bot, and restart it. Where the app is gone: Install to Workspace first.',
  }),
  'slack-away': (f) => ({
    text: `Slack cannot be asked: ${textOf(f, 'error')}`,
    next: 'Try it from the machine of the bot: curl -sS https://slack.com/api/api.test. A proxy or a firewall must let https://slack.com and wss://*.slack.com through.',
  }),
  'slack-scopes': (f) => ({ text: `all ${counted(numberOf(f, 'count'), 'scope')} are granted` }),
  'slack-scopes-missing': (f) => ({
    text: `scopes are missing: ${listOf(f, 'scopes')
      .map((scope) => `${scope} (${needs[scope] ?? scope})`)
      .join(', ')}`,
    next: reinstall,
  }),
  'slack-scopes-unknown': () => ({
    text: 'Slack does not say which scopes are granted (a proxy may take the header x-oauth-scopes away)',
    next: 'Compare OAuth & Permissions of your app with what "nightkeeper slack manifest" prints.',
  }),
  'slack-socket': () => ({ text: 'socket mode: Slack lets the bot connect' }),
  'slack-socket-refused': (f) => ({
    text: `Slack refuses slack.appToken: ${tokenWords[textOf(f, 'error')] ?? ''} (${textOf(f, 'error')})`,
    next: 'Basic Information, App-Level Tokens, Generate, scope connections:write. Put the token (xapp-…) into the environment of the bot, and restart it. Socket Mode must be on.',
  }),
  'slack-socket-unchecked': (f) => ({
    text: `whether Slack lets the bot connect could not be checked: ${textOf(f, 'error')}`,
    next: 'Ask again in a minute: Slack answers this question rarely. Or press the button of a test card: /zk doctor click',
  }),
  'slack-http': (f) => ({
    text: `requests over HTTP: ${textOf(f, 'url')} leads to the bot, and the signing secret is the same`,
  }),
  'slack-http-wrong': (f) => ({
    text: `nothing that knows the signing secret answers on port ${numberOf(f, 'port')} of this machine: ${textOf(f, 'error')}`,
    next: 'Is the bot running here, with slack.port and slack.signingSecret as Basic Information of the app shows it? 401 is another secret, or a clock that is more than five minutes off.',
  }),
  'slack-http-public': (f) => ({
    text: `the bot takes requests on port ${numberOf(f, 'port')}; whether Slack reaches it from outside could not be checked${textOf(f, 'error') === '' ? '' : ` (${textOf(f, 'url')}: ${textOf(f, 'error')})`}`,
    next: 'Interactivity & Shortcuts of the app: the Request URL must lead to that port, path /slack/events. Press the button of a test card: /zk doctor click',
  }),
  'slack-channel': (f) => ({ text: `is in ${textOf(f, 'channel')} and may post` }),
  'slack-channel-unknown': (f) => ({
    text: `there is no channel ${textOf(f, 'channel')}, or it is private and the bot is not in it`,
    next: `In the channel: ${textOf(f, 'invite')}. The id is at the bottom of the channel's details.`,
  }),
  'slack-channel-archived': (f) => ({
    text: `${textOf(f, 'channel')} is archived: nobody can post there`,
    next: 'Unarchive it, or name another channel in destinations.',
  }),
  'slack-channel-outside': (f) => ({
    text: `the bot is not in ${textOf(f, 'channel')}`,
    next: `In the channel: ${textOf(f, 'invite')}`,
  }),
  'slack-channel-closed': (f) => ({
    text: `only some may post in ${textOf(f, 'channel')}, and the bot is none of them`,
    next: 'Channel settings, Posting permissions: allow everyone, or add the app. A workspace owner may have to do it.',
  }),
  'slack-channel-unchecked': (f) => ({
    text: `${textOf(f, 'channel')} could not be checked: ${textOf(f, 'error')}`,
    next: 'Post a test card there: /zk doctor click',
  }),
  'slack-email': () => ({ text: 'is known by e-mail' }),
  'slack-email-unknown': () => ({
    text: 'nobody in the workspace has the e-mail that people.*.email says',
    next: 'Write the member id instead (profile, ⋮, Copy member ID): slack: U012ABC',
  }),
  'slack-email-unchecked': (f) => ({
    text: `whether the e-mail is somebody's in the workspace could not be checked: ${textOf(f, 'error')}`,
    next: 'Write the member id instead (profile, ⋮, Copy member ID): slack: U012ABC',
  }),
};

const robotWords: Readonly<Record<string, { readonly text: string; readonly next: string }>> = {
  token: {
    text: 'there is no such robot any more, or it is switched off',
    next: 'Group settings, Bots: look at the custom robot, and copy its address anew into the environment.',
  },
  sign: {
    text: 'the signature is not the one it wants',
    next: 'Copy the key that begins with SEC from the security settings of the robot into secret.',
  },
  time: {
    text: 'the clock of the bot is more than an hour off',
    next: 'Set the clock of this machine (chrony or systemd-timesyncd).',
  },
  keyword: {
    text: 'it wants a keyword in each message, and none is configured',
    next: 'Write one of the keywords of its security settings: keyword: …',
  },
  address: {
    text: 'it takes messages from other addresses only',
    next: 'Add the address of this machine to the security settings of the robot.',
  },
};

export const dingtalkChecksEn: WordsOfChecks<CodesOf<'dingtalk'>> = {
  'dingtalk-app': () => ({ text: 'clientId and clientSecret are good' }),
  'dingtalk-app-refused': (f) => ({
    text: `DingTalk refuses clientId and clientSecret (${textOf(f, 'error')})`,
    next: 'open-dev.dingtalk.com, your application, Credentials: copy Client ID and Client Secret anew. A secret that was reset is good nowhere else.',
  }),
  'dingtalk-away': (f) => ({
    text: `DingTalk cannot be asked: ${textOf(f, 'error')}`,
    next: 'Try it from the machine of the bot: curl -sS https://api.dingtalk.com. A proxy or a firewall must let https://api.dingtalk.com and wss://*.dingtalk.com through.',
  }),
  'dingtalk-stream': (f) => ({
    text: `the stream is open to the bot, with ${counted(listOf(f, 'topics').length, 'topic')}: ${listOf(f, 'topics').join(', ')}`,
  }),
  'dingtalk-stream-refused': (f) => ({
    text: `DingTalk gives no ticket for the stream (${textOf(f, 'error')})`,
    next: 'Your application, Bot: receive mode Stream, then publish a version. Credentials must be of the same application.',
  }),
  'dingtalk-stream-unchecked': (f) => ({
    text: `whether the stream is open could not be checked: ${textOf(f, 'error')}`,
    next: 'Ask again in a minute, or press the button of a test card: /zk doctor click',
  }),
  'dingtalk-group': () => ({ text: 'the robot is in the group' }),
  'dingtalk-group-outside': () => ({
    text: 'there is no robot in the group',
    next: 'Group settings, Bots, Add: the robot of your application.',
  }),
  'dingtalk-group-other': (f) => ({
    text: `the robots of the group are others than ${textOf(f, 'robotCode')}`,
    next: 'Add the robot of your application to the group, or correct dingtalk.robotCode (application, Bot, RobotCode).',
  }),
  'dingtalk-group-unknown': (f) => ({
    text: `DingTalk knows no such group (${textOf(f, 'error')})`,
    next: 'The address is the openConversationId (cid…): write to the robot in the group, or ask the group for it as docs/channels/dingtalk.md says.',
  }),
  'dingtalk-group-unchecked': (f) => ({
    text: `whether the robot is in the group could not be checked (${textOf(f, 'error')})`,
    next: 'Where you want it checked: your application, Permissions, qyapi_chat_manage. Or post a test card: /zk doctor click',
  }),
  'dingtalk-template': (f) => ({ text: `a card could be made of ${textOf(f, 'template')}` }),
  'dingtalk-template-none': () => ({
    text: 'there is no cardTemplateId: cards are texts with links, and nothing on them changes',
    next: 'Build the template once, as docs/dingtalk/card-template.md says, and set dingtalk.cardTemplateId.',
  }),
  'dingtalk-template-refused': (f) => ({
    text: `no card can be made of ${textOf(f, 'template')} (${textOf(f, 'error')})`,
    next: 'open-dev.dingtalk.com/fe/card: is the template published, and linked to this application? Copy its id (….schema) anew.',
  }),
  'dingtalk-template-unchecked': (f) => ({
    text: `the template could not be checked (${textOf(f, 'error')})`,
    next: 'Your application needs the right Card.Instance.Write. Or press the button of a test card: /zk doctor click',
  }),
  'dingtalk-robot': (f) => ({
    text: `the custom robot takes the bot's messages${f['isSigned'] === true ? ', signed' : ''}`,
  }),
  'dingtalk-robot-refused': (f) => {
    const { text, next } = robotWords[textOf(f, 'why')] ?? { text: '', next: '' };
    return { text: `the custom robot refuses the bot: ${text} (${numberOf(f, 'errcode')})`, next };
  },
  'dingtalk-robot-unchecked': (f) => ({
    text: `the custom robot could not be checked: ${textOf(f, 'error')}`,
    next: 'The next card tells.',
  }),
};
