import { TOPIC_CARD, TOPIC_ROBOT } from 'dingtalk-stream';
import type { Settings } from '../../model/settings.ts';
import type { Act } from '../../ports/act.ts';
import type { Channel } from '../../ports/channel.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { ShortMemory } from '../../ports/short-memory.ts';
import { createApi } from './api.ts';
import type { DingTalkConfig } from './config.ts';
import { createCardChannel, type Sender } from './deliver.ts';
import { type CardNow, createFirst, type Desk, type LookAgain } from './desk.ts';
import { failureOf, isRefusal } from './failure.ts';
import type { Frame, FrameAnswer } from './frames.ts';
import { insist } from './insist.ts';
import { type KeeperTimes, type SocketReport, startKeeper } from './keeper.ts';
import { createMedia } from './media.ts';
import type { Meter } from './meter.ts';
import { readClick, readMessage } from './payload.ts';
import { createQuestions } from './question.ts';
import { answerClick } from './receive-click.ts';
import { answerMessage } from './receive-message.ts';
import { renderReply } from './render-reply.ts';
import type { Message } from './render-text.ts';
import { createShown } from './shown.ts';
import { sleep } from './sleep.ts';
import { createTextChannel, sendToPeople } from './text-channel.ts';
import { createTracks } from './tracks.ts';

/** How long a stop waits for answers under way. */
const closeGraceMs = 5000;

/** How we stand with DingTalk. `down` has the reason in DingTalk's or the network's word. */
export interface DingTalkState {
  readonly kind: 'connecting' | 'connected' | 'down';
  readonly sockets: number;
  readonly reason?: string;
  /** True where no waiting helps: the secret was renewed, the application was taken away. */
  readonly refused?: boolean;
}

export interface DingTalk {
  readonly channel: Channel;
  state(): DingTalkState;
  /** Waits for the answers under way, then closes the socket. */
  close(): Promise<void>;
}

/**
 * Connects one application of DingTalk: the channel to write, the socket to hear clicks and lines. Returns at once and never throws
 * for what DingTalk does: a gateway that is away or a secret that was renewed is a state, tried again until it works.
 */
export function startDingTalk(options: {
  readonly settings: DingTalkConfig;
  readonly act: Act;
  readonly cardNow: CardNow;
  readonly lookAgain: LookAgain;
  readonly memory: ShortMemory;
  readonly meter: Meter;
  /** The configuration in force, for people and languages. */
  readonly house: () => Settings;
  readonly log: Log;
  readonly clock: Clock;
  readonly onState?: (state: DingTalkState) => void;
  readonly times?: KeeperTimes & { readonly callMs?: number };
}): DingTalk {
  const { settings, log, clock, meter, memory, times = {} } = options;
  const status = trackState(log, options.onState);
  const api = createApi({
    settings,
    clock,
    meter,
    ...(times.callMs === undefined ? {} : { timeoutMs: times.callMs }),
  });
  const shown = createShown(memory, clock);
  const sender: Sender = {
    api,
    settings,
    log,
    shown,
    tracks: createTracks(memory),
    media: createMedia({ settings, clock, meter }),
  };
  const givingUp = new AbortController();
  const { onFrame, answersDone } = listen({ ...options, ...sender, giveUp: givingUp.signal });
  const keeper = startKeeper({
    settings,
    log,
    onFrame,
    onReport: (report) => status.report(report),
    times,
  });
  const template = settings.cardTemplateId;
  return {
    channel: {
      ...(template === undefined
        ? createTextChannel(sender)
        : createCardChannel({ ...sender, template })),
      answer: (to, reply, language) =>
        answerLater({ ...sender, giveUp: givingUp.signal }, to, renderReply(reply, language)),
    },
    state: () => status.state(),
    async close() {
      status.stop();
      const late = new AbortController();
      await Promise.race([answersDone(), sleep(closeGraceMs, late.signal)]);
      late.abort();
      givingUp.abort();
      await keeper.stop();
    },
  };
}

/** Says something in the single chat that was asked for earlier. */
async function answerLater(
  sender: Sender & { readonly giveUp: AbortSignal },
  userId: string,
  message: Message,
): Promise<boolean> {
  try {
    await insist(() => sendToPeople(sender, [userId], message), sender);
    return true;
  } catch (error) {
    sender.log.warn({ err: failureOf(error) }, 'an answer did not reach dingtalk');
    return false;
  }
}

/** Hands each frame to whoever answers it. Answers under way are waited for. */
function listen(desk: Desk): {
  readonly onFrame: (frame: Frame) => Promise<FrameAnswer>;
  readonly answersDone: () => Promise<void>;
} {
  const isFirst = createFirst(desk.memory);
  const questions = createQuestions(desk.memory);
  const running = new Set<Promise<unknown>>();
  const nothing: FrameAnswer = { kind: 'response', response: null };

  const track = <T>(work: Promise<T>): Promise<T> => {
    const ended = (): void => undefined;
    const done = work.then(ended, ended).finally(() => running.delete(done));
    running.add(done);
    return work;
  };

  const later = (work: Promise<void>): void => {
    track(work).catch((error: unknown) =>
      desk.log.error({ err: error }, 'an answer to dingtalk failed'),
    );
  };

  async function handle(frame: Frame): Promise<FrameAnswer> {
    if (frame.type === 'EVENT') return { kind: 'event', status: 'SUCCESS' };
    desk.meter.count('messages');
    const { topic } = frame.headers;
    if (topic === TOPIC_ROBOT) {
      const message = readMessage(frame, desk.house().destinations);
      // The answer is a message of its own: DingTalk only wants to know that this one came.
      if (message !== undefined)
        later(
          isFirst(message.id).then(async (first) => {
            if (first) await answerMessage(message, desk, questions);
          }),
        );
      return nothing;
    }
    const click = topic === TOPIC_CARD ? readClick(frame) : undefined;
    if (click === undefined || !(await isFirst(click.id))) return nothing;
    return await answerClick(click, desk, questions, later);
  }

  return {
    onFrame: (frame) => track(handle(frame)),
    async answersDone() {
      while (running.size > 0) await Promise.all(running);
    },
  };
}

/** Tells each change once; that a stop closes the socket is no news. */
function trackState(log: Log, onState: ((state: DingTalkState) => void) | undefined) {
  let sockets: SocketReport = { open: 0 };
  let told = '';
  let isStopping = false;

  const state = (): DingTalkState => {
    if (sockets.open > 0) return { kind: 'connected', sockets: sockets.open };
    if (sockets.reason === undefined) return { kind: 'connecting', sockets: 0 };
    const { reason } = sockets;
    return { kind: 'down', sockets: 0, reason, ...(isRefusal(reason) ? { refused: true } : {}) };
  };

  return {
    state,
    stop(): void {
      isStopping = true;
    },
    report(report: SocketReport): void {
      sockets = report;
      const now = state();
      const change = `${now.kind} ${now.reason ?? ''}`;
      if (change === told || isStopping) return;
      told = change;
      if (now.kind === 'down') log.warn({ reason: now.reason }, 'dingtalk is down for us');
      else log.info({ state: now.kind }, 'dingtalk state');
      onState?.(now);
    },
  };
}
