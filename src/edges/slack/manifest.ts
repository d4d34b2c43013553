import { requestPath } from './request-path.ts';

/** What the bot needs to be allowed, and for what. */
const scopes = (command: string): readonly (readonly [scope: string, why: string])[] => [
  ['commands', command],
  ['chat:write', 'cards and their threads'],
  ['files:write', 'charts in the threads'],
  ['im:write', 'what only one person asked for'],
  ['channels:history', 'to find a card again after a crash, and never post it twice'],
  ['groups:history', 'the same, in private channels'],
  ['im:history', 'the same, in direct messages'],
  ['channels:read', 'to tell whether it is in the channel of a destination'],
  ['groups:read', 'the same, in private channels'],
  ['im:read', 'the same, in direct messages'],
  ['users:read', 'who pressed a button'],
  ['users:read.email', 'to know people by their verified e-mail'],
];

/** Scopes that the manifest asks for: what a token should have been granted. */
export const slackScopes: readonly string[] = scopes('').map(([scope]) => scope);

/** What Slack needs to know of the app, as its "Create app from a manifest" takes it. docs.slack.dev/reference/app-manifest */
export function slackManifest(wanted: {
  /** The slash command, where `/zk` is taken. */
  readonly command: string;
  /** Where Slack reaches the bot, for requests over HTTP; absent: socket mode. */
  readonly url?: string | undefined;
}): string {
  const { command } = wanted;
  const url = wanted.url === undefined ? undefined : requestUrl(wanted.url);
  const at = (indent: string): string => (url === undefined ? '' : `\n${indent}: ${url}`);
  return `# Made by: nightkeeper slack manifest. Paste it at https://api.slack.com/apps, "Create New App", "From a manifest".
display_information:
  name: Nightkeeper
  description: Watches Apache ZooKeeper, and restarts servers when it is safe
  background_color: "#1f2a44"
features:
  app_home:
    home_tab_enabled: true
    messages_tab_enabled: true
    messages_tab_read_only_enabled: true
  bot_user:
    display_name: nightkeeper
    always_online: true
  slash_commands:
    - command: ${command}${at('      url')}
      description: How the ZooKeeper ensembles stand, and what to do about it
      usage_hint: "status orders | ack 12 | silence orders 2h why | recover orders zk2 | help"
      should_escape: false
oauth_config:
  scopes:
    bot:
${scopes(command)
  .map(([scope, why]) => `      - ${scope} # ${why}`)
  .join('\n')}
settings:
  event_subscriptions:${at('    request_url')}
    bot_events:
      - app_home_opened
  interactivity:
    is_enabled: true${at('    request_url')}
  org_deploy_enabled: false
  socket_mode_enabled: ${url === undefined ? 'true' : 'false'}
  token_rotation_enabled: false
`;
}

/** The bot's own address at that place; what is a whole address already stays. */
function requestUrl(url: string): string {
  const base = url.replace(/\/+$/u, '');
  return base.endsWith(requestPath) ? base : `${base}${requestPath}`;
}
