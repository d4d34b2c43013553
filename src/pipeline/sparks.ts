import type { EnsembleView, Finding } from '../model/finding.ts';
import { metricOf } from '../rules/card/chart-metric.ts';
import { sparkValuesMax } from '../rules/card/incident-card.ts';
import { plotsOf } from '../rules/card/plots.ts';

/** How far back the line on a card goes: what a view carries at the default tick. */
const sparkMs = 10 * 60_000;

/** Findings that fire with the last values of the figure they show in, as the fact `spark`: of the server they name. */
export function withSparks(findings: readonly Finding[], view: EnsembleView): readonly Finding[] {
  return findings.map((finding) => {
    if (finding.verdict !== 'firing') return finding;
    const spark = sparkOf(finding, view);
    return spark.length < 2 ? finding : { ...finding, facts: { ...finding.facts, spark } };
  });
}

function sparkOf({ detector, facts, subject }: Finding, view: EnsembleView): readonly string[] {
  const metric = metricOf(detector, facts);
  const server =
    subject.server ??
    [facts['worst'], facts['server'], view.lastLeader?.server].find(
      (name): name is string => typeof name === 'string' && view.samples[name] !== undefined,
    );
  const now = server === undefined ? undefined : view.samples[server];
  if (metric === undefined || server === undefined || now === undefined) return [];
  const plots = plotsOf(
    metric.figure,
    { samples: [...(view.history[server] ?? []), now], trend: undefined },
    { fromMs: view.atMs - sparkMs, toMs: view.atMs + 1 },
  );
  return plots
    .filter(({ value }) => Number.isFinite(value))
    .slice(-sparkValuesMax)
    .map(({ value }) => String(Math.round(value * 100) / 100));
}
