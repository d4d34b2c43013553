import { z } from 'zod';
import type { Want } from '../../model/config-fault.ts';

/** The section `http`: console, API, health and metrics. */
export const httpSchema = z.strictObject({
  /** Address to listen on. Beyond loopback every person signs in with a token. */
  host: z.string().min(1).default('127.0.0.1'),
  port: z
    .custom<number>(isPort, { params: { want: 'port' satisfies Want } })
    .transform(Number)
    .default(8420),
  /** Where people reach the console, for the links on cards. */
  publicUrl: z.exactOptional(
    z.custom<string>(isHttpUrl, { params: { want: 'http-url' satisfies Want } }),
  ),
  /** Who somebody on this machine is without a token; a person's id. Only on loopback. */
  localPerson: z.exactOptional(z.string().min(1)),
  /** Whether `/metrics` may be read without a token. */
  openMetrics: z.boolean().default(true),
});

export interface HttpConfig {
  readonly host: string;
  readonly port: number;
  readonly publicUrl?: string;
  readonly localPerson?: string;
  readonly openMetrics: boolean;
}

/** 0 lets the system choose. Digits as text come from an environment reference. */
function isPort(value: unknown): boolean {
  if (typeof value === 'string') return /^\d{1,5}$/u.test(value) && isPort(Number(value));
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 65_535;
}

function isHttpUrl(value: unknown): boolean {
  return typeof value === 'string' && /^https?:\/\//u.test(value) && URL.canParse(value);
}
