import type { House } from '../pipeline/house.ts';
import { relieveOwn, reportOwn } from '../pipeline/own-trouble.ts';
import { verdictOf } from '../rules/routing/trouble.ts';

/** The fault of a chat that does not take us, or does not let us hear. */
export const chatDown = 'chat-down';

/** How often a chat that is down is judged again: it is told after a minute, and calls people after five. */
const judgeEveryMs = 5_000;

/** How a chat stands, in its own words; `off` where the configuration has none. */
export interface ChatState {
  readonly kind: 'connecting' | 'connected' | 'down' | 'off';
  readonly reason?: string;
  /** True where somebody has to change something: a token was revoked, a scope is missing. */
  readonly refused?: boolean;
}

/** Tells of chats that are down, as cards where other ways lead. */
export interface ChatWatch {
  heard(chat: string, state: ChatState): void;
  stop(): void;
}

interface Down {
  readonly sinceMs: number;
  readonly reason: string;
  readonly refused: boolean;
  told?: 'warn' | 'page';
}

export function watchChats(house: House, everyMs: number = judgeEveryMs): ChatWatch {
  const down = new Map<string, Down>();
  /** Chats that are back, until their card says so. */
  const back = new Set<string>();
  let turn: Promise<void> = Promise.resolve();

  /** One after the other, so that an older state never overtakes a newer one. */
  function inTurn(task: () => Promise<void>): void {
    turn = turn
      .then(task)
      .catch((error: unknown) =>
        house.log.warn({ err: error }, 'the state of a chat could not be told'),
      );
  }

  async function judge(chat: string): Promise<void> {
    const trouble = down.get(chat);
    if (trouble === undefined) return;
    const { sinceMs, reason, refused } = trouble;
    const code = refused ? 'delivery-refused' : 'delivery-temporary';
    const plain = { sinceMs, code, error: reason, failures: 1, incidents: [] };
    const { severity } = verdictOf(plain, house.clock.now());
    if (severity === undefined || severity === trouble.told) return;
    await reportOwn(house, {
      detector: chatDown,
      about: chat,
      severity,
      sinceMs,
      facts: { chat, reason, refused },
      evidence: [`${chat}: ${reason}`],
    });
    trouble.told = severity;
  }

  async function relieve(chat: string): Promise<void> {
    if (!back.has(chat)) return;
    await relieveOwn(house, chatDown, chat);
    back.delete(chat);
  }

  const timer = setInterval(() => {
    for (const chat of down.keys()) inTurn(() => judge(chat));
    for (const chat of back) inTurn(() => relieve(chat));
  }, everyMs);
  timer.unref();

  return {
    heard(chat, { kind, reason = '', refused = false }) {
      const before = down.get(chat);
      if (kind === 'connected' || kind === 'off') {
        down.delete(chat);
        // Also one that an earlier process told.
        back.add(chat);
        inTurn(() => relieve(chat));
      } else if (kind === 'down') {
        const sinceMs = before?.sinceMs ?? house.clock.now();
        const told = before?.refused === refused ? before.told : undefined;
        back.delete(chat);
        down.set(chat, { sinceMs, reason, refused, ...(told === undefined ? {} : { told }) });
        inTurn(() => judge(chat));
      }
    },
    stop() {
      clearInterval(timer);
    },
  };
}
