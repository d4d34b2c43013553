import { App, HTTPReceiver, type Receiver } from '@slack/bolt';
import type { Reply } from '../../model/reply.ts';
import type { Settings } from '../../model/settings.ts';
import type { Act, Caller } from '../../ports/act.ts';
import type { Bulletins } from '../../ports/bulletin.ts';
import type { Channel } from '../../ports/channel.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import { answerLater } from './answer-later.ts';
import { boltLogger } from './bolt-logger.ts';
import type { SlackConfig } from './config.ts';
import { createSlackChannel } from './deliver.ts';
import { type Desk, languageFor } from './desk.ts';
import { isRefusal, networkReason, slackErrorOf } from './failure.ts';
import { createHome, homePace } from './home.ts';
import { createPeople, lookMs, type Workspace } from './people.ts';
import { listen } from './receive.ts';
import { requestPath } from './request-path.ts';
import { sleep } from './sleep.ts';
import { SocketKeeper, type SocketReport } from './sockets.ts';
import { uploadTimeoutMs } from './upload.ts';
import { clientOptions, createWebClient } from './web-client.ts';

/** How often a bot token that Slack does not accept is tried again. */
const tokenRetryMs = 30_000;

interface Pace {
  /** How often a bot token that works is looked at: Slack allows hundreds of these a minute. */
  readonly tokenMs: number;
  readonly cardMs: number;
  readonly statusMs: number;
}

const usualPace: Pace = { tokenMs: 60_000, ...homePace };

/** How long a stop waits for answers under way. */
const closeGraceMs = 5000;

/** How we stand with Slack. `down` has the reason in Slack's or the network's word: `invalid_auth`, `ECONNREFUSED`. */
export interface SlackState {
  readonly kind: 'connecting' | 'connected' | 'down';
  readonly sockets: number;
  readonly reason?: string;
  /** True where no waiting helps: a token was revoked, the app was removed. */
  readonly refused?: boolean;
}

export interface Slack {
  readonly channel: Channel;
  state(): SlackState;
  /** Takes nothing new, waits for answers under way, closes the sockets. */
  close(): Promise<void>;
}

export interface SlackOptions {
  readonly settings: SlackConfig;
  readonly act: Act;
  /** The configuration in force, for people and languages. */
  readonly house: () => Settings;
  /** What the bot's own page says to somebody. */
  readonly page: (caller: Caller) => Promise<Reply>;
  /** Hints that a page may say something else now. */
  readonly bulletins: Bulletins;
  readonly log: Log;
  readonly clock: Clock;
  readonly onState?: (state: SlackState) => void;
  /** Other times than the usual ones, for tests. */
  readonly pace?: Partial<Pace>;
}

/**
 * Connects to Slack: the channel to write, the sockets (or the port) to hear. Returns at once and never throws for what Slack does:
 * an unreachable Slack or a revoked token is a state, tried again until it works.
 */
export async function startSlack(options: SlackOptions): Promise<Slack> {
  const { settings, log, clock } = options;
  const pace = { ...usualPace, ...options.pace };
  const stopping = new AbortController();
  const givingUp = new AbortController();
  const status = trackState({ log, stopping: stopping.signal, onState: options.onState });
  const receiver = createReceiver(settings, log, (report) => status.sockets(report));
  const app = new App({
    receiver,
    // Not Bolt's own check of the token: that one ends the process when it fails.
    authorize: () => Promise.resolve({ botToken: settings.botToken }),
    deferInitialization: true,
    convoStore: false,
    logger: boltLogger(log),
    clientOptions: clientOptions(settings, log),
  });
  const desk = deskOf(options, pace, givingUp.signal);
  const { client, people, home } = desk;
  const answersDone = listen(app, desk);
  await app.init();
  const listening = app.start(settings.port ?? 0).then(
    () => {
      if (settings.appToken === undefined) status.sockets({ open: 1 });
    },
    (error: unknown) => status.sockets({ open: 0, reason: networkReason(error) }),
  );
  void checkToken(
    client,
    (answer) => {
      if (typeof answer === 'object') people.setWorkspace(answer);
      status.token(typeof answer === 'string' ? answer : undefined);
    },
    { everyMs: pace.tokenMs, signal: stopping.signal },
  );
  return {
    channel: {
      ...createSlackChannel({ client: createWebClient(settings, log), clock, log }),
      answer: (to, reply, language) => answerLater(to, reply, language, desk),
    },
    state: () => status.state(),
    async close() {
      stopping.abort();
      home.close();
      await listening;
      await app.stop().catch(() => undefined);
      const answered = new AbortController();
      await Promise.race([answersDone(), sleep(closeGraceMs, answered.signal)]);
      answered.abort();
      givingUp.abort();
    },
  };
}

/** What the listeners work with. Each kind of call has a client of its own: a rate limit pauses all methods of one. */
function deskOf(options: SlackOptions, pace: Pace, giveUp: AbortSignal): Desk {
  const { settings, act, house, clock, log } = options;
  const people = createPeople({
    client: createWebClient(settings, log, lookMs),
    settings: house,
    clock,
    log,
  });
  const home = createHome({
    client: createWebClient(settings, log),
    page: options.page,
    languageOf: ({ handle }) => languageFor(house(), handle, undefined),
    bulletins: options.bulletins,
    pace,
    clock,
    log,
  });
  return {
    act,
    people,
    home,
    giveUp,
    clock,
    log,
    settings: house,
    client: createWebClient(settings, log),
    uploader: createWebClient(settings, log, uploadTimeoutMs),
  };
}

function createReceiver(
  settings: SlackConfig,
  log: Log,
  onReport: (report: SocketReport) => void,
): Receiver {
  const { appToken, signingSecret } = settings;
  if (appToken !== undefined) {
    return new SocketKeeper({ settings: { ...settings, appToken }, log, onReport });
  }
  return new HTTPReceiver({
    signingSecret: signingSecret ?? '',
    endpoints: [requestPath],
    logger: boltLogger(log),
  });
}

/**
 * Asks Slack whether the bot token works, again and again: a token may be revoked while nothing is sent. Once it has worked, only
 * Slack's own word counts against it; whether Slack can be reached is for the sockets to say.
 */
async function checkToken(
  client: ReturnType<typeof createWebClient>,
  report: (answer: Workspace | string) => void,
  { everyMs, signal }: { readonly everyMs: number; readonly signal: AbortSignal },
): Promise<void> {
  let worked = false;
  for (let attempt = 1; !signal.aborted; attempt += 1) {
    try {
      const { team_id, enterprise_id } = await client.auth.test();
      if (signal.aborted) return;
      report({
        team: team_id ?? '',
        ...(enterprise_id === undefined ? {} : { enterprise: enterprise_id }),
      });
      worked = true;
      attempt = 0;
      await sleep(everyMs, signal);
    } catch (error) {
      if (signal.aborted) return;
      const code = slackErrorOf(error);
      if (code !== undefined && isRefusal(code)) report(code);
      else if (!worked) report(code ?? networkReason(error));
      await sleep(
        Math.min(code === undefined ? 500 * attempt : tokenRetryMs, tokenRetryMs, everyMs),
        signal,
      );
    }
  }
}

/** Puts sockets and token together, and tells each change once; that a stop closes the sockets is no news. */
function trackState(parts: {
  readonly log: Log;
  readonly stopping: AbortSignal;
  readonly onState: ((state: SlackState) => void) | undefined;
}) {
  const { log, stopping, onState } = parts;
  let sockets: SocketReport = { open: 0 };
  let token: { readonly ok: boolean; readonly reason?: string } = { ok: false };
  let told = '';

  const state = (): SlackState => {
    const reason = token.reason ?? (sockets.open === 0 ? sockets.reason : undefined);
    if (reason !== undefined)
      return {
        kind: 'down',
        sockets: sockets.open,
        reason,
        ...(isRefusal(reason) ? { refused: true } : {}),
      };
    const kind = token.ok && sockets.open > 0 ? 'connected' : 'connecting';
    return { kind, sockets: sockets.open };
  };

  const tell = (): void => {
    const now = state();
    const change = `${now.kind} ${now.reason ?? ''}`;
    if (change === told || stopping.aborted) return;
    told = change;
    if (now.kind === 'down') log.warn({ reason: now.reason }, 'slack is down for us');
    else log.info({ state: now.kind }, 'slack state');
    onState?.(now);
  };

  return {
    state,
    sockets(report: SocketReport): void {
      sockets = report;
      tell();
    },
    token(reason: string | undefined): void {
      token = reason === undefined ? { ok: true } : { ok: false, reason };
      tell();
    },
  };
}
