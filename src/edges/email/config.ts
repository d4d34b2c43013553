import { z } from 'zod';
import type { Want } from '../../model/config-fault.ts';
import { addressesMax } from './limits.ts';

/** An address as people write it. What RFC 5322 allows beyond this (quotes, comments) is where header injection hides. */
const address = /^[^\s@<>()[\],;:"\\]{1,64}@[^\s@<>()[\],;:"\\]{1,190}$/u;

/** `bot@example.com` or `Nightkeeper <bot@example.com>`. */
const sender = /^(?:([^\r\n<>@"]{0,80}?)\s*<([^<>]+)>|([^<>\s]+))$/u;

/** The section `email`: the mail server that takes the bot's mail. */
export const emailSchema = z.strictObject({
  host: z.string().min(1),
  /** 587 for `starttls`, 465 for `tls`, 25 for `none`. */
  port: z.exactOptional(z.int().min(1).max(65_535)),
  /** `starttls` goes on only when the connection could be encrypted; `tls` is encrypted from the first byte. */
  security: z.enum(['starttls', 'tls', 'none']).default('starttls'),
  user: z.exactOptional(z.string().min(1)),
  password: z.exactOptional(z.string().min(1)),
  from: z.custom<string>((value) => typeof value === 'string' && senderOf(value) !== undefined, {
    params: { want: 'mail-sender' satisfies Want },
  }),
  /** Certificates the server's must come from, PEM; those of the system otherwise. */
  caFile: z.exactOptional(z.string().min(1)),
});

/** Fields that may only be environment references. */
export const emailSecrets = ['password'] as const;

/** One address: of a person, or of a destination. */
export const emailAddressSchema = z.custom<string>(isAddress, {
  params: { want: 'email' satisfies Want },
});

/** The addresses of a destination. */
export const emailAddressesSchema = z.array(emailAddressSchema).min(1).max(addressesMax);

export interface EmailConfig {
  readonly host: string;
  readonly port?: number;
  readonly security: 'starttls' | 'tls' | 'none';
  readonly user?: string;
  readonly password?: string;
  readonly from: string;
  readonly caFile?: string;
}

export function isAddress(value: unknown): value is string {
  return typeof value === 'string' && address.test(value);
}

/** Name and address of a sender; undefined where there is no sound address in it. */
export function senderOf(
  from: string,
): { readonly name: string; readonly address: string } | undefined {
  const match = sender.exec(from.trim());
  const found = match?.[2] ?? match?.[3];
  return isAddress(found) ? { name: match?.[1]?.trim() ?? '', address: found } : undefined;
}
