import type { Tone } from '../../../model/card.ts';
import type { Incident } from '../../../model/incident.ts';
import type { IncidentEvent } from '../../../model/incident-event.ts';
import { clock, durationText } from '../format.ts';
import { type Html, html } from '../html.ts';
import type { IncidentSight } from '../sight.ts';
import { cardButtons, evidence, gridRows, threadLines, toneIcon } from './card.ts';
import { icon } from './icons.ts';
import type { PageContext } from './layout.ts';
import { backLink } from './notice.ts';

/** The whole story of one fault: what it is, what was seen, said and done. */
export function incidentFragment(sight: IncidentSight, context: PageContext): Html {
  const { words } = context;
  const { incident, pinned } = sight;
  const { card } = pinned;
  return html`<div id="watch" class="incident" data-now="${context.nowMs}">
${backLink(context)}
<article class="card tone-${card.tone} incident-card" id="card-${incident.id}" data-tone="${card.tone}" data-title="${card.title}">
<header class="card-head"><p class="card-kicker"><span class="tone">${toneIcon(card.tone)}${words.cards.tone[card.tone]}</span><span class="severity">${card.severity}</span><span class="number">#${incident.id}</span></p>
<h1 class="card-title" lang="${card.language}">${card.title}</h1>
<p class="state-line" lang="${card.language}">${card.stateLine}</p>
${incident.foldedInto !== undefined && html`<p><a href="/incidents/${incident.foldedInto}">${words.incident.folded(incident.foldedInto)}</a></p>`}</header>
<div class="card-body" lang="${card.language}">${gridRows(card.grid)}
<dl class="counsel"><dt>${words.cards.meaning}</dt><dd>${card.meaning}</dd><dt>${words.cards.advice}</dt><dd>${card.advice} <a class="runbook" href="/runbooks/${incident.detector}">${icon('book')}${words.cards.runbook}</a></dd></dl>
${card.recoveryLine !== undefined && html`<p class="recovery-line">${icon('bolt')}<span>${card.recoveryLine}</span></p>`}</div>
${cardButtons(card, `card-${incident.id}`, context)}
</article>
<div class="incident-columns">
<section class="panel"><h2>${words.incident.timeline}</h2>${timeline(sight, context)}</section>
<div class="incident-side">
<section class="panel">${facts(incident, context)}</section>
<section class="panel"><h2>${words.incident.evidence}</h2>${card.evidence.length > 0 ? evidence(card.evidence) : html`<p class="muted">${words.incident.noEvidence}</p>`}</section>
<section class="panel"><h2>${words.incident.symptoms}</h2>${
    sight.symptoms.length > 0
      ? html`<ul class="symptoms" lang="${card.language}">${sight.symptoms.map((line) => html`<li>${line}</li>`)}</ul>`
      : html`<p class="muted">${words.incident.noSymptoms}</p>`
  }</section>
<section class="panel"><h2>${words.incident.recoveries}</h2>${recoveries(sight, context)}</section>
<section class="panel"><h2>${words.incident.thread}</h2>${pinned.thread.length > 0 ? threadLines(pinned) : html`<p class="muted">${words.incident.noThread}</p>`}</section>
</div></div></div>`;
}

function facts(incident: Incident, { words, common, nowMs }: PageContext): Html {
  const ended = incident.resolvedMs ?? nowMs;
  return html`<dl class="facts"><dt>${words.incident.ensemble}</dt><dd>${incident.ensemble}</dd><dt>${words.incident.detector}</dt><dd><a href="/runbooks/${incident.detector}">${incident.detector}</a></dd><dt>${words.incident.severity}</dt><dd>${common.severity[incident.severity]}</dd><dt>${words.incident.began}</dt><dd>${clock(incident.sinceMs)}</dd>${
    incident.pagedMs !== undefined &&
    html`<dt>${words.incident.paged}</dt><dd>${clock(incident.pagedMs)}</dd>`
  }${
    incident.resolvedMs !== undefined &&
    html`<dt>${words.incident.ended}</dt><dd>${clock(incident.resolvedMs)}</dd>`
  }<dt>${words.incident.lasted}</dt><dd>${durationText(ended - incident.sinceMs, words.duration)}</dd></dl>`;
}

function timeline({ events, names }: IncidentSight, context: PageContext): Html {
  return html`<ol class="timeline">${events.map((event) => {
    const { tone, text, note } = eventLine(event, names, context);
    return html`<li class="tone-${tone}"><span class="tone">${toneIcon(tone)}</span>${clock(event.atMs)}<p>${text}${note !== undefined && html`<span class="note">${note}</span>`}</p></li>`;
  })}</ol>`;
}

interface EventLine {
  readonly tone: Tone;
  readonly text: string;
  readonly note?: string;
}

function eventLine(
  event: IncidentEvent,
  names: IncidentSight['names'],
  { words, common }: PageContext,
): EventLine {
  const say = words.incident.event;
  switch (event.kind) {
    case 'triggered':
      return { tone: toneOf(event.severity), text: say.triggered, ...lastOf(event.evidence) };
    case 'observed':
      return { tone: toneOf(event.severity), text: say.observed, ...lastOf(event.evidence) };
    case 'recognised':
      return {
        tone: toneOf(event.severity),
        text: say.recognised(event.detector),
        ...lastOf(event.evidence),
      };
    case 'paged':
      return { tone: 'critical', text: say.paged };
    case 'acknowledged':
      return {
        tone: 'acknowledged',
        text: say.acknowledged(event.stamp.name, common.via(event.stamp.via)),
      };
    case 'unacknowledged':
      return {
        tone: 'warning',
        text: say.unacknowledged(event.stamp.name, common.via(event.stamp.via)),
      };
    case 'escalated': {
      const to =
        event.to.length > 0
          ? event.to.map((id) => names.get(id) ?? id).join(', ')
          : words.incident.nobody;
      return { tone: 'critical', text: say.escalated(event.stamp.name, to, event.step) };
    }
    case 'folded':
      return { tone: 'info', text: say.folded(event.into) };
    case 'resolved':
      return {
        tone: 'resolved',
        text:
          event.stamp === undefined
            ? say.resolved
            : say.resolvedBy(event.stamp.name, common.via(event.stamp.via)),
      };
    case 'recovery':
      return recoveryLine(event, words);
  }
}

function toneOf(severity: Incident['severity']): Tone {
  return ({ page: 'critical', warn: 'warning', info: 'info' } as const)[severity];
}

function lastOf(lines: readonly string[]): { readonly note?: string } {
  const line = lines[0];
  return line === undefined ? {} : { note: line };
}

function recoveryLine(
  { mark }: Extract<IncidentEvent, { kind: 'recovery' }>,
  words: PageContext['words'],
): EventLine {
  const say = words.incident.recovery;
  switch (mark.state) {
    case 'running':
      return {
        tone: 'info',
        text: say.running(mark.action, mark.server, mark.name),
        note: words.incident.reason(mark.reason),
      };
    case 'verifying':
      return { tone: 'info', text: say.verifying(mark.action, mark.server) };
    case 'succeeded':
      return { tone: 'resolved', text: say.succeeded(mark.action, mark.server) };
    case 'failed':
      return { tone: 'critical', text: say.failed(mark.action, mark.server) };
  }
}

/** The last word on each recovery, in the order they were asked for. */
function recoveries({ events }: IncidentSight, { words }: PageContext): Html {
  const marks = new Map(
    events.flatMap((event) => (event.kind === 'recovery' ? [[event.mark.id, event] as const] : [])),
  );
  if (marks.size === 0) return html`<p class="muted">${words.incident.noRecoveries}</p>`;
  return html`<ol class="thread">${[...marks.values()].map(
    (event) =>
      html`<li>${clock(event.atMs)}<span>${recoveryLine(event, words).text}<span class="note">${words.incident.reason(event.mark.reason)}</span></span></li>`,
  )}</ol>`;
}
