import { z } from 'zod';
import type { Want } from '../../model/config-fault.ts';
import { numbersMax, perNumberDefault, perNumberMax } from './limits.ts';

function wanted(want: Want, is: (text: string) => boolean): z.ZodCustom<string, string> {
  return z.custom<string>((value) => typeof value === 'string' && is(value), { params: { want } });
}

/** One phone number, in international form. People write spaces into it. */
export const phoneSchema = wanted('phone-number', (text) => numberOf(text) !== undefined).transform(
  (text) => numberOf(text) ?? '',
);

/** The numbers of a destination. None: only people who are called get it. */
export const smsAddressSchema = z.array(phoneSchema).max(numbersMax);

const apiUrl = wanted('api-url', isApiUrl);

const twilioSchema = z.strictObject({
  accountSid: wanted('twilio-account', (text) => /^AC[0-9a-f]{32}$/u.test(text)),
  /** The token of the account; or a key and its secret, which can be withdrawn alone. */
  authToken: z.exactOptional(z.string().min(1)),
  apiKey: z.exactOptional(wanted('twilio-key', (text) => /^SK[0-9a-f]{32}$/u.test(text))),
  apiKeySecret: z.exactOptional(z.string().min(1)),
  /** A number of the account, or a name where the country of the receiver allows it. */
  from: z.exactOptional(wanted('sms-sender', (text) => senderOf(text) !== undefined)),
  messagingService: z.exactOptional(
    wanted('twilio-service', (text) => /^MG[0-9a-f]{32}$/u.test(text)),
  ),
  apiUrl: z.exactOptional(apiUrl),
});

const templateCode = wanted('sms-template', (text) => /^SMS_\d{1,20}$/u.test(text));

const perNumber = z.int().min(1).max(perNumberMax);

const aliyunSchema = z.strictObject({
  accessKeyId: z.string().min(1),
  accessKeySecret: z.string().min(1),
  /** Without the brackets. */
  signName: z.string().min(1).max(30),
  /** By the language of the destination; where one is missing, the other is used. */
  templates: z.strictObject({
    en: z.exactOptional(templateCode),
    'zh-CN': z.exactOptional(templateCode),
  }),
  /** As Aliyun's console says under "frequency of sending". */
  perNumber: z
    .strictObject({
      minute: perNumber.default(perNumberDefault.minute),
      hour: perNumber.default(perNumberDefault.hour),
      day: perNumber.default(perNumberDefault.day),
    })
    .prefault({}),
  apiUrl: z.exactOptional(apiUrl),
});

/** The section `sms`: one provider that sends them. */
export const smsSchema = z.strictObject({
  twilio: z.exactOptional(twilioSchema),
  aliyun: z.exactOptional(aliyunSchema),
});

/** Fields that may only be environment references. */
export const smsSecrets = [
  'twilio.authToken',
  'twilio.apiKeySecret',
  'aliyun.accessKeySecret',
] as const;

export interface TwilioConfig {
  readonly accountSid: string;
  readonly authToken?: string;
  readonly apiKey?: string;
  readonly apiKeySecret?: string;
  readonly from?: string;
  readonly messagingService?: string;
  readonly apiUrl?: string;
}

export interface AliyunConfig {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly signName: string;
  readonly templates: { readonly en?: string; readonly 'zh-CN'?: string };
  readonly perNumber: { readonly minute: number; readonly hour: number; readonly day: number };
  readonly apiUrl?: string;
}

/** Exactly one of them is there. */
export interface SmsConfig {
  readonly twilio?: TwilioConfig;
  readonly aliyun?: AliyunConfig;
}

/** A number as E.164 has it, `+41791234567`; undefined where it is none. */
export function numberOf(text: string): string | undefined {
  const number = text.replaceAll(/[\s().-]/gu, '');
  return /^\+[1-9]\d{6,14}$/u.test(number) ? number : undefined;
}

/** A number, or an alphanumeric sender: at most eleven letters and digits, with a letter. */
export function senderOf(text: string): string | undefined {
  if (/^(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}$/u.test(text)) return text;
  return numberOf(text);
}

/** Encrypted, but on this machine, where tests and relays are. */
function isApiUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, pathname, username, search } = new URL(text);
  const isHere = /^(?:localhost|127\.[\d.]+|\[::1\])$/u.test(hostname);
  return (
    (protocol === 'https:' || (protocol === 'http:' && isHere)) &&
    pathname === '/' &&
    username === '' &&
    search === ''
  );
}
