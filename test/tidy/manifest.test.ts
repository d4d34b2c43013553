import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { slackManifest } from '../../src/edges/slack/manifest.ts';
import { filesIn, read } from './sources.ts';

interface Manifest {
  readonly features: {
    readonly slash_commands: readonly { readonly command: string; readonly url?: string }[];
  };
  readonly oauth_config: { readonly scopes: { readonly bot: readonly string[] } };
  readonly settings: {
    readonly socket_mode_enabled: boolean;
    readonly event_subscriptions: {
      readonly request_url?: string;
      readonly bot_events: readonly string[];
    };
    readonly interactivity: { readonly request_url?: string; readonly is_enabled: boolean };
  };
}

/** The scope that each method of Slack needs. docs.slack.dev/reference/methods */
const scopes: Readonly<Record<string, readonly string[]>> = {
  'auth.test': [],
  'chat.postMessage': ['chat:write'],
  'chat.update': ['chat:write'],
  'apps.connections.open': [],
  'conversations.history': ['channels:history', 'groups:history', 'im:history'],
  'conversations.replies': ['channels:history', 'groups:history', 'im:history'],
  'conversations.info': ['channels:read', 'groups:read', 'im:read'],
  'conversations.open': ['im:write'],
  'files.uploadV2': ['files:write'],
  'users.lookupByEmail': ['users:read.email'],
  'users.info': ['users:read', 'users:read.email'],
  'views.open': [],
  'views.update': [],
  'views.publish': [],
};

describe('slack-manifest.yaml', () => {
  const manifest = parse(read('slack-manifest.yaml')) as Manifest;

  it('is what `nightkeeper slack manifest` prints', () => {
    expect(read('slack-manifest.yaml')).toBe(slackManifest({ command: '/zk' }));
  });

  it('asks for the scopes that the methods we call need, and no more', () => {
    const called = filesIn('src/edges/slack', '.ts').flatMap((file) =>
      [...read(file).matchAll(/\b(?:client|uploader)\.((?:[a-z]+\.)+[a-zA-Z0-9]+)\(/gu)].map(
        (match) => match[1] ?? '',
      ),
    );
    const methods = [...new Set(called)].filter((method) => method !== 'on');

    expect(methods.filter((method) => scopes[method] === undefined)).toEqual([]);
    const needed = methods.flatMap((method) => scopes[method] ?? []);
    expect(new Set(manifest.oauth_config.scopes.bot)).toEqual(new Set(['commands', ...needed]));
  });

  it('switches socket mode on, and HTTP with every address where that is wanted', () => {
    const http = parse(slackManifest({ command: '/zoo', url: 'https://bot.example/' })) as Manifest;
    const url = 'https://bot.example/slack/events';

    expect(manifest.settings.socket_mode_enabled).toBe(true);
    expect(manifest.settings.event_subscriptions.request_url).toBeUndefined();
    expect(http.settings).toMatchObject({
      socket_mode_enabled: false,
      event_subscriptions: { request_url: url },
      interactivity: { is_enabled: true, request_url: url },
    });
    expect(http.features.slash_commands).toMatchObject([{ command: '/zoo', url }]);
  });
});
