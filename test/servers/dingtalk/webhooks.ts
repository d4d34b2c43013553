import { createHmac, randomBytes } from 'node:crypto';
import { objectOf, textOf } from './open-api.ts';
import { type Json, StoredMessage, type Tenant } from './tenant.ts';

/** Messages a robot may send to its group in a minute, and how long it is shut out for more (CHAT §2.3, §2.7). */
const perMinute = 20;
const banMs = 10 * 60_000;

/** The largest body (CHAT §2.7: 460101 over 20 000 bytes). */
const bodyBytesMax = 20_000;

/** The age at which a signed address is refused (CHAT §2.3: within 1 h). */
const signedMs = 60 * 60_000;

/** A custom robot of a group. */
export interface CustomRobot {
  readonly token: string;
  readonly group: string;
  readonly secret: string | undefined;
  readonly keyword: string | undefined;
  isStopped: boolean;
}

interface Session {
  readonly conversation: string;
  readonly untilMs: number;
}

/** Addresses that take messages by a post: custom robots, and the one that comes with each message of a person. */
export class Webhooks {
  readonly robots = new Map<string, CustomRobot>();
  readonly #sent = new Map<string, number[]>();
  readonly #banned = new Map<string, number>();
  readonly #uuids = new Set<string>();
  readonly #sessions = new Map<string, Session>();
  readonly #tenant: Tenant;

  constructor(tenant: Tenant) {
    this.#tenant = tenant;
  }

  addRobot(
    group: string,
    guard: { readonly secret?: string; readonly keyword?: string },
  ): CustomRobot {
    const token = randomBytes(32).toString('hex');
    const { secret, keyword } = guard;
    const robot: CustomRobot = { token, group, secret, keyword, isStopped: false };
    this.robots.set(token, robot);
    return robot;
  }

  /** The address that comes with a message; it ends after about an hour and a half (CHAT §2.3). */
  session(conversation: string, untilMs: number): string {
    const id = randomBytes(16).toString('hex');
    this.#sessions.set(id, { conversation, untilMs });
    return id;
  }

  /** HTTP 200 whatever comes of it: `errcode` says it (CHAT §2.7). */
  answer(url: URL, body: Json, bytes: number, nowMs: number): Json {
    const session = url.searchParams.get('session');
    if (session !== null) return this.#reply(session, body, nowMs);
    const robot = this.robots.get(url.searchParams.get('access_token') ?? '');
    if (robot === undefined) return fail(400_101);
    if (robot.isStopped) return fail(400_102);
    const wrong = this.#guard(robot, url, body, bytes, nowMs);
    if (wrong !== undefined) return wrong;
    if (!this.#count()) return fail(90_020);
    // CHAT §2.3: msgUuid is the idempotency key.
    const uuid = textOf(body['msgUuid']);
    if (uuid !== '' && this.#uuids.has(uuid)) return { errcode: 0, errmsg: 'ok' };
    this.#uuids.add(uuid);
    this.#post(robot.group, body, 'robot');
    return { errcode: 0, errmsg: 'ok' };
  }

  #guard(robot: CustomRobot, url: URL, body: Json, bytes: number, nowMs: number): Json | undefined {
    // CHAT §2.7: 460101.
    if (bytes > bodyBytesMax) return fail(460_101);
    if (!this.#mayPass(robot.token, nowMs)) return fail(410_100);
    if (robot.secret !== undefined) {
      // CHAT §2.3: base64(HMAC-SHA256(secret, timestamp\nsecret)), within an hour.
      const timestamp = url.searchParams.get('timestamp') ?? '';
      const sign = createHmac('sha256', robot.secret)
        .update(`${timestamp}\n${robot.secret}`)
        .digest('base64');
      const isFresh = Math.abs(nowMs - Number(timestamp)) < signedMs;
      // CHAT §2.7: one number for all that guards a robot; the words tell which.
      if (!isFresh) return fail(310_000, 'invalid timestamp');
      if (sign !== url.searchParams.get('sign')) return fail(310_000, 'sign not match');
    }
    const markdown = objectOf(body['markdown']);
    const text = `${textOf(markdown['title'])} ${textOf(markdown['text'])}`;
    // CHAT §2.7: 310000 without the keyword.
    if (robot.keyword !== undefined && !text.includes(robot.keyword))
      return fail(310_000, 'keywords not in content');
    if (body['msgtype'] !== 'markdown') return fail(400_105, 'unsupported msgtype');
    if (textOf(markdown['title']) === '' || textOf(markdown['text']) === '') return fail(400_106);
    return undefined;
  }

  /** CHAT §2.3: 20 a minute, and then ten minutes nothing. */
  #mayPass(token: string, nowMs: number): boolean {
    if ((this.#banned.get(token) ?? 0) > nowMs) return false;
    const recent = (this.#sent.get(token) ?? []).filter((atMs) => nowMs - atMs < 60_000);
    if (recent.length >= perMinute) {
      this.#banned.set(token, nowMs + banMs);
      return false;
    }
    this.#sent.set(token, [...recent, nowMs]);
    return true;
  }

  /** CHAT §2.7: 3000 a month. */
  #count(): boolean {
    this.#tenant.used.messages += 1;
    return this.#tenant.used.messages <= this.#tenant.quota.messages;
  }

  #reply(id: string, body: Json, nowMs: number): Json {
    const session = this.#sessions.get(id);
    if (session === undefined || session.untilMs < nowMs) return fail(300_001);
    this.#tenant.used.messages += 1;
    this.#post(session.conversation, body, 'reply');
    return { errcode: 0, errmsg: 'ok' };
  }

  #post(conversation: string, body: Json, by: 'robot' | 'reply'): void {
    const markdown = objectOf(body['markdown']);
    const named = objectOf(body['at'])['atUserIds'];
    const text = textOf(markdown['text']);
    // Whoever is called must stand in the text too, or nobody hears of it.
    const at = (Array.isArray(named) ? named.map(textOf) : []).filter((id) =>
      text.includes(`@${id}`),
    );
    const params = { title: textOf(markdown['title']), text };
    this.#tenant.post(new StoredMessage({ conversation, kind: 'markdown', at, by, params }));
  }
}

function fail(errcode: number, errmsg = `stand-in ${errcode}`): Json {
  return { errcode, errmsg };
}
