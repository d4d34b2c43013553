import type { Language } from '../../../model/person.ts';
import type { CommonWords } from '../../../rules/card/words/common/en.ts';
import type { ConsoleWords } from '../../../rules/card/words/console/en.ts';
import type { HealthReport } from '../health.ts';
import { type Html, html, nothing } from '../html.ts';
import { icon } from './icons.ts';

export type Theme = 'auto' | 'light' | 'dark';

/** What every page knows of its reader. */
export interface PageContext {
  readonly words: ConsoleWords;
  readonly common: CommonWords;
  readonly language: Language;
  readonly theme: Theme;
  readonly nowMs: number;
  readonly csrf: string;
  /** Absent before sign-in. */
  readonly name?: string;
  /** Whether there is a session to end. */
  readonly canSignOut: boolean;
}

/** The frame around every page. `live` pages listen for changes; the others are still. */
export function layout(
  page: {
    readonly title: string;
    readonly body: Html;
    readonly live?: string;
    readonly foot?: Html;
  },
  context: PageContext,
): Html {
  const { words, theme } = context;
  return html`<!doctype html>
<html lang="${context.language}" data-theme="${theme}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="color-scheme" content="${theme === 'auto' ? 'light dark' : theme}">
<meta name="robots" content="noindex">
<title>${words.pageTitle(page.title)}</title>
<link rel="icon" href="/assets/favicon-quiet.svg" type="image/svg+xml" id="favicon">
<link rel="stylesheet" href="/assets/console.css">
<script type="module" src="/assets/console.js"></script>
</head>
<body data-words="${JSON.stringify(browserWords(words))}" data-csrf="${context.csrf}"${page.live === undefined ? nothing : html` data-live="${page.live}"`}>
<a class="skip" href="#main">${words.skipToContent}</a>
${header(page.live !== undefined, context)}
<main id="main" tabindex="-1">${page.body}</main>
${page.foot ?? nothing}
<div class="toasts" id="toasts" role="status" aria-live="polite"></div>
<p class="unheard" id="announcer" aria-live="assertive"></p>
<dialog id="dialog" class="dialog" aria-labelledby="dialog-title"></dialog>
</body>
</html>`;
}

function header(live: boolean, context: PageContext): Html {
  const { words, name } = context;
  return html`<header class="top">
<a class="brand" href="/">${icon('moon')}<span class="brand-name">${words.product}</span><span class="brand-line">${words.tagline}</span></a>
<div class="top-tools">
${live && html`<p class="link" id="link" data-state="connecting" role="status"><span class="link-dot"></span><span id="link-text">${words.live.connecting}</span></p>`}
${themeButton(context)}
${languageButton(context)}
${
  name !== undefined &&
  html`<span class="who" title="${words.nav.signedInAs(name)}">${icon('acknowledged')}<span>${name}</span></span>`
}
${
  context.canSignOut &&
  html`<form method="post" action="/sign-out" class="inline"><input type="hidden" name="csrf" value="${context.csrf}"><button class="tool" type="submit" title="${words.nav.signOut}">${icon('out')}<span class="unheard">${words.nav.signOut}</span></button></form>`
}
</div>
</header>
<noscript><p class="banner banner-warning">${icon('warning')}${words.live.noScript}</p></noscript>`;
}

const nextTheme: Readonly<Record<Theme, Theme>> = { auto: 'light', light: 'dark', dark: 'auto' };

function themeButton({ words, theme }: PageContext): Html {
  const label = {
    auto: words.nav.themeAuto,
    light: words.nav.themeLight,
    dark: words.nav.themeDark,
  }[theme];
  const sign = ({ auto: 'auto', light: 'sun', dark: 'moon' } as const)[theme];
  return html`<button class="tool" type="button" data-cookie="nk_theme=${nextTheme[theme]}" title="${label}">${icon(sign)}<span class="unheard">${label}</span></button>`;
}

function languageButton({ words, language }: PageContext): Html {
  const other = language === 'en' ? 'zh-CN' : 'en';
  return html`<button class="tool tool-wide" type="button" data-cookie="nk_language=${other}" title="${words.nav.language}" lang="${other}">${icon('globe')}<span>${other === 'en' ? 'English' : '中文'}</span></button>`;
}

/** Red when the bot itself cannot see: nothing below it can be trusted to be fresh. */
export function healthBanner(health: HealthReport, words: ConsoleWords): Html {
  const failing = health.checks.filter(({ ok, risk }) => !ok && risk !== true);
  const risks = health.checks.filter(({ ok, risk }) => !ok && risk === true);
  const { blind, risk } = words;
  return html`<div id="health">${
    failing.length > 0 &&
    banner(
      { tone: 'critical', sign: 'blind', title: blind.title },
      failing.map(({ name, detail }) => blind.check(name, detail)),
    )
  }${
    risks.length > 0 &&
    banner(
      { tone: 'warning', sign: 'warning', title: risk.title },
      risks.map(({ detail }) => detail),
    )
  }</div>`;
}

function banner(
  head: {
    readonly tone: 'critical' | 'warning';
    readonly sign: 'blind' | 'warning';
    readonly title: string;
  },
  lines: readonly string[],
): Html {
  return html`<div class="banner banner-${head.tone}" role="alert">${icon(head.sign)}<div><strong>${head.title}</strong>${lines.map((line) => html`<p>${line}</p>`)}</div></div>`;
}

/** The words the page's own code says. */
function browserWords(words: ConsoleWords): object {
  const sample = 7_654_321;
  const template = (text: string) => text.replace(String(sample), '{n}');
  return {
    ...words.live,
    open: template(words.cards.open(sample)),
    fresh: words.cards.fresh('{title}'),
    changed: words.cards.changed('{title}'),
    blind: words.blind.page,
    seconds: template(words.duration.seconds(sample)),
    minutes: template(words.duration.minutes(sample)),
    hours: template(words.duration.hours(sample)),
    days: template(words.duration.days(sample)),
    ago: words.duration.ago('{t}'),
    now: words.duration.now,
    done: words.outcome.done,
    refused: words.outcome.refused,
    failed: words.outcome.failed,
    unreachable: words.outcome.unreachable,
    running: words.line.running,
    close: words.dialog.close,
    reasonMissing: words.dialog.reasonMissing,
    breakerDone: words.breakers.done,
  };
}
