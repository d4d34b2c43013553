import type { Tone } from '../../../model/card.ts';
import type { Incident } from '../../../model/incident.ts';
import type { IncidentEvent } from '../../../model/incident-event.ts';
import { toneOf } from '../../../rules/card/incident-card.ts';
import { clock, durationText } from '../format.ts';
import { type Html, html, nothing } from '../html.ts';
import type { IncidentSight } from '../sight.ts';
import { cardButtons, evidence, gridRows, severityMark, threadLines, toneIcon } from './card.ts';
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
<header class="card-head"><p class="card-kicker"><span class="tone">${toneIcon(card.tone)}${words.cards.tone[card.tone]}</span>${severityMark(card)}<span class="number">#${incident.id}</span></p>
<h1 class="card-title" lang="${card.language}">${card.title}</h1>
<p class="state-line" lang="${card.language}">${card.stateLine}</p>
${card.notice !== undefined && html`<p class="notice" lang="${card.language}">${card.notice}</p>`}
${incident.foldedInto !== undefined && html`<p><a href="/incidents/${incident.foldedInto}">${words.incident.folded(incident.foldedInto)}</a></p>`}</header>
<div class="card-body" lang="${card.language}">${gridRows(card.grid)}
<dl class="counsel"><dt>${words.cards.meaning}</dt><dd>${card.meaning}</dd><dt>${words.cards.advice}</dt><dd>${card.advice} <a class="runbook" href="/runbooks/${incident.detector}">${icon('book')}${words.cards.runbook}</a></dd></dl>
${card.recoveryLine !== undefined && html`<p class="recovery-line">${icon('bolt')}<span>${card.recoveryLine}</span></p>`}</div>
${cardButtons(card, `card-${incident.id}`, context)}
</article>
<div class="incident-columns">
<div class="incident-side">
<section class="panel"><h2>${words.incident.timeline}</h2>${timelineList(sight)}</section>
<section class="panel"><h2>${words.incident.thread}</h2>${pinned.thread.length > 0 ? threadLines(pinned) : html`<p class="muted">${words.incident.noThread}</p>`}</section>
</div>
<div class="incident-side">
<section class="panel">${facts(incident, context)}</section>
<section class="panel"><h2>${words.incident.evidence}</h2>${card.evidence.length > 0 ? evidence(card.evidence) : html`<p class="muted">${words.incident.noEvidence}</p>`}</section>
<section class="panel"><h2>${words.incident.symptoms}</h2>${
    sight.symptoms.length > 0
      ? html`<ul class="symptoms" lang="${card.language}">${sight.symptoms.map((line) => html`<li>${line}</li>`)}</ul>`
      : html`<p class="muted">${words.incident.noSymptoms}</p>`
  }</section>
<section class="panel"><h2>${words.incident.recoveries}</h2>${recoveries(sight, context)}</section>
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

function timelineList({ rows }: IncidentSight): Html {
  return html`<ol class="timeline">${rows.map((row) => {
    const tone = toneOfEvent(row.event);
    return html`<li class="tone-${tone}"><span class="tone">${toneIcon(tone)}</span>${clock(row.atMs)}<p>${row.text}${noteOf(row.event)}</p></li>`;
  })}</ol>`;
}

/** What a reader may want to check: the first line of the evidence. */
function noteOf(event: IncidentEvent): Html {
  const line = 'evidence' in event ? event.evidence[0] : undefined;
  return line === undefined ? nothing : html`<span class="note">${line}</span>`;
}

function toneOfEvent(event: IncidentEvent): Tone {
  switch (event.kind) {
    case 'triggered':
    case 'observed':
    case 'recognised':
    case 'continued':
      return toneOf({ state: 'triggered', severity: event.severity });
    case 'reopened':
      return toneOf({ state: 'triggered', severity: event.severity });
    case 'paged':
    case 'escalated':
      return 'critical';
    case 'unacknowledged':
    case 'reminded':
    case 'sighted':
    case 'expired':
      return 'warning';
    case 'noted':
    case 'muted':
      return 'info';
    case 'joined':
    case 'acknowledged':
      return 'acknowledged';
    case 'folded':
      return 'info';
    case 'resolved':
      return 'resolved';
    case 'recovery':
      return (
        {
          scheduled: 'warning',
          aborted: 'info',
          awaiting: 'warning',
          running: 'info',
          verifying: 'info',
          succeeded: 'resolved',
          failed: 'critical',
          rejected: 'info',
          expired: 'info',
        } as const
      )[event.mark.state];
  }
}

/** The last word on each recovery, in the order they were asked for. */
function recoveries({ rows }: IncidentSight, { words }: PageContext): Html {
  const last = new Map(
    rows.flatMap(({ event, ...row }) =>
      event.kind === 'recovery'
        ? [[event.mark.id, { ...row, reason: event.mark.reason }] as const]
        : [],
    ),
  );
  if (last.size === 0) return html`<p class="muted">${words.incident.noRecoveries}</p>`;
  return html`<ol class="thread">${[...last.values()].map(
    (row) =>
      html`<li>${clock(row.atMs)}<span>${row.text}${
        !row.text.includes(row.reason) &&
        html`<span class="note">${words.incident.reason(row.reason)}</span>`
      }</span></li>`,
  )}</ol>`;
}
