import type { GridCell } from '../../../model/incident.ts';
import type { EnsembleStatus } from '../../../model/status.ts';
import { healthOf } from '../../../rules/card/incident-card.ts';
import { ago, countText, millisText } from '../format.ts';
import { type Html, html } from '../html.ts';
import type { EnsembleSight, ServerSparks } from '../sight.ts';
import { type IconName, icon } from './icons.ts';
import type { PageContext } from './layout.ts';
import { type SparkValues, sparkline } from './sparkline.ts';

/** One ensemble: how it stands as a whole, and a tile for each server. */
export function ensemblePanel(sight: EnsembleSight, context: PageContext): Html {
  const { words, common } = context;
  const health = sight.status?.health ?? 'unknown';
  return html`<section class="ensemble health-${health}" id="ensemble-${sight.id}" data-seen="${sight.status?.atMs ?? 0}" data-stale-ms="${sight.staleMs}" aria-labelledby="ensemble-${sight.id}-name">
<header class="ensemble-head">
<h3 id="ensemble-${sight.id}-name">${sight.id}</h3>
<span class="chip chip-${health}">${icon(healthIcon[health])}${common.health[health]}</span>
<span class="seen">${
    sight.status === undefined
      ? words.ensemble.unseen
      : html`${icon('eye')}<span>${words.ensemble.seen} ${ago(sight.status.atMs, context.nowMs, words.duration)}</span>`
  }</span>
</header>
<p class="stale-note" title="${words.ensemble.blindText}">${icon('blind')}<span><strong>${words.ensemble.blind}.</strong> ${words.ensemble.blindText}</span></p>
${sight.status !== undefined && marginMeter(sight.status, context)}
<ul class="tiles">${sight.grid.map((cell) => tile(cell, sight, context))}</ul>
</section>`;
}

const healthIcon: Readonly<Record<EnsembleStatus['health'], IconName>> = {
  healthy: 'serving',
  degraded: 'warning',
  down: 'bad',
  unknown: 'odd',
};

/** Voters as segments, those that serve filled, with a mark where the quorum is reached. */
function marginMeter(status: EnsembleStatus, { words }: PageContext): Html {
  const margin = status.serving - status.quorum;
  const segments = Array.from({ length: status.voters }, (_, index) => {
    const filled = index < status.serving ? 'full' : 'lacking';
    return html`<span class="segment ${filled}${index === status.quorum - 1 ? ' at-quorum' : ''}"></span>`;
  });
  const canary =
    status.canary?.kind === 'written'
      ? words.ensemble.canary(millisText(status.canary.tookMs))
      : status.canary?.kind === 'failed' && words.ensemble.canaryFailed;
  return html`<div class="margin"><div class="meter" aria-hidden="true">${segments}</div><p class="margin-text"><strong>${words.ensemble.serving(status.serving, status.voters)}</strong><span>${
    margin < 0 ? words.ensemble.marginNone : words.ensemble.margin(margin)
  }</span><span>${words.ensemble.quorum(status.quorum)}</span><span>${
    status.leader === undefined ? words.ensemble.noLeader : words.ensemble.leader(status.leader)
  }</span>${canary && html`<span class="canary-${status.canary?.kind ?? 'none'}">${canary}</span>`}</p></div>`;
}

function tile(cell: GridCell, sight: EnsembleSight, { words, common }: PageContext): Html {
  const health = healthOf(cell.state);
  const sign =
    cell.state === 'leader'
      ? 'leader'
      : ({ good: 'serving', odd: 'odd', bad: 'bad' } as const)[health];
  const now = sight.status?.servers[cell.server];
  const sparks = sight.sparks[cell.server];
  const lag =
    cell.lag === undefined
      ? undefined
      : cell.lag === 0
        ? words.server.inSync
        : words.server.lag(cell.lag);
  return html`<li class="tile tile-${health}" id="tile-${sight.id}-${cell.server}">
<div class="tile-head"><span class="tile-name" title="${now?.version === undefined ? '' : words.server.version(now.version)}">${cell.server}</span><span class="tile-role">${common.roles[cell.role]}</span></div>
<p class="tile-state">${icon(sign)}<strong>${words.server.state[cell.state]}</strong>${lag !== undefined && html`<span class="tile-lag">${lag}</span>`}</p>
<dl class="meters">
${meter('latency', sparks, now?.latencyMs, millisText, words)}
${meter('connections', sparks, now?.connections, countText, words)}
${meter('outstanding', sparks, now?.outstanding, countText, words)}
</dl>
</li>`;
}

function meter(
  metric: keyof ServerSparks,
  sparks: ServerSparks | undefined,
  now: number | undefined,
  inWords: (value: number) => string,
  { server }: PageContext['words'],
): Html {
  const values: SparkValues = sparks?.[metric] ?? [];
  const known = values.filter((one) => one !== undefined);
  const label = server[`${metric}Long`];
  const spoken =
    known.length === 0
      ? server.sparkEmpty(label)
      : server.spark(label, inWords(Math.min(...known)), inWords(Math.max(...known)));
  const value = now === undefined ? server.noValue : inWords(now);
  return html`<div class="meter-row" title="${spoken}"><dt>${server[metric]}</dt><dd class="meter-spark">${sparkline(values, spoken)}</dd><dd class="meter-value">${value}</dd></div>`;
}
