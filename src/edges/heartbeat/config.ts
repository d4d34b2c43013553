import { z } from 'zod';
import type { Want } from '../../model/config-fault.ts';

/** Where the heartbeat goes. The address is a key by itself: whoever knows it can keep the switch from firing. */
export const heartbeatUrlSchema = z.custom<string>(isHttpUrl, {
  params: { want: 'http-url' satisfies Want },
});

/** A dead-man switch outside, which raises the alarm when it hears nothing any more. */
export interface HeartbeatConfig {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly everyMs: number;
}

function isHttpUrl(value: unknown): boolean {
  return typeof value === 'string' && /^https?:\/\//u.test(value) && URL.canParse(value);
}
