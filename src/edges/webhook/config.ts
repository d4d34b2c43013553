import { z } from 'zod';
import type { Want } from '../../model/config-fault.ts';

/** A destination of the kind `webhook`: JSON is posted to `url`, signed with `secret` where there is one. */
export const webhookSchema = z.strictObject({
  url: z.custom<string>(isHttpUrl, { params: { want: 'http-url' satisfies Want } }),
  secret: z.exactOptional(z.string().min(1)),
});

/** Fields that may only be environment references. */
export const webhookSecrets = ['secret'] as const;

export interface WebhookConfig {
  readonly url: string;
  readonly secret?: string;
}

function isHttpUrl(value: unknown): boolean {
  return typeof value === 'string' && /^https?:\/\//u.test(value) && URL.canParse(value);
}
