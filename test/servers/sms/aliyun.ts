import { createHash, createHmac } from 'node:crypto';
import { type SmsAnswer, type SmsHttp, type SmsRequest, startSmsHttp } from './http.ts';

/** A message that Aliyun took, newest last. */
export interface TakenByAliyun {
  readonly number: string;
  readonly template: string;
  readonly variables: Readonly<Record<string, string>>;
  /** The template filled in, as a phone shows it. */
  readonly text: string;
  readonly outId: string;
  readonly atMs: number;
}

/** Aliyun's SMS service on a free port of 127.0.0.1, as strict as Aliyun. */
export interface AliyunStandIn extends SmsHttp {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly signName: string;
  readonly templates: { readonly en: string; readonly 'zh-CN': string };
  /** A template that somebody registered otherwise. */
  readonly strangeTemplate: string;
  readonly messages: readonly TakenByAliyun[];
  /** Requests whose signature was wrong. */
  readonly strangers: number;
  /** Refuses every message so from now on, inside HTTP 200. */
  refuse(code: string, message: string): void;
  /** The key may send, and nothing else: CHAT A9. */
  forbidReading(): void;
  /** The template waits for its approval. */
  unapprove(template: string): void;
  /** What counts as now for the frequency of a number. */
  nowMs: () => number;
}

/** As docs/channels/sms.md says to register them. */
const contents: Readonly<Record<string, string>> = {
  SMS_100000001:
    'ZooKeeper告警：级别${level}，编号${code}，集群${ensemble}：${what}。状态：${state}，请登录控制台处理。',
  SMS_100000002:
    'ZooKeeper alert: ${level}, no. ${code}, ensemble ${ensemble}: ${what}. State: ${state}. Please look at the console.',
  SMS_100000003: 'Alert of ${product}: ${level}',
};

/** Of one number, signature and template, as the console has it: CHAT A5. */
const frequencies = [
  { span: 'minute', ms: 60_000, level: '分钟' },
  { span: 'hour', ms: 3_600_000, level: '小时' },
  { span: 'day', ms: 86_400_000, level: '天' },
] as const;

const permitsAtFirst = { minute: 1, hour: 5, day: 10 };

export async function startAliyun(permits = permitsAtFirst): Promise<AliyunStandIn> {
  const accessKeyId = 'LTAI5tNightkeeperTest';
  const accessKeySecret = 'aliyun-test-secret-0123456789';
  const signName = '守夜人';
  const templates = { 'zh-CN': 'SMS_100000001', en: 'SMS_100000002' };
  const messages: TakenByAliyun[] = [];
  const nonces = new Set<string>();
  const waiting = new Set<string>();
  const about: { strangers: number; refusal?: SmsAnswer; isWriteOnly: boolean } = {
    strangers: 0,
    isWriteOnly: false,
  };
  const clock = { nowMs: () => Date.now() };

  function send(query: URLSearchParams): SmsAnswer {
    const number = query.get('PhoneNumbers') ?? '';
    const template = query.get('TemplateCode') ?? '';
    const fault = faultOf(query, number, template);
    if (fault !== undefined) return fault;
    const variables = JSON.parse(query.get('TemplateParam') ?? '{}') as Record<string, string>;
    const text = (contents[template] ?? '').replaceAll(
      /\$\{(\w+)\}/gu,
      (_, name: string) => variables[name] ?? '',
    );
    const outId = query.get('OutId') ?? '';
    const atMs = clock.nowMs();
    messages.push({ number, template, variables, text: `【${signName}】${text}`, outId, atMs });
    return ok({ BizId: `${messages.length}^0` });
  }

  function faultOf(
    query: URLSearchParams,
    number: string,
    template: string,
  ): SmsAnswer | undefined {
    if (about.refusal !== undefined) return about.refusal;
    if (!/^(?:1[3-9]\d{9}|[2-9]\d{6,14}|1\d{10})$/u.test(number))
      return no('isv.MOBILE_NUMBER_ILLEGAL', `${number}非法手机号`);
    if (query.get('SignName') !== signName)
      return no('isv.SMS_SIGNATURE_ILLEGAL', '该账号下找不到对应签名');
    const content = contents[template];
    if (content === undefined || waiting.has(template))
      return no('isv.SMS_TEMPLATE_ILLEGAL', '该账号下找不到对应模板');
    const bad = variableFault(content, query.get('TemplateParam') ?? '');
    if (bad !== undefined) return bad;
    return frequencyFault(number, template);
  }

  function frequencyFault(number: string, template: string): SmsAnswer | undefined {
    const nowMs = clock.nowMs();
    const full = frequencies.find(({ ms, span }) => {
      const recent = messages.filter(
        (one) => one.number === number && one.template === template && one.atMs > nowMs - ms,
      );
      return recent.length >= permits[span];
    });
    if (full === undefined) return undefined;
    const message = `触发${full.level}级流控Permits:${permits[full.span]}`;
    return no('isv.BUSINESS_LIMIT_CONTROL', message);
  }

  /** CHAT A6, A7. */
  function details(query: URLSearchParams): SmsAnswer {
    const date = query.get('SendDate') ?? '';
    if (!/^\d{8}$/u.test(date)) return no('isv.INVALID_PARAMETERS', 'SendDate');
    const size = Number(query.get('PageSize'));
    if (!(size >= 1 && size <= 50)) return no('isv.PAGE_SIZE_ILLEGAL', 'PageSize');
    const found = messages.filter(
      ({ number, atMs }) => number === query.get('PhoneNumber') && dayOf(atMs) === date,
    );
    return ok({
      TotalCount: String(found.length),
      SmsSendDetailDTOs: {
        SmsSendDetailDTO: found.slice(-size).map(({ number, outId, template, text }) => ({
          PhoneNum: number,
          OutId: outId,
          TemplateCode: template,
          Content: text,
          SendStatus: 1,
        })),
      },
    });
  }

  function act(request: SmsRequest): SmsAnswer {
    const { query, headers } = request;
    const action = headers['x-acs-action'];
    if (action === 'SendSms') return send(query);
    if (action === 'QuerySendDetails') return details(query);
    if (about.isWriteOnly) return no('isp.RAM_PERMISSION_DENY', '当前 RAM 权限不足');
    if (action === 'GetSmsSign')
      return query.get('SignName') === signName
        ? ok({ SignName: signName, SignStatus: 1 })
        : no('isv.SMS_SIGNATURE_ILLEGAL', '签名不存在');
    if (action === 'GetSmsTemplate') return templateOf(query.get('TemplateCode') ?? '');
    return { status: 404, body: { Code: 'InvalidAction.NotFound', Message: 'no such action' } };
  }

  /** CHAT A8. */
  function templateOf(code: string): SmsAnswer {
    const content = contents[code];
    if (content === undefined) return no('isv.SMS_TEMPLATE_ILLEGAL', '模版不存在');
    const state = waiting.has(code) ? '0' : '1';
    return ok({ TemplateCode: code, TemplateContent: content, TemplateStatus: state });
  }

  const server = await startSmsHttp(
    (request) => {
      const stranger = signatureFault(request, { accessKeyId, accessKeySecret, nonces });
      if (stranger === undefined) return act(request);
      about.strangers += 1;
      return stranger;
    },
    ({ headers }) => headers['x-acs-action'] === 'SendSms',
  );
  return {
    ...server,
    accessKeyId,
    accessKeySecret,
    signName,
    templates,
    strangeTemplate: 'SMS_100000003',
    messages,
    get strangers() {
      return about.strangers;
    },
    refuse(code, message) {
      about.refusal = no(code, message);
    },
    forbidReading() {
      about.isWriteOnly = true;
    },
    unapprove: (template) => void waiting.add(template),
    get nowMs() {
      return clock.nowMs;
    },
    set nowMs(nowMs) {
      clock.nowMs = nowMs;
    },
  };
}

function ok(body: Readonly<Record<string, unknown>>): SmsAnswer {
  return { status: 200, body: { Code: 'OK', Message: 'OK', RequestId: 'R-1', ...body } };
}

/** CHAT A2. */
function no(code: string, message: string): SmsAnswer {
  return { status: 200, body: { Code: code, Message: message, RequestId: 'R-1' } };
}

/** CHAT A3, A4. */
function variableFault(content: string, given: string): SmsAnswer | undefined {
  let variables: Readonly<Record<string, unknown>>;
  try {
    variables = JSON.parse(given) as Readonly<Record<string, unknown>>;
  } catch {
    return no('isv.INVALID_JSON_PARAM', 'JSON 参数不合法');
  }
  for (const [, name = ''] of content.matchAll(/\$\{(\w+)\}/gu)) {
    const value = variables[name];
    if (typeof value !== 'string' || value === '')
      return no('isv.TEMPLATE_MISSING_PARAMETERS', `模版缺少变量 ${name}`);
    if (Array.from(value).length > 35) return no('isv.PARAM_LENGTH_LIMIT', `${name} 超过长度限制`);
    if (/https?:|\b[a-z0-9-]+\.[a-z]{2,}\b|\d+\.\d+\.\d+\.\d+/iu.test(value))
      return no('isv.PARAM_NOT_SUPPORT_URL', `${name} 不支持 URL`);
    if (/[【】#\n\p{Extended_Pictographic}]/u.test(value) && !/^\d/u.test(value))
      return no('isv.TEMPLATE_PARAMS_ILLEGAL', `${name} 不合法`);
  }
  return undefined;
}

/** CHAT A1. */
function signatureFault(
  { method, path, query, headers, body }: SmsRequest,
  keys: {
    readonly accessKeyId: string;
    readonly accessKeySecret: string;
    readonly nonces: Set<string>;
  },
): SmsAnswer | undefined {
  const bad = (status: number, code: string): SmsAnswer => ({
    status,
    body: { Code: code, Message: code, RequestId: 'R-1' },
  });
  const pattern =
    /^ACS3-HMAC-SHA256 Credential=([^,]+),SignedHeaders=([^,]+),Signature=([0-9a-f]{64})$/u;
  const match = pattern.exec(headers.authorization ?? '');
  if (match === null) return bad(400, 'MissingSignature');
  const [, id, signedHeaders = '', signature] = match;
  if (id !== keys.accessKeyId) return bad(404, 'InvalidAccessKeyId.NotFound');
  const atMs = new Date(String(headers['x-acs-date'])).getTime();
  if (!(Math.abs(Date.now() - atMs) < 15 * 60_000)) return bad(400, 'InvalidTimeStamp.Expired');
  const nonce = String(headers['x-acs-signature-nonce']);
  if (keys.nonces.has(nonce)) return bad(400, 'SignatureNonceUsed');
  keys.nonces.add(nonce);
  const payload = createHash('sha256').update(body).digest('hex');
  if (headers['x-acs-content-sha256'] !== payload) return bad(400, 'InvalidContent');
  const canonical = [
    method,
    path,
    [...query]
      .map(([key, value]) => `${encoded(key)}=${encoded(value)}`)
      .toSorted()
      .join('&'),
    ...signedHeaders.split(';').map((name) => `${name}:${String(headers[name]).trim()}`),
    '',
    signedHeaders,
    payload,
  ].join('\n');
  const text = `ACS3-HMAC-SHA256\n${createHash('sha256').update(canonical).digest('hex')}`;
  const right = createHmac('sha256', keys.accessKeySecret).update(text).digest('hex');
  return right === signature ? undefined : bad(400, 'SignatureDoesNotMatch');
}

function encoded(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/gu,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function dayOf(atMs: number): string {
  return new Date(atMs + 8 * 3_600_000).toISOString().slice(0, 10).replaceAll('-', '');
}
