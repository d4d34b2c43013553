import type { DingTalkConfig } from '../../../src/edges/dingtalk/config.ts';
import {
  type DingTalk,
  type DingTalkState,
  startDingTalk,
} from '../../../src/edges/dingtalk/dingtalk.ts';
import type { KeeperTimes } from '../../../src/edges/dingtalk/keeper.ts';
import type { Card } from '../../../src/model/card.ts';
import type { Invocation } from '../../../src/model/invocation.ts';
import type { Destination, Receipt } from '../../../src/model/notification.ts';
import type { Reply } from '../../../src/model/reply.ts';
import type { Settings } from '../../../src/model/settings.ts';
import type { Caller } from '../../../src/ports/act.ts';
import type { ShortMemory } from '../../../src/ports/short-memory.ts';
import { type DingTalkStandIn, ops, startDingTalkStandIn } from '../../servers/dingtalk.ts';
import { aSettings } from '../../support/builders.ts';
import { aCard, aDestination } from '../../support/cards.ts';
import { type RecordingLog, recordingLog } from '../../support/log.ts';
import { createMemoryShortMemory } from '../../support/memory/short-memory.ts';
import { realClock } from '../../support/real-clock.ts';
import { until } from '../../support/until.ts';
import { withResolvers } from '../../support/with-resolvers.ts';

export const opsGroup: Destination = aDestination({ channel: 'dingtalk', address: ops });

/** What the application of a stand-in is configured with. */
export function settingsOf({ tenant, apiUrl }: DingTalkStandIn): DingTalkConfig {
  const { clientId, clientSecret, template } = tenant;
  return { clientId, clientSecret, cardTemplateId: template, apiUrl, quota: tenant.quota };
}

export interface SeenAct {
  readonly invocation: Invocation;
  readonly caller: Caller;
  readonly dedupeId: string | undefined;
}

/** The DingTalk edge, connected to a stand-in, with a pipeline that answers what the test says. */
export class DingTalkBench {
  readonly dingtalk: DingTalkStandIn;
  readonly log: RecordingLog = recordingLog();
  readonly acts: SeenAct[] = [];
  /** What delivery was asked to look at again. */
  readonly looks: { incident: number; destination: string; shown: Card | undefined }[] = [];
  readonly counted = { calls: 0, messages: 0 };
  /** Every state it told of, oldest first. */
  readonly states: DingTalkState[] = [];
  readonly memory: ShortMemory;
  /** What every invocation answers. */
  reply: Reply = {
    outcome: 'done',
    visibility: 'private',
    blocks: [{ kind: 'text', text: 'done' }],
  };
  /** People and destinations. */
  settings: Settings = aSettings({ destinations: [opsGroup] });
  /** What the cards show by now. */
  card: Card = aCard();
  readonly #edges: DingTalk[] = [];
  #held: Promise<Reply> | undefined;
  #error: Error | undefined;

  constructor(dingtalk: DingTalkStandIn, memory = createMemoryShortMemory(realClock)) {
    this.dingtalk = dingtalk;
    this.memory = memory;
  }

  get edge(): DingTalk {
    const [first] = this.#edges;
    if (first === undefined) throw new Error('the edge is not started');
    return first;
  }

  /** Starts the edge; a second time, another replica of it with the same memory. */
  start(
    settings: DingTalkConfig = settingsOf(this.dingtalk),
    times: KeeperTimes & { readonly callMs?: number } = {},
  ): DingTalk {
    const edge = startDingTalk({
      settings,
      act: (invocation, caller, dedupeId) => this.#act({ invocation, caller, dedupeId }),
      cardNow: () => Promise.resolve(this.card),
      lookAgain: (incident, destination, shown) => {
        this.looks.push({ incident, destination, shown });
        return Promise.resolve();
      },
      memory: this.memory,
      meter: {
        count: (what) => {
          this.counted[what] += 1;
        },
      },
      house: () => this.settings,
      log: this.log,
      clock: realClock,
      onState: (state) => this.states.push(state),
      times,
    });
    this.#edges.push(edge);
    return edge;
  }

  connected(edge: DingTalk = this.edge): Promise<boolean> {
    return until('the socket', () => edge.state().kind === 'connected');
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

  show(card: Card = this.card, key = 'nk-12-ops-v1', previous?: Receipt): Promise<Receipt> {
    return this.edge.channel.deliver(
      { kind: 'show', card, previous, text: card.title },
      opsGroup,
      key,
    );
  }

  async close(): Promise<void> {
    await Promise.all(this.#edges.map((edge) => edge.close()));
    await this.dingtalk.close();
  }

  async #act(act: SeenAct): Promise<Reply> {
    this.acts.push(act);
    if (this.#error !== undefined) throw this.#error;
    const held = this.#held;
    this.#held = undefined;
    return (await held) ?? this.reply;
  }
}

/** A connected edge whose organisation knows Ann and Bo. */
export async function startBench(times: KeeperTimes = {}): Promise<DingTalkBench> {
  const bench = new DingTalkBench(await startDingTalkStandIn());
  bench.dingtalk.addPeople('ann', 'bo');
  bench.start(settingsOf(bench.dingtalk), times);
  await bench.connected();
  return bench;
}
