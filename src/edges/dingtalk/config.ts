import { z } from 'zod';
import type { Want } from '../../model/config-fault.ts';

/** Where DingTalk's API is, unless the configuration says otherwise. */
export const defaultApiUrl = 'https://api.dingtalk.com';

/** Where its old API is, which takes files; the other address of the configuration counts for both. */
export const defaultOldApiUrl = 'https://oapi.dingtalk.com';

/**
 * What the standard edition allows an organisation in a month, all of its applications together: calls of the API, and messages that
 * webhooks and streams carry. open.dingtalk.com, "API calls, webhook and Stream quota".
 */
export const defaultQuota = { calls: 5000, messages: 3000 } as const;

const httpUrl = z.custom<string>(isHttpUrl, { params: { want: 'http-url' satisfies Want } });

/** The section `dingtalk`: one application of the organisation, with its robot. */
export const dingtalkSchema = z.strictObject({
  clientId: z.string().min(1),
  clientSecret: z.string().min(1),
  /** The robot's own code; the same as `clientId` for applications that have one robot. */
  robotCode: z.exactOptional(z.string().min(1)),
  /** The card built from the table in docs/dingtalk. Without it cards are texts with links. */
  cardTemplateId: z.exactOptional(
    z.custom<string>((value) => typeof value === 'string' && /^[\w-]{8,80}\.schema$/u.test(value), {
      params: { want: 'dingtalk-template' satisfies Want },
    }),
  ),
  /** Another address of the API, for a proxy; the gateway of the stream and the uploads are found there too. */
  apiUrl: z.exactOptional(httpUrl),
  quota: z
    .strictObject({
      calls: z.int().min(1).max(100_000_000).default(defaultQuota.calls),
      messages: z.int().min(1).max(100_000_000).default(defaultQuota.messages),
    })
    .prefault({}),
});

/** Fields that may only be environment references. */
export const dingtalkSecrets = ['clientSecret'] as const;

/** The address of a destination: a group, by its openConversationId. */
export const dingtalkAddressSchema = z.custom<string>(
  (value) => typeof value === 'string' && /^cid[A-Za-z0-9+/=]{6,120}$/u.test(value),
  { params: { want: 'dingtalk-group' satisfies Want } },
);

/** A person's handle: the userId of the organisation's address book. */
export const dingtalkHandleSchema = z.custom<string>(
  (value) => typeof value === 'string' && /^[A-Za-z0-9_@.-]{1,64}$/u.test(value),
  { params: { want: 'dingtalk-user' satisfies Want } },
);

/** A custom robot of one group: it can only speak. */
export const dingtalkRobotSchema = z.strictObject({
  url: httpUrl,
  /** Where the robot checks signatures: the key that begins with SEC. */
  secret: z.exactOptional(z.string().min(1)),
  /** Where the robot wants a keyword: it is added where a message lacks it. */
  keyword: z.exactOptional(z.string().min(1).max(20)),
});

export const dingtalkRobotSecrets = ['url', 'secret'] as const;

export interface DingTalkConfig {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly robotCode?: string;
  readonly cardTemplateId?: string;
  readonly apiUrl?: string;
  readonly quota: { readonly calls: number; readonly messages: number };
}

export interface DingTalkRobotConfig {
  readonly url: string;
  readonly secret?: string;
  readonly keyword?: string;
}

function isHttpUrl(value: unknown): boolean {
  return typeof value === 'string' && /^https?:\/\//u.test(value) && URL.canParse(value);
}
