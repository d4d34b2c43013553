import type { Silence } from '../../../model/silence.ts';
import { silenceWord } from '../../../rules/card/silence-table.ts';
import { clock } from '../format.ts';
import { type Html, html, nothing } from '../html.ts';
import type { NamedOnCall, Sight } from '../sight.ts';
import type { PageContext } from './layout.ts';

/** Silences listed on the watch; more are counted. */
const silencesShownMax = 20;

/** Who is on call, and what is silenced: what a reader must know to read the quiet of the page. */
export function dutyPanels({ silences, onCall }: Sight, context: PageContext): Html {
  return html`${onCall.length > 0 && onCallPanel(onCall, context)}${silences.length > 0 && silencePanel(silences, context)}`;
}

function onCallPanel(onCall: readonly NamedOnCall[], { words, common }: PageContext): Html {
  const { duty } = words;
  return html`<section class="duty" id="on-call" aria-labelledby="on-call-heading"><h3 id="on-call-heading">${duty.onCall}</h3><ul class="duty-list">${onCall.map(
    ({ schedule, now, next, untilMs }) =>
      html`<li id="on-call-${schedule}"><span class="duty-what">${schedule}</span><strong class="${now.length === 0 ? 'duty-nobody' : ''}">${now.length === 0 ? duty.nobody : common.list(now)}</strong>${
        untilMs === undefined
          ? nothing
          : html`<span class="duty-when">${duty.until} ${clock(untilMs)}${next.length > 0 && html`, ${duty.comes(common.list(next))}`}</span>`
      }</li>`,
  )}</ul></section>`;
}

function silencePanel(silences: readonly Silence[], context: PageContext): Html {
  const { words, common } = context;
  const { duty } = words;
  const left = silences.length - silencesShownMax;
  return html`<section class="duty" id="silences" aria-labelledby="silences-heading"><h3 id="silences-heading">${duty.silenced}<span class="count">${silences.length}</span></h3><ul class="duty-list">${silences
    .slice(0, silencesShownMax)
    .map((silence) =>
      silenceRow(silence, context),
    )}</ul>${left > 0 && html`<p>${common.more(left)}</p>`}</section>`;
}

function silenceRow(silence: Silence, { words: { duty }, language }: PageContext): Html {
  const { id, endMs, reason, set, window } = silence;
  const invocation = { command: 'unsilence', args: [String(id)], options: {} };
  return html`<li id="silence-${id}"><span class="duty-what">${silenceWord(silence, language)}</span><strong>${reason}</strong><span class="duty-when">${duty.until} ${clock(endMs)}, ${
    window === undefined ? duty.by(set.name) : duty.window(window)
  }</span><button type="button" class="button button-plain" id="silence-${id}-end" data-invocation="${JSON.stringify(invocation)}">${duty.end}</button></li>`;
}
