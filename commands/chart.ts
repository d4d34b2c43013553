import type { ServerId } from '../src/model/ensemble.ts';
import { type Refusal, refuse } from '../src/model/refusal.ts';
import type { Picture, Reply, ReplyBlock } from '../src/model/reply.ts';
import type { EnsembleSettings } from '../src/model/settings.ts';
import { type Trends, trendMetrics } from '../src/model/trend.ts';
import type { Command, Desk } from '../src/ports/command.ts';
import { samplesMax } from '../src/ports/ensemble-store.ts';
import { drawChart } from '../src/rules/card/chart.ts';
import {
  type ChartMetric,
  chartMetrics,
  gaugeMetric,
  metricNamed,
  metricOf,
} from '../src/rules/card/chart-metric.ts';
import { type Plot, plotsOf } from '../src/rules/card/plots.ts';
import { sparkline } from '../src/rules/card/sparkline.ts';
import { words } from '../src/rules/card/words/words.ts';
import { choices } from './parts/closest.ts';
import { findEnsemble, findIncident, isRefusal } from './parts/find.ts';
import { readLength } from './parts/read-end.ts';

const usage = 'chart <ensemble | incident> [metric] [length]';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** What is drawn when no length is given, and the shortest and longest that can be: points are kept for two weeks. */
const lengthMsDefault = 60 * minuteMs;
const lengthMsMin = 5 * minuteMs;
const lengthMsMax = 14 * dayMs;

/** Bars of a sparkline in the table. */
const barsMax = 24;

/** A figure of each server over time, as a picture and as a line of bars. Alone with an ensemble it lists what can be drawn. */
export const chart: Command = {
  name: 'chart',
  aliases: ['graph', 'plot', '图表'],
  usage,
  role: 'everyone',
  completes: ['ensemble', 'metric', 'text'],
  async run({ args, options }, desk) {
    const asked = await read(args, desk);
    if (isRefusal(asked)) return asked;
    const { ensemble, lengthMs } = asked;
    const servers = await serversOf(ensemble, desk);
    const trends = await desk.trends(ensemble.id, servers);
    if (asked.metric === undefined)
      return { ...answer(listed(ensemble.id, trends, desk)), visibility: 'private' };
    const metric = metricNamed(asked.metric) ?? gaugeNamed(asked.metric, trends);
    if (metric === undefined)
      return refuse('unknown-metric', {
        ensemble: ensemble.id,
        metric: asked.metric,
        ...choices(asked.metric.toLowerCase(), [
          ...chartMetrics.map(({ name }) => name),
          ...gaugesIn(trends),
        ]),
      });
    const span = { fromMs: desk.nowMs - lengthMs, toMs: desk.nowMs };
    const lines = await Promise.all(
      servers.map(async (server) => {
        const samples = await desk.history(ensemble.id, server, samplesMax);
        return {
          label: server,
          plots: plotsOf(metric.figure, { samples, trend: trends[server] }, span),
        };
      }),
    );
    const drawn = { ensemble: ensemble.id, metric, lengthMs, lines, ...span };
    return show(drawn, desk, isPainted(options, desk));
  },
};

interface Drawn {
  readonly ensemble: string;
  readonly metric: ChartMetric;
  readonly lengthMs: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly lines: readonly { readonly label: ServerId; readonly plots: readonly Plot[] }[];
}

/** A terminal gets a picture where it names a file for it. */
function isPainted(options: Readonly<Record<string, string>>, { origin }: Desk): boolean {
  return origin.via !== 'cli' || options['png'] !== undefined;
}

function answer(blocks: readonly ReplyBlock[], picture?: Picture): Reply {
  return {
    outcome: 'done',
    visibility: 'public',
    blocks,
    ...(picture !== undefined && { pictures: [picture] }),
  };
}

/** Words in any order: an ensemble or an incident, a metric, a length. One ensemble alone need not be named. */
async function read(
  args: readonly string[],
  desk: Desk,
): Promise<
  | { readonly ensemble: EnsembleSettings; readonly metric?: string; readonly lengthMs: number }
  | Refusal
> {
  const typed = joined(args);
  const lengths = typed.flatMap((word) => readLength(word.toLowerCase()) ?? []);
  const rest = typed.filter((word) => readLength(word.toLowerCase()) === undefined);
  if (lengths.length > 1 || rest.length > 3) return refuse('bad-arguments', { usage });
  const lengthMs = Math.min(lengthMsMax, Math.max(lengthMsMin, lengths[0] ?? lengthMsDefault));
  const [first] = rest;
  if (first !== undefined && /^[#＃]?\d{1,9}$/u.test(first)) {
    const incident = await findIncident(desk, [first], usage);
    if (isRefusal(incident)) return incident;
    const ensemble = findEnsemble(desk, incident.ensemble);
    if (isRefusal(ensemble)) return ensemble;
    const metric = rest[1] ?? metricOf(incident.detector, incident.facts)?.name;
    return { ensemble, lengthMs, ...(metric !== undefined && { metric }) };
  }
  const named = rest.find((word) => desk.ensemble(word.toLowerCase()) !== undefined);
  const only = desk.settings.ensembles.length === 1 ? desk.settings.ensembles[0] : undefined;
  const ensemble =
    named === undefined ? (only ?? findEnsemble(desk, first ?? '')) : findEnsemble(desk, named);
  if (first === undefined && only === undefined) return refuse('bad-arguments', { usage });
  if (isRefusal(ensemble)) return ensemble;
  const metric = rest.filter((word) => word !== named).join('-');
  return { ensemble, lengthMs, ...(metric !== '' && { metric }) };
}

/** `60 min` is one word. */
function joined(args: readonly string[]): readonly string[] {
  return args.reduce<readonly string[]>((typed, word) => {
    const last = typed.at(-1) ?? '';
    const isUnit = /^\d+$/u.test(last) && readLength(`${last}${word.toLowerCase()}`) !== undefined;
    return isUnit ? [...typed.slice(0, -1), `${last}${word}`] : [...typed, word];
  }, []);
}

async function serversOf(ensemble: EnsembleSettings, desk: Desk): Promise<readonly ServerId[]> {
  const status = await desk.status(ensemble.id);
  return status === undefined
    ? ensemble.servers.map(({ id }) => id)
    : status.grid.map(({ server }) => server);
}

function gaugesIn(trends: Trends): readonly string[] {
  const names = Object.values(trends).flatMap(({ fine, coarse }) =>
    [fine.at(-1), coarse.at(-1)].flatMap((point) => Object.keys(point?.gauges ?? {})),
  );
  return [...new Set(names)].filter((name) => !trendMetrics.some((metric) => metric.name === name));
}

function gaugeNamed(name: string, trends: Trends): ChartMetric | undefined {
  const wanted = name.toLowerCase().replaceAll('-', '_');
  const found = gaugesIn(trends).find(
    (gauge) => gauge.toLowerCase().replaceAll('-', '_') === wanted,
  );
  return found === undefined ? undefined : gaugeMetric(found);
}

function listed(ensemble: string, trends: Trends, desk: Desk): readonly ReplyBlock[] {
  const said = words(desk.language).chart;
  const names = [...chartMetrics.map(({ name }) => name), ...gaugesIn(trends)];
  return [
    { kind: 'text', text: said.metricsOf(ensemble) },
    {
      kind: 'table',
      head: said.metricsHead,
      rows: names.map((name) => [name, said.metric(name)]),
    },
    { kind: 'text', text: `/zk chart ${ensemble} ${names[0] ?? ''} 1h` },
  ];
}

async function show(drawn: Drawn, desk: Desk, isPainted: boolean): Promise<Reply> {
  const said = words(desk.language).chart;
  const { ensemble, metric, lengthMs, lines } = drawn;
  const seen = lines.filter(({ plots }) => plots.some(({ value }) => Number.isFinite(value)));
  if (seen.length === 0)
    return answer([{ kind: 'text', text: said.nothing(ensemble, metric.name) }]);
  const title = said.title(ensemble, metric.name, lengthMs);
  const rows = seen.map(({ label, plots }) => {
    const values = plots.map(({ value }) => value);
    const known = values.filter(Number.isFinite);
    const ends = [Math.min(...known), Math.max(...known), known.at(-1) ?? Number.NaN];
    return [
      label,
      sparkline(thinned(values)),
      ...ends.map((value) => said.value(value, metric.unit)),
    ];
  });
  const blocks: readonly ReplyBlock[] = [
    { kind: 'text', text: title },
    { kind: 'table', head: said.head, rows },
  ];
  if (!isPainted) return answer(blocks);
  const alt = [title, ...rows.map((row) => `${row[0]}: ${row.slice(2).join(' / ')}`)].join('; ');
  const picture = await desk.paint(
    `${ensemble}-${metric.name}`,
    drawChart(await chartOf(drawn, desk)),
    alt,
  );
  return picture === undefined
    ? answer([...blocks, { kind: 'text', text: said.unpainted }])
    : answer(blocks, picture);
}

async function chartOf(drawn: Drawn, desk: Desk): Promise<Parameters<typeof drawChart>[0]> {
  const { ensemble, metric, lengthMs, lines, fromMs, toMs } = drawn;
  const incidents = await desk.recentIncidents(ensemble, marksMax);
  return {
    title: `${ensemble} · ${metric.title} · ${words('en').common.duration(lengthMs)}`,
    unit: metric.unit,
    fromMs,
    toMs,
    zone: desk.settings.timeZone ?? 'UTC',
    lines,
    marks: incidents
      .map(({ id, sinceMs, resolvedMs }) => ({
        label: `#${id}`,
        fromMs: sinceMs,
        toMs: resolvedMs ?? toMs,
      }))
      .filter((mark) => mark.toMs >= fromMs && mark.fromMs <= toMs),
  };
}

/** Incidents marked in a picture, the newest. */
const marksMax = 10;

/** As many values as there are bars: the highest of each group, so that no peak is lost. */
function thinned(values: readonly number[]): readonly number[] {
  const size = Math.ceil(values.length / barsMax);
  return Array.from({ length: Math.ceil(values.length / size) }, (_, index) => {
    const group = values.slice(index * size, (index + 1) * size).filter(Number.isFinite);
    return group.length === 0 ? Number.NaN : Math.max(...group);
  });
}
