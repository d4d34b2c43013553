import type { DetectorThresholds } from '../config/checks-ensembles.ts';
import { defaultTiming } from '../model/ensemble.ts';
import type { Detector, EnsembleView, Severity } from '../model/finding.ts';
import type { EnsembleSettings } from '../model/settings.ts';
import { sourcesOf, type ThresholdSource } from '../rules/card/threshold-sources.ts';
import { type Words, words } from '../rules/card/words/words.ts';
import { loadFile } from './cli-config.ts';
import {
  type CliIo,
  type ExitCode,
  exitCodes,
  languageOf,
  type Paint,
  paintFor,
} from './cli-io.ts';
import { faultLines } from './fault-lines.ts';

export interface DetectorsOptions {
  readonly ensemble?: string;
  /** Absent: the defaults alone. */
  readonly config?: string;
  readonly json: boolean;
}

/** One detector as it works for an ensemble. */
interface Row {
  readonly name: string;
  readonly severity: Severity;
  readonly holdMs: number;
  readonly thresholds: readonly {
    readonly name: string;
    readonly value: number;
    readonly default: number;
    readonly overridden: boolean;
  }[];
  readonly sources: readonly ThresholdSource[];
}

/** `nightkeeper detectors`: what is recognised, from which thresholds on, and where these come from. */
export async function listDetectors(
  { ensemble, config, json }: DetectorsOptions,
  io: CliIo,
  detectors: readonly Detector[],
): Promise<ExitCode> {
  const all = words(languageOf(io.env));
  const settings = config === undefined ? [] : await read(config, io, detectors);
  if (settings === undefined) return exitCodes.refused;
  const wanted = settings.filter(({ id }) => ensemble === undefined || id === ensemble);
  if (ensemble !== undefined && wanted.length === 0) {
    const known = settings.map(({ id }) => id);
    io.stderr.write(`${all.setup.detectors.unknownEnsemble(ensemble, known)}\n`);
    return exitCodes.refused;
  }
  // Ensembles without a threshold of their own are all alike.
  const differing = wanted.filter(({ thresholds }) => Object.keys(thresholds).length > 0);
  const shown = ensemble === undefined ? differing : wanted;
  const lists = [
    ...(ensemble === undefined
      ? [{ ensemble: undefined, rows: rowsOf(detectors, undefined) }]
      : []),
    ...shown.map((each) => ({ ensemble: each.id, rows: rowsOf(detectors, each) })),
  ];
  if (json) {
    io.stdout.write(`${JSON.stringify(lists, null, 2)}\n`);
    return exitCodes.done;
  }
  const paint = paintFor(io);
  for (const { ensemble: id, rows } of lists) {
    // Beside the defaults only what differs is of interest.
    const told = id === undefined || ensemble !== undefined ? rows : rows.filter(isOverridden);
    const title = id === undefined ? all.setup.detectors.defaults : all.setup.detectors.of(id);
    io.stdout.write(`${paint('bold', title)}\n${table(told, all, paint)}\n\n`);
  }
  io.stdout.write(
    `${legend(
      lists.flatMap(({ rows }) => rows),
      all,
    )}\n`,
  );
  return exitCodes.done;
}

async function read(
  file: string,
  io: CliIo,
  detectors: readonly Detector[],
): Promise<readonly EnsembleSettings[] | undefined> {
  const detectorThresholds: DetectorThresholds = Object.fromEntries(
    detectors.map((detector) => [detector.name, detector.thresholds]),
  );
  const loaded = await loadFile(file, { detectorThresholds, unset: 'warning' }, io);
  if (loaded.ok) return loaded.config.settings.ensembles;
  for (const line of faultLines(file, loaded.faults, languageOf(io.env)))
    io.stderr.write(`${line}\n`);
  return undefined;
}

function isOverridden({ thresholds }: Row): boolean {
  return thresholds.some(({ overridden }) => overridden);
}

function rowsOf(
  detectors: readonly Detector[],
  settings: EnsembleSettings | undefined,
): readonly Row[] {
  const view = viewOf(settings);
  return detectors
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map((detector) => {
      const overrides = settings?.thresholds[detector.name] ?? {};
      return {
        name: detector.name,
        severity: detector.severity,
        holdMs: detector.holdMs(view),
        thresholds: Object.entries(detector.thresholds).map(([name, own]) => ({
          name,
          value: overrides[name] ?? own,
          default: own,
          overridden: overrides[name] !== undefined,
        })),
        sources: sourcesOf(detector.name),
      };
    });
}

/** An ensemble nobody has looked at yet: how long a fault must last may depend on what is seen. */
function viewOf(settings: EnsembleSettings | undefined): EnsembleView {
  return {
    ensemble: {
      id: settings?.id ?? 'ensemble',
      servers: settings?.servers ?? [],
      timing: defaultTiming,
    },
    atMs: 0,
    samples: {},
    history: {},
    notices: [],
    thresholds: settings?.thresholds ?? {},
  };
}

/** Columns of a terminal that the table fits. */
const columnsMax = 100;

function table(rows: readonly Row[], all: Words, paint: Paint): string {
  const head = all.setup.detectors.head;
  const cells = rows.map((row) => [
    row.name,
    all.common.severity[row.severity],
    all.common.duration(row.holdMs),
  ]);
  const widths = [0, 1, 2].map((column) =>
    Math.max(width(head[column] ?? ''), ...cells.map((line) => width(line[column] ?? ''))),
  );
  const indent = widths.reduce((sum, each) => sum + each + 2, 0);
  const lines = rows.map((row, index) => {
    const begin = (cells[index] ?? [])
      .map((cell, column) => pad(cell, widths[column] ?? 0))
      .join('');
    const values = row.thresholds.map((each) => valueOf(each, all, paint));
    const parts = wrap([...values, sourceOf(row, paint)], columnsMax - indent);
    return parts.map((part, line) => (line === 0 ? begin : ' '.repeat(indent)) + part).join('\n');
  });
  const heading = head
    .map((cell, column) => pad(cell, widths[column] ?? 0))
    .join('')
    .trimEnd();
  return [paint('dim', heading), ...lines].join('\n');
}

interface Piece {
  readonly text: string;
  readonly width: number;
}

function valueOf(threshold: Row['thresholds'][number], all: Words, paint: Paint): Piece {
  const { name, value, overridden } = threshold;
  const plain = `${name}=${value}${spoken(name, value, all)}`;
  const text = overridden ? `${plain}* (${threshold.default})` : plain;
  return { text: overridden ? paint('yellow', text) : text, width: width(text) };
}

/** Long times in words beside the number that is typed. */
function spoken(name: string, value: number, all: Words): string {
  return name.endsWith('Ms') && value >= 60_000 ? ` (${all.common.duration(value)})` : '';
}

function sourceOf({ sources }: Row, paint: Paint): Piece {
  const text = `[${sources.join(', ')}]`;
  return { text: paint('dim', text), width: width(text) };
}

function wrap(pieces: readonly Piece[], room: number): readonly string[] {
  const lines: { text: string; width: number }[] = [];
  for (const piece of pieces) {
    const last = lines.at(-1);
    if (last === undefined || last.width + 2 + piece.width > room) lines.push({ ...piece });
    else {
      last.text += `  ${piece.text}`;
      last.width += 2 + piece.width;
    }
  }
  return lines.map(({ text }) => text);
}

/** Columns a text takes: Chinese letters take two. */
function width(text: string): number {
  return Array.from(text).reduce(
    (sum, letter) => sum + (/\p{Script=Han}|[（）：]/u.test(letter) ? 2 : 1),
    0,
  );
}

function pad(text: string, columns: number): string {
  return `${text}${' '.repeat(Math.max(0, columns - width(text)) + 2)}`;
}

function legend(rows: readonly Row[], all: Words): string {
  const { detectors } = all.setup;
  const used = [...new Set(rows.flatMap(({ sources }) => sources))].toSorted();
  return [
    detectors.overridden,
    ...used.map((source) => `[${source}] ${detectors.sources[source]}`),
  ].join('\n');
}
