import { type Html, html } from '../html.ts';
import { icon } from './icons.ts';
import { layout, type PageContext } from './layout.ts';

/** A page for what is not there. */
export function missingPage(context: PageContext): Html {
  const { words } = context;
  const body = html`<div class="empty notice"><h1>${words.missing.title}</h1><p>${words.missing.text}</p>${backLink(context)}</div>`;
  return layout({ title: words.missing.title, body }, context);
}

/** A page for a request that failed, in the words the API uses as well. */
export function errorPage(
  error: { readonly message: string; readonly next: string },
  context: PageContext,
): Html {
  const body = html`<div class="empty notice"><h1>${error.message}</h1><p>${error.next}</p>${backLink(context)}</div>`;
  return layout({ title: error.message, body }, context);
}

/** A page for when the bot's memory does not answer: blind is shown as such. */
export function blindPage(context: PageContext): Html {
  const { words } = context;
  const body = html`<div class="empty notice" role="alert"><span class="quiet-moon">${icon('blind')}</span><h1>${words.blind.page}</h1><p>${words.blind.pageText}</p><p><a class="button button-primary" href="">${words.blind.retry}</a></p></div>`;
  return layout({ title: words.blind.page, body }, context);
}

/** Where a token is asked for. `next` is the page that was wanted. */
export function signInPage(
  state: { readonly next: string; readonly fault: string | undefined },
  context: PageContext,
): Html {
  const { words } = context;
  const body = html`<form class="sign-in" method="post" action="/sign-in">
<span class="quiet-moon">${icon('moon')}</span>
<h1>${words.signIn.title}</h1>
<p>${words.signIn.text}</p>
<input type="hidden" name="next" value="${state.next}">
<label for="token">${words.signIn.token}</label>
<input id="token" name="token" type="password" required maxlength="512" autocomplete="current-password" autofocus${state.fault === undefined ? '' : html` aria-invalid="true" aria-describedby="token-fault"`}>
${state.fault !== undefined && html`<p class="fault" id="token-fault" role="alert">${icon('bad')}${state.fault}</p>`}
<button class="button button-primary" type="submit">${words.signIn.submit}</button>
</form>`;
  return layout({ title: words.signIn.title, body }, context);
}

/**
 * Asks the browser to come again from our own page: it withholds a strict cookie when a link in a chat leads here, and sends it
 * the second time.
 */
export function momentPage(address: string, { words, language }: PageContext): Html {
  return html`<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=${address}"><title>${words.product}</title></head><body><p><a href="${address}">${words.signIn.moment}</a></p></body></html>`;
}

export function backLink({ words }: PageContext): Html {
  return html`<p><a class="back" href="/">${icon('back')}${words.incident.back}</a></p>`;
}
