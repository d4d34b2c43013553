import { type SmsAnswer, type SmsHttp, type SmsRequest, startSmsHttp } from './http.ts';

/** A message that Twilio took, newest last. */
export interface TakenByTwilio {
  readonly to: string;
  readonly from: string;
  readonly body: string;
  /** When it came, by the clock of this machine. */
  readonly atMs: number;
  /** When Twilio says that it came. */
  readonly createdMs: number;
}

/** Twilio on a free port of 127.0.0.1, as strict as Twilio. */
export interface TwilioStandIn extends SmsHttp {
  readonly accountSid: string;
  readonly authToken: string;
  readonly from: string;
  readonly service: string;
  readonly messages: readonly TakenByTwilio[];
  /** Requests that came with the wrong credentials. */
  readonly strangers: number;
  balance: string;
  /** What counts as now for Twilio. */
  nowMs: () => number;
  /** This number has written STOP: CHAT T4. */
  unsubscribe(number: string): void;
  /** The account lets nobody in from now on: CHAT T1. */
  lock(): void;
}

export async function startTwilio(
  options: { readonly isTrial?: boolean } = {},
): Promise<TwilioStandIn> {
  const accountSid = `AC${'0123456789abcdef'.repeat(2)}`;
  const authToken = 'twilio-test-token-0123456789abcd';
  const from = '+15005550006';
  const service = `MG${'fedcba9876543210'.repeat(2)}`;
  const messages: TakenByTwilio[] = [];
  const unsubscribed = new Set<string>();
  const about = { strangers: 0, isLocked: false, balance: '12.34', nowMs: () => Date.now() };

  /** CHAT T2, T3, T5, T6. */
  function create(form: URLSearchParams): SmsAnswer {
    const [to, body] = [form.get('To') ?? '', form.get('Body') ?? ''];
    const sender = form.get('From') ?? form.get('MessagingServiceSid') ?? '';
    if (sender === '') return refused(400, 21603, "A 'From' phone number is required.");
    if (sender !== from && sender !== service)
      return refused(400, 21606, `The 'From' phone number provided (${sender}) is not valid.`);
    if (to === '') return refused(400, 21604, "A 'To' phone number is required.");
    // Numbers of the range that Twilio keeps for tests: 0001 is not valid.
    if (!/^\+[1-9]\d{6,14}$/u.test(to) || to.endsWith('5550001'))
      return refused(400, 21211, `The 'To' number ${to} is not a valid phone number.`);
    if (body === '') return refused(400, 21602, 'Message body is required.');
    if (Array.from(body).length > 1600)
      return refused(400, 21617, 'The concatenated message body exceeds the 1600 character limit.');
    if (unsubscribed.has(to))
      return refused(400, 21610, 'Attempt to send to unsubscribed recipient');
    // CHAT T9.
    const text = options.isTrial === true ? `Sent from your Twilio trial account - ${body}` : body;
    messages.push({ to, from: sender, body: text, atMs: Date.now(), createdMs: about.nowMs() });
    return { status: 201, body: resource(messages.at(-1), messages.length) };
  }

  function resource(message: TakenByTwilio | undefined, number: number) {
    const created = new Date(Math.floor((message?.createdMs ?? 0) / 1000) * 1000).toUTCString();
    return {
      sid: `SM${String(number).padStart(32, '0')}`,
      account_sid: accountSid,
      to: message?.to,
      from: message?.from,
      body: message?.body,
      direction: 'outbound-api',
      status: 'queued',
      num_segments: '1',
      num_media: '0',
      date_created: created.replace('GMT', '+0000'),
      date_updated: created.replace('GMT', '+0000'),
      // It waits in the queue of its sender, and a question by the date of sending does not find it: CHAT T7.
      date_sent: null,
      error_code: null,
      error_message: null,
      price: null,
      price_unit: 'USD',
      uri: `/2010-04-01/Accounts/${accountSid}/Messages.json`,
      subresource_uris: {},
    };
  }

  /** CHAT T8. */
  function list(query: URLSearchParams): SmsAnswer {
    const to = query.get('To');
    const size = Math.min(Number(query.get('PageSize') ?? 50), 1000);
    const isByDate = [...query.keys()].some((key) => key.startsWith('DateSent'));
    const found = messages
      .map((message, index) => ({ message, number: index + 1 }))
      .filter(({ message }) => (to === null || message.to === to) && !isByDate)
      .toReversed()
      .slice(0, size);
    const page = { page: 0, page_size: size, next_page_uri: null, uri: '', start: 0, end: 0 };
    return {
      status: 200,
      body: { ...page, messages: found.map(({ message, number }) => resource(message, number)) },
    };
  }

  function answerTo(request: SmsRequest): SmsAnswer {
    const { method, path, headers, query, body } = request;
    const wanted = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`;
    if (headers.authorization !== wanted || about.isLocked) {
      about.strangers += 1;
      return refused(401, 20003, 'Authenticate');
    }
    const account = `/2010-04-01/Accounts/${accountSid}`;
    const form = new URLSearchParams(body);
    if (method === 'POST' && path === `${account}/Messages.json`) return create(form);
    if (path === `${account}/Messages.json`) return list(query);
    if (path === `${account}.json`)
      return { status: 200, body: { sid: accountSid, status: 'active', type: 'Full' } };
    if (path === `${account}/Balance.json`) {
      const balance = { account_sid: accountSid, balance: about.balance, currency: 'USD' };
      return { status: 200, body: balance };
    }
    if (path === `${account}/IncomingPhoneNumbers.json`)
      return numbersOf(query.get('PhoneNumber') === from ? [from] : []);
    if (path === `/v1/Services/${service}`) return { status: 200, body: { sid: service } };
    return refused(404, 20404, `The requested resource ${path} was not found`);
  }

  const server = await startSmsHttp(
    answerTo,
    ({ method, path }) => method === 'POST' && path.endsWith('/Messages.json'),
  );
  return {
    ...server,
    accountSid,
    authToken,
    from,
    service,
    messages,
    get strangers() {
      return about.strangers;
    },
    get balance() {
      return about.balance;
    },
    set balance(balance) {
      about.balance = balance;
    },
    get nowMs() {
      return about.nowMs;
    },
    set nowMs(nowMs) {
      about.nowMs = nowMs;
    },
    unsubscribe: (number) => void unsubscribed.add(number),
    lock() {
      about.isLocked = true;
    },
  };
}

function numbersOf(numbers: readonly string[]): SmsAnswer {
  const incoming = numbers.map((number) => ({
    sid: `PN${'0'.repeat(32)}`,
    phone_number: number,
    capabilities: { sms: true, mms: false, voice: true, fax: false },
  }));
  return {
    status: 200,
    body: { page: 0, page_size: 50, next_page_uri: null, incoming_phone_numbers: incoming },
  };
}

/** CHAT T10. */
function refused(status: number, code: number, message: string): SmsAnswer {
  const more = `https://www.twilio.com/docs/errors/${code}`;
  return { status, body: { code, message, more_info: more, status } };
}
