import type { SlackMessage } from '../../test/servers/slack.ts';
import { dingtalkCard, type Hanging, people, type Rig, slackCard } from './rig.ts';

/** What became of one click or command. */
export interface Deed {
  readonly chat: 'slack' | 'dingtalk';
  readonly what: string;
  /** `again`: the chat itself failed, as a person sees at once, and they press once more. */
  readonly outcome: 'answered' | 'unanswered' | 'again';
  /** From the click to the bot's acknowledgement. */
  readonly ackMs?: number;
  /** From the click to the card as it is then. */
  readonly redrawMs?: number;
  /** What never came. */
  readonly missing?: 'answer' | 'redraw';
}

/** How long an answer may take before nobody waits for it any more. */
const patienceMs = 30_000;

/** One card in the hands of a person: what they do next, and how that went. */
export interface Hand {
  readonly hanging: Hanging;
  /** Acknowledgements that were asked for, those that had to be repeated included. */
  asked: number;
  act(): Promise<Deed>;
}

interface Step {
  readonly what: string;
  /** What it changes; a step whose change is there already is passed over. */
  readonly toAcknowledged?: boolean;
  /** Presses or types; answers how long the acknowledgement took. */
  readonly press: () => Promise<number>;
  /** Whether the answer has come. */
  readonly isAnswered: () => boolean;
}

function handOf(
  chat: Deed['chat'],
  hanging: Hanging,
  steps: () => readonly Step[],
  isAcknowledged: () => boolean,
): Hand {
  let at = 0;
  const hand: Hand = {
    hanging,
    asked: 0,
    async act() {
      const all = steps();
      let step = all[at % all.length];
      // What was asked for before the chat failed may have been done all the same.
      while (step?.toAcknowledged !== undefined && step.toAcknowledged === isAcknowledged()) {
        at += 1;
        step = all[at % all.length];
      }
      if (step === undefined) throw new Error('nothing to do');
      const { what, toAcknowledged } = step;
      if (toAcknowledged === true) hand.asked += 1;
      const startedMs = performance.now();
      let ackMs: number;
      try {
        ackMs = await step.press();
      } catch {
        return { chat, what, outcome: 'again' };
      }
      at += 1;
      let redrawMs: number | undefined;
      const { isAnswered } = step;
      const done = await poll(() => {
        if (toAcknowledged !== undefined && redrawMs === undefined) {
          if (isAcknowledged() === toAcknowledged) redrawMs = performance.now() - startedMs;
        }
        return isAnswered() && (toAcknowledged === undefined || redrawMs !== undefined);
      }, patienceMs);
      return {
        chat,
        what,
        outcome: done ? 'answered' : 'unanswered',
        ackMs,
        ...(redrawMs === undefined ? {} : { redrawMs }),
        ...(done ? {} : { missing: isAnswered() ? ('redraw' as const) : ('answer' as const) }),
      };
    },
  };
  return hand;
}

/** A person in Slack: buttons, the menu, a form, and the line. */
export function slackHand({ slack }: Rig, hanging: Hanging): Hand {
  const { conversation, ensemble, incident } = hanging;
  const user = people[hanging.person]?.slack ?? '';
  const card = (): SlackMessage => {
    const found = slackCard(slack, conversation, ensemble);
    if (found === undefined) throw new Error('the card is gone');
    return found;
  };
  const isAcknowledged = (): boolean => !card().buttons.includes('Acknowledge');
  const heard = () => slack.ephemerals(user).filter(({ channel }) => channel === conversation);
  const answered = (press: () => Promise<unknown>, isThere?: () => boolean) => {
    let before = 0;
    return {
      press: async () => {
        before = heard().length;
        return await timed(press);
      },
      isAnswered: () => heard().length > before || isThere?.() === true,
    };
  };
  const click = (label: string) => answered(() => slack.click(card(), label, user));
  const type = (line: string) => answered(() => slack.slash(line, user, conversation));
  const noteTitle = `Note on #${incident}`;
  const note = () => {
    const isOpen = () => slack.modals(user).some(({ title }) => title === noteTitle);
    return answered(
      async () => {
        // What an outage left open is closed first, as a person does.
        while (slack.modals(user).length > 0) slack.dismissModal(user);
        const startedMs = performance.now();
        await slack.click(card(), 'Note…', user);
        const ackMs = performance.now() - startedMs;
        if (!(await poll(isOpen, 5_000))) throw new Error('no form');
        await slack.submitModal(user, { reason: 'seen by the bench' });
        return ackMs;
      },
      () => slack.modals(user).some(({ text }) => text.includes(`#${incident}`)) && !isOpen(),
    );
  };
  return handOf(
    'slack',
    hanging,
    () => [
      { what: 'click ack', toAcknowledged: true, ...click('Acknowledge') },
      { what: 'type status', ...type(`/zk status ${ensemble}`) },
      { what: 'click unack', toAcknowledged: false, ...click('Un-acknowledge') },
      { what: 'type ack', toAcknowledged: true, ...type(`/zk ack ${incident}`) },
      { what: 'form note', ...note() },
      { what: 'type unack', toAcknowledged: false, ...type(`/zk unack ${ensemble}`) },
    ],
    isAcknowledged,
  );
}

/** A person in DingTalk: buttons of the card, and the line. */
export function dingtalkHand({ dingtalk }: Rig, hanging: Hanging): Hand {
  const { conversation, ensemble, incident } = hanging;
  const user = people[hanging.person]?.dingtalk ?? '';
  const card = () => {
    const found = dingtalkCard(dingtalk, conversation, ensemble);
    if (found === undefined) throw new Error('the card is gone');
    return found;
  };
  const isAcknowledged = (): boolean => (card().params['ack'] ?? '') === '';
  const press = (button: string) => {
    let before = 0;
    return {
      press: async () => {
        before = dingtalk.whispers(card(), user);
        return await timed(() => orGone(dingtalk.press(card(), button, user)));
      },
      isAnswered: () => dingtalk.whispers(card(), user) > before,
    };
  };
  const say = (line: string) => {
    // Where the group cannot be answered, the person is.
    const heard = () =>
      [conversation, `single:${user}`]
        .flatMap((place) => dingtalk.messages(place))
        .filter(({ kind }) => kind === 'markdown').length;
    let before = 0;
    return {
      press: async () => {
        before = heard();
        return await timed(() => orGone(dingtalk.say(line, user, { group: conversation })));
      },
      isAnswered: () => heard() > before,
    };
  };
  return handOf(
    'dingtalk',
    hanging,
    () => [
      { what: 'click ack', toAcknowledged: true, ...press('ack') },
      { what: 'type status', ...say(`zk status ${ensemble}`) },
      { what: 'click unack', toAcknowledged: false, ...press('unack') },
      { what: 'type ack', toAcknowledged: true, ...say(`zk ack ${incident}`) },
      { what: 'type note', ...say(`zk note ${incident} seen by the bench`) },
      { what: 'type unack', toAcknowledged: false, ...say(`zk unack ${ensemble}`) },
    ],
    isAcknowledged,
  );
}

/** A frame whose socket is cut is answered by nobody: after three seconds a person presses again. */
async function orGone<T>(pushed: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no acknowledgement')), 3_000);
  });
  try {
    return await Promise.race([pushed, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** How long it took; what does the work may say so itself. */
async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  const answer = await work();
  return typeof answer === 'number' ? answer : performance.now() - startedMs;
}

export async function poll(isTrue: () => boolean, deadlineMs: number): Promise<boolean> {
  const endMs = performance.now() + deadlineMs;
  while (!isTrue()) {
    if (performance.now() > endMs) return false;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return true;
}
