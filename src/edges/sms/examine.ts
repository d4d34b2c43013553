import type { Said } from '../../model/diagnosis.ts';
import type { SmsFacts } from '../../model/doctor-facts.ts';
import { type AliyunApi, answerIn as aliyunAnswer, aliyunApi, datesSince } from './aliyun.ts';
import { type AliyunConfig, numberOf, type SmsConfig, type TwilioConfig } from './config.ts';
import { type Answer, codeOf } from './failure.ts';
import { variables } from './render.ts';
import { answerIn as twilioAnswer, twilioClient } from './twilio.ts';

/** How long the provider may take for one answer to the doctor. */
const examineMs = 4_000;

/** Signs in as a delivery would, looks at sender and templates, and sends nothing. */
export async function examineSms(config: SmsConfig, nowMs: number): Promise<SmsFacts> {
  if (config.aliyun !== undefined) return await examineAliyun(config.aliyun, nowMs);
  if (config.twilio !== undefined) return await examineTwilio(config.twilio);
  throw new Error('no provider of SMS is configured');
}

async function examineTwilio(config: TwilioConfig): Promise<SmsFacts> {
  const client = await twilioClient(config, examineMs);
  const said = async <T>(ask: () => Promise<T>): Promise<Said<T>> => {
    try {
      return { kind: 'said', value: await ask() };
    } catch (error) {
      return unsaid(twilioAnswer(client, error), error);
    }
  };
  const { from, messagingService } = config;
  const name = messagingService ?? from ?? '';
  // What a delivery asks for, too: a key may be allowed that and nothing of the account.
  const account = await said(async () => {
    await client.messages.list({ limit: 1 });
  });
  const base = { provider: 'Twilio', account, templates: [] } as const;
  if (account.kind !== 'said') return { ...base, sender: { name, answer: account } };
  const balance = await said(async () => {
    const { balance: amount, currency } = await client.balance.fetch();
    return { amount: Number(amount), currency };
  });
  const sender = await said(async () => {
    if (messagingService !== undefined) {
      await client.messaging.v1.services(messagingService).fetch();
      return 'ready' as const;
    }
    // A name is not a number of the account: whether it is taken depends on the country.
    if (from === undefined || numberOf(from) === undefined) return 'unchecked' as const;
    const numbers = await client.incomingPhoneNumbers.list({ phoneNumber: numberOf(from) ?? '' });
    return numbers.length === 0 ? ('unknown' as const) : ('ready' as const);
  });
  const isGone = sender.kind === 'refused' && sender.code === '20404';
  return {
    ...base,
    ...(balance.kind === 'said' && Number.isFinite(balance.value.amount)
      ? { balance: balance.value }
      : {}),
    sender: { name, answer: isGone ? { kind: 'said', value: 'unknown' } : sender },
  };
}

async function examineAliyun(config: AliyunConfig, nowMs: number): Promise<SmsFacts> {
  const api = await aliyunApi(config, examineMs);
  const { client, requests } = api;
  const [sendDate = ''] = datesSince(nowMs, nowMs);
  // A number that nobody has: it is the question that matters, which a delivery asks, too.
  const account = await asked(async () => {
    const request = { phoneNumber: '13000000000', sendDate, pageSize: 1, currentPage: 1 };
    const { body } = await client.querySendDetails(new requests.QuerySendDetailsRequest(request));
    return { code: body?.code, message: body?.message, value: undefined };
  });
  const { signName } = config;
  const base = { provider: 'Aliyun', account } as const;
  if (account.kind === 'silent')
    return { ...base, sender: { name: signName, answer: account }, templates: [] };
  const sender = await asked(async () => {
    const { body } = await client.getSmsSign(new requests.GetSmsSignRequest({ signName }));
    const value = body?.signStatus === 1 ? ('ready' as const) : ('waiting' as const);
    return { code: body?.code, message: body?.message, value };
  });
  const codes = [...new Set(Object.values(config.templates))];
  const templates = await Promise.all(
    codes.map(async (code) => ({ code, answer: await templateOf(api, code) })),
  );
  return {
    ...base,
    sender: { name: signName, answer: knownOr(sender, 'isv.SMS_SIGNATURE_ILLEGAL') },
    templates,
  };
}

type Template = SmsFacts['templates'][number]['answer'];

async function templateOf(
  { client, requests }: AliyunApi,
  templateCode: string,
): Promise<Template> {
  const answer = await asked(async () => {
    const { body } = await client.getSmsTemplate(
      new requests.GetSmsTemplateRequest({ templateCode }),
    );
    const wants = [...(body?.templateContent ?? '').matchAll(/\$\{(\w+)\}/gu)].map(
      ([, variable = '']) => variable,
    );
    const isOurs = wants.every((variable) => variables.some((one) => one === variable));
    const state = isOurs ? ('ready' as const) : ('other-variables' as const);
    const value = body?.templateStatus === '1' ? state : ('waiting' as const);
    return { code: body?.code, message: body?.message, value };
  });
  return knownOr(answer, 'isv.SMS_TEMPLATE_ILLEGAL');
}

/** What is not there is an answer as well. */
function knownOr<T>(answer: Said<T>, code: string): Said<T | 'unknown'> {
  return answer.kind === 'refused' && answer.code.startsWith(code)
    ? { kind: 'said', value: 'unknown' }
    : answer;
}

/** Asks Aliyun, whose refusals come inside of HTTP 200. */
async function asked<T>(
  ask: () => Promise<{
    readonly code: string | undefined;
    readonly message: string | undefined;
    readonly value: T;
  }>,
): Promise<Said<T>> {
  try {
    const { code = '', value } = await ask();
    return code === 'OK' ? { kind: 'said', value } : { kind: 'refused', code };
  } catch (error) {
    return unsaid(aliyunAnswer(error), error);
  }
}

function unsaid<T>(answer: Answer | undefined, error: unknown): Said<T> {
  if (answer === undefined) return { kind: 'silent', reason: codeOf(error) };
  const { status, code } = answer;
  if (status >= 500) return { kind: 'silent', reason: `HTTP ${status}` };
  return { kind: 'refused', code: code === '' ? `HTTP ${status}` : code };
}
