import { randomUUID } from 'node:crypto';

export type Json = Readonly<Record<string, unknown>>;

/** How long an access token lives (CHAT §2.3: `expireIn` 7200). */
export const tokenMs = 7_200_000;

/** A message in a group or a single chat, as people see it. */
export interface DingTalkMessage {
  readonly id: string;
  /** openConversationId of the group, or `single:<userId>`. */
  readonly conversation: string;
  readonly kind: 'card' | 'markdown' | 'image';
  /** What is read, values in the order of the template or the Markdown itself, with the names of those called at the end. */
  readonly text: string;
  /** Values of a card by variable; of a Markdown message `title` and `text`; of a picture `photoURL`. */
  readonly params: Readonly<Record<string, string>>;
  /** userIds called by it. */
  readonly at: readonly string[];
  /** What brought it: the API, a custom robot, or the address that came with a person's message. */
  readonly by: 'api' | 'robot' | 'reply';
  /** When it came, by the clock of this machine. */
  readonly postedMs: number;
  readonly edits: number;
  readonly deleted: boolean;
  /** The names of the buttons that are visible, as labelled. */
  readonly buttons: readonly string[];
}

/** A message as the tenant keeps it. */
export class StoredMessage implements DingTalkMessage {
  readonly id: string;
  readonly conversation: string;
  readonly kind: 'card' | 'markdown' | 'image';
  readonly at: readonly string[];
  readonly by: DingTalkMessage['by'];
  readonly postedMs = Date.now();
  params: Record<string, string>;
  /** Values only one person sees, by userId. */
  readonly privately = new Map<string, Record<string, string>>();
  /** How often somebody was told something that only they see, by userId. */
  readonly told = new Map<string, number>();
  edits = 0;
  deleted = false;

  constructor(
    made: Pick<DingTalkMessage, 'conversation' | 'kind' | 'at' | 'by'> & {
      readonly id?: string;
      readonly params: Readonly<Record<string, string>>;
    },
  ) {
    this.id = made.id ?? randomUUID();
    this.conversation = made.conversation;
    this.kind = made.kind;
    this.at = made.at;
    this.by = made.by;
    this.params = { ...made.params };
  }

  get text(): string {
    const shown =
      this.kind !== 'card'
        ? [this.params['text'] ?? '']
        : Object.entries(this.params)
            .filter(([name]) => !hidden(name))
            .map(([, value]) => value);
    return [...shown.filter((value) => value !== ''), ...this.at.map((id) => `@${id}`)].join('\n');
  }

  get buttons(): readonly string[] {
    return Object.keys(this.params)
      .filter((name) => `${name}_press` in this.params && this.params[name] !== '')
      .map((name) => this.params[name] ?? '');
  }

  /** Tells one person something that only they see. */
  tell(userId: string, values: Readonly<Record<string, string>>): void {
    this.privately.set(userId, { ...this.privately.get(userId), ...values });
    this.told.set(userId, (this.told.get(userId) ?? 0) + 1);
  }

  /** What one person reads on it: the values for everybody, and over them their own. */
  seenBy(userId: string): Readonly<Record<string, string>> {
    return { ...this.params, ...this.privately.get(userId) };
  }
}

/** Variables that no text component of the template shows. */
function hidden(name: string): boolean {
  return name === 'kind' || name === 'tone' || name.endsWith('_press') || name.endsWith('_confirm');
}

/** A call of the API, or a post to a robot. */
export interface DingTalkCall {
  readonly name: string;
  readonly body: Json;
  readonly atMs: number;
}

interface Group {
  readonly id: string;
  isMember: boolean;
}

/** What one organisation remembers. */
export class Tenant {
  readonly clientId = 'dingstandin0001';
  readonly clientSecret = 'stand-in-client-secret-3f9a';
  readonly robotCode = 'dingstandin0001';
  readonly template = '0f6b1f3e-7c5f-4b1e-9b40-3d3f1c8a55aa.schema';
  readonly corpId = 'dingcorp0001';
  readonly groups = new Map<string, Group>();
  readonly messages: StoredMessage[] = [];
  readonly calls: DingTalkCall[] = [];
  readonly tokens = new Map<string, number>();
  /** Tokens of the old API, which are others (CHAT §2.3). */
  readonly oldTokens = new Set<string>();
  /** Pictures that were uploaded, by media id (CHAT §4: reusable, for DingTalk's clients only). */
  readonly media = new Map<string, Buffer>();
  /** Calls of the API that count, and messages by webhook and stream (CHAT §2.7), and what the edition allows. */
  used = { calls: 0, messages: 0 };
  quota = { calls: 5000, messages: 3000 };
  /** People whose single chat with the robot is there. */
  readonly people = new Set<string>();
  isPublished = true;
  /** Whether somebody switched on the right to see which robots a group has. */
  mayListRobots = true;

  addGroup(id: string): void {
    this.groups.set(id, { id, isMember: true });
  }

  /** A new token; the earlier ones live on until they end (CHAT §2.3). */
  issueToken(nowMs: number): string {
    const token = randomUUID().replaceAll('-', '');
    this.tokens.set(token, nowMs + tokenMs);
    return token;
  }

  card(outTrackId: string): StoredMessage | undefined {
    return this.messages.find((message) => message.kind === 'card' && message.id === outTrackId);
  }

  post(message: StoredMessage): StoredMessage {
    this.messages.push(message);
    return message;
  }
}
