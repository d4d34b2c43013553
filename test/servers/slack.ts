import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { until } from '../support/until.ts';
import { misbehave, readArgs, readFile, type SlackFault, send } from './slack/answers.ts';
import type { Json } from './slack/blocks.ts';
import {
  pressablesOf,
  readText,
  type SlackEphemeral,
  type SlackMessage,
  type SlackModal,
} from './slack/message.ts';
import {
  applyAck,
  clickPayload,
  fillModal,
  homeClickPayload,
  slashPayload,
  submitPayload,
} from './slack/payloads.ts';
import { postSigned, SocketMode } from './slack/transport.ts';
import { answerCall, fail, type SlackAnswer, type SlackCall } from './slack/web-api.ts';
import { responseMs, responseUses, type StoredMessage, Workspace } from './slack/workspace.ts';

export type { SlackCall, SlackEphemeral, SlackMessage, SlackModal };

/** A channel, with what tests ask of it. */
export interface SlackChannel {
  readonly id: string;
  /** Top-level messages that are still there, oldest first. */
  readonly messages: readonly SlackMessage[];
  /** Resolves with the first message that reads so, now or within the deadline. */
  expectCard(text: string | RegExp, deadlineMs?: number): Promise<SlackMessage>;
}

/**
 * A strict stand-in for Slack on real sockets: Web API, socket mode, response URLs. Its rules name the line of CHAT.md beside it that
 * they come from. It refuses what Slack refuses (tokens, limits of
 * Block Kit, membership, dead triggers), and has the hands of a person: click, submit, type, delete.
 */
export class SlackStandIn {
  readonly botToken = 'xoxb-stand-in-bot-token';
  readonly appToken = 'xapp-stand-in-app-token';
  readonly signingSecret = 'stand-in-signing-secret';
  readonly calls: SlackCall[] = [];
  readonly sockets = new SocketMode();
  readonly workspace = new Workspace();
  /** Refuses more than one message a second and channel, like Slack does under load (CHAT §4, S3). */
  pacing = false;
  /** When set, payloads are posted there instead of sent through a socket. */
  requestUrl: string | undefined;
  readonly #faults: { readonly methods: readonly string[]; readonly fault: SlackFault }[] = [];
  readonly #open = new Set<Socket>();
  #http: Server | undefined;
  #port = 0;

  /** The port people outside are told, where something stands in between. */
  behind: number | undefined;

  get port(): number {
    return this.#port;
  }

  get #shownPort(): number {
    return this.behind ?? this.#port;
  }

  get apiUrl(): string {
    return `http://127.0.0.1:${this.#shownPort}/api/`;
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
    this.sockets.attach(http);
    await new Promise<void>((resolve) => http.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (http.address() as AddressInfo).port;
    this.#http = http;
  }

  /** Slack is not there: every socket is cut and the port is closed. */
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

  /** The next calls of any of these methods go wrong; afterwards they work again. `response_url` names answers to clicks. */
  fault(methods: string | readonly string[], fault: SlackFault, times = 1): void {
    const list = typeof methods === 'string' ? [methods] : methods;
    for (let index = 0; index < times; index += 1) this.#faults.push({ methods: list, fault });
  }

  #takeFault(method: string): SlackFault | undefined {
    const index = this.#faults.findIndex(({ methods }) => methods.includes(method));
    return index === -1 ? undefined : this.#faults.splice(index, 1)[0]?.fault;
  }

  channel(id: string): SlackChannel {
    const channel = this.workspace.channels.get(id);
    if (channel === undefined) throw new Error(`the stand-in has no channel ${id}`);
    const listed = (): readonly SlackMessage[] =>
      channel.messages.filter((one) => one.threadTs === undefined && !one.deleted);
    return {
      id,
      get messages() {
        return listed();
      },
      expectCard: (text, deadlineMs) =>
        until(
          `a message in ${channel.name} that reads ${String(text)}`,
          () => listed().find((message) => reads(message.text, text)),
          deadlineMs,
        ),
    };
  }

  /** Adds a channel the bot is a member of. */
  addChannel(id: string, name: string): SlackChannel {
    this.workspace.addChannel(id, name);
    return this.channel(id);
  }

  archive(id: string): void {
    this.#channelOf(id).isArchived = true;
  }

  deleteMessage(message: SlackMessage): void {
    (message as StoredMessage).deleted = true;
  }

  /** What a person was told alone, oldest first. */
  ephemerals(user: string): readonly SlackEphemeral[] {
    return this.workspace.ephemerals.filter((one) => one.user === user);
  }

  expectEphemeral(
    user: string,
    text: string | RegExp,
    deadlineMs?: number,
  ): Promise<SlackEphemeral> {
    return until(
      `a private answer to ${user} that reads ${String(text)}`,
      () => this.ephemerals(user).find((one) => reads(one.text, text)),
      deadlineMs,
    );
  }

  /** The modals a person has open, the topmost last. */
  modals(user: string): readonly SlackModal[] {
    return this.workspace.modals.filter((one) => one.user === user && one.open);
  }

  expectModal(user: string, text: string | RegExp, deadlineMs?: number): Promise<SlackModal> {
    return until(
      `a modal of ${user} that reads ${String(text)}`,
      () => this.modals(user).findLast((one) => reads(`${one.title}\n${one.text}`, text)),
      deadlineMs,
    );
  }

  /** Presses a button or an overflow entry, and answers its confirm dialogue with yes. Resolves when the bot has acknowledged. */
  async click(
    target: SlackMessage | SlackEphemeral,
    label: string,
    user: string,
  ): Promise<{ readonly payload: Json }> {
    const found = pressablesOf(target.raw).find((one) => one.label === label);
    if (found === undefined) throw new Error(`there is no ${label} on: ${target.text}`);
    const response = this.workspace.response(target.channel, user, target.ts);
    const payload = clickPayload({
      target,
      action: { ...found.action, action_ts: this.workspace.nextTs() },
      user,
      triggerId: this.workspace.trigger(user).id,
      channelName: this.#channelOf(target.channel).name,
      responseUrl: this.#responseUrl(response.id),
    });
    await this.deliver('interactive', payload);
    return { payload };
  }

  /** Opens the bot's own page. */
  async openHome(user: string): Promise<void> {
    await this.deliver('events_api', {
      type: 'event_callback',
      event_id: `Ev${this.workspace.nextTs().replace('.', '')}`,
      team_id: 'T0ACME',
      event: { type: 'app_home_opened', user, channel: `D${user.slice(1)}`, tab: 'home' },
    });
  }

  /** The bot's own page as a person sees it; undefined before it was drawn. */
  home(
    user: string,
  ):
    | { readonly text: string; readonly buttons: readonly string[]; readonly drawn: number }
    | undefined {
    const home = this.workspace.homes.get(user);
    if (home === undefined) return undefined;
    const buttons = pressablesOf(home.raw).map(({ label }) => label);
    return { text: readText(home.raw), buttons, drawn: home.drawn };
  }

  /** Presses a button on the bot's own page: such a click has neither a message nor a response URL. */
  async clickHome(user: string, label: string): Promise<void> {
    const home = this.workspace.homes.get(user);
    const found = pressablesOf(home?.raw ?? {}).find((one) => one.label === label);
    if (found === undefined) throw new Error(`there is no ${label} on the page of ${user}`);
    await this.deliver(
      'interactive',
      homeClickPayload({
        user,
        view: home?.raw ?? {},
        action: { ...found.action, action_ts: this.workspace.nextTs() },
        triggerId: this.workspace.trigger(user).id,
      }),
    );
  }

  /** Types a slash command: `/zk status`. Resolves when the bot has acknowledged. */
  async slash(line: string, user: string, channelId?: string): Promise<{ readonly payload: Json }> {
    const id = channelId ?? [...this.workspace.channels.keys()][0] ?? '';
    const payload = slashPayload({
      line,
      user,
      channel: { id, name: this.#channelOf(id).name },
      triggerId: this.workspace.trigger(user).id,
      responseUrl: this.#responseUrl(this.workspace.response(id, user, undefined).id),
    });
    await this.deliver('slash_commands', payload);
    return { payload };
  }

  /** Fills the topmost modal of a person by action id and submits it. */
  async submitModal(user: string, values: Readonly<Record<string, string>>): Promise<void> {
    const modal = this.workspace.modals.findLast((one) => one.user === user && one.open);
    if (modal?.submit === undefined) throw new Error(`${user} has no modal to submit`);
    const state = fillModal(modal, values);
    if (state === undefined) return;
    const trigger = this.workspace.trigger(user).id;
    applyAck(modal, await this.deliver('interactive', submitPayload(modal, state, trigger)));
  }

  /** Closes the topmost modal, as a person does with Escape. */
  dismissModal(user: string): void {
    const modal = this.workspace.modals.findLast((one) => one.user === user && one.open);
    if (modal !== undefined) modal.open = false;
  }

  /** Hands a payload to the bot, also twice or malformed. */
  async deliver(type: string, payload: Json): Promise<Json> {
    if (this.requestUrl === undefined) return this.sockets.deliver(type, payload);
    const body =
      type === 'slash_commands'
        ? new URLSearchParams(payload as Record<string, string>).toString()
        : new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
    const answer = await postSigned(this.requestUrl, body, { secret: this.signingSecret });
    if (answer.status !== 200) throw new Error(`the bot answered ${answer.status}`);
    return answer.body.startsWith('{') ? (JSON.parse(answer.body) as Json) : {};
  }

  #channelOf(id: string) {
    const channel = this.workspace.channels.get(id);
    if (channel === undefined) throw new Error(`the stand-in has no channel ${id}`);
    return channel;
  }

  #responseUrl(id: string): string {
    return `http://127.0.0.1:${this.#shownPort}/response/${id}`;
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const [, root = '', name = ''] = (request.url ?? '').split(/[/?]/u);
    if (root === 'upload') {
      await this.#receiveFile(name, request, body, response);
      return;
    }
    const args = readArgs(request, body.toString('utf8'));
    const method = root === 'response' ? 'response_url' : name;
    const token = (request.headers.authorization ?? '').replace(/^Bearer /u, '');
    const call: SlackCall = { method, args, token, atMs: Date.now() };
    this.calls.push(call);
    const fault = this.#takeFault(method);
    if (fault?.kind === 'late') await fault.until;
    const isAfter = fault !== undefined && 'when' in fault && fault.when === 'after';
    if (fault !== undefined && fault.kind !== 'late' && !isAfter) {
      misbehave(fault, request, response);
      return;
    }
    const answer =
      root === 'response'
        ? this.#respond(name, args)
        : answerCall(call, {
            workspace: this.workspace,
            botToken: this.botToken,
            appToken: this.appToken,
            pacing: this.pacing,
            uploadUrl: (file) => `http://127.0.0.1:${this.#shownPort}/upload/${file}`,
            openConnection: () =>
              `ws://127.0.0.1:${this.#shownPort}/link?ticket=${this.sockets.ticket()}`,
          });
    if (isAfter) misbehave(fault, request, response);
    else if (root === 'response' && answer.kind === 'body' && answer.body['ok'] === false)
      response.writeHead(404).end(String(answer.body['error']));
    else send(answer, response);
  }

  /** Takes the bytes of a file that was announced, once, and only as many as were announced. */
  async #receiveFile(
    id: string,
    request: IncomingMessage,
    body: Buffer,
    response: ServerResponse,
  ): Promise<void> {
    const file = this.workspace.files.get(id);
    const bytes = await readFile(request, body);
    if (file === undefined || file.bytes !== undefined || bytes.length !== file.length) {
      response.writeHead(400).end('bad upload');
      return;
    }
    file.bytes = bytes;
    response.writeHead(200).end(`OK - ${bytes.length}`);
  }

  #respond(id: string, args: Json): SlackAnswer {
    const url = this.workspace.responses.get(id);
    if (url === undefined) return fail('invalid_url');
    url.uses += 1;
    if (url.uses > responseUses) return fail('used_url');
    if (this.workspace.now() - url.atMs > responseMs) return fail('expired_url');
    const channel = this.#channelOf(url.channel);
    const target = channel.messages.find(({ ts }) => ts === url.messageTs);
    if (args['replace_original'] === true && target !== undefined) {
      target.raw = { ...target.raw, ...args };
      target.edits += 1;
    } else if (args['response_type'] === 'in_channel') {
      this.workspace.post(channel, { ...args, bot_id: 'B0NIGHTKEEPER' });
    } else {
      this.workspace.whisper(url.channel, url.user, args);
    }
    return { kind: 'body', body: { ok: true } };
  }
}

/** Starts a workspace with the channel `C0000OPS` (#ops), where the bot is a member. */
export async function startSlackStandIn(): Promise<SlackStandIn> {
  const slack = new SlackStandIn();
  slack.addChannel('C0000OPS', 'ops');
  await slack.up();
  return slack;
}

function reads(text: string, wanted: string | RegExp): boolean {
  return typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text);
}
