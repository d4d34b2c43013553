import { createHmac } from 'node:crypto';

/**
 * The value of `X-Nightkeeper-Signature`: `t=<ms>,v1=<hex>`, where the hex is HMAC-SHA256 of `<ms>.<body>` under the shared
 * secret. The time is signed too, so that a receiver can refuse what is old.
 */
export function signature(secret: string, atMs: number, body: string): string {
  const mac = createHmac('sha256', secret).update(`${atMs}.${body}`).digest('hex');
  return `t=${atMs},v1=${mac}`;
}
