import { App, HTTPReceiver, type Receiver } from '@slack/bolt';
import type { Settings } from '../../model/settings.ts';
import type { Act } from '../../ports/act.ts';
import type { Channel } from '../../ports/channel.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import { boltLogger } from './bolt-logger.ts';
import type { SlackConfig } from './config.ts';
import { createSlackChannel } from './deliver.ts';
import { networkReason, slackErrorOf } from './failure.ts';
import { createPeople, lookMs, type Workspace } from './people.ts';
import { listen } from './receive.ts';
import { sleep } from './sleep.ts';
import { SocketKeeper, type SocketReport } from './sockets.ts';
import { clientOptions, createWebClient } from './web-client.ts';

/** Path of Slack's requests when there is no socket mode. */
export const requestPath = '/slack/events';

/** How often a bot token that Slack does not accept is tried again. */
const tokenRetryMs = 30_000;

/** How long a stop waits for answers under way. */
const closeGraceMs = 5000;

/** How we stand with Slack. `down` has the reason in Slack's or the network's word: `invalid_auth`, `ECONNREFUSED`. */
export interface SlackState {
  readonly kind: 'connecting' | 'connected' | 'down';
  readonly sockets: number;
  readonly reason?: string;
}

export interface Slack {
  readonly channel: Channel;
  state(): SlackState;
  /** Takes nothing new, waits for answers under way, closes the sockets. */
  close(): Promise<void>;
}

/**
 * Connects to Slack: the channel to write, the sockets (or the port) to hear. Returns at once and never throws for what Slack does:
 * an unreachable Slack or a revoked token is a state, tried again until it works.
 */
export async function startSlack(options: {
  readonly settings: SlackConfig;
  readonly act: Act;
  /** The configuration in force, for people and languages. */
  readonly house: () => Settings;
  readonly log: Log;
  readonly clock: Clock;
  readonly onState?: (state: SlackState) => void;
}): Promise<Slack> {
  const { settings, act, house, log, clock } = options;
  const stopping = new AbortController();
  const status = trackState({ log, stopping: stopping.signal, onState: options.onState });
  const client = createWebClient(settings, log);
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
  const people = createPeople({
    client: createWebClient(settings, log, lookMs),
    settings: house,
    clock,
    log,
  });
  const answersDone = listen(app, { act, client, people, settings: house, log, clock });
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
    stopping.signal,
  );
  return {
    channel: createSlackChannel({ client: createWebClient(settings, log), clock, log }),
    state: () => status.state(),
    async close() {
      stopping.abort();
      await listening;
      await app.stop().catch(() => undefined);
      const answered = new AbortController();
      await Promise.race([answersDone(), sleep(closeGraceMs, answered.signal)]);
      answered.abort();
    },
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

/** Asks Slack whether the bot token works, until it does; then it knows which workspace is ours. */
async function checkToken(
  client: ReturnType<typeof createWebClient>,
  report: (answer: Workspace | string) => void,
  signal: AbortSignal,
): Promise<void> {
  for (let attempt = 1; !signal.aborted; attempt += 1) {
    try {
      const { team_id, enterprise_id } = await client.auth.test();
      if (signal.aborted) return;
      report({
        team: team_id ?? '',
        ...(enterprise_id === undefined ? {} : { enterprise: enterprise_id }),
      });
      return;
    } catch (error) {
      if (signal.aborted) return;
      const code = slackErrorOf(error);
      report(code ?? networkReason(error));
      await sleep(
        code === undefined ? Math.min(500 * attempt, tokenRetryMs) : tokenRetryMs,
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
    if (reason !== undefined) return { kind: 'down', sockets: sockets.open, reason };
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
