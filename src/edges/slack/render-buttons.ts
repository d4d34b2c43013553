import type { types } from '@slack/bolt';
import type { Button } from '../../model/card.ts';
import {
  buttonsMax,
  confirmButtonMax,
  confirmTextMax,
  confirmTitleMax,
  idMax,
  labelMax,
  optionsMax,
  optionValueMax,
  valueMax,
} from './limits.ts';
import { clip, clipEscaped } from './text.ts';
import { encodePress, linkValue } from './wire.ts';

/** An entry of the menu that leads out of Slack. */
export interface MenuLink {
  readonly label: string;
  readonly url: string;
}

/**
 * The row of buttons: what is in reach, then the overflow menu with a link as its last entry. An option of the menu has no confirm
 * dialogue of its own and little room for a value, so what needs either becomes a button. Undefined when there is nothing to press.
 */
export function renderButtons(
  buttons: readonly Button[],
  more: readonly Button[],
  link?: MenuLink,
): types.ActionsBlock | undefined {
  const [inMenu, outside] = split(more, fitsMenu);
  const shown = [...buttons, ...outside].filter((button) => valueOf(button).length <= valueMax);
  const elements: types.ActionsBlockElement[] = shown.slice(0, buttonsMax).map(renderButton);
  // A menu takes five options: more of them make another menu.
  const entries = fitted(inMenu, link).map(
    (button): types.PlainTextOption => ({
      text: { type: 'plain_text', text: clip(button.label, labelMax) },
      value: valueOf(button),
    }),
  );
  if (link !== undefined && entries.length > 0) {
    const text = { type: 'plain_text', text: clip(link.label, labelMax) } as const;
    entries.push({ text, value: linkValue, url: link.url });
  }
  for (let at = 0; at < entries.length; at += optionsMax) {
    elements.push({
      type: 'overflow',
      action_id: at === 0 ? 'nk-more' : `nk-more-${at}`,
      options: entries.slice(at, at + optionsMax),
    });
  }
  return elements.length === 0 ? undefined : { type: 'actions', elements };
}

/** Without the timeline where it alone would make a second menu: the thread of the card tells the same. */
function fitted(inMenu: readonly Button[], link: MenuLink | undefined): readonly Button[] {
  const count = inMenu.length + (link === undefined ? 0 : 1);
  return count === optionsMax + 1 ? inMenu.filter(({ id }) => id !== timelineId) : inMenu;
}

/** The button that shows the timeline. */
const timelineId = 'show';

function renderButton(button: Button, index: number): types.Button {
  const { confirm } = button;
  return {
    type: 'button',
    action_id: clip(`nk-${index}-${button.id}`, idMax),
    text: { type: 'plain_text', text: clip(button.label, labelMax) },
    value: valueOf(button),
    ...(button.style === 'plain' ? {} : { style: button.style }),
    ...(confirm === undefined
      ? {}
      : {
          confirm: {
            title: { type: 'plain_text', text: clip(confirm.title, confirmTitleMax) },
            text: { type: 'mrkdwn', text: clipEscaped(confirm.text, confirmTextMax) },
            confirm: { type: 'plain_text', text: clip(confirm.yes, confirmButtonMax) },
            deny: { type: 'plain_text', text: clip(confirm.no, confirmButtonMax) },
          },
        }),
  };
}

function fitsMenu(button: Button): boolean {
  return button.confirm === undefined && valueOf(button).length <= optionValueMax;
}

function valueOf(button: Button): string {
  const kind = button.form === undefined ? 'run' : 'ask';
  return encodePress({ kind, invocation: button.invocation });
}

function split<T>(items: readonly T[], goesFirst: (item: T) => boolean): readonly [T[], T[]] {
  const first: T[] = [];
  const second: T[] = [];
  for (const item of items) (goesFirst(item) ? first : second).push(item);
  return [first, second];
}
