import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { until } from '../support/until.ts';
import { type DingTalkFault, misbehave } from './dingtalk/faults.ts';
import { clickMs, Gateway, type Pushed } from './dingtalk/gateway.ts';
import { answerOldApi } from './dingtalk/old-api.ts';
import {
  answerApi,
  applyUpdate,
  objectOf,
  paramsFault,
  strings,
  textOf,
} from './dingtalk/open-api.ts';
import { type DingTalkMessage, type Json, type StoredMessage, Tenant } from './dingtalk/tenant.ts';
import { type CustomRobot, Webhooks } from './dingtalk/webhooks.ts';

export type { DingTalkMessage };

const robotTopic = '/v1.0/im/bot/messages/get';
const cardTopic = '/v1.0/card/instances/callback';

/**
 * A strict stand-in for DingTalk on real sockets: the gateway of the stream, the API, custom robots. Each rule names the line of
 * CHAT.md that it comes from. It has the hands of people: press, write, delete.
 */
export class DingTalkStandIn {
  readonly tenant = new Tenant();
  readonly gateway = new Gateway(this.tenant);
  readonly webhooks = new Webhooks(this.tenant);
  /** Moves the clock of tokens, bans and signatures. */
  skewMs = 0;
  /** The port at which the bot finds it, where something stands between the two. */
  behind: number | undefined;
  readonly #faults: { readonly name: RegExp; readonly fault: DingTalkFault }[] = [];
  readonly #open = new Set<Socket>();
  #http: Server | undefined;
  #port = 0;

  /** The port it listens on. */
  get port(): number {
    return this.#port;
  }

  get apiUrl(): string {
    return `http://127.0.0.1:${this.behind ?? this.#port}`;
  }

  get calls() {
    return this.tenant.calls;
  }

  /** Listens, on the same port as before after `down()`. */
  async up(): Promise<void> {
    const http = createServer((request, response) => {
      void this.#handle(request, response).catch(() => response.destroy());
    });
    http.on('connection', (socket: Socket) => {
      this.#open.add(socket);
      socket.on('close', () => this.#open.delete(socket));
    });
    this.gateway.attach(http);
    await new Promise<void>((resolve) => http.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (http.address() as AddressInfo).port;
    this.#http = http;
  }

  /** DingTalk is not there: every socket is cut and the port is closed. */
  async down(): Promise<void> {
    const http = this.#http;
    this.#http = undefined;
    if (http === undefined) return;
    const closed = new Promise<void>((resolve) => http.close(() => resolve()));
    for (const socket of this.#open) socket.destroy();
    await closed;
  }

  close(): Promise<void> {
    return this.down();
  }

  /** The next calls whose name matches (`POST /v1.0/…`) go wrong. */
  fault(name: RegExp, fault: DingTalkFault, times = 1): void {
    for (let index = 0; index < times; index += 1) this.#faults.push({ name, fault });
  }

  /** No call goes wrong any more. */
  heal(): void {
    this.#faults.length = 0;
  }

  /** A group with the robot in it. */
  addGroup(id: string): void {
    this.tenant.addGroup(id);
  }

  /** People the robot may write to alone. */
  addPeople(...ids: readonly string[]): void {
    for (const id of ids) this.tenant.people.add(id);
  }

  /** A custom robot in a group, with the address to post to. */
  addRobot(
    group: string,
    guard: { readonly secret?: string; readonly keyword?: string } = {},
  ): CustomRobot & { readonly url: string } {
    const robot = this.webhooks.addRobot(group, guard);
    return { ...robot, url: `${this.apiUrl}/robot/send?access_token=${robot.token}` };
  }

  stopRobot(token: string): void {
    const robot = this.webhooks.robots.get(token);
    if (robot !== undefined) robot.isStopped = true;
  }

  /** Takes the robot out of a group. */
  expel(group: string): void {
    const found = this.tenant.groups.get(group);
    if (found !== undefined) found.isMember = false;
  }

  /** Messages of a group, or of `single:<userId>`, that are still there, oldest first. */
  messages(conversation: string): readonly DingTalkMessage[] {
    return this.tenant.messages.filter((one) => one.conversation === conversation && !one.deleted);
  }

  /** The cards of a group that stand for an incident. */
  cards(conversation: string): readonly DingTalkMessage[] {
    return this.messages(conversation).filter(({ params }) => params['kind'] === 'card');
  }

  expectMessage(
    conversation: string,
    text: string | RegExp,
    deadlineMs?: number,
  ): Promise<DingTalkMessage> {
    return until(
      `a message in ${conversation} that reads ${String(text)}`,
      () => this.messages(conversation).findLast((message) => reads(message.text, text)),
      deadlineMs,
    );
  }

  delete(message: DingTalkMessage): void {
    (message as StoredMessage).deleted = true;
  }

  /** What one person reads in the place of the card that only they see. */
  whisper(card: DingTalkMessage, userId: string): string {
    return (card as StoredMessage).seenBy(userId)['answer'] ?? '';
  }

  /** How often that place was written. */
  whispers(card: DingTalkMessage, userId: string): number {
    return (card as StoredMessage).told.get(userId) ?? 0;
  }

  /**
   * Presses a button of a card. Resolves with what the bot answered; an answer that comes in time changes the card, and one that
   * comes after two seconds changes nothing (CHAT §2.1.8).
   */
  async press(
    card: DingTalkMessage,
    button: string,
    userId: string,
    headers: Json = {},
  ): Promise<Pushed> {
    const stored = card as StoredMessage;
    const params = stored.seenBy(userId);
    const label = params[button] ?? '';
    if (label === '') throw new Error(`there is no ${button} on: ${card.text}`);
    const content = {
      cardPrivateData: { actionIds: [button], params: { press: params[`${button}_press`] } },
    };
    const data = {
      type: 'actionCallback',
      outTrackId: card.id,
      corpId: this.tenant.corpId,
      userId,
      content: JSON.stringify(content),
    };
    const pushed = await this.gateway.push(cardTopic, data, headers);
    if ((pushed.answeredMs ?? 0) - pushed.sentMs <= clickMs)
      this.#applyAnswer(stored, userId, pushed.data ?? {});
    return pushed;
  }

  #applyAnswer(card: StoredMessage, userId: string, { response }: Json): void {
    const answer = objectOf(response);
    const shared = objectOf(objectOf(answer['cardData'])['cardParamMap']);
    // CHAT §2.4: not keyed by userId in this answer.
    const own = objectOf(objectOf(answer['userPrivateData'])['cardParamMap']);
    if ([shared, own].some((params) => paramsFault(params) !== undefined)) return;
    if (answer['cardData'] !== undefined) applyUpdate(card, answer, shared);
    card.tell(userId, strings(own));
  }

  /** Writes to the robot: in a group with its name in front, or alone with it. Resolves when the bot has taken the message. */
  async say(
    text: string,
    userId: string,
    where: { readonly group?: string; readonly msgId?: string; readonly sessionMs?: number } = {},
  ): Promise<Pushed> {
    const conversation = where.group ?? `single:${userId}`;
    const untilMs = Date.now() + (where.sessionMs ?? 5_400_000);
    const session = this.webhooks.session(conversation, untilMs);
    const isOver = this.tenant.used.messages >= this.tenant.quota.messages;
    return await this.gateway.push(robotTopic, {
      msgId: where.msgId ?? randomUUID(),
      conversationId: conversation,
      conversationType: where.group === undefined ? '1' : '2',
      chatbotCorpId: this.tenant.corpId,
      chatbotUserId: '$:LWCP_v1:$robot',
      robotCode: this.tenant.robotCode,
      senderCorpId: this.tenant.corpId,
      senderStaffId: userId,
      senderId: `$:LWCP_v1:$${userId}`,
      senderNick: `nick of ${userId}`,
      isAdmin: false,
      isInAtList: where.group !== undefined,
      sessionWebhook: `${this.apiUrl}/robot/sendBySession?session=${session}`,
      sessionWebhookExpiredTime: untilMs,
      createAt: Date.now(),
      msgtype: 'text',
      // CHAT §2.4: a leading space; CHAT §2.7: no text beyond the quota.
      ...(isOver ? { errorCode: '20001' } : { text: { content: ` ${text}` } }),
    });
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const raw = Buffer.concat(chunks);
    const url = new URL(request.url ?? '/', this.apiUrl);
    const type = request.headers['content-type'] ?? '';
    const isJson = !type.startsWith('multipart/');
    const body = objectOf(isJson ? JSON.parse(raw.toString('utf8') || '{}') : {});
    const name = `${request.method} ${url.pathname}`;
    const nowMs = Date.now() + this.skewMs;
    this.tenant.calls.push({ name, body, atMs: nowMs });
    const fault = this.#takeFault(name);
    if (fault !== undefined && !(fault.kind === 'reset' && fault.when === 'after')) {
      misbehave(fault, request, response);
      return;
    }
    const file = { method: request.method ?? '', type, raw };
    const answer =
      (await answerOldApi(this.tenant, url, file)) ??
      this.#answer(request, url, body, raw.length, nowMs);
    if (fault !== undefined) return misbehave(fault, request, response);
    response
      .writeHead(answer.status, { 'content-type': 'application/json' })
      .end(JSON.stringify(answer.body));
  }

  #answer(request: IncomingMessage, url: URL, body: Json, bytes: number, nowMs: number) {
    const path = url.pathname;
    if (path === '/v1.0/gateway/connections/open') {
      const endpoint = `${this.apiUrl.replace('http', 'ws')}/connect`;
      return this.gateway.ticket(body, request.headers.accept ?? '', endpoint);
    }
    if (path.startsWith('/robot/send'))
      return { status: 200, body: this.webhooks.answer(url, body, bytes, nowMs) };
    const token = textOf(request.headers['x-acs-dingtalk-access-token']);
    return answerApi(this.tenant, { method: request.method ?? '', path, body, token }, nowMs);
  }

  #takeFault(name: string): DingTalkFault | undefined {
    const index = this.#faults.findIndex((one) => one.name.test(name));
    return index === -1 ? undefined : this.#faults.splice(index, 1)[0]?.fault;
  }
}

/** Starts an organisation with the group `ops` where the robot is a member. */
export async function startDingTalkStandIn(): Promise<DingTalkStandIn> {
  const dingtalk = new DingTalkStandIn();
  dingtalk.addGroup(ops);
  await dingtalk.up();
  return dingtalk;
}

/** The group of the tests. */
export const ops = 'cidOpsGroup0001==';

function reads(text: string, wanted: string | RegExp): boolean {
  return typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text);
}
