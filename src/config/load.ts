import type { ConfigFault } from '../model/config-fault.ts';
import { configOf } from './build.ts';
import { crossFaults } from './checks.ts';
import type { DetectorThresholds } from './checks-ensembles.ts';
import { meetingWarnings } from './checks-maintenance.ts';
import { holeWarnings } from './checks-on-call.ts';
import { unheardWarnings } from './checks-routes.ts';
import type { Config } from './config.ts';
import { readDocument } from './document.ts';
import { faultsOf } from './issues.ts';
import { configSchema } from './schema.ts';

export type LoadResult =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly faults: readonly ConfigFault[] };

export interface LoadOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly detectorThresholds: DetectorThresholds;
  /** Whether a variable that is not set keeps the configuration from being used. Default `fault`. */
  readonly unset?: 'fault' | 'warning';
}

/** Characters of a configuration file that are read: thousands of ensembles fit. */
export const configCharsMax = 2_000_000;

/** Reads the text of `nightkeeper.yaml` and answers the configuration, or every fault in it, in the order of its lines. */
export function loadConfig(text: string, options: LoadOptions): LoadResult {
  if (text.length > configCharsMax) return { ok: false, faults: [tooLong(text)] };
  const document = readDocument(text, options.env, options.unset ?? 'fault');
  if (document.broken) return { ok: false, faults: inOrder(document.faults) };
  const parsed = configSchema.safeParse(document.values);
  const faults = [...document.faults];
  const crossed = crossFaults(document, options.detectorThresholds);
  faults.push(...crossed);
  if (!parsed.success) {
    // One mistake is one fault: what is not known, or must not be shown, is not judged any further.
    const settled = new Set([
      ...document.unknown,
      ...crossed.filter(({ what }) => what.kind === 'literal-secret').map(({ path }) => path),
    ]);
    faults.push(
      ...faultsOf(parsed.error.issues, document).filter(({ path }) => !settled.has(path)),
    );
  }
  if (!parsed.success || faults.some(({ level }) => level === 'fault'))
    return { ok: false, faults: inOrder(faults) };
  // Who would hear of what can only be told of a configuration that stands.
  const detectors = Object.keys(options.detectorThresholds);
  const warnings = [
    ...faults,
    ...unheardWarnings(document, parsed.data, detectors),
    ...meetingWarnings(document, parsed.data),
    ...holeWarnings(document, parsed.data),
  ];
  return { ok: true, config: configOf(parsed.data, inOrder(warnings)) };
}

function inOrder(faults: readonly ConfigFault[]): readonly ConfigFault[] {
  return faults.toSorted((a, b) => a.line - b.line || a.column - b.column);
}

function tooLong(text: string): ConfigFault {
  const reason = `${text.length} characters; at most ${configCharsMax} are read`;
  return { level: 'fault', line: 1, column: 1, path: '', what: { kind: 'syntax', reason } };
}
