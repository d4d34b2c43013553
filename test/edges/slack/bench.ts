import type { SlackConfig } from '../../../src/edges/slack/config.ts';
import { type Slack, type SlackState, startSlack } from '../../../src/edges/slack/slack.ts';
import type { Card } from '../../../src/model/card.ts';
import type { Invocation } from '../../../src/model/invocation.ts';
import type { Receipt } from '../../../src/model/notification.ts';
import type { Reply } from '../../../src/model/reply.ts';
import type { Settings } from '../../../src/model/settings.ts';
import type { Caller } from '../../../src/ports/act.ts';
import { type SlackStandIn, startSlackStandIn } from '../../servers/slack.ts';
import { aSettings } from '../../support/builders.ts';
import { aDestination } from '../../support/cards.ts';
import { type RecordingLog, recordingLog } from '../../support/log.ts';
import { createMemoryBulletins } from '../../support/memory/bulletins.ts';
import { until } from '../../support/until.ts';
import { withResolvers } from '../../support/with-resolvers.ts';

export interface SeenAct {
  readonly invocation: Invocation;
  readonly caller: Caller;
  readonly dedupeId: string | undefined;
}

/** The Slack edge, connected to a stand-in, with a pipeline that answers what the test says. */
export class SlackBench {
  readonly slack: SlackStandIn;
  readonly log: RecordingLog = recordingLog();
  readonly acts: SeenAct[] = [];
  /** Every state it told of, oldest first. */
  readonly states: SlackState[] = [];
  /** What every invocation answers. */
  reply: Reply = {
    outcome: 'done',
    visibility: 'private',
    blocks: [{ kind: 'text', text: 'done' }],
  };
  /** The people and languages of the configuration. */
  settings: Settings = aSettings();
  /** What everybody's own page says. */
  page: Reply = this.reply;
  /** For whom a page was asked. */
  readonly pages: Caller[] = [];
  readonly bulletins = createMemoryBulletins();
  nowMs = Date.now();
  #edge: Slack | undefined;
  #held: Promise<Reply> | undefined;
  #error: Error | undefined;

  constructor(slack: SlackStandIn) {
    this.slack = slack;
  }

  get edge(): Slack {
    if (this.#edge === undefined) throw new Error('the edge is not started');
    return this.#edge;
  }

  /** Starts in socket mode. */
  start(
    settings: Partial<SlackConfig> = {},
    more: Pick<Parameters<typeof startSlack>[0], 'pace'> = {},
  ): Promise<void> {
    const { botToken, appToken, apiUrl } = this.slack;
    return this.#start({ botToken, appToken, apiUrl, ...settings }, more);
  }

  /** Starts without socket mode, listening on a port. */
  startHttp(port: number): Promise<void> {
    const { botToken, apiUrl, signingSecret } = this.slack;
    return this.#start({ botToken, apiUrl, signingSecret, port });
  }

  async #start(
    settings: SlackConfig,
    more: Pick<Parameters<typeof startSlack>[0], 'pace'> = {},
  ): Promise<void> {
    this.#edge = await startSlack({
      settings,
      act: (invocation, caller, dedupeId) => this.#act({ invocation, caller, dedupeId }),
      house: () => this.settings,
      log: this.log,
      page: (caller) => {
        this.pages.push(caller);
        return Promise.resolve(this.page);
      },
      bulletins: this.bulletins,
      onState: (state) => this.states.push(state),
      ...more,
      clock: { now: () => this.nowMs, sleep: () => Promise.resolve() },
    });
  }

  async connected(): Promise<void> {
    await until('both sockets', () => {
      const { kind, sockets } = this.edge.state();
      return kind === 'connected' && sockets === 2;
    });
  }

  /** The next invocation waits until the returned function gives its answer. */
  hold(): (reply: Reply) => void {
    const { promise, resolve } = withResolvers<Reply>();
    this.#held = promise;
    return resolve;
  }

  /** Every invocation throws from now on. */
  fail(error: Error): void {
    this.#error = error;
  }

  show(card: Card): Promise<Receipt> {
    return this.edge.channel.deliver(
      { kind: 'show', card, previous: undefined, text: card.title },
      aDestination(),
      'key',
    );
  }

  async close(): Promise<void> {
    await this.#edge?.close();
    await this.slack.close();
  }

  async #act(act: SeenAct): Promise<Reply> {
    this.acts.push(act);
    if (this.#error !== undefined) throw this.#error;
    const held = this.#held;
    this.#held = undefined;
    return held ?? this.reply;
  }
}

export async function startBench(): Promise<SlackBench> {
  const bench = new SlackBench(await startSlackStandIn());
  await bench.start();
  await bench.connected();
  return bench;
}
