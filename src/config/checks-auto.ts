import { afterMsMin, automatic, ofTheEnsemble } from '../model/automation.ts';
import type { ConfigFault } from '../model/config-fault.ts';
import { recoveryActionNames } from '../model/recovery-action.ts';
import type { ConfigDocument, Path } from './document.ts';
import { get, list, tooShort, unknownName } from './look.ts';

const afterLeast = `${afterMsMin / 1000}s`;

/** What the section `auto` of an ensemble says that cannot be. */
export function autoFaults(
  document: ConfigDocument,
  above: Path,
  ensemble: unknown,
  detectors: readonly string[],
): readonly ConfigFault[] {
  const rules = list(get(ensemble, 'auto'));
  if (rules.length === 0) return [];
  const path = [...above, 'auto'];
  const needsRestart =
    get(ensemble, 'restart') === undefined
      ? [document.at(path, { kind: 'section-missing', section: 'restart', because: 'auto' })]
      : [];
  return [
    ...needsRestart,
    ...rules.flatMap((rule, index) => [
      ...actionFaults(document, [...path, index], ensemble, rule),
      ...detectorFaults(document, [...path, index], rule, detectors),
      ...tooShort(document, [...path, index, 'after'], get(rule, 'after'), afterLeast),
      ...twiceFaults(document, path, rules, index),
    ]),
  ];
}

function actionFaults(
  document: ConfigDocument,
  above: Path,
  ensemble: unknown,
  rule: unknown,
): readonly ConfigFault[] {
  const action = get(rule, 'action');
  const path = [...above, 'action'];
  if (typeof action !== 'string') return [];
  if (!recoveryActionNames.some((known) => known === action))
    return [unknownName(document, path, 'action', action, recoveryActionNames)];
  if (!Object.hasOwn(automatic, action))
    return [
      document.at(path, { kind: 'auto-forbidden', action, automatic: Object.keys(automatic) }),
    ];
  const needed = get(ensemble, 'approvals', action);
  return typeof needed === 'number' && needed > 0
    ? [document.at(path, { kind: 'auto-agreed', action, needed })]
    : [];
}

function detectorFaults(
  document: ConfigDocument,
  above: Path,
  rule: unknown,
  detectors: readonly string[],
): readonly ConfigFault[] {
  const detector = get(rule, 'detector');
  const action = get(rule, 'action');
  const path = [...above, 'detector'];
  if (typeof detector !== 'string') return [];
  if (!detectors.includes(detector))
    return [unknownName(document, path, 'detector', detector, detectors)];
  if (typeof action !== 'string' || !Object.hasOwn(automatic, action)) return [];
  const fits = automatic[action] ?? [];
  if (fits.includes(detector)) return [];
  return [
    document.at(path, {
      kind: 'auto-unfit',
      action,
      detector,
      ofTheEnsemble: ofTheEnsemble.includes(detector),
      fits,
    }),
  ];
}

/** Two rules for one fault would leave it to chance which of them holds. */
function twiceFaults(
  document: ConfigDocument,
  path: Path,
  rules: readonly unknown[],
  index: number,
): readonly ConfigFault[] {
  const detector = get(rules[index], 'detector');
  const first = rules.findIndex((rule) => get(rule, 'detector') === detector);
  if (typeof detector !== 'string' || first === index) return [];
  const firstLine = document.lineOf([...path, first]);
  const at = [...path, index, 'detector'];
  return [document.at(at, { kind: 'auto-twice', detector, firstLine })];
}
