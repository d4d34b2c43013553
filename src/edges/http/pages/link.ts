import { type Html, html } from '../html.ts';
import type { LinkQuestion } from '../link-account.ts';
import { layout, type PageContext } from './layout.ts';
import { backLink } from './notice.ts';

/** Asks whether an account of a chat is the reader's own, naming both. */
export function linkPage(question: LinkQuestion, context: PageContext): Html {
  const { words, common, name = '', csrf } = context;
  const chat = common.via(question.via);
  const body = html`<form class="sign-in" method="post">
<h1>${words.link.title(chat, question.name)}</h1>
<p>${words.link.text(chat, question.name, question.handle, name)}</p>
<p>${words.link.after(question.line)}</p>
<p class="notice">${words.link.warning}</p>
<input type="hidden" name="csrf" value="${csrf}">
<button class="button button-primary" type="submit">${words.link.yes(name)}</button>
</form>${backLink(context)}`;
  return layout({ title: words.link.title(chat, question.name), body }, context);
}

/** What became of it; `local`: nobody is signed in who could say so. */
export function linkOutcomePage(
  outcome: 'linked' | 'taken' | 'over' | 'unknown-person' | 'local',
  context: PageContext,
): Html {
  const { title, text } = context.words.link.outcomes[outcome];
  const body = html`<div class="empty notice"><h1>${title}</h1><p>${text}</p>${backLink(context)}</div>`;
  return layout({ title, body }, context);
}
