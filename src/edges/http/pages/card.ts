import type { Button, Card, GridRow, Tone } from '../../../model/card.ts';
import type { PinnedCard } from '../../../ports/board.ts';
import { ago, clock } from '../format.ts';
import { type Html, html, nothing, safeHref } from '../html.ts';
import { type IconName, icon } from './icons.ts';
import type { PageContext } from './layout.ts';
import { sparkline } from './sparkline.ts';

/** A card with its thread and its buttons. What is over is small until it is opened. */
export function pinnedCard(pinned: PinnedCard, context: PageContext): Html {
  const { card } = pinned;
  const id = `card-${card.incident}`;
  const inner = html`${cardHead(card, context)}${cardBody(card, context)}${threadFold(pinned, context)}${cardButtons(card, id, context)}`;
  return html`<li class="card tone-${card.tone}" id="${id}" data-version="${card.version}" data-tone="${card.tone}" data-title="${card.title}">${
    card.tone === 'resolved'
      ? html`<details class="past"><summary>${pastLine(card, context)}</summary>${inner}</details>`
      : inner
  }</li>`;
}

/** A card as part of an answer: no thread, no buttons that would be there twice. */
export function plainCard(card: Card, context: PageContext): Html {
  return html`<article class="card tone-${card.tone}">${cardHead(card, context)}${cardBody(card, context)}</article>`;
}

export function toneIcon(tone: Tone): Html {
  return icon(tone);
}

function pastLine(card: Card, context: PageContext): Html {
  return html`<span class="tone">${toneIcon(card.tone)}<span class="unheard">${context.words.cards.tone[card.tone]}</span></span><span class="past-title">${card.title}</span><span class="past-when">${ago(card.changedMs, context.nowMs, context.words.duration)}</span>`;
}

function cardHead(card: Card, context: PageContext): Html {
  const { words, nowMs } = context;
  return html`<header class="card-head">
<p class="card-kicker"><span class="tone">${toneIcon(card.tone)}${words.cards.tone[card.tone]}</span>${severityMark(card)}<a class="number" href="/incidents/${card.incident}" title="${words.cards.opened}">#${card.incident}</a><span class="card-when">${ago(card.sinceMs, nowMs, words.duration)}</span></p>
<h3 class="card-title" lang="${card.language}"><a href="/incidents/${card.incident}">${card.title}</a></h3>
<p class="state-line" lang="${card.language}">${card.stateLine}</p>
${card.notice !== undefined && html`<p class="notice" lang="${card.language}">${card.notice}</p>`}
</header>`;
}

function cardBody(card: Card, { words }: PageContext): Html {
  const runbook = safeHref(card.runbookUrl) ?? `/runbooks/${card.detector}`;
  const hasDetails = card.evidence.length + card.symptoms.length > 0;
  return html`<div class="card-body" lang="${card.language}">
${gridRows(card.grid)}
<dl class="counsel"><dt>${words.cards.meaning}</dt><dd>${card.meaning}</dd><dt>${words.cards.advice}</dt><dd>${card.advice}${
    runbook !== undefined &&
    html` <a class="runbook" href="${runbook}">${icon('book')}${words.cards.runbook}</a>`
  }</dd></dl>
${card.recoveryLine !== undefined && html`<p class="recovery-line">${icon('bolt')}<span>${card.recoveryLine}</span></p>`}
${
  card.spark !== undefined &&
  html`<div class="card-spark"><span class="spark-label">${card.spark.label}</span>${sparkline(card.spark.values, card.spark.label)}</div>`
}
${
  hasDetails &&
  html`<details class="fold"><summary>${icon('chevron')}${words.cards.details}<span class="count">${card.evidence.length + card.symptoms.length}</span></summary>${evidence(card.evidence)}${
    card.symptoms.length > 0 &&
    html`<h4>${words.cards.symptoms}</h4><ul class="symptoms">${card.symptoms.map((line) => html`<li>${line}</li>`)}</ul>`
  }</details>`
}
</div>`;
}

/** Raw lines, as the servers said them. */
export function evidence(lines: readonly string[]): Html {
  if (lines.length === 0) return nothing;
  return html`<pre class="evidence" tabindex="0">${lines.map((line) => html`<code>${line}</code>\n`)}</pre>`;
}

const healthIcon: Readonly<Record<GridRow['health'], IconName>> = {
  good: 'serving',
  bad: 'bad',
  odd: 'odd',
};

/** The voter grid of a card, one line a server. */
export function gridRows(rows: readonly GridRow[]): Html {
  if (rows.length === 0) return nothing;
  return html`<ul class="grid">${rows.map(
    (row) =>
      html`<li class="grid-row health-${row.health}">${icon(healthIcon[row.health])}<span class="grid-server">${row.server}</span><span class="grid-role">${row.role}</span><span class="grid-state">${row.state}</span><span class="grid-lag">${row.lag ?? ''}</span></li>`,
  )}</ul>`;
}

function threadFold(pinned: PinnedCard, { words }: PageContext): Html {
  if (pinned.thread.length === 0) return nothing;
  return html`<details class="fold"><summary>${icon('chevron')}${words.cards.thread}<span class="count">${pinned.thread.length}</span></summary>${threadLines(pinned)}</details>`;
}

export function threadLines(pinned: PinnedCard): Html {
  return html`<ol class="thread">${pinned.thread.map(
    (line) =>
      html`<li>${clock(line.atMs)}<span lang="${pinned.card.language}">${line.text}${line.mention.map((handle) => html` <b class="mention">@${handle}</b>`)}</span></li>`,
  )}</ol>`;
}

/** The buttons in reach, and the rest behind “More”. A button is an invocation; the page posts it as it stands. */
export function cardButtons(card: Card, id: string, { words }: PageContext): Html {
  if (card.buttons.length + card.more.length === 0) return nothing;
  return html`<footer class="buttons" lang="${card.language}">${card.buttons.map((button) => actButton(button, id))}${
    card.more.length > 0 &&
    html`<details class="menu" id="${id}-more"><summary class="button button-plain">${words.cards.more}${icon('chevron')}</summary><div class="menu-list">${card.more.map((button) => actButton(button, id))}</div></details>`
  }</footer>`;
}

function actButton(button: Button, id: string): Html {
  return html`<button type="button" class="button button-${button.style}" id="${id}-${button.id}" data-invocation="${JSON.stringify(button.invocation)}"${
    button.confirm === undefined ? nothing : html` data-confirm="${JSON.stringify(button.confirm)}"`
  }>${button.label}</button>`;
}

/** How bad it is, where the colour's own word does not say so already. */
export function severityMark(card: Card): Html {
  if (card.tone === 'warning' || card.tone === 'info') return nothing;
  return html`<span class="severity">${card.severity}</span>`;
}
