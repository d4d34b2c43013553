import { randomBytes } from 'node:crypto';
import { slackScopes } from '../../../src/edges/slack/manifest.ts';
import { type Json, objectOf, stringOf } from './blocks.ts';
import {
  blocksOf,
  colorOf,
  pressablesOf,
  readText,
  type SlackEphemeral,
  type SlackMessage,
  type SlackModal,
} from './message.ts';

/** How long a `trigger_id` opens a modal (CHAT §4; docs.slack.dev/interactivity). */
export const triggerMs = 3000;

/** Uses and life of a `response_url` (CHAT §4; docs.slack.dev/interactivity/handling-user-interaction). */
export const responseUses = 5;
export const responseMs = 30 * 60_000;

interface Channel {
  readonly id: string;
  readonly name: string;
  isMember: boolean;
  isArchived: boolean;
  isPrivate: boolean;
  isReadOnly: boolean;
  readonly messages: StoredMessage[];
  lastPostMs: number;
}

class StoredMessage implements SlackMessage {
  readonly channel: string;
  readonly ts: string;
  readonly threadTs?: string;
  readonly #all: readonly StoredMessage[];
  raw: Json;
  edits = 0;
  deleted = false;

  constructor(channel: Channel, ts: string, raw: Json) {
    this.channel = channel.id;
    this.ts = ts;
    this.raw = raw;
    this.#all = channel.messages;
    if (typeof raw['thread_ts'] === 'string') this.threadTs = raw['thread_ts'];
  }

  get text(): string {
    return readText(this.raw);
  }
  get notification(): string {
    return stringOf(this.raw['text']);
  }
  get color(): string | undefined {
    return colorOf(this.raw);
  }
  get metadata(): Json | undefined {
    return this.raw['metadata'] === undefined ? undefined : objectOf(this.raw['metadata']);
  }
  get buttons(): readonly string[] {
    return labels(this.raw, false);
  }
  get overflow(): readonly string[] {
    return labels(this.raw, true);
  }
  get replies(): readonly StoredMessage[] {
    return this.#all.filter((other) => other.threadTs === this.ts && !other.deleted);
  }
}

function labels(raw: Json, inOverflow: boolean): readonly string[] {
  return pressablesOf(raw)
    .filter((one) => one.inOverflow === inOverflow)
    .map((one) => one.label);
}

/** The bot's own page in front of one person. */
export interface SlackHome {
  readonly user: string;
  raw: Json;
  /** How often it was published. */
  drawn: number;
}

/** A file between its announcement and the message that shows it. */
export interface SlackFile {
  readonly id: string;
  readonly filename: string;
  readonly length: number;
  readonly alt: string;
  bytes?: Buffer;
  isComplete: boolean;
}

export interface Trigger {
  readonly id: string;
  readonly user: string;
  readonly atMs: number;
  used: boolean;
}

export interface ResponseUrl {
  readonly id: string;
  readonly channel: string;
  readonly user: string;
  readonly atMs: number;
  readonly messageTs: string | undefined;
  uses: number;
}

/** What one Slack workspace remembers. */
export class Workspace {
  readonly channels = new Map<string, Channel>();
  readonly ephemerals: SlackEphemeral[] = [];
  readonly modals: StoredModal[] = [];
  readonly triggers = new Map<string, Trigger>();
  readonly responses = new Map<string, ResponseUrl>();
  /** The bot's own page as each person sees it. */
  readonly homes = new Map<string, SlackHome>();
  /** Files on their way, and those that arrived, by id. */
  readonly files = new Map<string, SlackFile>();
  /** What `users.info` says of people, by id. */
  readonly users = new Map<string, Json>();
  /** What the bot token was granted: everything that the manifest asks for. */
  granted: readonly string[] = slackScopes;
  /** Slack's word about a bot token that is not good any more. */
  tokenError: 'invalid_auth' | 'account_inactive' | 'token_revoked' | undefined;
  /** Moves the clock of triggers and response URLs. */
  skewMs = 0;
  #lastTs = 0;

  now(): number {
    return Date.now() + this.skewMs;
  }

  addChannel(id: string, name: string): Channel {
    const channel: Channel = {
      id,
      name,
      isMember: true,
      isArchived: false,
      isPrivate: false,
      isReadOnly: false,
      messages: [],
      lastPostMs: 0,
    };
    this.channels.set(id, channel);
    return channel;
  }

  /** Adds a member with an e-mail that Slack has checked; `more` makes somebody else of them. */
  addUser(id: string, email: string, more: Json = {}): void {
    this.users.set(id, {
      id,
      team_id: 'T0ACME',
      name: id.toLowerCase(),
      deleted: false,
      is_bot: false,
      is_email_confirmed: true,
      profile: { email },
      ...more,
    });
  }

  /** A time stamp no other message has. */
  nextTs(): string {
    const micros = Math.max(Date.now() * 1000, this.#lastTs + 1);
    this.#lastTs = micros;
    return `${Math.floor(micros / 1e6)}.${String(micros % 1e6).padStart(6, '0')}`;
  }

  post(channel: Channel, raw: Json): StoredMessage {
    const message = new StoredMessage(channel, this.nextTs(), raw);
    channel.messages.push(message);
    return message;
  }

  whisper(channel: string, user: string, raw: Json): SlackEphemeral {
    const ephemeral = {
      channel,
      user,
      ts: this.nextTs(),
      raw,
      text: readText(raw),
      buttons: labels(raw, false),
      overflow: labels(raw, true),
    };
    this.ephemerals.push(ephemeral);
    return ephemeral;
  }

  trigger(user: string): Trigger {
    const trigger = { id: `${Date.now()}.${token()}`, user, atMs: this.now(), used: false };
    this.triggers.set(trigger.id, trigger);
    return trigger;
  }

  publish(user: string, raw: Json): void {
    const home: SlackHome = this.homes.get(user) ?? { user, raw, drawn: 0 };
    home.raw = raw;
    home.drawn += 1;
    this.homes.set(user, home);
  }

  announceFile(filename: string, length: number, alt: string): SlackFile {
    const id = `F${token().toUpperCase()}`;
    const file: SlackFile = { id, filename, length, alt, isComplete: false };
    this.files.set(id, file);
    return file;
  }

  response(channel: string, user: string, messageTs: string | undefined): ResponseUrl {
    const response = { id: token(), channel, user, atMs: this.now(), messageTs, uses: 0 };
    this.responses.set(response.id, response);
    return response;
  }

  modal(user: string, view: Json): StoredModal {
    const modal = new StoredModal(`V${token().toUpperCase()}`, user, view);
    this.modals.push(modal);
    return modal;
  }
}

export class StoredModal implements SlackModal {
  readonly id: string;
  readonly user: string;
  raw: Json;
  hash = token();
  open = true;
  errors: Readonly<Record<string, string>> = {};

  constructor(id: string, user: string, raw: Json) {
    this.id = id;
    this.user = user;
    this.raw = raw;
  }

  replace(raw: Json): void {
    this.raw = raw;
    this.errors = {};
    this.hash = token();
  }

  get title(): string {
    return String(objectOf(this.raw['title'])['text']);
  }
  get submit(): string | undefined {
    const { text } = objectOf(this.raw['submit']);
    return typeof text === 'string' ? text : undefined;
  }
  get text(): string {
    return readText({ blocks: this.raw['blocks'] });
  }
  get buttons(): readonly string[] {
    return labels({ blocks: this.raw['blocks'] }, false);
  }
  get overflow(): readonly string[] {
    return labels({ blocks: this.raw['blocks'] }, true);
  }
  get inputs(): Readonly<Record<string, string>> {
    const inputs = blocksOf(this.raw).filter((block) => block['type'] === 'input');
    return Object.fromEntries(
      inputs.map((block) => [
        String(objectOf(block['element'])['action_id']),
        String(objectOf(block['label'])['text']),
      ]),
    );
  }
}

function token(): string {
  return randomBytes(8).toString('hex');
}

export type { Channel, StoredMessage };
