import { z } from 'zod';
import type { Want } from '../../model/config-fault.ts';

/** The section `slack`: one workspace. Socket mode with `appToken`, or requests from Slack on `port` with `signingSecret`. */
export const slackSchema = z.strictObject({
  botToken: z.custom<string>(startsWith('xoxb-'), {
    params: { want: 'slack-bot-token' satisfies Want },
  }),
  appToken: z.exactOptional(
    z.custom<string>(startsWith('xapp-'), { params: { want: 'slack-app-token' satisfies Want } }),
  ),
  signingSecret: z.exactOptional(z.string().min(1)),
  /** Port for Slack's requests when there is no `appToken`. */
  port: z.exactOptional(z.int().min(1).max(65_535)),
  /** Another address of the Web API, for a proxy or a stand-in; `https://slack.com/api/` otherwise. */
  apiUrl: z.exactOptional(
    z.custom<string>(isHttpUrl, { params: { want: 'http-url' satisfies Want } }),
  ),
});

/** Fields that may only be environment references. */
export const slackSecrets = ['botToken', 'appToken', 'signingSecret'] as const;

/** The address of a destination: a channel, a private channel or a direct message, by id. */
export const slackAddressSchema = z.custom<string>(
  (value) => typeof value === 'string' && /^[CGD][A-Z0-9]{6,20}$/u.test(value),
  { params: { want: 'slack-conversation' satisfies Want } },
);

/** A person's handle: the member id, not the display name. */
export const slackHandleSchema = z.custom<string>(
  (value) => typeof value === 'string' && /^[UW][A-Z0-9]{2,20}$/u.test(value),
  { params: { want: 'slack-user' satisfies Want } },
);

export interface SlackConfig {
  readonly botToken: string;
  readonly appToken?: string;
  readonly signingSecret?: string;
  readonly port?: number;
  readonly apiUrl?: string;
}

function startsWith(prefix: string): (value: unknown) => boolean {
  return (value) =>
    typeof value === 'string' && value.startsWith(prefix) && value.length > prefix.length;
}

function isHttpUrl(value: unknown): boolean {
  return typeof value === 'string' && /^https?:\/\//u.test(value) && URL.canParse(value);
}
