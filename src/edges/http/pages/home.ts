import type { Breaker } from '../breakers.ts';
import { type Html, html, nothing } from '../html.ts';
import type { Sight } from '../sight.ts';
import { pinnedCard } from './card.ts';
import { dutyPanels } from './duty.ts';
import { ensemblePanel } from './ensemble.ts';
import { icon } from './icons.ts';
import { healthBanner, type PageContext } from './layout.ts';

/** The part of the watch that is redrawn when something changes. */
export function watchFragment(
  sight: Sight,
  breakers: readonly Breaker[],
  context: PageContext,
): Html {
  const { words } = context;
  const open = sight.cards.filter(({ card }) => card.tone !== 'resolved');
  const past = sight.cards.filter(({ card }) => card.tone === 'resolved');
  return html`<div id="watch" class="watch" data-now="${context.nowMs}">
${healthBanner(sight.health, words)}
<section class="faults" aria-labelledby="faults-heading">
<h2 id="faults-heading">${words.cards.heading}<span class="count ${open.length > 0 ? 'count-alert' : ''}" id="open-count" data-count="${open.length}">${words.cards.open(open.length)}</span></h2>
${open.length === 0 ? quiet(context) : nothing}
<ul class="cards" id="cards">${open.map((pinned) => pinnedCard(pinned, context))}</ul>
${past.length > 0 && html`<h3 class="past-heading">${words.cards.recent}</h3>`}
<ul class="cards cards-past" id="cards-past">${past.map((pinned) => pinnedCard(pinned, context))}</ul>
</section>
<section class="ensembles" aria-labelledby="ensembles-heading">
<h2 id="ensembles-heading">${words.ensemble.heading}<span class="count">${sight.ensembles.length}</span></h2>
${sight.ensembles.length === 0 && html`<div class="empty"><p><strong>${words.ensemble.none}</strong></p><p>${words.ensemble.noneText}</p></div>`}
${sight.ensembles.map((ensemble) => ensemblePanel(ensemble, context))}
${dutyPanels(sight, context)}
${breakers.length > 0 && breakerPanel(breakers, context)}
</section>
</div>`;
}

function quiet({ words }: PageContext): Html {
  return html`<div class="empty quiet" id="quiet"><span class="quiet-moon">${icon('moon')}</span><p><strong>${words.cards.quiet}</strong></p><p>${words.cards.quietText}</p></div>`;
}

function breakerPanel(breakers: readonly Breaker[], { words }: PageContext): Html {
  return html`<section class="breakers" id="breakers" aria-labelledby="breakers-heading"><h3 id="breakers-heading">${icon('bolt')}${words.breakers.heading}</h3><p>${words.breakers.text}</p><div class="breaker-list">${breakers.map(
    ({ id, label }) =>
      html`<button type="button" class="button button-plain" id="breaker-${id}" data-breaker="${id}">${label}</button>`,
  )}</div></section>`;
}

/** The `/zk` line at the foot of the watch. */
export function commandLine({ words }: PageContext): Html {
  return html`<section class="console" aria-label="${words.line.label}">
<div class="answers" id="answers" hidden><div class="answers-head"><h2>${words.line.answers}</h2><button class="tool" type="button" id="answers-close" title="${words.line.clear}">${icon('close')}<span class="unheard">${words.line.clear}</span></button></div><ol class="answer-list" id="answer-list" aria-live="polite"></ol></div>
<form class="line" id="line" autocomplete="off">
<ul class="suggestions" id="suggestions" role="listbox" aria-label="${words.line.suggestions}" hidden></ul>
<label class="line-prompt" for="line-input">/zk<span class="unheard"> ${words.line.label}</span></label>
<input class="line-input" id="line-input" name="line" type="text" maxlength="4000" enterkeyhint="send" autocapitalize="none" autocorrect="off" spellcheck="false" placeholder="${words.line.placeholder}" role="combobox" aria-expanded="false" aria-controls="suggestions" aria-autocomplete="list" aria-describedby="line-hint">
<button class="button button-primary line-send" type="submit">${icon('prompt')}<span>${words.line.send}</span></button>
<p class="line-hint" id="line-hint">${words.line.hint}</p>
</form>
</section>`;
}
